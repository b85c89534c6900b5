/// The value of an attribute or log body: OTLP `AnyValue`.
public enum OTLPValue: Sendable, Hashable {
    /// Text.
    case string(String)
    /// True or false.
    case bool(Bool)
    /// A whole number.
    case int(Int64)
    /// A floating-point number.
    case double(Double)
    /// Bytes of any content.
    case bytes([UInt8])
    /// Values of any kinds, in their order.
    case array([OTLPValue])
    /// Values with names: `kvlist_value`.
    case map([OTLPAttribute])

    /// An array of strings, as `gen_ai.response.finish_reasons` and `logfire.tags` are.
    public static func strings(_ values: some Sequence<String>) -> OTLPValue { .array(values.map(OTLPValue.string)) }
}

extension OTLPValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByArrayLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(arrayLiteral elements: OTLPValue...) { self = .array(elements) }
}

/// A name and its value: OTLP `KeyValue`.
public struct OTLPAttribute: Sendable, Hashable {
    /// The name.
    public var key: String
    /// The value.
    public var value: OTLPValue

    /// An attribute from its name and value.
    public init(_ key: String, _ value: OTLPValue) {
        self.key = key
        self.value = value
    }
}

extension WireWriter {
    /// Writes a `KeyValue` whose value is text, the most frequent kind, without the detour over an ``OTLPValue``.
    public mutating func textAttribute(_ tag: WireTag, _ key: String, _ text: String) {
        // Lengths first, so that nothing is moved afterwards. All tags inside have one byte.
        let keyField = 1 + WireWriter.varintSize(key.utf8.count) + key.utf8.count
        let value = 1 + WireWriter.varintSize(text.utf8.count) + text.utf8.count
        begin(tag, length: keyField + 1 + WireWriter.varintSize(value) + value)
        string(OTLPFields.KeyValue.key, key)
        begin(OTLPFields.KeyValue.value, length: value)
        string(OTLPFields.AnyValue.stringValue, text)
    }

    /// Writes one `KeyValue` as a field of the message that is open.
    public mutating func attribute(_ tag: WireTag, _ attribute: OTLPAttribute) {
        let message = open(tag)
        string(OTLPFields.KeyValue.key, attribute.key)
        value(OTLPFields.KeyValue.value, attribute.value)
        close(message)
    }

    /// Writes a list of attributes as a repeated field of the message that is open.
    public mutating func attributes(_ tag: WireTag, _ attributes: [OTLPAttribute]) {
        for attribute in attributes { self.attribute(tag, attribute) }
    }

    /// Writes an `AnyValue` as a field of the message that is open.
    public mutating func value(_ tag: WireTag, _ value: OTLPValue) {
        let message = open(tag)
        switch value {
        case .string(let text): string(OTLPFields.AnyValue.stringValue, text)
        case .bool(let flag): bool(OTLPFields.AnyValue.boolValue, flag)
        case .int(let number): int(OTLPFields.AnyValue.intValue, number)
        case .double(let number): double(OTLPFields.AnyValue.doubleValue, number)
        case .bytes(let content): bytes(OTLPFields.AnyValue.bytesValue, content)
        case .array(let elements):
            let list = open(OTLPFields.AnyValue.arrayValue)
            for element in elements { self.value(OTLPFields.Values.values, element) }
            close(list)
        case .map(let members):
            let list = open(OTLPFields.AnyValue.keyValueList)
            attributes(OTLPFields.Values.values, members)
            close(list)
        }
        close(message)
    }
}
