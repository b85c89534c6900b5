import GenAIPrices
import Hearth
import Synchronization

/// What a call cost, by the embedded prices.
enum CallCost {
    private struct Known: Hashable {
        var provider: String
        var model: String?
    }

    /// What was looked up already; more than anybody uses are not kept.
    private static let known = Mutex<Set<Known>>([])

    /// Looks a model up in the background, once: the first look-up of a provider reads all of its prices.
    static func prepare(_ request: ModelRequest) {
        let isNew = known.withLock { known in
            known.count < 1024 && known.insert(Known(provider: request.provider, model: request.model)).inserted
        }
        guard isNew else { return }
        let origin = CallOrigin(serverAddress: request.serverAddress, provider: request.provider, requestModel: request.model)
        Task.detached(priority: .utility) { _ = try? PriceData.bundled().find(origin).plan(at: .now) }
    }

    /// - Parameter time: nanoseconds since the Unix epoch; prices change.
    /// - Returns: nil when the model or its price is unknown: no figure is better than a wrong one.
    static func dollars(_ request: ModelRequest, _ response: ModelResponse, at time: UInt64) -> PriceAmounts<Double>? {
        guard let usage = response.usage, !usage.isEmpty else { return nil }
        do {
            let data = try PriceData.bundled()
            let origin = CallOrigin(
                serverAddress: request.serverAddress, provider: request.provider, responseModel: response.model,
                requestModel: request.model)
            let match = try data.find(origin)
            var context: [String: String] = [:]
            if let tier = response.serviceTier { context["service_tier"] = tier }
            let plan = match.plan(at: PriceTime(nanoseconds: Int64(clamping: time)), context: context)
            return try plan.traced(counts(usage), match: match).dollars
        } catch {
            // Unpriced models are ordinary; the server tells which ones there are and why.
            return nil
        }
    }

    private static func counts(_ usage: ModelUsage) -> TokenUsage {
        var counts = TokenUsage()
        func set(_ unit: UsageUnit, _ count: Int?) { if let count { counts[unit] = Int64(count) } }
        set(.inputTokens, usage.inputTokens)
        set(.outputTokens, usage.outputTokens)
        set(.cacheReadTokens, usage.cacheReadTokens)
        set(.cacheWriteTokens, usage.cacheWriteTokens)
        set(.cacheWrite5mTokens, usage.cacheWrite5mTokens)
        set(.cacheWrite1hTokens, usage.cacheWrite1hTokens)
        set(.outputReasoningTokens, usage.reasoningTokens)
        set(.inputAudioTokens, usage.inputAudioTokens)
        set(.outputAudioTokens, usage.outputAudioTokens)
        set(.cacheAudioReadTokens, usage.cacheReadAudioTokens)
        set(.webSearches, usage.webSearches)
        return counts
    }
}
