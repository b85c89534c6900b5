/// Base64 of RFC 4648. Reading also takes the URL-safe alphabet and missing padding, as the protobuf JSON mapping asks for.
enum Base64 {
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    /// Appends the padded text of `range`.
    static func append(_ bytes: Span<UInt8>, _ range: Range<Int>, to out: inout [UInt8]) {
        let digits = alphabet.utf8Start
        var index = range.lowerBound
        while index < range.upperBound {
            let count = min(3, range.upperBound - index)
            var group = UInt32(bytes[index]) << 16
            if count > 1 { group |= UInt32(bytes[index + 1]) << 8 }
            if count > 2 { group |= UInt32(bytes[index + 2]) }
            out.append(digits[Int(group >> 18)])
            out.append(digits[Int(group >> 12 & 63)])
            out.append(count > 1 ? digits[Int(group >> 6 & 63)] : 0x3d)
            out.append(count > 2 ? digits[Int(group & 63)] : 0x3d)
            index += 3
        }
    }

    /// Appends the bytes that the text in `range` stands for.
    ///
    /// - Returns: false, with a part appended, when the text is not base64.
    static func decode(_ text: Span<UInt8>, _ range: Range<Int>, to out: inout [UInt8]) -> Bool {
        var end = range.upperBound
        var padding = 0
        while padding < 2, end > range.lowerBound, text[end - 1] == 0x3d {
            end -= 1
            padding += 1
        }
        guard padding == 0 || (end - range.lowerBound + padding) % 4 == 0 else { return false }
        guard (end - range.lowerBound) % 4 != 1 else { return false }
        var group: UInt32 = 0
        var bits: UInt32 = 0
        for index in range.lowerBound..<end {
            guard let digit = value(text[index]) else { return false }
            group = group << 6 | digit
            bits += 6
            if bits >= 8 {
                bits -= 8
                out.append(UInt8(truncatingIfNeeded: group >> bits))
            }
        }
        return true
    }

    private static func value(_ digit: UInt8) -> UInt32? {
        switch digit {
        case 0x41...0x5a: UInt32(digit - 0x41)
        case 0x61...0x7a: UInt32(digit - 0x61 + 26)
        case 0x30...0x39: UInt32(digit - 0x30 + 52)
        case 0x2b, 0x2d: 62
        case 0x2f, 0x5f: 63
        default: nil
        }
    }
}
