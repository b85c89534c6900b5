/// What can be the value of an attribute.
///
/// Conform a type of your own to record it:
/// ```swift
/// extension Money: AttributeConvertible {
///     var attributeValue: AttributeValue { .string("\(amount) \(currency)") }
/// }
/// ```
public protocol AttributeConvertible {
    /// What is recorded; asked for when the attribute is set, on the thread that sets it.
    var attributeValue: AttributeValue { get }
}

extension AttributeValue: AttributeConvertible {
    public var attributeValue: AttributeValue { self }
}

extension String: AttributeConvertible {
    public var attributeValue: AttributeValue { .string(self) }
}

extension Substring: AttributeConvertible {
    public var attributeValue: AttributeValue { .string(String(self)) }
}

extension Character: AttributeConvertible {
    public var attributeValue: AttributeValue { .string(String(self)) }
}

extension Bool: AttributeConvertible {
    public var attributeValue: AttributeValue { .bool(self) }
}

extension AttributeConvertible where Self: FixedWidthInteger {
    /// Numbers that do not fit into 64 bits with sign become decimal text.
    public var attributeValue: AttributeValue {
        if let value = Int64(exactly: self) { .int(value) } else { .string(String(self)) }
    }
}

extension Int: AttributeConvertible {}
extension Int8: AttributeConvertible {}
extension Int16: AttributeConvertible {}
extension Int32: AttributeConvertible {}
extension Int64: AttributeConvertible {}
extension UInt: AttributeConvertible {}
extension UInt8: AttributeConvertible {}
extension UInt16: AttributeConvertible {}
extension UInt32: AttributeConvertible {}
extension UInt64: AttributeConvertible {}

extension Double: AttributeConvertible {
    public var attributeValue: AttributeValue { .double(self) }
}

extension Float: AttributeConvertible {
    public var attributeValue: AttributeValue { .double(Double(self)) }
}

extension Duration: AttributeConvertible {
    /// Seconds.
    public var attributeValue: AttributeValue { .double(self / .seconds(1)) }
}

extension Optional: AttributeConvertible where Wrapped: AttributeConvertible {
    public var attributeValue: AttributeValue { self?.attributeValue ?? .null }
}

extension Array: AttributeConvertible where Element: AttributeConvertible {
    public var attributeValue: AttributeValue { .array(map(\.attributeValue)) }
}

extension Set: AttributeConvertible where Element: AttributeConvertible {
    public var attributeValue: AttributeValue { .array(map(\.attributeValue)) }
}

extension Dictionary: AttributeConvertible where Key == String, Value: AttributeConvertible {
    /// Members in the order of their names.
    public var attributeValue: AttributeValue {
        .object(sorted { $0.key < $1.key }.map { Attribute($0.key, $0.value.attributeValue) })
    }
}

extension AttributeConvertible where Self: RawRepresentable, RawValue: AttributeConvertible {
    public var attributeValue: AttributeValue { rawValue.attributeValue }
}

extension AttributeValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(arrayLiteral elements: AttributeValue...) { self = .array(elements) }

    public init(dictionaryLiteral elements: (String, AttributeValue)...) {
        self = .object(elements.map { Attribute($0.0, $0.1) })
    }
}
