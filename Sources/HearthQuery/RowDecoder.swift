public import Hearth

/// Decodes `Decodable` types from JSON that has been read, without Foundation.
///
/// A property finds the column of its name, or the one in snake case: `spanName` takes `span_name`.
struct RowDecoder: Decoder {
    let value: AttributeValue
    var codingPath: [any CodingKey] = []
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func decode<Row: Decodable>(_ type: Row.Type, from value: AttributeValue) throws -> Row {
        try RowDecoder(value: value).decode(type)
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if type == AttributeValue.self, let value = value as? Value { return value }
        return try Value(from: self)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = value else { throw mismatch("an object") }
        return KeyedDecodingContainer(
            MemberContainer<Key>(members: Dictionary(members.map { ($0.key, $0.value) }) { $1 }, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        switch value {
        case .array(let elements): ElementContainer(elements: elements, codingPath: codingPath)
        case .strings(let elements): ElementContainer(elements: elements.map { .string($0) }, codingPath: codingPath)
        default: throw mismatch("a list")
        }
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { ValueContainer(decoder: self) }

    // MARK: Values

    func mismatch(_ expected: String) -> DecodingError {
        let context = DecodingError.Context(
            codingPath: codingPath, debugDescription: "expected \(expected) but found \(Self.kind(of: value))")
        if case .null = value { return .valueNotFound(AttributeValue.self, context) }
        return .typeMismatch(AttributeValue.self, context)
    }

    private static func kind(of value: AttributeValue) -> String {
        switch value {
        case .string: "text"
        case .bool: "true or false"
        case .int, .double: "the number \(value.text)"
        case .array, .strings: "a list"
        case .object: "an object"
        case .null: "NULL"
        }
    }

    func bool() throws -> Bool {
        if case .bool(let flag) = value { return flag }
        throw mismatch("true or false")
    }

    func string() throws -> String {
        if case .string(let text) = value { return text }
        throw mismatch("text")
    }

    func double() throws -> Double {
        switch value {
        case .double(let number): return number
        case .int(let number): return Double(number)
        default: throw mismatch("a number")
        }
    }

    func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        switch value {
        case .int(let number):
            if let exact = Number(exactly: number) { return exact }
        case .double(let number):
            if let exact = Number(exactly: number) { return exact }
        default: break
        }
        throw mismatch("a whole number that fits \(type)")
    }
}

extension AttributeValue: Decodable {
    /// Takes any JSON of a row.
    public init(from decoder: any Decoder) throws {
        if let decoder = decoder as? RowDecoder {
            self = decoder.value
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .bool(flag)
        } else if let number = try? container.decode(Int64.self) {
            self = .int(number)
        } else if let number = try? container.decode(Double.self) {
            self = .double(number)
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let elements = try? container.decode([AttributeValue].self) {
            self = .array(elements)
        } else {
            self = .object(
                try container.decode([String: AttributeValue].self).sorted { $0.key < $1.key }.map { Attribute($0.key, $0.value) })
        }
    }
}
