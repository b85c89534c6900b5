/// The values of a model call that a winning record takes from the records merged into it when it has none of its own, or, for the cost,
/// none as good.
///
/// Kept for every cached call, hence the compact wrappers: eight bytes a number.
public struct CallValues: Sendable, Equatable {
    /// Tokens, ≥ 0; nil when not reported.
    @CompactCount public var inputTokens: Int64?
    @CompactCount public var outputTokens: Int64?
    @CompactCount public var cacheReadTokens: Int64?
    @CompactCount public var cacheWriteTokens: Int64?
    @CompactCount public var reasoningTokens: Int64?
    /// USD; nil when unpriced. Goes with its source, parts and remarks: of several records the one with the best source gives them all.
    @CompactNumber public var cost: Double?
    @CompactNumber public var inputCost: Double?
    @CompactNumber public var outputCost: Double?
    public var costSource = CostSource.unpriced
    public var costNote: String?
    public var priceVersion: String?
    /// Seconds.
    @CompactNumber public var timeToFirstToken: Double?
    /// Seconds.
    @CompactNumber public var duration: Double?
    public var provider: String?
    public var responseModel: String?
    /// JSON array of strings.
    public var finishReasonsJSON: String?
    public var toolCallCount: Int32?
    public var isTruncated: Bool?
    public var hasToolCalls: Bool?
    public var refusal: Bool?
    public var jsonParseSuccess: Bool?
    public var isStreaming: Bool?
    /// Whether the tokens are as the provider's own package wrote them, which outranks what an instrumentation made of them.
    public var isVendorUsage = false

    public init() {}

    /// Whether nothing is known.
    public var isEmpty: Bool { self == CallValues() }

    /// Fills what is unknown here from `other`, whose tokens hold where they are the provider's own.
    public mutating func fillMissing(from other: CallValues) {
        if other.isVendorUsage, !isVendorUsage { takeUsage(of: other) }
        if inputTokens == nil { inputTokens = other.inputTokens }
        if outputTokens == nil { outputTokens = other.outputTokens }
        if cacheReadTokens == nil { cacheReadTokens = other.cacheReadTokens }
        if cacheWriteTokens == nil { cacheWriteTokens = other.cacheWriteTokens }
        if reasoningTokens == nil { reasoningTokens = other.reasoningTokens }
        if other.costRank > costRank { takeCost(of: other) }
        if timeToFirstToken == nil { timeToFirstToken = other.timeToFirstToken }
        if duration == nil { duration = other.duration }
        if provider == nil { provider = other.provider }
        if responseModel == nil { responseModel = other.responseModel }
        if finishReasonsJSON == nil { finishReasonsJSON = other.finishReasonsJSON }
        if toolCallCount == nil { toolCallCount = other.toolCallCount }
        if isTruncated == nil { isTruncated = other.isTruncated }
        if hasToolCalls == nil { hasToolCalls = other.hasToolCalls }
        if refusal == nil { refusal = other.refusal }
        if jsonParseSuccess == nil { jsonParseSuccess = other.jsonParseSuccess }
        if isStreaming == nil { isStreaming = other.isStreaming }
    }

    /// Forgets what `other` knows: what is left was taken from elsewhere.
    public mutating func removeKnown(in other: CallValues) {
        if other.inputTokens == inputTokens { inputTokens = nil }
        if other.outputTokens == outputTokens { outputTokens = nil }
        if other.cacheReadTokens == cacheReadTokens { cacheReadTokens = nil }
        if other.cacheWriteTokens == cacheWriteTokens { cacheWriteTokens = nil }
        if other.reasoningTokens == reasoningTokens { reasoningTokens = nil }
        if other.costRank >= costRank { takeCost(of: CallValues()) }
        if other.timeToFirstToken != nil { timeToFirstToken = nil }
        if other.duration != nil { duration = nil }
        if other.provider != nil { provider = nil }
        if other.responseModel != nil { responseModel = nil }
        if other.finishReasonsJSON != nil { finishReasonsJSON = nil }
        if other.toolCallCount != nil { toolCallCount = nil }
        if other.isTruncated != nil { isTruncated = nil }
        if other.hasToolCalls != nil { hasToolCalls = nil }
        if other.refusal != nil { refusal = nil }
        if other.jsonParseSuccess != nil { jsonParseSuccess = nil }
        if other.isStreaming != nil { isStreaming = nil }
        isVendorUsage = false
    }

    private mutating func takeUsage(of other: CallValues) {
        inputTokens = other.inputTokens ?? inputTokens
        outputTokens = other.outputTokens ?? outputTokens
        cacheReadTokens = other.cacheReadTokens ?? cacheReadTokens
        cacheWriteTokens = other.cacheWriteTokens ?? cacheWriteTokens
        reasoningTokens = other.reasoningTokens ?? reasoningTokens
        isVendorUsage = true
    }

    /// How much the cost is worth: none, computed, sent.
    private var costRank: UInt8 { cost == nil ? 0 : costSource.rawValue + 1 }

    private mutating func takeCost(of other: CallValues) {
        cost = other.cost
        inputCost = other.inputCost
        outputCost = other.outputCost
        costSource = other.costSource
        costNote = other.costNote
        priceVersion = other.priceVersion
    }
}

/// A count that may be unknown, in eight bytes: negative numbers are not counts and mean "unknown".
@propertyWrapper
public struct CompactCount: Sendable, Equatable {
    private var raw: Int64

    public init(wrappedValue: Int64?) { raw = wrappedValue ?? -1 }

    public var wrappedValue: Int64? {
        get { raw < 0 ? nil : raw }
        set { raw = newValue ?? -1 }
    }
}

/// A number that may be unknown, in eight bytes: NaN is not a measurement and means "unknown".
@propertyWrapper
public struct CompactNumber: Sendable, Equatable {
    private var bits: UInt64
    private static let unknown = Double.nan.bitPattern

    public init(wrappedValue: Double?) { bits = Self.encode(wrappedValue) }

    public var wrappedValue: Double? {
        get { bits == Self.unknown ? nil : Double(bitPattern: bits) }
        set { bits = Self.encode(newValue) }
    }

    private static func encode(_ value: Double?) -> UInt64 {
        guard let value, !value.isNaN else { return unknown }
        return value.bitPattern
    }
}
