/// Numbers and strings as JSON writes them.
package enum JSONText {
    /// Reads a whole decimal integer; nil for anything else and for what does not fit.
    static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        var digits = text[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        guard !digits.isEmpty else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, overflow2) = product.subtractingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
            if overflow || overflow2 { return nil }
            value = next
        }
        // Built up negative, because the smallest integer has no positive counterpart.
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    /// Whether `byte` can stand in a JSON number.
    static func isPartOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"),
            UInt8(ascii: "E"):
            true
        default: false
        }
    }

    /// Reads a whole finite decimal number; nil for anything else.
    static func double(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        // `Double` also reads "nan", "inf" and hexadecimal numbers, which are none here.
        guard text.allSatisfy(isPartOfNumber) else { return nil }
        guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
        return value
    }

    /// Appends the text of a string whose escaped bytes are `content`; false, with partial text appended, when an escape is malformed.
    ///
    /// A surrogate without its partner becomes U+FFFD.
    package static func unescape(_ content: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) -> Bool {
        var index = 0
        while index < content.count {
            let byte = content[index]
            index += 1
            if byte != UInt8(ascii: "\\") {
                out.append(byte)
                continue
            }
            guard index < content.count else { return false }
            let escape = content[index]
            index += 1
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(escape)
            case UInt8(ascii: "b"): out.append(0x08)
            case UInt8(ascii: "f"): out.append(0x0c)
            case UInt8(ascii: "n"): out.append(0x0a)
            case UInt8(ascii: "r"): out.append(0x0d)
            case UInt8(ascii: "t"): out.append(0x09)
            case UInt8(ascii: "u"):
                guard var code = hexadecimal(content, at: index) else { return false }
                index += 4
                if 0xd800..<0xdc00 ~= code {
                    let isPair =
                        index + 1 < content.count && content[index] == UInt8(ascii: "\\") && content[index + 1] == UInt8(ascii: "u")
                    if isPair, let low = hexadecimal(content, at: index + 2), 0xdc00..<0xe000 ~= low {
                        code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
                        index += 6
                    }
                }
                let scalar = Unicode.Scalar(code) ?? "\u{fffd}"
                UTF8.encode(scalar).map { out.append(contentsOf: $0) }
            default: return false
            }
        }
        return true
    }

    private static func hexadecimal(_ content: UnsafeBufferPointer<UInt8>, at start: Int) -> UInt32? {
        guard start + 4 <= content.count else { return nil }
        var value: UInt32 = 0
        for index in start..<(start + 4) {
            let digit = content[index]
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(digit - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(digit - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return value
    }

    /// Appends `content` (text as it is) as a quoted JSON string.
    static func appendQuoted(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        out.append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
            case 0..<0x20: out += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
