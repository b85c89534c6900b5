/// What a model call really was; carried by the one record that stands for it after pairing and de-duplication.
struct CallTruth: Sendable {
    var provider: String
    var model: String
    /// Nil where no record of the call says anything.
    var inputTokens: Int?
    var outputTokens: Int?
    var cacheReadTokens: Int?
    var cacheWriteTokens: Int?
    var reasoningTokens: Int?
    /// Nano-dollars; nil for an unpriced or failed call.
    var cost: Int?
    var isError = false
    var isTruncated = false
    var requestedTools = false
    /// Seconds.
    var timeToFirstToken: Double?
    /// Attempts the provider's client repeated.
    var retries = 0

    init(_ model: LanguageModel) {
        provider = model.provider
        self.model = model.name
    }
}

/// What an agent run really was: its own calls and tools, without those of the runs it started.
struct RunTruth: Sendable {
    var agentName: String
    var turns = 0
    var toolCalls = 0
    var inputTokens = 0
    var outputTokens = 0
    /// Nano-dollars over the priced calls; nil when none has a price.
    var cost: Int?
    var isCostComplete = true
    var isError = false
}

/// The situations the demonstration promises to show.
public enum DemoFeature: String, Sendable, CaseIterable {
    case error
    case truncation
    case rateLimitRetry = "rate_limit_retry"
    case streamWithFirstToken = "stream_with_first_token"
    case cacheHit = "cache_hit"
    case toolLoop = "tool_loop"
    case unpricedModel = "unpriced_model"
    case promptBuild = "prompt_build"
    case twoTurnConversation = "two_turn_conversation"
    case nestedDuplicate = "nested_duplicate"
    case streamedPair = "streamed_pair"
}
