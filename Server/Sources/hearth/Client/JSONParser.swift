/// Reads ``AnswerJSON``s from UTF-8 bytes (RFC 8259).
struct JSONParser {
    /// What is wrong, and at which byte.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Deepest nesting; beyond it the text is refused instead of the stack being used up.
    private static let maximumDepth = 512

    private let bytes: [UInt8]
    private var index = 0
    /// Depth from which containers stay text.
    private let rawDepth: Int

    private init(_ bytes: [UInt8], rawDepth: Int) {
        self.bytes = bytes
        self.rawDepth = rawDepth
    }

    /// The only value in `bytes`.
    ///
    /// - Parameter rawDepth: arrays and objects nested this deep or deeper (the outermost value has depth 0) are kept as they were written.
    /// - Throws: ``Failure`` for anything that is not one JSON value.
    static func parse(_ bytes: [UInt8], rawBelow rawDepth: Int = .max) throws(Failure) -> AnswerJSON {
        var parser = JSONParser(bytes, rawDepth: rawDepth)
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.index == bytes.count else { throw parser.failure("more follows the value") }
        return value
    }

    static func parse(_ text: String) throws(Failure) -> AnswerJSON { try parse(Array(text.utf8)) }

    private func failure(_ what: String) -> Failure { Failure(description: "\(what) at byte \(index)") }

    private mutating func skipSpace() {
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x0a || bytes[index] == 0x0d || bytes[index] == 0x09 {
            index += 1
        }
    }

    private mutating func value(depth: Int) throws(Failure) -> AnswerJSON {
        skipSpace()
        guard index < bytes.count else { throw failure("the text ends") }
        guard depth < Self.maximumDepth else { throw failure("nested too deeply") }
        if depth >= rawDepth, bytes[index] == UInt8(ascii: "{") || bytes[index] == UInt8(ascii: "[") { return .raw(try container()) }
        switch bytes[index] {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return .number(try number())
        }
    }

    /// The text of an array or object.
    private mutating func container() throws(Failure) -> [UInt8] {
        let start = index
        var depth = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""):
                index += 1
                while index < bytes.count, bytes[index] != UInt8(ascii: "\"") { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
            default: break
            }
            index += 1
            if depth == 0, index <= bytes.count { return Array(bytes[start..<index]) }
        }
        throw failure("the text ends")
    }

    private mutating func literal(_ word: StaticString, _ value: AnswerJSON) throws(Failure) -> AnswerJSON {
        let length = word.utf8CodeUnitCount
        guard bytes.count - index >= length,
            word.withUTF8Buffer({ buffer in bytes[index..<index + length].elementsEqual(buffer) })
        else { throw failure("not a value") }
        index += length
        return value
    }

    private mutating func number() throws(Failure) -> String {
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): index += 1
            default:
                guard index > start else { throw failure("not a value") }
                return String(decoding: bytes[start..<index], as: UTF8.self)
            }
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func array(_ depth: Int) throws(Failure) -> AnswerJSON {
        index += 1
        var values: [AnswerJSON] = []
        skipSpace()
        if take("]") { return .array([]) }
        while true {
            values.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return .array(values) }
            guard take(",") else { throw failure("a comma or ] is missing") }
        }
    }

    private mutating func object(_ depth: Int) throws(Failure) -> AnswerJSON {
        index += 1
        var members: [AnswerJSON.Member] = []
        skipSpace()
        if take("}") { return .object([]) }
        while true {
            skipSpace()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { throw failure("a member's name is missing") }
            let name = try string()
            skipSpace()
            guard take(":") else { throw failure("a colon is missing") }
            members.append(AnswerJSON.Member(name: name, value: try value(depth: depth + 1)))
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw failure("a comma or } is missing") }
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func string() throws(Failure) -> String {
        index += 1
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "\""), bytes[index] != UInt8(ascii: "\\") { index += 1 }
        guard index < bytes.count else { throw failure("a string does not end") }
        if bytes[index] == UInt8(ascii: "\"") {
            defer { index += 1 }
            return String(decoding: bytes[start..<index], as: UTF8.self)
        }
        var text = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            default: text.append(byte)
            }
        }
        throw failure("a string does not end")
    }

    private mutating func escape(into text: inout [UInt8]) throws(Failure) {
        guard index < bytes.count else { throw failure("a string does not end") }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "u"):
            var code = try hex()
            if 0xd800..<0xdc00 ~= code, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") {
                index += 2
                let low = try hex()
                code = 0xdc00..<0xe000 ~= low ? 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00) : 0xfffd
            }
            text += String(Unicode.Scalar(code) ?? "\u{fffd}").utf8
        default: throw failure("not an escape")
        }
    }

    private mutating func hex() throws(Failure) -> UInt32 {
        guard index + 4 <= bytes.count, let code = UInt32(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16) else {
            throw failure("not an escape")
        }
        index += 4
        return code
    }
}
