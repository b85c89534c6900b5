public import TelemetryModel

/// What a price depends on beside models and tokens (`prices.md` §4.6). Not columns of a step: read from the attributes when a call is
/// priced, at ingest as well as later from what is stored.
public enum PriceFact: String, Sendable, CaseIterable {
    /// Host or whole address of the API.
    case serverAddress = "server_address"
    case serviceTier = "service_tier"
    case speed
    // Parts of the tokens.
    case cacheWrite5mTokens = "cache_write_5m_tokens"
    case cacheWrite1hTokens = "cache_write_1h_tokens"
    case inputAudioTokens = "input_audio_tokens"
    case outputAudioTokens = "output_audio_tokens"
    case cacheAudioReadTokens = "cache_audio_read_tokens"
    /// Searches that are paid for one by one.
    case webSearches = "web_searches"

    /// Whether it is a count; texts otherwise.
    public var isCount: Bool {
        switch self {
        case .serverAddress, .serviceTier, .speed: false
        default: true
        }
    }

    /// A place to look in: an attribute, or a member inside the JSON that an attribute holds.
    public struct Place: Sendable {
        public var key: AttributeKey
        /// Empty for the attribute itself.
        public var path: [StaticString]

        var source: Source { path.isEmpty ? .attribute(key) : .json(key, path) }
    }

    /// The places in order; the first that has a value gives it.
    public var places: [Place] {
        switch self {
        case .serverAddress: [Place(key: .serverAddress, path: []), Place(key: .genAIOpenAIAPIBase, path: [])]
        case .serviceTier:
            [
                Place(key: .openAIResponseServiceTier, path: []), Place(key: .genAIOpenAIResponseServiceTier, path: []),
                Place(key: .anthropicResponseServiceTier, path: []), Place(key: .responseData, path: ["usage", "service_tier"]),
            ]
        case .speed: [Place(key: .responseData, path: ["usage", "speed"])]
        case .cacheWrite5mTokens:
            [
                Place(key: .anthropicCacheWrite5m, path: []),
                Place(key: .responseData, path: ["usage", "cache_creation", "ephemeral_5m_input_tokens"]),
            ]
        case .cacheWrite1hTokens:
            [
                Place(key: .anthropicCacheWrite1h, path: []),
                Place(key: .responseData, path: ["usage", "cache_creation", "ephemeral_1h_input_tokens"]),
            ]
        case .inputAudioTokens:
            [
                Place(key: .genAIUsageDetailsInputAudioTokens, path: []), Place(key: .llmTokenCountPromptAudio, path: []),
                Place(key: .responseData, path: ["usage", "prompt_tokens_details", "audio_tokens"]),
            ]
        case .outputAudioTokens:
            [
                Place(key: .genAIUsageDetailsOutputAudioTokens, path: []), Place(key: .llmTokenCountCompletionAudio, path: []),
                Place(key: .responseData, path: ["usage", "completion_tokens_details", "audio_tokens"]),
            ]
        case .cacheAudioReadTokens: [Place(key: .genAIUsageDetailsCacheAudioReadTokens, path: [])]
        case .webSearches: [Place(key: .responseData, path: ["usage", "server_tool_use", "web_search_requests"])]
        }
    }

    /// Whether a fact may be in an attribute with that key.
    static func mayBe(in key: AttributeKey) -> Bool {
        switch key {
        case .serverAddress, .genAIOpenAIAPIBase, .openAIResponseServiceTier, .genAIOpenAIResponseServiceTier,
            .anthropicResponseServiceTier, .responseData, .anthropicCacheWrite5m, .anthropicCacheWrite1h,
            .genAIUsageDetailsInputAudioTokens, .genAIUsageDetailsOutputAudioTokens, .genAIUsageDetailsCacheAudioReadTokens,
            .llmTokenCountPromptAudio, .llmTokenCountCompletionAudio:
            true
        default: false
        }
    }
}

/// The facts of one record. Texts refer to the batch's store.
public struct PriceFacts: Sendable {
    public var serverAddress: TextRef = .null
    public var serviceTier: TextRef = .null
    public var speed: TextRef = .null
    public var cacheWrite5mTokens: Int64?
    public var cacheWrite1hTokens: Int64?
    public var inputAudioTokens: Int64?
    public var outputAudioTokens: Int64?
    public var cacheAudioReadTokens: Int64?
    public var webSearches: Int64?

    public init() {}
}

/// Reads facts; one reader is reused from record to record.
public struct PriceFactReader {
    private var row = StepRow()
    private static let sources = Dictionary(uniqueKeysWithValues: PriceFact.allCases.map { ($0, $0.places.map(\.source)) })

    private static let serverAddress = sources[.serverAddress] ?? []
    private static let serviceTier = sources[.serviceTier] ?? []
    private static let speed = sources[.speed] ?? []
    private static let cacheWrite5m = sources[.cacheWrite5mTokens] ?? []
    private static let cacheWrite1h = sources[.cacheWrite1hTokens] ?? []
    private static let inputAudio = sources[.inputAudioTokens] ?? []
    private static let outputAudio = sources[.outputAudioTokens] ?? []
    private static let cacheAudioRead = sources[.cacheAudioReadTokens] ?? []
    private static let webSearches = sources[.webSearches] ?? []

    public init() {}

    /// The facts of record `index`.
    public mutating func read(_ index: Int, _ batch: inout RecordBatch) -> PriceFacts {
        var facts = PriceFacts()
        row.load(index, batch, where: PriceFact.mayBe(in:))
        if row.isEmpty { return facts }
        facts.serverAddress = row.text(Self.serverAddress, &batch)
        if row.isOnly(.serverAddress) { return facts }
        facts.serviceTier = row.text(Self.serviceTier, &batch)
        facts.speed = row.text(Self.speed, &batch)
        facts.cacheWrite5mTokens = row.count(Self.cacheWrite5m, batch)
        facts.cacheWrite1hTokens = row.count(Self.cacheWrite1h, batch)
        facts.inputAudioTokens = row.count(Self.inputAudio, batch)
        facts.outputAudioTokens = row.count(Self.outputAudio, batch)
        facts.cacheAudioReadTokens = row.count(Self.cacheAudioRead, batch)
        facts.webSearches = row.count(Self.webSearches, batch)
        return facts
    }
}
