/// The value of an attribute.
public enum AttributeValue: Sendable, Hashable {
    case string(String)
    case bool(Bool)
    case int(Int64)
    case double(Double)
    /// Any values; sent as JSON text, which Hearth shows as structure.
    case array([AttributeValue])
    /// Any members; sent as JSON text, which Hearth shows as structure.
    case object([Attribute])
    /// Sent as an OTLP array, as semantic conventions want it for some attributes.
    case strings([String])
    /// Nothing: JSON `null`.
    case null
}

/// A name and its value.
public struct Attribute: Sendable, Hashable {
    public var key: String
    public var value: AttributeValue

    public init(_ key: String, _ value: AttributeValue) {
        self.key = key
        self.value = value
    }
}

extension AttributeValue {
    /// Whether the value is sent as JSON text.
    var isStructure: Bool {
        switch self {
        case .array, .object, .null: true
        default: false
        }
    }

    /// The value as it appears in messages: text as it is, structures as JSON.
    public var text: String {
        switch self {
        case .string(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): String(number)
        case .double(let number): "\(number)"
        case .array, .object, .strings, .null:
            String(decoding: JSONText.bytes(of: self), as: UTF8.self)
        }
    }
}
