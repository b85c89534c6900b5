/// A table as queries name it (`logfire-contract.md` §4, design §5); the last two are for Live only.
public enum LogicalTable: String, Sendable, CaseIterable {
    /// Spans, logs and span events, without pending spans.
    case records
    /// ``records`` and pending spans; also called `records_full`.
    case recordsAll = "records_all"
    case metrics
    /// One row per model call after pairing and de-duplication.
    case llmCalls = "llm_calls"
    case agentRuns = "agent_runs"
    case toolCalls = "tool_calls"
    /// One row per result of an evaluator or annotator.
    case evaluations
    /// One row per run of an offline evaluation.
    case experiments
    /// One row per conversation id, over its model calls and agent runs.
    case conversations
    /// One row per record with an exception event.
    case exceptions
    /// ``recordsAll`` with `commit_sequence` and `msg_template`.
    case liveRecords = "live_records"
    /// The state of every model-call record, duplicates included, with the sequence of its newest change.
    case liveCalls = "live_calls"

    /// The tables that SQL of users may name, `records_full` apart.
    public static let userTables: [LogicalTable] = [
        .records, .recordsAll, .metrics, .llmCalls, .agentRuns, .toolCalls, .evaluations, .experiments, .conversations, .exceptions,
    ]

    /// The column that ``TimeWindow`` limits.
    public var timeColumn: String { self == .metrics ? "recorded_timestamp" : "start_timestamp" }
}

/// Limits on a table's time column, in microseconds since the Unix epoch, UTC; both ends belong to the window.
public struct TimeWindow: Sendable, Hashable {
    public var minimum: Int64?
    public var maximum: Int64?

    public init(minimum: Int64? = nil, maximum: Int64? = nil) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// No limits.
    public static let all = TimeWindow()
}
