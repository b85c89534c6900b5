/// The outcome of a look-up.
public struct ModelMatch: Sendable {
    /// The provider that was asked for, also where the model is another's.
    public let provider: PricedProvider
    /// The model that was found.
    public let model: PricedModel
    /// Whether the model belongs to a provider that ``provider`` falls back on.
    public let isFallback: Bool
}

extension PriceData {
    /// Finds a model (`spec/prices.md` §4.3).
    ///
    /// - Parameters:
    ///   - model: its name as requests or responses give it, of any case.
    ///   - provider: id or another name of the provider; outweighs the address.
    ///   - apiURL: address of the API; outweighs what the model's name says.
    /// - Throws: ``PriceError`` with ``PriceError/Code/unknownProvider`` or ``PriceError/Code/unknownModel``.
    public func find(model: String, provider: String? = nil, apiURL: String? = nil) throws(PriceError) -> ModelMatch {
        let key = LookupCache.Key(provider: provider, apiURL: apiURL, model: model)
        if let known = cache.value(key) { return try known.get() }
        let result = Result { () throws(PriceError) in try search(model.lowercased(), provider, apiURL) }
        cache.store(result, for: key)
        return try result.get()
    }

    /// The provider that a name means, by its id, else by the providers' own conditions in their order.
    public func provider(named name: String) -> PricedProvider? {
        let wanted = name.lowercased().trimmed
        return byID[wanted] ?? providers.first { $0.providerMatch?.accepts(wanted) == true }
    }

    private func search(_ name: String, _ providerName: String?, _ apiURL: String?) throws(PriceError) -> ModelMatch {
        var (name, providerName) = (name, providerName)
        // LiteLLM writes the provider in front of the model.
        if providerName?.lowercased() == "litellm", let slash = name.firstIndex(of: "/"), slash > name.startIndex {
            let prefix = String(name[..<slash])
            if provider(named: prefix) != nil {
                providerName = prefix
                name = String(name[name.index(after: slash)...])
            }
        }
        let provider = try provider(for: name, providerName, apiURL)
        do {
            if let found = try match(name, in: provider) { return found }
            let dashed = CompactDate.dashed(name)
            if dashed != name, let found = try match(dashed, in: provider) { return found }
        } catch {
            throw PriceError(.unknownModel, "the price data is damaged: \(error)")
        }
        throw PriceError(.unknownModel, "the price data has no model \(name) of \(provider.id)")
    }

    private func provider(for name: String, _ providerName: String?, _ apiURL: String?) throws(PriceError) -> PricedProvider {
        if let providerName {
            if let found = provider(named: providerName) { return found }
            if providerName.lowercased() != "litellm" {
                throw PriceError(.unknownProvider, "the price data has no provider \(providerName)")
            }
        }
        if let apiURL {
            if let found = providers.first(where: { $0.apiPattern.isPrefix(of: apiURL) }) { return found }
            throw PriceError(.unknownProvider, "the price data has no provider with the address \(apiURL)")
        }
        if !name.isEmpty, let found = providers.first(where: { $0.modelMatch?.accepts(name) == true }) { return found }
        throw PriceError(.unknownProvider, "the price data has no provider for the model name \(name)")
    }

    /// The provider's own model, else one of those it falls back on: one step, in the listed order.
    private func match(_ name: String, in provider: PricedProvider) throws(PriceDataError) -> ModelMatch? {
        if let model = try provider.model(accepting: name) { return ModelMatch(provider: provider, model: model, isFallback: false) }
        for id in provider.fallbackIDs {
            guard let other = byID[id], let model = try other.model(accepting: name) else { continue }
            return ModelMatch(provider: provider, model: model, isFallback: true)
        }
        return nil
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return first == startIndex && index(after: last) == endIndex ? self : String(self[first...last])
    }
}
