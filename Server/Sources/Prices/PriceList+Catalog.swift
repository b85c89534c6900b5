public import GenAIPrices

/// A model as it stands in a price list.
public struct ListedModel: Sendable {
    public var provider: String
    public var model: String
    public var name: String?
    /// Tokens.
    public var contextWindow: Int?
    public var isDeprecated: Bool
    /// The override that changes its prices, nil when there is none.
    public var override: Int?
    /// The standard prices in force.
    public var prices: PriceSet
}

extension PriceList {
    /// The models with the prices in force at a time, in the order of the data; then what only overrides price.
    ///
    /// - Parameters:
    ///   - provider: id or name of a provider; nil for all.
    ///   - model: a part of the model's id or name, of any case; nil for all.
    public func models(provider: String?, model: String?, at time: PriceTime) throws(PriceDataError) -> [ListedModel] {
        let wanted = model?.lowercased()
        func fits(_ texts: String?...) -> Bool {
            wanted.map { wanted in texts.contains { $0?.lowercased().contains(wanted) ?? false } } ?? true
        }
        let chosen: [PricedProvider]
        if let provider {
            chosen = data.provider(named: provider).map { [$0] } ?? []
        } else {
            chosen = data.providers
        }
        var listed: [ListedModel] = []
        var used: Set<Int> = []
        for provider in chosen {
            for model in try provider.models() where fits(model.id, model.name) {
                let override = override(models: [model.id.lowercased()], providers: [provider.id], at: time)
                if let override { used.insert(override.id) }
                let prices = model.period(at: time).prices
                listed.append(
                    ListedModel(
                        provider: provider.id, model: model.id, name: model.name, contextWindow: model.contextWindow,
                        isDeprecated: model.isDeprecated, override: override?.id,
                        prices: override.map { prices.replacing(with: $0.prices) } ?? prices))
            }
        }
        for override in overrides where !used.contains(override.id) && override.isActive(at: time) && fits(override.model) {
            if let provider, override.provider.map({ $0 != provider.lowercased() }) ?? false { continue }
            listed.append(
                ListedModel(
                    provider: override.provider ?? "*", model: override.model + (override.isPrefix ? "*" : ""), name: nil,
                    contextWindow: nil,
                    isDeprecated: false, override: override.id, prices: override.prices))
        }
        return listed
    }

    /// The override that holds for a model.
    ///
    /// - Parameters:
    ///   - models: its names in lower case.
    ///   - providers: the provider's names in lower case.
    func override(models: [String], providers: [String], at time: PriceTime) -> PreparedOverride? {
        overrides.first { $0.isActive(at: time) && $0.means(models: models, providers: providers) }
    }

    /// The standard prices of a model at a time, with the override that holds.
    public func standardPrices(of match: ModelMatch, at time: PriceTime) -> PriceSet {
        let prices = match.model.period(at: time).prices
        let override = override(models: [match.model.id.lowercased()], providers: [match.provider.id], at: time)
        return override.map { prices.replacing(with: $0.prices) } ?? prices
    }

    /// The numbers of the overrides that may hold for a model, whatever the time.
    public func overrides(of match: ModelMatch) -> Set<Int> {
        Set(overrides.filter { $0.means(models: [match.model.id.lowercased()], providers: [match.provider.id]) }.map(\.id))
    }

    /// Prices a single call with all it says, exactly.
    ///
    /// - Throws: ``PriceError``.
    public func price(
        _ usage: Usage, model: String, provider: String?, apiURL: String?, at time: PriceTime, context: [String: String]
    ) throws(PriceError) -> ExactPrice {
        var found: ModelMatch?
        var failure: PriceError?
        do throws(PriceError) {
            found = try data.find(model: model, provider: provider, apiURL: apiURL)
        } catch {
            failure = error
        }
        let names = [model.lowercased(), found?.model.id.lowercased()].compactMap { $0 }
        let providers = [provider?.lowercased(), found?.provider.id].compactMap { $0 }
        let override = override(models: names, providers: providers, at: time)
        var plan = found?.plan(at: time, context: context)
        if let override { plan = PricePlan(plan?.prices.replacing(with: override.prices) ?? override.prices) }
        guard let plan else { throw failure ?? PriceError(.unknownModel, "the price data has no model \(model)") }
        let amounts = if let found { try found.amounts(usage, plan: plan) } else { try plan.amounts(usage) }
        return ExactPrice(amounts: amounts, match: found, override: override?.id, prices: plan.prices)
    }
}
