/// A pass over a JSON text that copies it unchanged but for the values that are replaced or left out.
struct JSONWalk {
    /// The text is no JSON.
    struct Malformed: Error {}

    let bytes: UnsafeBufferPointer<UInt8>
    var at = 0
    /// Everything before this position is in ``out`` or was left out.
    private(set) var copied = 0
    private(set) var out: [UInt8] = []
    private(set) var isChanged = false

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Whether the text begins and ends as an object or an array does.
    static func looksLikeContainer(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = text.first(where: { !ASCII.isSpace($0) }), first == 0x7b || first == 0x5b else { return false }
        guard let last = text.last(where: { !ASCII.isSpace($0) }) else { return false }
        return last == (first == 0x7b ? 0x7d : 0x5d)
    }

    /// Whether escapes may hide characters that a search in the source would look for.
    static func hidesCharacters(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        for index in text.indices where text[index] == 0x5c && index + 1 < text.count {
            let next = text[index + 1]
            if next == 0x75 || next == 0x2f { return true }
        }
        return false
    }

    // MARK: Reading

    mutating func skipSpace() {
        while at < bytes.count, ASCII.isSpace(bytes[at]) { at += 1 }
    }

    mutating func peek() throws(Malformed) -> UInt8 {
        skipSpace()
        guard at < bytes.count else { throw Malformed() }
        return bytes[at]
    }

    mutating func expect(_ byte: UInt8) throws(Malformed) {
        guard try peek() == byte else { throw Malformed() }
        at += 1
    }

    /// Passes a string and gives the range between its quotes.
    mutating func string() throws(Malformed) -> Range<Int> {
        try expect(0x22)
        let start = at
        while at < bytes.count {
            switch bytes[at] {
            case 0x22:
                at += 1
                return start..<at - 1
            case 0x5c: at += 2
            default: at += 1
            }
        }
        throw Malformed()
    }

    /// Passes a number, `true`, `false` or `null`.
    mutating func scalar() throws(Malformed) -> Range<Int> {
        skipSpace()
        let start = at
        while at < bytes.count, ASCII.isAlphanumeric(bytes[at]) || bytes[at] == 0x2d || bytes[at] == 0x2b || bytes[at] == 0x2e { at += 1 }
        guard at > start else { throw Malformed() }
        return start..<at
    }

    /// Passes a value of any kind.
    mutating func skipValue(depth: Int = 0) throws(Malformed) -> Range<Int> {
        let first = try peek()
        let start = at
        switch first {
        case 0x22: _ = try string()
        case 0x7b, 0x5b:
            guard depth < 1_000 else { throw Malformed() }
            let close: UInt8 = first == 0x7b ? 0x7d : 0x5d
            at += 1
            if try peek() == close {
                at += 1
                break
            }
            while true {
                if first == 0x7b {
                    _ = try string()
                    try expect(0x3a)
                }
                _ = try skipValue(depth: depth + 1)
                if try peek() == 0x2c {
                    at += 1
                    continue
                }
                try expect(close)
                break
            }
        default: _ = try scalar()
        }
        return start..<at
    }

    // MARK: Writing

    /// Puts `value`, JSON, in the place of `range`, which lies behind all that was replaced so far.
    mutating func replace(_ range: Range<Int>, with value: [UInt8]) {
        out += bytes[copied..<range.lowerBound]
        out += value
        copied = range.upperBound
        isChanged = true
    }

    /// Puts a JSON string of `text` in the place of `range`.
    mutating func replace(_ range: Range<Int>, withString text: [UInt8]) {
        out += bytes[copied..<range.lowerBound]
        Self.appendString(text, to: &out)
        copied = range.upperBound
        isChanged = true
    }

    /// Leaves `range` out, which lies behind all that was replaced so far.
    mutating func cut(_ range: Range<Int>) {
        out += bytes[copied..<range.lowerBound]
        copied = range.upperBound
        isChanged = true
    }

    /// The whole text, with its replacements.
    mutating func finished() -> [UInt8] {
        out += bytes[copied...]
        copied = bytes.count
        return out
    }

    // MARK: Strings

    static func appendString(_ text: [UInt8], to out: inout [UInt8]) {
        out.append(0x22)
        for byte in text {
            switch byte {
            case 0x22, 0x5c: out += [0x5c, byte]
            case 0x0a: out += [0x5c, 0x6e]
            case 0x0d: out += [0x5c, 0x72]
            case 0x09: out += [0x5c, 0x74]
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                out += [0x5c, 0x75, 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: out.append(byte)
            }
        }
        out.append(0x22)
    }

    /// The text of what stands between the quotes of a string; nil when an escape is wrong.
    static func unescaped(_ raw: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(raw.count)
        var at = 0
        while at < raw.count {
            guard raw[at] == 0x5c else {
                out.append(raw[at])
                at += 1
                continue
            }
            guard at + 1 < raw.count else { return nil }
            switch raw[at + 1] {
            case 0x22, 0x5c, 0x2f: out.append(raw[at + 1])
            case 0x62: out.append(0x08)
            case 0x66: out.append(0x0c)
            case 0x6e: out.append(0x0a)
            case 0x72: out.append(0x0d)
            case 0x74: out.append(0x09)
            case 0x75:
                guard var value = codeUnit(raw, at + 2) else { return nil }
                if value & 0xfc00 == 0xd800, at + 7 < raw.count, raw[at + 6] == 0x5c, raw[at + 7] == 0x75,
                    let low = codeUnit(raw, at + 8), low & 0xfc00 == 0xdc00
                {
                    value = 0x10000 + (value & 0x3ff) << 10 + (low & 0x3ff)
                    at += 6
                }
                let scalar = Unicode.Scalar(value) ?? "\u{fffd}"
                out += Array(String(Character(scalar)).utf8)
                at += 4
            default: return nil
            }
            at += 2
        }
        return out
    }

    private static func codeUnit(_ raw: UnsafeBufferPointer<UInt8>, _ at: Int) -> UInt32? {
        guard at + 4 <= raw.count else { return nil }
        var value: UInt32 = 0
        for index in at..<at + 4 {
            guard let digit = Character(Unicode.Scalar(raw[index])).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
