public import TelemetryModel

extension TelemetryStore {
    /// A time such that about so many records of a project start then or later; an estimate, which takes records to be spread evenly within files.
    ///
    /// - Returns: microseconds since the Unix epoch; nil when about everything in the window is needed.
    public func startOfNewest(_ rows: Int, _ project: ProjectID, _ window: TimeWindow) -> Int64? {
        let end = window.maximum ?? .max
        let segments = supervisor.registry.current.segments(of: project.value, window).map { segment in
            StoredPart(starts: segment.minimumStart...max(segment.minimumStart, segment.maximumStart), rows: segment.records)
        }
        let parts = (segments + board.hotParts).filter { $0.rows > 0 && $0.starts.lowerBound <= end }
        guard let first = parts.map(\.starts.lowerBound).min(), let last = parts.map(\.starts.upperBound).max() else { return nil }
        func count(from start: Int64) -> Double { parts.reduce(0) { $0 + $1.rows(from: start, to: end) } }
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
    /// Rows between two times, when they are spread evenly.
    fileprivate func rows(from start: Int64, to end: Int64) -> Double {
        let (low, high) = (max(start, starts.lowerBound), min(end, starts.upperBound))
        if low > high { return 0 }
        let width = Double(starts.upperBound) - Double(starts.lowerBound)
        return width <= 0 ? Double(rows) : Double(rows) * (Double(high) - Double(low)) / width
    }
}
