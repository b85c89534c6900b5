import Synchronization

/// A provider of models. Its models are read when the first of them is asked for.
public final class PricedProvider: Sendable {
    /// The provider's id in the data, such as `openai`.
    public let id: String
    /// The name for people, such as `OpenAI`.
    public let name: String
    /// Matches the beginning of the addresses of its API.
    let apiPattern: TextPattern
    let modelMatch: MatchClause?
    let providerMatch: MatchClause?
    /// Providers whose models it offers too.
    public let fallbackIDs: [String]
    /// Position in the data.
    public let index: Int
    let source: PriceBytes
    private let modelRange: Range<Int>
    private let extractorRange: Range<Int>?
    private let state = Mutex(State())

    private struct State {
        var index: ModelIndex?
        var models: [Int: PricedModel] = [:]
        var extractors: [UsageExtractor]?
    }

    /// Reads everything but the models, which are only stepped over.
    init(_ scanner: inout JSONScanner, _ source: PriceBytes, index: Int) throws(PriceDataError) {
        var members: [String: JSONValue] = [:]
        var modelRange: Range<Int>?
        var extractorRange: Range<Int>?
        try scanner.members { (name, scanner) throws(PriceDataError) in
            switch name {
            case "models": modelRange = try scanner.skip()
            case "extractors": extractorRange = try scanner.skip()
            case "id", "name", "api_pattern", "model_match", "provider_match", "fallback_model_providers":
                members[name] = try scanner.value()
            default: try scanner.skip()
            }
        }
        guard let id = members["id"]?.string, !id.isEmpty else { throw .invalid("id", "expected a string") }
        guard let modelRange else { throw .invalid("models", "is missing") }
        guard let pattern = members["api_pattern"]?.string else { throw .invalid("api_pattern", "expected a string") }
        self.id = id
        name = members["name"]?.string ?? id
        do throws(PriceDataError) {
            apiPattern = try TextPattern(pattern)
        } catch {
            throw error.under("api_pattern")
        }
        modelMatch = try Self.clause(members, "model_match")
        providerMatch = try Self.clause(members, "provider_match")
        var fallbacks: [String] = []
        if let written = members["fallback_model_providers"], written != .null {
            for element in written.array ?? [] {
                guard let id = element.string else { throw .invalid("fallback_model_providers", "expected an array of strings") }
                fallbacks.append(id)
            }
        }
        fallbackIDs = fallbacks
        self.index = index
        self.source = source
        self.modelRange = modelRange
        self.extractorRange = extractorRange
    }

    private static func clause(_ members: [String: JSONValue], _ name: String) throws(PriceDataError) -> MatchClause? {
        guard let value = members[name], value != .null else { return nil }
        do throws(PriceDataError) {
            return try MatchClause(value)
        } catch {
            throw error.under(name)
        }
    }

    // MARK: Models

    /// The first model in the order of the data whose condition accepts `name`, which is in lower case.
    func model(accepting name: String) throws(PriceDataError) -> PricedModel? {
        let index = try modelIndex()
        guard let number = index.find(name) else { return nil }
        return try model(number, index)
    }

    /// All models in the order of the data.
    ///
    /// - Throws: ``PriceDataError`` for data that was not checked (``PriceData/validate()``).
    public func models() throws(PriceDataError) -> [PricedModel] {
        let index = try modelIndex()
        var models: [PricedModel] = []
        for number in 0..<index.count { models.append(try model(number, index)) }
        return models
    }

    /// Number of models.
    public func modelCount() throws(PriceDataError) -> Int { try modelIndex().count }

    private func modelIndex() throws(PriceDataError) -> ModelIndex {
        if let index = state.withLock({ $0.index }) { return index }
        var scanner = JSONScanner(source.bytes, at: modelRange.lowerBound)
        let index: ModelIndex
        do throws(PriceDataError) {
            index = try ModelIndex(&scanner)
        } catch {
            throw error.under("models").under(id)
        }
        state.withLock { $0.index = index }
        return index
    }

    private func model(_ number: Int, _ index: ModelIndex) throws(PriceDataError) -> PricedModel {
        if let model = state.withLock({ $0.models[number] }) { return model }
        var scanner = JSONScanner(source.bytes, at: index.offsets[number])
        let model: PricedModel
        do throws(PriceDataError) {
            model = try PricedModel(try scanner.value(), index: number)
        } catch {
            throw error.under("models[\(number)]").under(id)
        }
        return state.withLock { state in
            if let earlier = state.models[number] { return earlier }
            state.models[number] = model
            return model
        }
    }

    // MARK: Extractors

    /// How the usage is taken out of the provider's raw responses; none when the data does not say.
    func extractors() throws(PriceDataError) -> [UsageExtractor] {
        if let extractors = state.withLock({ $0.extractors }) { return extractors }
        var extractors: [UsageExtractor] = []
        if let extractorRange {
            var scanner = JSONScanner(source.bytes, at: extractorRange.lowerBound)
            let written = try scanner.value()
            for (index, element) in (written.array ?? []).enumerated() {
                do throws(PriceDataError) {
                    extractors.append(try UsageExtractor(element))
                } catch {
                    throw error.under("extractors[\(index)]").under(id)
                }
            }
        }
        state.withLock { $0.extractors = extractors }
        return extractors
    }
}
