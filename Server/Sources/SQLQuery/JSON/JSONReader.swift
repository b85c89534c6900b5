/// Parses JSON text into a ``JSONValue``.
struct JSONReader {
    struct Failure: Error, Equatable {
        var message: String
        var offset: Int
    }

    /// Deepest nesting that is followed. An expression level of a syntax tree takes two to three levels.
    static let maximumDepth = 3_000

    private let text: [UInt8]
    private var position = 0
    private var depth = 0

    static func value(of text: [UInt8]) throws(Failure) -> JSONValue {
        var reader = JSONReader(text: text)
        let value = try reader.value()
        reader.skipSpace()
        guard reader.position == text.count else { throw reader.failure("text after the value") }
        return value
    }

    private init(text: [UInt8]) { self.text = text }

    private func failure(_ message: String) -> Failure { Failure(message: message, offset: position) }

    private var next: UInt8 { position < text.count ? text[position] : 0 }

    private mutating func skipSpace() {
        while position < text.count, [0x20, 0x09, 0x0a, 0x0d].contains(text[position]) { position += 1 }
    }

    private mutating func take(_ character: Character) throws(Failure) {
        guard next == character.asciiValue else { throw failure("'\(character)' expected") }
        position += 1
    }

    private mutating func value() throws(Failure) -> JSONValue {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(Failure) -> JSONValue {
        guard text[position...].starts(with: word.utf8) else { throw failure("a value expected") }
        position += word.utf8.count
        return value
    }

    private mutating func enter() throws(Failure) {
        depth += 1
        if depth > Self.maximumDepth { throw failure("nested too deep") }
    }

    private mutating func object() throws(Failure) -> JSONValue {
        try enter()
        defer { depth -= 1 }
        try take("{")
        var members: [JSONValue.Member] = []
        skipSpace()
        while next != UInt8(ascii: "}") {
            if !members.isEmpty { try take(",") }
            skipSpace()
            let key = try string()
            skipSpace()
            try take(":")
            members.append(.init(key: key, value: try value()))
            skipSpace()
        }
        position += 1
        return .object(members)
    }

    private mutating func array() throws(Failure) -> JSONValue {
        try enter()
        defer { depth -= 1 }
        try take("[")
        var elements: [JSONValue] = []
        skipSpace()
        while next != UInt8(ascii: "]") {
            if !elements.isEmpty { try take(",") }
            elements.append(try value())
            skipSpace()
        }
        position += 1
        return .array(elements)
    }

    private mutating func number() throws(Failure) -> JSONValue {
        let start = position
        while position < text.count {
            switch text[position] {
            case 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): position += 1
            default:
                guard position > start else { throw failure("a value expected") }
                return .number(String(decoding: text[start..<position], as: UTF8.self))
            }
        }
        guard position > start else { throw failure("a value expected") }
        return .number(String(decoding: text[start..<position], as: UTF8.self))
    }

    private mutating func string() throws(Failure) -> String {
        try take("\"")
        var bytes: [UInt8] = []
        while position < text.count {
            let byte = text[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &bytes)
            default: bytes.append(byte)
            }
        }
        throw failure("the string does not end")
    }

    private mutating func escape(into bytes: inout [UInt8]) throws(Failure) {
        let kind = next
        position += 1
        switch kind {
        case UInt8(ascii: "n"): bytes.append(0x0a)
        case UInt8(ascii: "r"): bytes.append(0x0d)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0c)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(kind)
        case UInt8(ascii: "u"):
            var unit = try hexUnit()
            if (0xd800..<0xdc00).contains(unit), next == UInt8(ascii: "\\") {
                position += 1
                try take("u")
                let low = try hexUnit()
                unit = 0x10000 + (unit - 0xd800) << 10 + (low &- 0xdc00) & 0x3ff
            }
            bytes.append(contentsOf: String(Unicode.Scalar(unit) ?? "\u{fffd}").utf8)
        default: throw failure("unknown escape")
        }
    }

    private mutating func hexUnit() throws(Failure) -> UInt32 {
        guard position + 4 <= text.count, let unit = UInt32(String(decoding: text[position..<position + 4], as: UTF8.self), radix: 16)
        else {
            throw failure("four hexadecimal digits expected")
        }
        position += 4
        return unit
    }
}
