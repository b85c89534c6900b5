/// Something that is counted and may have a price: input tokens, web searches, seconds of audio.
///
/// A number into the table of units; eight bits, compared by identity.
public struct UsageUnit: Sendable, Hashable {
    /// Index in ``UnitTable/definitions``.
    let index: UInt8

    init(_ index: Int) { self.index = UInt8(truncatingIfNeeded: index) }

    /// The unit counted under a usage key (`input_tokens`), nil when there is none.
    public init?(usageKey: String) {
        guard let unit = UnitTable.shared.byUsageKey[usageKey] else { return nil }
        self = unit
    }

    /// The unit priced under a price key (`input_mtok`), nil when there is none.
    public init?(priceKey: String) {
        guard let unit = UnitTable.shared.byPriceKey[priceKey] else { return nil }
        self = unit
    }

    var definition: UnitDefinition { UnitTable.shared.definitions[Int(index)] }

    /// The name its count is reported under, such as `cache_read_tokens`.
    public var usageKey: String { definition.usageKey }
    /// The name its price is stored under, such as `cache_read_mtok`.
    public var priceKey: String { definition.priceKey }
    /// How many of it the price is for.
    public var per: Int { definition.per }
    /// The part of a price it belongs to.
    public var direction: PriceDirection { definition.direction }

    /// All units, in the order of the table.
    public static var all: [UsageUnit] { UnitTable.shared.definitions.indices.map { UsageUnit($0) } }
}

/// What a unit's price is counted to beside the total.
public enum PriceDirection: UInt8, Sendable {
    /// Only the total: requests, searches, executions.
    case none
    /// The input part of a price: tokens the model was given.
    case input
    /// The output part of a price: tokens the model gave.
    case output
}

/// A row of the unit table.
struct UnitDefinition: Sendable {
    var usageKey: String
    var priceKey: String
    var per: Int
    var direction: PriceDirection
    /// One bit for every `dimension=value`.
    var dimensions: UInt64

    var dimensionCount: Int { dimensions.nonzeroBitCount }

    /// Whether everything counted as `other` is counted as this one too (`spec/prices.md` §4.2).
    func isAncestor(of other: UnitDefinition) -> Bool {
        dimensions != other.dimensions && dimensions & other.dimensions == dimensions
    }
}

extension UsageUnit {
    // The units that traces report, by name; the table has them by construction, see `UnitTable.known(_:)`.
    /// All tokens of the input, cached ones and audio included.
    public static let inputTokens = UnitTable.known("input_tokens")
    /// All tokens of the output, reasoning and audio included.
    public static let outputTokens = UnitTable.known("output_tokens")
    /// Input tokens that came out of the prompt cache.
    public static let cacheReadTokens = UnitTable.known("cache_read_tokens")
    /// Input tokens that went into the prompt cache.
    public static let cacheWriteTokens = UnitTable.known("cache_write_tokens")
    /// Tokens written into a cache that keeps them for five minutes; part of ``cacheWriteTokens``.
    public static let cacheWrite5mTokens = UnitTable.known("cache_write_5m_tokens")
    /// Tokens written into a cache that keeps them for an hour; part of ``cacheWriteTokens``.
    public static let cacheWrite1hTokens = UnitTable.known("cache_write_1h_tokens")
    /// Output tokens the model spent on reasoning.
    public static let outputReasoningTokens = UnitTable.known("output_reasoning_tokens")
    /// Input tokens that stand for audio.
    public static let inputAudioTokens = UnitTable.known("input_audio_tokens")
    /// Output tokens that stand for audio.
    public static let outputAudioTokens = UnitTable.known("output_audio_tokens")
    /// Audio tokens that came out of the prompt cache.
    public static let cacheAudioReadTokens = UnitTable.known("cache_audio_read_tokens")
    /// Searches the provider made in the web for an answer.
    public static let webSearches = UnitTable.known("web_searches")
    /// Always one for a call; not reportable.
    static let requests = UnitTable.known("requests")
    static let audioSeconds = UnitTable.known("audio_seconds")
    static let inputAudioSeconds = UnitTable.known("input_audio_seconds")
}
