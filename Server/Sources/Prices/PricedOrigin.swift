import GenAI
import GenAIPrices
import Synchronization

/// Who answered a call, looked up once: the prices of all calls with the same provider, address and models.
final class PricedOrigin: Sendable {
    /// nil when the price data does not know the model; then ``reason`` says why.
    private let match: ModelMatch?
    private let reason: String
    private let overrides: [PreparedOverride]
    private let version: String
    /// Notes are made once: a text with every price would cost more than the price.
    private let note: String
    private let adjustedNote: String
    /// Plans with overrides, by the plan they change and the override's number.
    private let overriddenPlans = Mutex<[OverrideKey: PricePlan]>([:])

    private struct OverrideKey: Hashable {
        var plan: ObjectIdentifier?
        var id: Int
    }

    static let noTokens = "the sender reported no tokens"

    init(_ origin: CallOrigin, _ list: PriceList) {
        do throws(PriceError) {
            match = try list.data.find(origin)
            reason = ""
        } catch {
            match = nil
            reason = error.description
        }
        version = list.data.version
        var models = [origin.responseModel, origin.requestModel].compactMap { $0?.lowercased() }
        note = "price of \(match.map { "\($0.provider.id)/\($0.model.id)" } ?? models.first ?? "the call")"
        adjustedNote = note + "; the cached tokens were added to the input tokens, which were reported without them"
        var providers = [origin.provider].compactMap { $0?.lowercased() }
        if let match {
            models.append(match.model.id.lowercased())
            providers.append(match.provider.id)
        }
        if let name = origin.provider, let known = list.data.provider(named: name) { providers.append(known.id) }
        overrides = list.overrides.filter { $0.means(models: models, providers: providers) }
    }

    /// Prices a call.
    ///
    /// - Parameter sent: the cost as the sender worked it out; then only the parts are worked out, unless they are known too.
    func cost(_ usage: TokenUsage, at time: PriceTime, tier: String?, speed: String?, sent: SentCost?) -> CallCost {
        if let sent, sent.inputCost != nil || sent.outputCost != nil {
            return CallCost(cost: sent.cost, inputCost: sent.inputCost, outputCost: sent.outputCost, source: .sent)
        }
        let cost = computed(usage, time, tier, speed)
        guard let sent = sent?.cost else { return cost }
        // The parts count only where the whole agrees: within a billionth of a dollar and a millionth of the cost.
        guard let total = cost.cost, abs(total - sent) <= 1e-9 + 1e-6 * sent else { return CallCost(cost: sent, source: .sent) }
        return CallCost(cost: sent, inputCost: cost.inputCost, outputCost: cost.outputCost, source: .sent)
    }

    private func computed(_ usage: TokenUsage, _ time: PriceTime, _ tier: String?, _ speed: String?) -> CallCost {
        if usage.isEmpty { return CallCost(source: .unpriced, note: Self.noTokens) }
        let override = overrides.first { $0.isActive(at: time) }
        let listed = match?.plan(at: time, context: Self.context(tier, speed))
        guard let plan = override.map({ self.plan(listed, with: $0) }) ?? listed else {
            return CallCost(source: .unpriced, note: reason)
        }
        do throws(PriceError) {
            let price = try plan.traced(usage, match: match)
            let note = price.isAdjusted ? adjustedNote : note
            return CallCost(
                cost: price.dollars.total, inputCost: price.dollars.input, outputCost: price.dollars.output, source: .computed,
                note: override.map { "\(note); override \($0.id)" } ?? note, priceVersion: override == nil ? version : "\(version)+override"
            )
        } catch {
            return CallCost(source: .unpriced, note: error.description)
        }
    }

    private static func context(_ tier: String?, _ speed: String?) -> [String: String] {
        var context: [String: String] = [:]
        if let tier, !tier.isEmpty {
            context["service_tier"] = tier
            // Anthropic calls batches a service tier.
            if tier == "batch" { context["processing"] = "batch" }
        }
        if let speed, !speed.isEmpty { context["speed"] = speed }
        return context
    }

    private func plan(_ plan: PricePlan?, with override: PreparedOverride) -> PricePlan {
        overriddenPlans.withLock { plans in
            let key = OverrideKey(plan: plan.map { ObjectIdentifier($0) }, id: override.id)
            if let known = plans[key] { return known }
            let made = PricePlan(plan?.prices.replacing(with: override.prices) ?? override.prices)
            plans[key] = made
            return made
        }
    }
}
