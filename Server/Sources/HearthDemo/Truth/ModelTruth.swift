/// Sums over the calls of one model.
public struct ModelTruth: Sendable, Equatable {
    public internal(set) var calls = 0
    public internal(set) var errors = 0
    /// Nil while no call has reported the figure; unknown is not zero.
    public internal(set) var inputTokens: Int?
    public internal(set) var outputTokens: Int?
    public internal(set) var cacheReadTokens: Int?
    public internal(set) var cacheWriteTokens: Int?
    public internal(set) var reasoningTokens: Int?
    /// Nano-dollars (USD ÷ 10⁹) over the calls that were sent with a price.
    public internal(set) var cost: Int?
    public internal(set) var callsWithoutCost = 0
    public internal(set) var truncated = 0
    public internal(set) var withToolCalls = 0
    public internal(set) var withFirstToken = 0
    public internal(set) var retried = 0

    mutating func add(_ call: CallTruth) {
        calls += 1
        if call.isError { errors += 1 }
        Self.add(call.inputTokens, to: &inputTokens)
        Self.add(call.outputTokens, to: &outputTokens)
        Self.add(call.cacheReadTokens, to: &cacheReadTokens)
        Self.add(call.cacheWriteTokens, to: &cacheWriteTokens)
        Self.add(call.reasoningTokens, to: &reasoningTokens)
        Self.add(call.cost, to: &cost)
        if call.cost == nil { callsWithoutCost += 1 }
        if call.isTruncated { truncated += 1 }
        if call.requestedTools { withToolCalls += 1 }
        if call.timeToFirstToken != nil { withFirstToken += 1 }
        if call.retries > 0 { retried += 1 }
    }

    mutating func add(_ other: ModelTruth) {
        calls += other.calls
        errors += other.errors
        Self.add(other.inputTokens, to: &inputTokens)
        Self.add(other.outputTokens, to: &outputTokens)
        Self.add(other.cacheReadTokens, to: &cacheReadTokens)
        Self.add(other.cacheWriteTokens, to: &cacheWriteTokens)
        Self.add(other.reasoningTokens, to: &reasoningTokens)
        Self.add(other.cost, to: &cost)
        callsWithoutCost += other.callsWithoutCost
        truncated += other.truncated
        withToolCalls += other.withToolCalls
        withFirstToken += other.withFirstToken
        retried += other.retried
    }

    private static func add(_ value: Int?, to sum: inout Int?) {
        if let value { sum = (sum ?? 0) + value }
    }

    var json: [(String, JSON)] {
        func number(_ value: Int?) -> JSON { value.map(JSON.int) ?? .null }
        return [
            ("calls", .int(calls)), ("errors", .int(errors)), ("input_tokens", number(inputTokens)),
            ("output_tokens", number(outputTokens)),
            ("cache_read_tokens", number(cacheReadTokens)), ("cache_write_tokens", number(cacheWriteTokens)),
            ("reasoning_tokens", number(reasoningTokens)), ("cost", cost.map { .double(Double($0) / 1e9) } ?? .null),
            ("calls_without_cost", .int(callsWithoutCost)), ("truncated", .int(truncated)), ("with_tool_calls", .int(withToolCalls)),
            ("with_first_token", .int(withFirstToken)), ("retried", .int(retried)),
        ]
    }
}

/// Sums over the runs of one agent.
public struct AgentTruth: Sendable, Equatable {
    public internal(set) var runs = 0
    public internal(set) var errors = 0
    public internal(set) var turns = 0
    public internal(set) var toolCalls = 0
    public internal(set) var inputTokens = 0
    public internal(set) var outputTokens = 0
    /// Nano-dollars; nil while no run has a priced call.
    public internal(set) var cost: Int?

    mutating func add(_ run: RunTruth) {
        runs += 1
        if run.isError { errors += 1 }
        turns += run.turns
        toolCalls += run.toolCalls
        inputTokens += run.inputTokens
        outputTokens += run.outputTokens
        if let value = run.cost { cost = (cost ?? 0) + value }
    }

    var json: [(String, JSON)] {
        [
            ("runs", .int(runs)), ("errors", .int(errors)), ("turns", .int(turns)), ("tool_calls", .int(toolCalls)),
            ("input_tokens", .int(inputTokens)), ("output_tokens", .int(outputTokens)),
            ("cost", cost.map { .double(Double($0) / 1e9) } ?? .null),
        ]
    }
}
