import TelemetryModel

/// A string token: a range of the JSON text, or of the buffer it was unescaped into.
struct JSONString {
    var range: Range<Int>
    var isInBuffer: Bool

    /// Whether the string is `name`, given in lowerCamelCase; its snake_case form is accepted too.
    func matches(_ name: StaticString, _ bytes: Span<UInt8>, _ buffer: [UInt8]) -> Bool {
        isInBuffer ? Self.matches(name, buffer.span, range) : Self.matches(name, bytes, range)
    }

    private static func matches(_ name: StaticString, _ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let count = name.utf8CodeUnitCount
        guard range.count >= count else { return false }
        var index = range.lowerBound
        for position in 0..<count {
            guard index < range.upperBound else { return false }
            let expected = name.utf8Start[position]
            if bytes[index] == expected {
                index += 1
            } else if bytes[index] == 0x5f, expected &- 0x41 < 26, index + 1 < range.upperBound, bytes[index + 1] == expected | 0x20 {
                index += 2
            } else {
                return false
            }
        }
        return index == range.upperBound
    }
}

/// A pull parser over strict JSON (RFC 8259). Like `WireReader` it is a position only; the bytes are passed to every call.
///
/// ```swift
/// try reader.beginObject(bytes)
/// while let key = try reader.nextKey(bytes, &buffer) {
///     if key.matches("spanId", bytes, buffer) { … } else { try reader.skipValue(bytes) }
/// }
/// ```
struct JSONReader {
    enum Kind {
        case object, array, string, number, bool, null
    }

    /// Offset of the next byte.
    private(set) var offset: Int
    let end: Int
    /// A value was read in the open container, so a comma must come before the next.
    private var expectsComma = false

    init(_ bytes: Span<UInt8>) {
        self.init(bytes, in: 0..<bytes.count)
    }

    init(_ bytes: Span<UInt8>, in range: Range<Int>) {
        offset = range.lowerBound
        end = min(range.upperBound, bytes.count)
    }

    /// A reader that begins at the value at `offset` and shares nothing with this one.
    func restarted(at offset: Int) -> JSONReader {
        var reader = self
        reader.offset = offset
        reader.expectsComma = false
        return reader
    }

    // MARK: Structure

    /// What the next value is.
    mutating func peek(_ bytes: Span<UInt8>) throws(JSONError) -> Kind {
        let start = valueStart(bytes)
        guard start < end else { throw JSONError(.unexpectedEnd, at: end) }
        switch bytes[start] {
        case 0x7b: return .object
        case 0x5b: return .array
        case 0x22: return .string
        case 0x2d, 0x30...0x39: return .number
        case 0x74, 0x66: return .bool
        case 0x6e: return .null
        default: throw JSONError(.unexpectedCharacter, at: start)
        }
    }

    /// Passes white space and tells where the next value begins.
    mutating func valueStart(_ bytes: Span<UInt8>) -> Int {
        offset = JSONScan.skipSpace(bytes, from: offset, to: end)
        return offset
    }

    mutating func beginObject(_ bytes: Span<UInt8>) throws(JSONError) {
        try open(0x7b, bytes, .expectedObject)
    }

    mutating func beginArray(_ bytes: Span<UInt8>) throws(JSONError) {
        try open(0x5b, bytes, .expectedArray)
    }

    private mutating func open(_ bracket: UInt8, _ bytes: Span<UInt8>, _ code: JSONError.Code) throws(JSONError) {
        let start = valueStart(bytes)
        guard start < end else { throw JSONError(.unexpectedEnd, at: end) }
        guard bytes[start] == bracket else { throw JSONError(code, at: start) }
        offset = start + 1
        expectsComma = false
    }

    /// Reads the next member's name and the colon.
    ///
    /// - Parameter buffer: takes a name that has escapes, valid until the next string is read into it.
    /// - Returns: nil at the object's end, which is passed.
    mutating func nextKey(_ bytes: Span<UInt8>, _ buffer: inout [UInt8]) throws(JSONError) -> JSONString? {
        guard try nextItem(bytes, closing: 0x7d) else { return nil }
        let key = try string(bytes, &buffer)
        offset = JSONScan.skipSpace(bytes, from: offset, to: end)
        guard offset < end else { throw JSONError(.unexpectedEnd, at: end) }
        guard bytes[offset] == 0x3a else { throw JSONError(.unexpectedCharacter, at: offset) }
        offset += 1
        return key
    }

    /// Whether the array has another element; at its end it is passed.
    mutating func nextElement(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        try nextItem(bytes, closing: 0x5d)
    }

    private mutating func nextItem(_ bytes: Span<UInt8>, closing bracket: UInt8) throws(JSONError) -> Bool {
        offset = JSONScan.skipSpace(bytes, from: offset, to: end)
        guard offset < end else { throw JSONError(.unexpectedEnd, at: end) }
        if bytes[offset] == bracket {
            offset += 1
            expectsComma = true
            return false
        }
        guard expectsComma else { return true }
        guard bytes[offset] == 0x2c else { throw JSONError(.unexpectedCharacter, at: offset) }
        offset = JSONScan.skipSpace(bytes, from: offset + 1, to: end)
        // A closing bracket here is refused by whatever reads the name or value.
        expectsComma = false
        return true
    }

    /// Checks that only white space follows.
    mutating func finish(_ bytes: Span<UInt8>) throws(JSONError) {
        offset = JSONScan.skipSpace(bytes, from: offset, to: end)
        guard offset == end else { throw JSONError(.trailing, at: offset) }
    }

    mutating func skipValue(_ bytes: Span<UInt8>) throws(JSONError) {
        offset = try JSONScan.skipValue(bytes, from: offset, to: end, depth: JSONScan.maximumDepth, strictSurrogates: false)
        expectsComma = true
    }

    /// Passes `null`; false when the next value is something else.
    mutating func skipNull(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        guard try peek(bytes) == .null else { return false }
        try skipValue(bytes)
        return true
    }

    // MARK: Scalars

    /// Reads a string; one with escapes is unescaped into `buffer`, which is emptied first.
    mutating func string(_ bytes: Span<UInt8>, _ buffer: inout [UInt8]) throws(JSONError) -> JSONString {
        let token = try stringToken(bytes)
        guard token.hasEscapes else { return JSONString(range: token.range, isInBuffer: false) }
        buffer.removeAll(keepingCapacity: true)
        JSONUnescape.append(bytes, token.range, to: &buffer)
        return JSONString(range: 0..<buffer.count, isInBuffer: true)
    }

    /// Reads a string; in place when it has no escapes and is valid UTF-8, else as a copy in the arena.
    mutating func text(_ bytes: Span<UInt8>, _ text: inout TextStore) throws(JSONError) -> TextRef {
        let token = try stringToken(bytes)
        guard token.hasEscapes else { return UTF8Text.reference(bytes, token.range, &text) }
        let mark = text.mark
        if UTF8Text.isValid(bytes, token.range) {
            JSONUnescape.append(bytes, token.range, to: &text.arena)
        } else {
            let repaired = Array(UTF8Text.repaired(bytes, token.range).utf8)
            JSONUnescape.append(repaired.span, 0..<repaired.count, to: &text.arena)
        }
        return text.reference(from: mark)
    }

    /// Passes a string.
    ///
    /// - Returns: what stands between the quotes.
    mutating func stringToken(_ bytes: Span<UInt8>) throws(JSONError) -> (range: Range<Int>, hasEscapes: Bool) {
        let start = valueStart(bytes)
        guard start < end else { throw JSONError(.unexpectedEnd, at: end) }
        guard bytes[start] == 0x22 else { throw JSONError(.expectedString, at: start) }
        let first = JSONScan.firstSpecial(bytes, from: start + 1, to: end)
        if first < end, bytes[first] == 0x22 {
            offset = first + 1
            expectsComma = true
            return (start + 1..<first, false)
        }
        offset = try JSONScan.skipString(bytes, from: start, to: end, strictSurrogates: false)
        expectsComma = true
        return (start + 1..<offset - 1, true)
    }

    /// Passes a number.
    ///
    /// - Returns: where its text is.
    mutating func numberToken(_ bytes: Span<UInt8>) throws(JSONError) -> Range<Int> {
        let start = valueStart(bytes)
        guard start < end else { throw JSONError(.unexpectedEnd, at: end) }
        guard bytes[start] == 0x2d || bytes[start] &- 0x30 < 10 else { throw JSONError(.expectedNumber, at: start) }
        offset = try JSONScan.skipNumber(bytes, from: start, to: end)
        expectsComma = true
        return start..<offset
    }

    mutating func bool(_ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        let start = valueStart(bytes)
        guard start < end, bytes[start] == 0x74 || bytes[start] == 0x66 else { throw JSONError(.expectedBool, at: start) }
        let value = bytes[start] == 0x74
        offset = try JSONScan.skipLiteral(value ? "true" : "false", bytes, from: start, to: end)
        expectsComma = true
        return value
    }
}
