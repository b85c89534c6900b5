/// A JSON value for comparisons. Texts are bytes, because `String` takes canonically equivalent texts for equal.
indirect enum JSON: Hashable {
    case null
    case bool(Bool)
    /// The digits of a number without fraction and exponent.
    case int(String)
    case double(Double)
    case string([UInt8])
    case array([JSON])
    case object([[UInt8]: JSON])

    static func string(_ text: String) -> JSON { .string(Array(text.utf8)) }

    /// Doubles are equal when their bits are.
    static func == (a: JSON, b: JSON) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.double(let a), .double(let b)): a.bitPattern == b.bitPattern
        case (.string(let a), .string(let b)): a == b
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        default: false
        }
    }

    func hash(into hasher: inout Hasher) {}

    struct Malformed: Error {
        let offset: Int
        let reason: String
    }

    /// Parses strict JSON with one rule more: an object's names are unique.
    init(_ text: [UInt8], depth: Int = 1000, uniqueNames: Bool = true) throws {
        var parser = Parser(text: text, depth: depth, uniqueNames: uniqueNames)
        self = try parser.document()
    }

    init(_ text: String) throws { try self.init(Array(text.utf8)) }

    subscript(_ name: String) -> JSON? {
        if case .object(let members) = self { members[Array(name.utf8)] } else { nil }
    }

    /// The innermost place where two values differ.
    static func difference(_ a: JSON?, _ b: JSON?) -> String {
        if case .object(let a) = a, case .object(let b) = b {
            for name in Set(a.keys).union(b.keys) where a[name] != b[name] {
                return "\(String(decoding: name, as: UTF8.self)): " + difference(a[name], b[name])
            }
        }
        if case .array(let a) = a, case .array(let b) = b, a.count == b.count {
            for index in a.indices where a[index] != b[index] { return "[\(index)]: " + difference(a[index], b[index]) }
        }
        func text(_ value: JSON?) -> String {
            if case .string(let bytes) = value {
                "\(String(decoding: bytes, as: UTF8.self).debugDescription)"
            } else {
                "\(value, default: "absent")"
            }
        }
        return "\(text(a)) / \(text(b))"
    }

    private struct Parser {
        let text: [UInt8]
        let depth: Int
        let uniqueNames: Bool
        var index = 0
        var level = 0

        var next: UInt8? { index < text.count ? text[index] : nil }

        func fail(_ reason: String) -> Malformed { Malformed(offset: index, reason: reason) }

        mutating func document() throws -> JSON {
            let result = try value()
            space()
            guard next == nil else { throw fail("trailing") }
            return result
        }

        mutating func space() {
            while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { index += 1 }
        }

        mutating func take(_ byte: Character) throws {
            guard next == byte.asciiValue else { throw fail("expected \(byte)") }
            index += 1
        }

        mutating func takeIf(_ byte: Character) -> Bool {
            guard next == byte.asciiValue else { return false }
            index += 1
            return true
        }

        mutating func literal(_ literal: String, _ value: JSON) throws -> JSON {
            for character in literal { try take(character) }
            return value
        }

        mutating func value() throws -> JSON {
            space()
            switch next.map({ Character(UnicodeScalar($0)) }) {
            case "{": return try nested { try $0.object() }
            case "[": return try nested { try $0.array() }
            case "\"": return .string(try string())
            case "t": return try literal("true", .bool(true))
            case "f": return try literal("false", .bool(false))
            case "n": return try literal("null", .null)
            default: return try number()
            }
        }

        mutating func nested(_ body: (inout Parser) throws -> JSON) throws -> JSON {
            level += 1
            guard level <= depth else { throw fail("too deep") }
            defer { level -= 1 }
            return try body(&self)
        }

        mutating func object() throws -> JSON {
            var members: [[UInt8]: JSON] = [:]
            try take("{")
            space()
            if takeIf("}") { return .object(members) }
            repeat {
                space()
                let name = try string()
                space()
                try take(":")
                let old = members.updateValue(try value(), forKey: name)
                guard !uniqueNames || old == nil else { throw fail("a name occurs twice") }
                space()
            } while takeIf(",")
            try take("}")
            return .object(members)
        }

        mutating func array() throws -> JSON {
            var elements: [JSON] = []
            try take("[")
            space()
            if takeIf("]") { return .array(elements) }
            repeat {
                elements.append(try value())
                space()
            } while takeIf(",")
            try take("]")
            return .array(elements)
        }

        mutating func string() throws -> [UInt8] {
            try take("\"")
            var result: [UInt8] = []
            while let byte = next {
                index += 1
                switch byte {
                case 0x22: return result
                case 0x5c: try escape(&result)
                case 0..<0x20: throw fail("control character")
                default: result.append(byte)
                }
            }
            throw fail("end of text in a string")
        }

        mutating func escape(_ result: inout [UInt8]) throws {
            guard let byte = next else { throw fail("end of text in an escape") }
            index += 1
            let simple: [UInt8: UInt8] = [
                0x22: 0x22, 0x5c: 0x5c, 0x2f: 0x2f, 0x62: 8, 0x66: 12, 0x6e: 10, 0x72: 13, 0x74: 9,
            ]
            if let character = simple[byte] { return result.append(character) }
            guard byte == 0x75 else { throw fail("unknown escape") }
            var units = [try codeUnit()]
            if UTF16.isLeadSurrogate(units[0]) {
                try take("\\")
                try take("u")
                units.append(try codeUnit())
            }
            guard let character = String(validating: units, as: UTF16.self) else { throw fail("single surrogate") }
            result += Array(character.utf8)
        }

        mutating func codeUnit() throws -> UInt16 {
            guard index + 4 <= text.count, text[index..<index + 4].allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
                let unit = UInt16(String(decoding: text[index..<index + 4], as: UTF8.self), radix: 16)
            else { throw fail("bad \\u escape") }
            index += 4
            return unit
        }

        mutating func number() throws -> JSON {
            let start = index
            var isInteger = true
            _ = takeIf("-")
            if !takeIf("0") { try digits() }
            if takeIf(".") {
                isInteger = false
                try digits()
            }
            if takeIf("e") || takeIf("E") {
                isInteger = false
                if !takeIf("+") { _ = takeIf("-") }
                try digits()
            }
            let number = String(decoding: text[start..<index], as: UTF8.self)
            return isInteger ? .int(number) : .double(Double(number) ?? .nan)
        }

        mutating func digits() throws {
            let start = index
            while let byte = next, byte >= 0x30, byte <= 0x39 { index += 1 }
            guard index > start else { throw fail("digits expected") }
        }
    }
}
