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

    /// The day as ISO 8601 writes it, such as `2026-01-31` (proleptic Gregorian calendar, eras of 400 years).
    var date: String {
        let days = Int64(day) + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        let month = part < 10 ? part + 3 : part - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func padded(_ number: Int64, _ length: Int) -> String {
            let text = "\(number)"
            return String(repeating: "0", count: max(0, length - text.count)) + text
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfYear - (153 * part + 2) / 5 + 1, 2))"
    }

    static func < (a: SegmentKey, b: SegmentKey) -> Bool { (a.project, a.day) < (b.project, b.day) }
}

/// The files of a segment. A segment that is written anew gets new ones with the next revision, so that whoever reads the old ones can go on.
struct SegmentFile: Hashable, Sendable {
    var key: SegmentKey
    var revision: Int32 = 0

    /// The name of the file when attached.
    var alias: String {
        let day = key.day < 0 ? "before_\(-Int64(key.day))" : "\(key.day)"
        return "segment_\(key.project)_\(day)" + (revision == 0 ? "" : "_r\(revision)")
    }

    /// The name of the files without its ending, such as `20500` or `20500-1`.
    var name: String { revision == 0 ? "\(key.day)" : "\(key.day)-\(revision)" }

    init(key: SegmentKey, revision: Int32 = 0) {
        self.key = key
        self.revision = revision
    }

    /// - Parameter name: as ``name``; nil when it is another.
    init?(project: Int32, name: Substring) {
        // The first character may be the sign of the day.
        let dash = name.dropFirst().firstIndex(of: "-")
        guard let day = Int32(name[..<(dash ?? name.endIndex)]) else { return nil }
        var revision: Int32 = 0
        if let dash {
            guard let number = Int32(name[name.index(after: dash)...]), number > 0 else { return nil }
            revision = number
        }
        self.init(key: SegmentKey(project: project, day: day), revision: revision)
    }
}

/// What retention has left of a segment.
struct KeptMark: Hashable, Sendable {
    /// Conditions of keep rules; every record that was there then meets one of them, or is of a trace that does.
    var conditions: Set<String>
    /// The newest hot file with rows in it then; rows of later ones were not looked at.
    var hot: Int64
}

/// What the catalog says of a segment.
struct SegmentInfo: Hashable, Sendable {
    var key: SegmentKey
    /// Of its files.
    var revision: Int32 = 0
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
    /// The keep rules that retention has cut it down to; nil while it was not cut. See ``KeptMark``.
    var kept: KeptMark?

    init(key: SegmentKey, revision: Int32 = 0) {
        self.key = key
        self.revision = revision
    }

    var file: SegmentFile { SegmentFile(key: key, revision: revision) }

    /// Whether rows of the window can be in it.
    func overlaps(_ window: TimeWindow) -> Bool {
        if let minimum = window.minimum, maximumStart < minimum { return false }
        if let maximum = window.maximum, minimumStart > maximum { return false }
        return true
    }
}
