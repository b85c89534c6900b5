/// A value of an OTLP attribute, in the types the SDKs send.
enum AttributeValue: Sendable, Equatable {
    case string(String)
    case int(Int)
    case double(Double)
    case bool(Bool)
    case strings([String])
}

extension AttributeValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral {
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int) { self = .int(value) }
    init(floatLiteral value: Double) { self = .double(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
}

struct Attribute: Sendable, Equatable {
    var key: String
    var value: AttributeValue

    init(_ key: String, _ value: AttributeValue) {
        self.key = key
        self.value = value
    }
}

/// Attributes in order, and what the logfire SDK's `logfire.json_schema` says about them.
struct AttributeList: Sendable {
    private(set) var items: [Attribute] = []
    /// Entries of the schema: the key and, for JSON texts, `array` or `object`.
    private(set) var schema: [(key: String, type: String?)] = []

    /// An attribute the SDK adds by itself; it is not in the schema.
    mutating func set(_ key: String, _ value: AttributeValue) {
        items.append(Attribute(key, value))
    }

    mutating func set(_ key: String, _ value: String) { set(key, .string(value)) }
    mutating func set(_ key: String, _ value: Int) { set(key, .int(value)) }
    mutating func set(_ key: String, _ value: Double) { set(key, .double(value)) }
    mutating func set(_ key: String, _ value: Bool) { set(key, .bool(value)) }
    mutating func set(_ key: String, _ value: [String]) { set(key, .strings(value)) }

    mutating func set(contentsOf attributes: [Attribute]) {
        items += attributes
    }

    /// A plain value the instrumented program passed, listed in the schema.
    mutating func argument(_ key: String, _ value: AttributeValue) {
        set(key, value)
        schema.append((key, nil))
    }

    /// A JSON text, listed in the schema with its type.
    mutating func json(_ key: String, _ value: JSON) {
        set(key, value.text)
        switch value {
        case .array: schema.append((key, "array"))
        case .object: schema.append((key, "object"))
        default: schema.append((key, nil))
        }
    }
}

extension AttributeList {
    /// The text of `logfire.json_schema` for these lists, or nil when none of them has an entry.
    static func schemaText(_ lists: AttributeList...) -> String? {
        let entries = lists.flatMap(\.schema)
        guard !entries.isEmpty else { return nil }
        let properties = entries.map { entry in
            (entry.key, entry.type.map { JSON.object([("type", .string($0))]) } ?? JSON.object([]))
        }
        return JSON.object([("type", "object"), ("properties", .object(properties))]).text
    }
}
