import DuckDBKit
import Synchronization

/// When the records of a segment start, by a sample of them: says how many start after a time without reading them.
struct TimeSketch: Sendable {
    /// Of so many rows one is in the sample.
    static let step = 256

    /// The newest hot file whose rows are in it.
    var hot: Int64
    /// Microseconds since the Unix epoch, ascending.
    var starts: [Int64]

    /// About how many rows start within both ends.
    func rows(from start: Int64, to end: Int64) -> Double {
        let (first, last) = (starts.partitioningIndex { $0 >= start }, starts.partitioningIndex { $0 > end })
        return Double(max(last - first, 0) * Self.step)
    }
}

extension [Int64] {
    /// The index of the first element that meets a condition which all after it meet as well.
    fileprivate func partitioningIndex(_ isSecond: (Int64) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = low + (high - low) / 2
            if isSecond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// The sketches of segments that were asked for.
final class TimeSketches: Sendable {
    private let known = Mutex<[SegmentFile: TimeSketch]>([:])

    /// Segments whose sketches are kept, a few kilobytes each.
    private static let limit = 64

    /// The sketch of a segment; reads only what came since it was made. nil when it cannot be read now.
    func sketch(_ segment: SegmentInfo, _ registry: FileRegistry, _ lease: borrowing ReaderLease) -> TimeSketch? {
        var sketch = known.withLock { $0[segment.file] } ?? TimeSketch(hot: 0, starts: [])
        if sketch.hot == segment.hot { return sketch }
        do {
            let window = TimeWindow(minimum: segment.minimumStart, maximum: segment.maximumStart)
            let files = try registry.lease(project: segment.key.project, window: window, hots: false, isOneTransaction: true)
            defer { withExtendedLifetime(files) {} }
            guard files.arms.arms.contains(where: { $0.alias == segment.file.alias }) else { return nil }
            var result = try lease.query(
                """
                SELECT start_timestamp FROM \(segment.file.alias).span
                WHERE hot > \(sketch.hot) AND hot <= \(segment.hot) AND rowid % \(TimeSketch.step) = 0
                """)
            while let chunk = try result.next() {
                let starts = chunk.column(0)
                for row in 0..<chunk.rowCount where !starts.isNull(row) { sketch.starts.append(starts.int64(row)) }
            }
        } catch {
            return nil
        }
        sketch.starts.sort()
        sketch.hot = segment.hot
        let made = sketch
        known.withLock { known in
            if known.count >= Self.limit, known[segment.file] == nil { known = [:] }
            known[segment.file] = made
        }
        return sketch
    }
}
