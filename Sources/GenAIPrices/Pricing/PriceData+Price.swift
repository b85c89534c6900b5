#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A priced call.
public struct CallPrice: Sendable {
    /// What the call costs, in USD.
    public let amounts: PriceAmounts<Decimal>
    /// What the prices are taken from.
    public let match: ModelMatch
    /// The prices in force for the call.
    public let prices: PriceSet
}

extension ModelMatch {
    /// The prices in force for a call: the model's, with the variants its context asks for. A model of another provider has no variants.
    public func plan(at time: PriceTime, context: [String: String] = [:]) -> PricePlan {
        model.plan(at: time, context: isFallback ? [:] : context)
    }

    /// Prices a usage by a plan of this match.
    ///
    /// - Throws: ``PriceError`` with ``PriceError/Code/usage``.
    public func amounts(_ usage: Usage, plan: PricePlan) throws(PriceError) -> PriceAmounts<Decimal> {
        try plan.amounts(isBilledForTenSeconds ? Self.billedForTenSeconds(usage) : usage)
    }

    /// Prices whole counts by a plan of this match.
    ///
    /// - Throws: ``PriceError`` with ``PriceError/Code/usage``.
    public func dollars(_ usage: TokenUsage, plan: PricePlan) throws(PriceError) -> PriceAmounts<Double> {
        try plan.dollars(isBilledForTenSeconds ? Self.billedForTenSeconds(usage) : usage)
    }

    /// Groq bills ten seconds of audio at least (`spec/prices.md` §4.4.3).
    private static func billedForTenSeconds<Count>(_ usage: UsageCounts<Count>) -> UsageCounts<Count> {
        var usage = usage
        let seconds = [UsageUnit.audioSeconds, .inputAudioSeconds].compactMap { usage[$0] }.first { $0 != 0 }
        if let seconds = seconds ?? usage[.inputAudioSeconds] {
            let billed = seconds > 0 ? max(seconds, 10) : seconds
            usage[.audioSeconds] = billed
            usage[.inputAudioSeconds] = billed
        }
        return usage
    }

    private var isBilledForTenSeconds: Bool {
        provider.id == "groq" && (model.id == "whisper-large-v3" || model.id == "whisper-large-v3-turbo")
    }
}

extension PriceData {
    /// Prices a call (`spec/prices.md` §4.3–4.4).
    ///
    /// - Parameters:
    ///   - usage: what the call used.
    ///   - model: the model, as requests or responses name it.
    ///   - provider: id or another name of the provider; outweighs the address.
    ///   - apiURL: address of the API; outweighs what the model's name says.
    ///   - time: when the call was made; prices change.
    ///   - context: what selects variants of prices, such as `service_tier`: `flex` or `processing`: `batch`.
    /// - Throws: ``PriceError``.
    public func price(
        _ usage: Usage, model: String, provider: String? = nil, apiURL: String? = nil, at time: PriceTime, context: [String: String] = [:]
    ) throws(PriceError) -> CallPrice {
        let match = try find(model: model, provider: provider, apiURL: apiURL)
        let plan = match.plan(at: time, context: context)
        return CallPrice(amounts: try match.amounts(usage, plan: plan), match: match, prices: plan.prices)
    }
}
