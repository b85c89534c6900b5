#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A JSON value whose numbers are still text, so that no digit of a price is lost, and whose members keep their order.
public enum JSONValue: Sendable, Equatable {
    /// A member of an object.
    public struct Member: Sendable, Equatable {
        /// The member's name, with its escapes resolved.
        public var name: String
        /// The member's value.
        public var value: JSONValue

        /// A member from its name and value.
        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// The number as it is written.
    case number(String)
    /// Text, with its escapes resolved.
    case string(String)
    /// Elements in their order.
    case array([JSONValue])
    /// Members in the order they are written, equal names included.
    case object([Member])

    /// Reads a whole JSON text.
    ///
    /// - Throws: ``PriceDataError`` with ``PriceDataError/Code/malformed``.
    public init(json text: String) throws(PriceDataError) { try self.init(json: Array(text.utf8)) }

    /// Reads a whole JSON text in UTF-8.
    ///
    /// - Throws: ``PriceDataError`` with ``PriceDataError/Code/malformed``.
    public init(json bytes: [UInt8]) throws(PriceDataError) {
        let held = PriceBytes(bytes)
        var scanner = JSONScanner(held.bytes)
        self = try scanner.value()
        try scanner.end()
        withExtendedLifetime(held) {}
    }

    /// The member `name` of an object, the last of that name; nil when there is none or this is no object.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The exact value of a number, nil for anything else.
    public var decimal: Decimal? {
        guard case .number(let text) = self else { return nil }
        return Decimal(decimalText: text)
    }

    /// The text of a string, nil for anything else.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The elements of an array, nil for anything else.
    public var array: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an object, nil for anything else.
    public var object: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// What kind of value this is, for messages.
    var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
