/// The value of an attribute.
public enum AttributeValue: Sendable, Hashable {
    /// Text.
    case string(String)
    /// True or false.
    case bool(Bool)
    /// A whole number of 64 bits.
    case int(Int64)
    /// A floating-point number; may be infinite or undefined.
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
    /// The name, as semantic conventions or the application choose it.
    public var key: String
    /// The value.
    public var value: AttributeValue

    /// An attribute from its name and value.
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
