public import GenAI
public import GenAIPrices
import Synchronization
import TelemetryModel

/// The prices of a project at one moment: never changes, remembers what it has looked up.
public final class PriceList: Sendable {
    public let data: PriceData
    let overrides: [PreparedOverride]
    private let found = Mutex<[UInt64: PricedOrigin]>([:])
    private static let limit = 4_096

    init(data: PriceData, overrides: [PreparedOverride]) {
        self.data = data
        self.overrides = overrides
    }

    /// Number of the project's overrides.
    public var overrideCount: Int { overrides.count }

    /// What is known about the origin with that hash; `origin` is asked for only the first time.
    func origin(_ hash: UInt64, _ origin: () -> CallOrigin) -> PricedOrigin {
        if let known = found.withLock({ $0[hash] }) { return known }
        let priced = PricedOrigin(origin(), self)
        found.withLock { found in
            if found.count >= Self.limit { found.removeAll() }
            found[hash] = priced
        }
        return priced
    }

    /// The cost of a call. For a call with a sent cost only its parts are worked out, unless they were sent too.
    public func cost(of call: CallFacts) -> CallCost {
        let origin = CallOrigin(
            serverAddress: call.serverAddress, provider: call.provider, responseModel: call.responseModel, requestModel: call.requestModel)
        var hash = StableHash()
        for text in [origin.serverAddress, origin.provider, origin.responseModel, origin.requestModel] { hash.combine(text ?? "") }
        let priced = self.origin(hash.finalize()) { origin }
        return priced.cost(
            TokenUsage(call), at: PriceTime(nanoseconds: call.startNanoseconds), tier: call.serviceTier, speed: call.speed,
            sent: call.sentCost)
    }
}

extension TokenUsage {
    /// What the call reports.
    init(_ call: CallFacts) {
        self.init()
        self[.inputTokens] = call.inputTokens
        self[.outputTokens] = call.outputTokens
        self[.cacheReadTokens] = call.cacheReadTokens
        self[.cacheWriteTokens] = call.cacheWriteTokens
        self[.outputReasoningTokens] = call.reasoningTokens
        self[.cacheWrite5mTokens] = call.cacheWrite5mTokens
        self[.cacheWrite1hTokens] = call.cacheWrite1hTokens
        self[.inputAudioTokens] = call.inputAudioTokens
        self[.outputAudioTokens] = call.outputAudioTokens
        self[.cacheAudioReadTokens] = call.cacheAudioReadTokens
        self[.webSearches] = call.webSearches
    }
}
