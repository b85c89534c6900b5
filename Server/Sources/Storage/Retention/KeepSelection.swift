/// What stays of a day: the traces with records that meet conditions, and points of metrics.
public struct KeepSelection: Sendable {
    /// Says which traces have records that a rule keeps.
    public struct Traces: Sendable {
        /// Identity of the rule.
        public var identity: String
        /// Makes the text of a SELECT with the column `trace_id` over the files of the project's records in a window.
        public var select: @Sendable (FileLease, TimeWindow) throws -> String

        public init(identity: String, select: @escaping @Sendable (FileLease, TimeWindow) throws -> String) {
            self.identity = identity
            self.select = select
        }
    }

    /// Says which points of metrics a rule keeps.
    public struct Metrics: Sendable {
        public var identity: String
        /// A condition on `metric_name`, of our own making.
        public var condition: String

        public init(identity: String, condition: String) {
            self.identity = identity
            self.condition = condition
        }
    }

    public var traces: [Traces] = []
    public var metrics: [Metrics] = []

    public init() {}

    public var isEmpty: Bool { traces.isEmpty && metrics.isEmpty }

    var identities: Set<String> { Set(traces.map(\.identity)).union(metrics.map(\.identity)) }

    /// Points of metrics that stay.
    var metricCondition: String { metrics.isEmpty ? "false" : metrics.map { "(\($0.condition))" }.joined(separator: " OR ") }
}

/// What an action on a day does, or would do.
public struct RetentionOutcome: Sendable, Hashable {
    /// What goes.
    public var records: Int64 = 0
    public var metricPoints: Int64 = 0
    /// Bytes on disk; of an action that was only measured an estimate.
    public var bytes: Int64 = 0
    /// What rules keep.
    public var keptRecords: Int64 = 0
    public var keptMetricPoints: Int64 = 0
    public var keptBytes: Int64 = 0
    /// Records and points that each rule keeps, by its identity; what several rules keep counts for each.
    public var keptBy: [String: Int64] = [:]

    public init() {}
}
