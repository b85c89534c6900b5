/// Reads JSON text: the credentials file, and structures inside of text values.
package struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0

    private struct Malformed: Error {}

    /// An array or object that fills the whole text; nil for anything else.
    package static func structure(in text: String) -> AttributeValue? {
        let first = text.utf8.first { $0 > 0x20 }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return nil }
        return value(in: Array(text.utf8))
    }

    /// The value that fills the whole text; nil when it is not JSON.
    package static func value(in bytes: [UInt8]) -> AttributeValue? {
        var reader = JSONReader(bytes: bytes)
        do throws(Malformed) {
            let value = try reader.value(depth: 0)
            reader.skipBlanks()
            return reader.position == bytes.count ? value : nil
        } catch {
            return nil
        }
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func value(depth: Int) throws(Malformed) -> AttributeValue {
        guard depth < JSONText.maximumDepth else { throw Malformed() }
        skipBlanks()
        switch peek {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func object(depth: Int) throws(Malformed) -> AttributeValue {
        position += 1
        var members: [Attribute] = []
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipBlanks()
            guard peek == UInt8(ascii: "\"") else { throw Malformed() }
            let key = try string()
            guard take(UInt8(ascii: ":")) else { throw Malformed() }
            members.append(Attribute(key, try value(depth: depth + 1)))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw Malformed() }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(Malformed) -> AttributeValue {
        position += 1
        var elements: [AttributeValue] = []
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat { elements.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw Malformed() }
        return .array(elements)
    }

    private mutating func word(_ text: String, _ value: AttributeValue) throws(Malformed) -> AttributeValue {
        guard bytes[position...].starts(with: text.utf8) else { throw Malformed() }
        position += text.utf8.count
        return value
    }

    private mutating func number() throws(Malformed) -> AttributeValue {
        let start = position
        while let byte = peek, (0x30...0x39).contains(byte) || "+-.eE".utf8.contains(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let whole = Int64(text) { return .int(whole) }
        guard let number = Double(text) else { throw Malformed() }
        return .double(number)
    }

    private mutating func string() throws(Malformed) -> String {
        position += 1
        var output: [UInt8] = []
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: output, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = peek else { throw Malformed() }
                position += 1
                switch escaped {
                case UInt8(ascii: "n"): output.append(0x0a)
                case UInt8(ascii: "r"): output.append(0x0d)
                case UInt8(ascii: "t"): output.append(0x09)
                case UInt8(ascii: "b"): output.append(0x08)
                case UInt8(ascii: "f"): output.append(0x0c)
                case UInt8(ascii: "u"): output.append(contentsOf: String(Character(try scalar())).utf8)
                default: output.append(escaped)
                }
            default: output.append(byte)
            }
        }
        throw Malformed()
    }

    private mutating func unit() throws(Malformed) -> UInt32 {
        guard bytes.count - position >= 4, let value = Hex.read(bytes[position..<position + 4]) else { throw Malformed() }
        position += 4
        return UInt32(value)
    }

    /// The scalar of `\uXXXX`, with its second half where it needs one; a lonely half becomes U+FFFD.
    private mutating func scalar() throws(Malformed) -> Unicode.Scalar {
        let first = try unit()
        if (0xd800..<0xdc00).contains(first), bytes.count - position >= 6, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        {
            position += 2
            let second = try unit()
            guard (0xdc00..<0xe000).contains(second) else { return "\u{fffd}" }
            return Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + second - 0xdc00) ?? "\u{fffd}"
        }
        return Unicode.Scalar(first) ?? "\u{fffd}"
    }
}
