public import Hearth

/// What a call used. Nil was not reported, which is not zero.
public struct ModelUsage: Sendable, Hashable {
    /// All input, with what the cache gave and took.
    public var inputTokens: Int?
    /// All output, with the reasoning.
    public var outputTokens: Int?
    /// Part of the input that came out of the cache.
    public var cacheReadTokens: Int?
    /// Part of the input that went into the cache.
    public var cacheWriteTokens: Int?
    /// Part of ``cacheWriteTokens`` that is kept for five minutes.
    public var cacheWrite5mTokens: Int?
    /// Part of ``cacheWriteTokens`` that is kept for an hour.
    public var cacheWrite1hTokens: Int?
    /// Part of the output that is no answer.
    public var reasoningTokens: Int?
    /// Part of the input that is audio.
    public var inputAudioTokens: Int?
    /// Part of the output that is audio.
    public var outputAudioTokens: Int?
    /// Part of ``inputAudioTokens`` that came out of the cache.
    public var cacheReadAudioTokens: Int?
    /// Searches the provider did for the answer; they are billed apart.
    public var webSearches: Int?

    /// Counts; what is left out was not reported.
    public init(
        inputTokens: Int? = nil,
        outputTokens: Int? = nil,
        cacheReadTokens: Int? = nil,
        cacheWriteTokens: Int? = nil,
        reasoningTokens: Int? = nil,
        inputAudioTokens: Int? = nil,
        outputAudioTokens: Int? = nil
    ) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.cacheReadTokens = cacheReadTokens
        self.cacheWriteTokens = cacheWriteTokens
        self.reasoningTokens = reasoningTokens
        self.inputAudioTokens = inputAudioTokens
        self.outputAudioTokens = outputAudioTokens
    }

    /// Every count by its key path, for sums.
    private static var counts: [WritableKeyPath<ModelUsage, Int?>] {
        [
            \.inputTokens, \.outputTokens, \.cacheReadTokens, \.cacheWriteTokens, \.cacheWrite5mTokens, \.cacheWrite1hTokens,
            \.reasoningTokens, \.inputAudioTokens, \.outputAudioTokens, \.cacheReadAudioTokens, \.webSearches,
        ]
    }

    /// Adds the usage of another call.
    public mutating func add(_ other: ModelUsage) {
        for count in Self.counts {
            guard let more = other[keyPath: count] else { continue }
            self[keyPath: count] = (self[keyPath: count] ?? 0).addingReportingOverflow(more).partialValue
        }
    }

    /// Whether nothing was reported.
    public var isEmpty: Bool { self == ModelUsage() }
}

/// The answer of a model.
public struct ModelResponse: Sendable, Hashable {
    /// `gen_ai.response.id`; nil when the provider gives none.
    public var id: String?
    /// The model that answered.
    public var model: String?
    /// One message for each answer.
    public var messages: [ModelMessage]
    /// One for each answer: `stop`, `length`, `content_filter`, `tool_call`, `error` or the provider's own word.
    public var finishReasons: [String]
    /// What the call used; nil when the provider did not say.
    public var usage: ModelUsage?
    /// Whether the model declined to answer; nil when that is unknown.
    public var isRefusal: Bool?
    /// Which class of service answered; it decides the price.
    public var serviceTier: String?
    /// `openai.response.system_fingerprint`.
    public var systemFingerprint: String?
    /// Length of the vectors of an embeddings request.
    public var embeddingDimensions: Int?
    /// Attributes besides those of the conventions.
    public var attributes: Attributes

    /// An answer; finish reasons are those of its messages unless they are given.
    public init(
        id: String? = nil,
        model: String? = nil,
        messages: [ModelMessage] = [],
        finishReasons: [String]? = nil,
        usage: ModelUsage? = nil,
        isRefusal: Bool? = nil,
        serviceTier: String? = nil,
        systemFingerprint: String? = nil,
        embeddingDimensions: Int? = nil,
        attributes: Attributes = [:]
    ) {
        self.id = id
        self.model = model
        self.messages = messages
        self.finishReasons = finishReasons ?? messages.compactMap(\.finishReason)
        self.usage = usage
        self.isRefusal = isRefusal
        self.serviceTier = serviceTier
        self.systemFingerprint = systemFingerprint
        self.embeddingDimensions = embeddingDimensions
        self.attributes = attributes
    }

    /// Whether anything was answered at all.
    var isEmpty: Bool { self == ModelResponse() }
}

/// The words of providers for why an answer ended, in those of the conventions.
enum FinishReason {
    static func canonical(_ reason: String) -> String {
        switch reason {
        case "stop", "end_turn", "stop_sequence", "STOP", "completed": "stop"
        case "length", "max_tokens", "MAX_TOKENS", "max_output_tokens", "model_context_window_exceeded": "length"
        case "tool_calls", "tool_use", "function_call", "tool_call": "tool_call"
        case "content_filter", "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "refusal":
            "content_filter"
        case "failed", "MALFORMED_FUNCTION_CALL": "error"
        default: reason
        }
    }
}
