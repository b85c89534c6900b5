/// Why JSON could not be read, and where. No references, so throwing it allocates nothing.
struct JSONError: Error {
    enum Code: Sendable {
        case unexpectedEnd, unexpectedCharacter, badString, badEscape, badNumber, tooDeep, trailing
        case expectedObject, expectedArray, expectedString, expectedNumber, expectedBool, badInteger, badBase64
        case limitExceeded
    }

    var code: Code
    var offset: Int

    init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }
}

/// A strict RFC 8259 scanner. It makes nothing of what it reads and does not recurse.
enum JSONScan {
    /// JSON nested deeper than this is refused whatever the caller's limit.
    static let maximumDepth = 512

    // MARK: Values

    /// Whether `range` holds exactly one JSON value, nested at most `depth` levels, that any JSON parser accepts.
    static func isValid(_ bytes: Span<UInt8>, _ range: Range<Int>, depth: Int) -> Bool {
        do {
            let end = try skipValue(bytes, from: range.lowerBound, to: range.upperBound, depth: depth, strictSurrogates: true)
            return skipSpace(bytes, from: end, to: range.upperBound) == range.upperBound
        } catch {
            return false
        }
    }

    /// Passes one value and the white space before it.
    ///
    /// - Parameters:
    ///   - depth: levels of arrays and objects allowed, at most ``maximumDepth``.
    ///   - strictSurrogates: refuse escapes of single surrogates, which stand for no character.
    /// - Returns: the offset behind the value.
    static func skipValue(
        _ bytes: Span<UInt8>,
        from start: Int,
        to end: Int,
        depth limit: Int,
        strictSurrogates: Bool
    ) throws(JSONError) -> Int {
        var index = start
        // One bit per open container: set for objects.
        var containers = InlineArray<8, UInt64>(repeating: 0)
        var depth = 0
        let limit = min(limit, maximumDepth)
        while true {
            index = skipSpace(bytes, from: index, to: end)
            guard index < end else { throw JSONError(.unexpectedEnd, at: end) }
            let byte = bytes[index]
            switch byte {
            case 0x7b, 0x5b:
                guard depth < limit else { throw JSONError(.tooDeep, at: index) }
                let isObject = byte == 0x7b
                if isObject {
                    containers[depth >> 6] |= 1 &<< UInt64(depth & 63)
                } else {
                    containers[depth >> 6] &= ~(1 &<< UInt64(depth & 63))
                }
                depth &+= 1
                index = skipSpace(bytes, from: index &+ 1, to: end)
                guard index < end else { throw JSONError(.unexpectedEnd, at: end) }
                if bytes[index] != (isObject ? 0x7d : 0x5d) {
                    if isObject { index = try skipKey(bytes, from: index, to: end, strictSurrogates: strictSurrogates) }
                    continue
                }
                depth &-= 1
                index &+= 1
            case 0x22:
                index = try skipString(bytes, from: index, to: end, strictSurrogates: strictSurrogates)
            default:
                index = try skipScalar(bytes, from: index, to: end)
            }
            // Behind a value: close what closes here, then go on with the next element.
            while true {
                if depth == 0 { return index }
                index = skipSpace(bytes, from: index, to: end)
                guard index < end else { throw JSONError(.unexpectedEnd, at: end) }
                let inObject = containers[(depth &- 1) >> 6] & (1 &<< UInt64((depth &- 1) & 63)) != 0
                let next = bytes[index]
                if next == 0x2c {
                    index &+= 1
                    if inObject {
                        index = skipSpace(bytes, from: index, to: end)
                        index = try skipKey(bytes, from: index, to: end, strictSurrogates: strictSurrogates)
                    }
                    break
                }
                guard next == (inObject ? 0x7d : 0x5d) else { throw JSONError(.unexpectedCharacter, at: index) }
                depth &-= 1
                index &+= 1
            }
        }
    }

    private static func skipKey(_ bytes: Span<UInt8>, from start: Int, to end: Int, strictSurrogates: Bool) throws(JSONError) -> Int {
        guard start < end else { throw JSONError(.unexpectedEnd, at: end) }
        guard bytes[start] == 0x22 else { throw JSONError(.unexpectedCharacter, at: start) }
        var index = try skipString(bytes, from: start, to: end, strictSurrogates: strictSurrogates)
        index = skipSpace(bytes, from: index, to: end)
        guard index < end else { throw JSONError(.unexpectedEnd, at: end) }
        guard bytes[index] == 0x3a else { throw JSONError(.unexpectedCharacter, at: index) }
        return index &+ 1
    }

    @inline(__always)
    static func skipSpace(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        var index = start
        while index < end {
            switch bytes[index] {
            case 0x20, 0x0a, 0x0d, 0x09: index &+= 1
            default: return index
            }
        }
        return index
    }

    // MARK: Strings

    /// The first quote, backslash or control character in `start..<end`, else `end`. Eight bytes at a time.
    static func firstSpecial(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        var index = start
        while end &- index >= 8 {
            let word = UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
            let hits = specialBytes(word)
            if hits != 0 { return index &+ hits.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        while index < end {
            let byte = bytes[index]
            if byte < 0x20 || byte == 0x22 || byte == 0x5c { return index }
            index &+= 1
        }
        return end
    }

    /// The high bit of the lowest byte that is a quote, a backslash or a control character is set, and bits above it may be.
    @inline(__always)
    static func specialBytes(_ word: UInt64) -> UInt64 {
        let quote = word ^ 0x2222_2222_2222_2222
        let slash = word ^ 0x5c5c_5c5c_5c5c_5c5c
        let ones: UInt64 = 0x0101_0101_0101_0101
        // A byte's high bit is set in each term when it is below 0x20, a quote, a backslash. Borrows reach only bytes above the
        // first hit.
        let hits = (word &- 0x2020_2020_2020_2020) & ~word | (quote &- ones) & ~quote | (slash &- ones) & ~slash
        return hits & 0x8080_8080_8080_8080
    }

    /// Passes a string whose opening quote is at `start`.
    static func skipString(_ bytes: Span<UInt8>, from start: Int, to end: Int, strictSurrogates: Bool) throws(JSONError) -> Int {
        var index = start &+ 1
        while true {
            index = firstSpecial(bytes, from: index, to: end)
            guard index < end else { throw JSONError(.unexpectedEnd, at: end) }
            switch bytes[index] {
            case 0x22: return index &+ 1
            case 0x5c: index = try skipEscape(bytes, from: index, to: end, strictSurrogates: strictSurrogates)
            default: throw JSONError(.badString, at: index)
            }
        }
    }

    private static func skipEscape(_ bytes: Span<UInt8>, from start: Int, to end: Int, strictSurrogates: Bool) throws(JSONError) -> Int {
        guard start &+ 1 < end else { throw JSONError(.unexpectedEnd, at: end) }
        switch bytes[start &+ 1] {
        case 0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74: return start &+ 2
        case 0x75:
            guard let unit = codeUnit(bytes, at: start &+ 2, to: end) else { throw JSONError(.badEscape, at: start) }
            guard strictSurrogates, unit & 0xf800 == 0xd800 else { return start &+ 6 }
            guard unit < 0xdc00, end &- start >= 12, bytes[start &+ 6] == 0x5c, bytes[start &+ 7] == 0x75,
                let low = codeUnit(bytes, at: start &+ 8, to: end), low & 0xfc00 == 0xdc00
            else { throw JSONError(.badEscape, at: start) }
            return start &+ 12
        default: throw JSONError(.badEscape, at: start)
        }
    }

    /// The UTF-16 code unit of the four hexadecimal digits at `start`.
    static func codeUnit(_ bytes: Span<UInt8>, at start: Int, to end: Int) -> UInt32? {
        guard end &- start >= 4 else { return nil }
        var value: UInt32 = 0
        for index in start..<start &+ 4 {
            let nibble: UInt8
            switch bytes[index] {
            case let digit where digit >= 0x30 && digit <= 0x39: nibble = digit &- 0x30
            case let digit where digit >= 0x61 && digit <= 0x66: nibble = digit &- 0x57
            case let digit where digit >= 0x41 && digit <= 0x46: nibble = digit &- 0x37
            default: return nil
            }
            value = value << 4 | UInt32(nibble)
        }
        return value
    }

    // MARK: Scalars

    private static func skipScalar(_ bytes: Span<UInt8>, from start: Int, to end: Int) throws(JSONError) -> Int {
        switch bytes[start] {
        case 0x74: try skipLiteral("true", bytes, from: start, to: end)
        case 0x66: try skipLiteral("false", bytes, from: start, to: end)
        case 0x6e: try skipLiteral("null", bytes, from: start, to: end)
        case 0x2d, 0x30...0x39: try skipNumber(bytes, from: start, to: end)
        default: throw JSONError(.unexpectedCharacter, at: start)
        }
    }

    static func skipLiteral(_ literal: StaticString, _ bytes: Span<UInt8>, from start: Int, to end: Int) throws(JSONError) -> Int {
        let count = literal.utf8CodeUnitCount
        guard end &- start >= count else { throw JSONError(.unexpectedCharacter, at: start) }
        for index in 0..<count where bytes[start &+ index] != literal.utf8Start[index] {
            throw JSONError(.unexpectedCharacter, at: start)
        }
        return start &+ count
    }

    /// Passes a number: `-`? integer fraction? exponent?.
    static func skipNumber(_ bytes: Span<UInt8>, from start: Int, to end: Int) throws(JSONError) -> Int {
        var index = start
        if index < end, bytes[index] == 0x2d { index &+= 1 }
        guard index < end else { throw JSONError(.badNumber, at: start) }
        if bytes[index] == 0x30 {
            index &+= 1
        } else {
            index = try skipDigits(bytes, from: index, to: end)
        }
        if index < end, bytes[index] == 0x2e { index = try skipDigits(bytes, from: index &+ 1, to: end) }
        if index < end, bytes[index] | 0x20 == 0x65 {
            index &+= 1
            if index < end, bytes[index] == 0x2b || bytes[index] == 0x2d { index &+= 1 }
            index = try skipDigits(bytes, from: index, to: end)
        }
        return index
    }

    private static func skipDigits(_ bytes: Span<UInt8>, from start: Int, to end: Int) throws(JSONError) -> Int {
        var index = start
        while index < end, bytes[index] &- 0x30 < 10 { index &+= 1 }
        guard index > start else { throw JSONError(.badNumber, at: start) }
        return index
    }
}
