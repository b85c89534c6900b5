import TelemetryModel

/// The files of telemetry at one moment: what a query that starts then reads.
struct FileSet: Sendable {
    /// Hot files in order; the last is the one that is written.
    var hots: [Int64] = []
    /// Those that a version before 6 has written, with the message bodies in their rows.
    var oldHots: Set<Int64> = []
    /// Rows of hot files up to this number are in segments; segments may also have rows of later ones, which do not count yet.
    var sealedHot: Int64 = 0
    var segments: [SegmentKey: SegmentInfo] = [:]
    /// In the order of hot files.
    var filters: [SealedFilter] = []

    /// Filters that answer for nothing any more once a segment is gone.
    func filters(onlyOf segment: SegmentKey) -> Set<Int64> {
        Set(filters.filter { filter in filter.segments.allSatisfy { $0 == segment || segments[$0] == nil } }.map(\.hot))
    }

    static func hotAlias(_ number: Int64) -> String { "hot_\(number)" }

    /// Segments of a project that overlap a window and, when something is looked for, may have it; in the order of days.
    func segments(of project: Int32?, _ window: TimeWindow = .all, wanted: WantedHashes? = nil) -> [SegmentInfo] {
        var candidates = segments.values.filter { (project == nil || $0.key.project == project) && $0.overlaps(window) }
        if let wanted, !candidates.isEmpty {
            var possible: Set<SegmentKey> = []
            for filter in filters { possible.formUnion(filter.segments(of: wanted)) }
            candidates.removeAll { !possible.contains($0.key) }
        }
        return candidates.sorted { $0.key < $1.key }
    }

    /// The hot files whose records of the wanted traces are in a segment; nil when that is not known, or they are too many to be named.
    ///
    /// Filters know the traces of records. Steps and decisions can be written later than the records of their trace.
    func hots(of segment: SegmentKey, _ wanted: WantedHashes) -> [Int64]? {
        let possible = filters.filter { $0.segments.contains(segment) && $0.segments(of: wanted).contains(segment) }
        if possible.count > Self.namedHots || possible.contains(where: \.isOpen) { return nil }
        return possible.map(\.hot)
    }

    private static let namedHots = 32
}
