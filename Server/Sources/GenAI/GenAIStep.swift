public import TelemetryModel

/// What a GenAI record is to the pages: a model call, an agent run or a tool execution.
public enum GenAIStepKind: UInt8, Sendable {
    case modelCall, agentRun, toolCall
    /// An event about a model call that came as a log: no call of its own, but it may know values that the call's record lacks.
    case callEvent
}

/// How a model-call record takes part in the pairing of streamed calls (`genai-conventions.md` §0.3).
public enum StreamRole: UInt8, Sendable {
    /// An ordinary call.
    case none
    /// A request-only span that a later log may complete; counts as a call while unmatched.
    case opener
    /// The log that carries the response of a streamed call.
    case completion
    /// A record by the provider's own package, which is written beside or inside the record of an instrumentation of it. Its usage is
    /// as the provider counted it.
    case vendor
}

/// Where a model call's cost comes from, rising in what it is worth: a record keeps the better one of those merged into it.
public enum CostSource: UInt8, Sendable {
    /// Unknown; ``GenAIStep/costNote`` says why.
    case unpriced
    /// Worked out from the tokens and a price list.
    case computed
    /// As the sender worked it out.
    case sent

    /// The value of the `cost_source` column.
    public var name: String {
        switch self {
        case .unpriced: "unpriced"
        case .computed: "computed"
        case .sent: "sent"
        }
    }
}

/// The normalised columns of one GenAI record, computed once at ingest. Texts refer to the batch's store; NULL means unknown.
public struct GenAIStep: Sendable {
    /// Index of the record in the batch.
    public var row: Int
    public var kind: GenAIStepKind
    public var streamRole: StreamRole = .none
    /// Equal for two records of one call that nothing else joins (``StreamMember``): the halves of a streamed call at the roots of their
    /// traces, and a failed call beside its twin by the provider's package. 0 for every other record. A hash of process, model and more.
    public var streamKey: UInt64 = 0
    public var operation: TextRef = .null
    public var provider: TextRef = .null
    /// Requested model (`genai-conventions.md` §2 "request model"), what calls are grouped by.
    public var model: TextRef = .null
    public var responseModel: TextRef = .null
    public var responseID: TextRef = .null
    /// Status ERROR or an exception event (`acceptance.md` A1).
    public var isError = false
    public var errorType: TextRef = .null
    /// Nanoseconds since the Unix epoch; for a stream completion, its end minus its `duration`.
    public var startNanoseconds: Int64 = 0
    public var endNanoseconds: Int64 = 0
    /// Seconds; nil when unknown.
    public var duration: Double?
    /// Tokens; nil when not reported. Input includes cache reads and writes, output includes reasoning.
    public var inputTokens: Int64?
    public var outputTokens: Int64?
    public var cacheReadTokens: Int64?
    public var cacheWriteTokens: Int64?
    public var reasoningTokens: Int64?
    /// USD; nil when unpriced.
    public var cost: Double?
    /// USD for the input and for the output tokens; nil when only the sum is known or nothing is.
    public var inputCost: Double?
    public var outputCost: Double?
    public var costSource: CostSource = .unpriced
    /// What the price was taken from, or why there is none; NULL for costs that were sent.
    public var costNote: TextRef = .null
    /// Version of the price list; NULL unless the cost is computed.
    public var priceVersion: TextRef = .null
    /// Seconds.
    public var timeToFirstToken: Double?
    /// JSON array of strings.
    public var finishReasonsJSON: TextRef = .null
    /// nil when no finish reason is known.
    public var isTruncated: Bool?
    /// nil when the response is unknown.
    public var hasToolCalls: Bool?
    /// Number of tool calls the response requested.
    public var toolCallCount: Int32?
    /// Whether the model declined to answer; nil when the response does not say.
    public var refusal: Bool?
    /// Whether the output that was asked for as JSON or by a schema could be read as that; nil when none was or it is not known.
    public var jsonParseSuccess: Bool?
    /// Whether the response was streamed; nil when the sender does not say.
    public var isStreaming: Bool?
    /// JSON object of what only some calls have, by the names of ``StepDetail``; NULL when there is nothing.
    public var details: TextRef = .null
    public var agentName: TextRef = .null
    public var conversationID: TextRef = .null
    public var userID: TextRef = .null
    public var promptName: TextRef = .null
    public var promptVersion: TextRef = .null
    /// Tool calls: `gen_ai.tool.name`.
    public var toolName: TextRef = .null
    /// Tool calls: `gen_ai.tool.call.id`.
    public var toolCallID: TextRef = .null
    /// Agent runs: the latest user prompt and the final output, as text or JSON.
    public var input: TextRef = .null
    public var output: TextRef = .null

    public init(row: Int, kind: GenAIStepKind) {
        self.row = row
        self.kind = kind
    }
}
