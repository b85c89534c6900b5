#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension PriceData {
    /// Takes model and usage out of a raw response.
    ///
    /// Service tier, batch and speed are not part of it: the caller passes them as context.
    ///
    /// - Parameters:
    ///   - response: the body of the response.
    ///   - provider: id or another name of the provider; outweighs the address.
    ///   - apiURL: address of the API; nil when unknown.
    ///   - flavor: which of the provider's APIs answered: `default`, `chat`, `responses`, …
    /// - Throws: ``ExtractionError``.
    public func extractUsage(
        _ response: JSONValue, provider: String? = nil, apiURL: String? = nil, flavor: String = "default"
    ) throws(ExtractionError) -> ExtractedUsage {
        guard let found = provider.flatMap({ self.provider(named: $0) }) ?? self.provider(apiURL: apiURL) else {
            throw ExtractionError("the price data has no provider \(provider ?? apiURL ?? "without a name")")
        }
        let extractors: [UsageExtractor]
        do throws(PriceDataError) {
            extractors = try found.extractors()
        } catch {
            throw ExtractionError("the price data is damaged: \(error)")
        }
        guard !extractors.isEmpty else { throw ExtractionError("the price data does not say how responses of \(found.id) are read") }
        guard let extractor = extractors.first(where: { $0.flavor == flavor }) else {
            let known = extractors.map(\.flavor).joined(separator: ", ")
            throw ExtractionError("\(found.id) has no API flavor \(flavor); known are \(known)")
        }
        let (model, usage) = try extractor.extract(response)
        return ExtractedUsage(provider: found, model: model, usage: usage)
    }

    private func provider(apiURL: String?) -> PricedProvider? {
        guard let apiURL else { return nil }
        return providers.first { $0.apiPattern.isPrefix(of: apiURL) }
    }
}

extension UsageExtractor {
    func extract(_ response: JSONValue) throws(ExtractionError) -> (model: String?, usage: Usage) {
        let model = try Self.find(modelPath, in: response, isRequired: false, from: "")?.string
        let place = Self.text(root)
        guard let values = try Self.find(root, in: response, isRequired: true, from: "") else {
            throw ExtractionError("there is no value at \(place)")
        }
        guard case .object = values else { throw ExtractionError("\(place) must be an object, not \(values.kindName)") }
        var usage = Usage()
        for mapping in mappings {
            guard let value = try Self.find(mapping.path, in: values, isRequired: mapping.isRequired, from: place) else { continue }
            guard let count = value.decimal else {
                if mapping.isRequired {
                    throw ExtractionError("\(place).\(Self.text(mapping.path)) must be a number, not \(value.kindName)")
                }
                continue
            }
            guard count >= 0 else { throw ExtractionError("\(place).\(Self.text(mapping.path)) must not be negative") }
            usage[mapping.unit] = (usage[mapping.unit] ?? 0) + count
        }
        if !mappings.isEmpty, usage.isEmpty { throw ExtractionError("there is no usage at \(place)") }
        return (model, usage)
    }

    /// The value at a path; nil where it is optional and not there.
    private static func find(_ path: [Step], in value: JSONValue, isRequired: Bool, from: String) throws(ExtractionError) -> JSONValue? {
        var current = value
        for (index, step) in path.enumerated() {
            let next: JSONValue?
            switch step {
            case .member(let name):
                guard case .object = current else {
                    guard isRequired else { return nil }
                    let place = ([from] + path[..<index].map { text([$0]) }).filter { !$0.isEmpty }.joined(separator: ".")
                    throw ExtractionError("\(place.isEmpty ? "the response" : place) must be an object, not \(current.kindName)")
                }
                next = current[name]
            case .element(let field, let match):
                next = current.array?.first { $0[field]?.string.map { !$0.isEmpty && match.accepts($0.lowercased()) } ?? false }
            }
            guard let next else {
                guard isRequired else { return nil }
                let place = ([from] + path[...index].map { text([$0]) }).filter { !$0.isEmpty }.joined(separator: ".")
                throw ExtractionError("there is no value at \(place)")
            }
            current = next
        }
        return current
    }

    private static func text(_ path: [Step]) -> String {
        path.map { step in
            switch step {
            case .member(let name): name
            case .element(let field, _): "[\(field)]"
            }
        }.joined(separator: ".")
    }
}
