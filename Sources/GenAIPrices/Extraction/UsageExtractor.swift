/// How the usage is found in a provider's raw responses, for one flavour of its API (`spec/prices.md` §4.5).
struct UsageExtractor: Sendable {
    /// A step on the way to a value.
    enum Step: Sendable {
        case member(String)
        /// The first object of an array whose field fits.
        case element(field: String, match: MatchClause)
    }

    struct Mapping: Sendable {
        var path: [Step]
        var unit: UsageUnit
        var isRequired: Bool
    }

    let flavor: String
    let root: [Step]
    let modelPath: [Step]
    let mappings: [Mapping]

    init(_ value: JSONValue) throws(PriceDataError) {
        flavor = value["api_flavor"]?.string ?? "default"
        guard let root = value["root"] else { throw .invalid("root", "is missing") }
        self.root = try Self.path(root, "root")
        modelPath = try value["model_path"].map { (path) throws(PriceDataError) in try Self.path(path, "model_path") } ?? [.member("model")]
        var mappings: [Mapping] = []
        for (index, mapping) in (value["mappings"]?.array ?? []).enumerated() {
            guard let path = mapping["path"], let key = mapping["dest"]?.string else {
                throw .invalid("mappings[\(index)]", "expected path and dest")
            }
            // Data that counts more than this program knows is still of use.
            guard let unit = UsageUnit(usageKey: key), unit != .requests else { continue }
            mappings.append(
                Mapping(path: try Self.path(path, "mappings[\(index)].path"), unit: unit, isRequired: mapping["required"] != .bool(false)))
        }
        self.mappings = mappings
    }

    private static func path(_ value: JSONValue, _ name: String) throws(PriceDataError) -> [Step] {
        if let text = value.string { return [.member(text)] }
        guard let elements = value.array, !elements.isEmpty else { throw .invalid(name, "expected a name or an array of steps") }
        var steps: [Step] = []
        for (index, element) in elements.enumerated() {
            if let text = element.string {
                steps.append(.member(text))
            } else if element["type"]?.string == "array-match", let field = element["field"]?.string, let match = element["match"],
                index < elements.count - 1
            {
                do throws(PriceDataError) {
                    steps.append(.element(field: field, match: try MatchClause(match)))
                } catch {
                    throw error.under("\(name)[\(index)].match")
                }
            } else {
                throw .invalid("\(name)[\(index)]", "expected a name or an array-match")
            }
        }
        return steps
    }
}

/// What a raw response says.
public struct ExtractedUsage: Sendable {
    /// The provider whose description of its responses was used.
    public let provider: PricedProvider
    /// The model as the response names it.
    public let model: String?
    /// The counts the response reports; units it does not mention are absent.
    public let usage: Usage
}

/// Why no usage could be taken out of a response.
public struct ExtractionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence that names the place.
    public let description: String

    init(_ description: String) { self.description = description }
}
