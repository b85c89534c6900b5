/// Tables that a query may read, by the name a user writes.
enum QueryTable: String, CaseIterable, Sendable {
    case records
    case recordsAll = "records_all"
    case recordsFull = "records_full"
    case metrics
    case llmCalls = "llm_calls"
    case agentRuns = "agent_runs"
    case toolCalls = "tool_calls"
    case evaluations
    case experiments
    case conversations
    case exceptions

    init?(name: String) { self.init(rawValue: name.lowercased()) }

    /// The names in the order documentation lists them, for messages.
    static let names = allCases.map(\.rawValue)
}
