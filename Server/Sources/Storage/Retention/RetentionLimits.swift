/// How long telemetry is kept, and how much of it. Whole days go, the oldest first.
public struct RetentionLimits: Sendable, Hashable {
    /// Days that are kept besides the present one; nil for all.
    public var days: Int?
    /// Bytes that the telemetry folder may have; nil for any number. Days go before it is full.
    public var diskBudgetBytes: Int64?

    public init(days: Int? = nil, diskBudgetBytes: Int64? = nil) {
        self.days = days
        self.diskBudgetBytes = diskBudgetBytes
    }

    public var isUnlimited: Bool { days == nil && diskBudgetBytes == nil }

    /// Share of the budget down to which days go: the rest is for what comes until the next look.
    private static let target = 0.95

    /// The segments that have to go.
    ///
    /// - Parameters:
    ///   - segments: all there are.
    ///   - totalBytes: bytes of the telemetry folder.
    ///   - today: the present day, since the Unix epoch, UTC.
    func surplus(of segments: [SegmentInfo], totalBytes: Int64, today: Int32) -> [SegmentKey] {
        var surplus: [SegmentKey] = []
        var bytes = totalBytes
        for segment in segments.sorted(by: { ($0.key.day, $0.key.project) < ($1.key.day, $1.key.project) }) {
            let isTooOld = days.map { Int64(segment.key.day) < Int64(today) - Int64($0) } ?? false
            let isTooMuch = diskBudgetBytes.map { Double(bytes) > Double($0) * Self.target } ?? false
            guard isTooOld || isTooMuch else { continue }
            surplus.append(segment.key)
            bytes -= segment.bytes
        }
        return surplus
    }
}

/// What a look at the limits removed.
public struct RetentionOutcome: Sendable, Hashable {
    /// Days of projects.
    public var segments = 0
    public var records: Int64 = 0
    public var metricPoints: Int64 = 0
    public var bytes: Int64 = 0
    /// Whether the folder is still larger than its budget: what is left has not been sealed yet.
    public var isOverBudget = false
}
