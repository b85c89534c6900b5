import TelemetryModel

/// Which segment: a project's rows of one UTC day.
struct SegmentKey: Hashable, Sendable, Comparable {
    var project: Int32
    /// Days since the Unix epoch; negative before.
    var day: Int32

    static let dayMicroseconds: Int64 = 86_400_000_000

    /// The day of a time in microseconds since the Unix epoch.
    static func day(of microseconds: Int64) -> Int32 {
        let quotient = microseconds / dayMicroseconds
        let day = microseconds % dayMicroseconds < 0 ? quotient - 1 : quotient
        return Int32(clamping: day)
    }

    /// Microseconds since the Unix epoch at which the day begins.
    var start: Int64 { Int64(day) * Self.dayMicroseconds }

    /// The name of the file when attached.
    var alias: String { "segment_\(project)_\(day < 0 ? "before_\(-Int64(day))" : "\(day)")" }

    static func < (a: SegmentKey, b: SegmentKey) -> Bool { (a.project, a.day) < (b.project, b.day) }
}

/// What the catalog says of a segment.
struct SegmentInfo: Hashable, Sendable {
    var key: SegmentKey
    /// The newest hot file that has rows in it.
    var hot: Int64 = 0
    /// Times of its rows in microseconds since the Unix epoch: the smallest start and the largest.
    var minimumStart = Int64.max
    var maximumStart = Int64.min
    var records: Int64 = 0
    var steps: Int64 = 0
    var metricPoints: Int64 = 0
    /// Bytes of its files.
    var bytes: Int64 = 0
    /// Valid bytes of its page file.
    var pageBytes: Int64 = 0
    /// The newest commit of its rows.
    var lastSequence: Int64 = 0
    var hasSpanEvents = false

    init(key: SegmentKey) { self.key = key }

    /// Whether rows of the window can be in it.
    func overlaps(_ window: TimeWindow) -> Bool {
        if let minimum = window.minimum, maximumStart < minimum { return false }
        if let maximum = window.maximum, minimumStart > maximum { return false }
        return true
    }
}
