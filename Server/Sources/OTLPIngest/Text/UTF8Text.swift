import TelemetryModel

/// Checks and repairs the strings of a request.
enum UTF8Text {
    /// Whether `range` of `bytes` is well-formed UTF-8. ASCII is passed in steps of 32 and 8 bytes.
    static func isValid(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        let end = range.upperBound
        let raw = bytes.bytes
        let high: UInt64 = 0x8080_8080_8080_8080
        while end &- index >= 32 {
            let first = raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let second = raw.unsafeLoadUnaligned(fromByteOffset: index &+ 8, as: UInt64.self)
            let third = raw.unsafeLoadUnaligned(fromByteOffset: index &+ 16, as: UInt64.self)
            let fourth = raw.unsafeLoadUnaligned(fromByteOffset: index &+ 24, as: UInt64.self)
            if (first | second | third | fourth) & high != 0 { break }
            index &+= 32
        }
        while end &- index >= 8 {
            if raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self) & high != 0 { break }
            index &+= 8
        }
        while index < end, bytes[index] < 0x80 { index &+= 1 }
        // Everything before `index` is ASCII, so a character begins here.
        return index == end || isValidUnicode(bytes, index..<end)
    }

    private static func isValidUnicode(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        do {
            _ = try UTF8Span(validating: bytes.extracting(range))
            return true
        } catch {
            return false
        }
    }

    /// Refers to the text in place when it is valid, else to a repaired copy in the arena (U+FFFD for each ill-formed part).
    ///
    /// - Parameter bytes: the source of `text`.
    static func reference(_ bytes: Span<UInt8>, _ range: Range<Int>, _ text: inout TextStore) -> TextRef {
        if isValid(bytes, range) { return TextRef(source: range) }
        return text.append(repaired(bytes, range))
    }

    static func repaired(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        bytes.extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// `ref` cut to at most `limit` bytes, never inside a character.
    static func cut(_ ref: TextRef, to limit: Int, in text: TextStore) -> TextRef {
        guard ref.count > limit else { return ref }
        let count = text.withBytes(ref) { bytes in
            var count = limit
            while count > 0, bytes[count] & 0xc0 == 0x80 { count -= 1 }
            return count
        }
        return TextStore.slice(ref, 0..<count)
    }
}
