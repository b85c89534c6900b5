import Hearth

/// Reading access to JSON of unknown origin: whatever is not there or of another kind is nil.
extension AttributeValue {
    subscript(member: String) -> AttributeValue? {
        guard case .object(let members) = self else { return nil }
        guard let value = members.last(where: { $0.key == member })?.value, value != .null else { return nil }
        return value
    }

    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    var int: Int? {
        switch self {
        case .int(let number): Int(exactly: number)
        case .double(let number): Int(exactly: number)
        default: nil
        }
    }

    var double: Double? {
        switch self {
        case .int(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }

    var bool: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    var elements: [AttributeValue] {
        if case .array(let elements) = self { elements } else { [] }
    }

    var members: [Attribute] {
        if case .object(let members) = self { members } else { [] }
    }

    /// The members as attributes.
    var fields: Attributes { Attributes(members) }

    /// Text that holds a JSON object or array as that, everything else as it is.
    static func structured(_ text: String) -> AttributeValue {
        JSONReader.structure(in: text) ?? .string(text)
    }
}
