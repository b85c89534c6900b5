/// Escapes text for JSON strings into memory that is large enough for the worst case.
///
/// The only place where memory is written through a pointer: it looks at eight bytes at a time and writes them in the same step.
enum JSONEscape {
    /// Bytes of memory that ``write(_:_:to:)`` needs for `count` bytes of text: six for every one, and one word.
    static func capacity(_ count: Int) -> Int { count * 6 + 8 }

    /// Writes the text with its quotes, backslashes and control characters escaped.
    ///
    /// - Parameter target: at least ``capacity(_:)`` bytes.
    /// - Returns: the number of bytes written.
    static func write(_ bytes: Span<UInt8>, _ range: Range<Int>, to target: UnsafeMutableBufferPointer<UInt8>) -> Int {
        precondition(target.count >= capacity(range.count))
        guard let start = target.baseAddress else { return 0 }
        var output = UnsafeMutableRawPointer(start)
        var index = range.lowerBound
        while range.upperBound &- index >= 8 {
            let word = bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            // All eight are written; those from the first special one on are written over.
            output.storeBytes(of: word, as: UInt64.self)
            let hits = JSONScan.specialBytes(UInt64(littleEndian: word))
            guard hits != 0 else {
                index &+= 8
                output += 8
                continue
            }
            let clean = hits.trailingZeroBitCount >> 3
            output = writeEscape(bytes[index &+ clean], to: output + clean)
            index &+= clean &+ 1
        }
        while index < range.upperBound {
            let byte = bytes[index]
            if byte < 0x20 || byte == 0x22 || byte == 0x5c {
                output = writeEscape(byte, to: output)
            } else {
                output.storeBytes(of: byte, as: UInt8.self)
                output += 1
            }
            index &+= 1
        }
        return output - UnsafeMutableRawPointer(start)
    }

    /// Writes the two or six bytes that stand for a special one.
    private static func writeEscape(_ byte: UInt8, to output: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        let letter: UInt8
        switch byte {
        case 0x22, 0x5c: letter = byte
        case 0x0a: letter = 0x6e
        case 0x09: letter = 0x74
        case 0x0d: letter = 0x72
        case 0x08: letter = 0x62
        case 0x0c: letter = 0x66
        default:
            // \u00 and two hexadecimal digits; the first is 0 or 1.
            output.storeBytes(of: UInt32(0x3030_755c).littleEndian, as: UInt32.self)
            output.storeBytes(of: 0x30 &+ (byte >> 4), toByteOffset: 4, as: UInt8.self)
            let low = byte & 15
            output.storeBytes(of: low < 10 ? 0x30 &+ low : 0x57 &+ low, toByteOffset: 5, as: UInt8.self)
            return output + 6
        }
        output.storeBytes(of: 0x5c, as: UInt8.self)
        output.storeBytes(of: letter, toByteOffset: 1, as: UInt8.self)
        return output + 2
    }
}
