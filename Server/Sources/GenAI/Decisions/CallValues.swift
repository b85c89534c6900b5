/// The values of a model call that a winning record takes from the records merged into it when it has none of its own.
///
/// Kept for every cached call, hence the compact wrappers: eight bytes a number.
public struct CallValues: Sendable, Equatable {
    /// Tokens, ≥ 0; nil when not reported.
    @CompactCount public var inputTokens: Int64?
    @CompactCount public var outputTokens: Int64?
    @CompactCount public var cacheReadTokens: Int64?
    @CompactCount public var cacheWriteTokens: Int64?
    @CompactCount public var reasoningTokens: Int64?
    /// USD as sent; nil when not sent.
    @CompactNumber public var cost: Double?
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

    public init() {}

    /// Whether nothing is known.
    public var isEmpty: Bool { self == CallValues() }

    /// Fills what is unknown here from `other`.
    public mutating func fillMissing(from other: CallValues) {
        if inputTokens == nil { inputTokens = other.inputTokens }
        if outputTokens == nil { outputTokens = other.outputTokens }
        if cacheReadTokens == nil { cacheReadTokens = other.cacheReadTokens }
        if cacheWriteTokens == nil { cacheWriteTokens = other.cacheWriteTokens }
        if reasoningTokens == nil { reasoningTokens = other.reasoningTokens }
        if cost == nil { cost = other.cost }
        if timeToFirstToken == nil { timeToFirstToken = other.timeToFirstToken }
        if duration == nil { duration = other.duration }
        if provider == nil { provider = other.provider }
        if responseModel == nil { responseModel = other.responseModel }
        if finishReasonsJSON == nil { finishReasonsJSON = other.finishReasonsJSON }
        if toolCallCount == nil { toolCallCount = other.toolCallCount }
        if isTruncated == nil { isTruncated = other.isTruncated }
        if hasToolCalls == nil { hasToolCalls = other.hasToolCalls }
    }

    /// Forgets what `other` knows: what is left was taken from elsewhere.
    public mutating func removeKnown(in other: CallValues) {
        if other.inputTokens != nil { inputTokens = nil }
        if other.outputTokens != nil { outputTokens = nil }
        if other.cacheReadTokens != nil { cacheReadTokens = nil }
        if other.cacheWriteTokens != nil { cacheWriteTokens = nil }
        if other.reasoningTokens != nil { reasoningTokens = nil }
        if other.cost != nil { cost = nil }
        if other.timeToFirstToken != nil { timeToFirstToken = nil }
        if other.duration != nil { duration = nil }
        if other.provider != nil { provider = nil }
        if other.responseModel != nil { responseModel = nil }
        if other.finishReasonsJSON != nil { finishReasonsJSON = nil }
        if other.toolCallCount != nil { toolCallCount = nil }
        if other.isTruncated != nil { isTruncated = nil }
        if other.hasToolCalls != nil { hasToolCalls = nil }
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
