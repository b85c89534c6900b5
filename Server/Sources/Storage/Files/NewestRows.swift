public import TelemetryModel

extension TelemetryStore {
    /// A time such that about so many records of a project start then or later; an estimate.
    ///
    /// - Parameter lease: reads when the records of large segments start, once for each.
    /// - Returns: microseconds since the Unix epoch; nil when about everything in the window is needed.
    public func startOfNewest(
        _ rows: Int, _ project: ProjectID, _ window: TimeWindow, _ lease: borrowing ReaderLease
    ) -> Int64? {
        let end = window.maximum ?? .max
        let registry = supervisor.registry
        let segments = registry.current.segments(of: project.value, window).sorted { $0.maximumStart > $1.maximumStart }
        var parts = board.hotParts.values.compactMap { $0.map { (part: $0, sketch: TimeSketch?.none) } }
        var covered = 0.0
        for segment in segments where segment.records > 0 {
            let part = StoredPart(starts: segment.minimumStart...max(segment.minimumStart, segment.maximumStart), rows: segment.records)
            // Older segments than those with the newest rows only count as a whole.
            let isNeeded = covered < Double(rows) * 2 && segment.records > Int64(rows)
            parts.append((part, isNeeded ? registry.times.sketch(segment, registry, lease) : nil))
            covered += part.rows(from: .min, to: end)
        }
        parts.removeAll { $0.part.rows <= 0 || $0.part.starts.lowerBound > end }
        guard let first = parts.map(\.part.starts.lowerBound).min(), let last = parts.map(\.part.starts.upperBound).max() else {
            return nil
        }
        func count(from start: Int64) -> Double {
            parts.reduce(0) { $0 + ($1.sketch?.rows(from: start, to: end) ?? $1.part.rows(from: start, to: end)) }
        }
        guard count(from: first) > Double(rows) * 1.5 else { return nil }
        var (low, high) = (first, min(last, end))
        while high - low > 1_000 {
            let middle = low + (high - low) / 2
            if count(from: middle) >= Double(rows) { low = middle } else { high = middle }
        }
        return low
    }
}

extension StoredPart {
    /// Whether rows of the window can be among them.
    func overlaps(_ window: TimeWindow) -> Bool {
        starts.upperBound >= window.minimum ?? .min && starts.lowerBound <= window.maximum ?? .max
    }

    /// Rows between two times, when they are spread evenly.
    fileprivate func rows(from start: Int64, to end: Int64) -> Double {
        let (low, high) = (max(start, starts.lowerBound), min(end, starts.upperBound))
        if low > high { return 0 }
        let width = Double(starts.upperBound) - Double(starts.lowerBound)
        return width <= 0 ? Double(rows) : Double(rows) * (Double(high) - Double(low)) / width
    }
}
