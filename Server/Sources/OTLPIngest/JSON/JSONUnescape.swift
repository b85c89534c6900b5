/// Turns the inside of a JSON string into text.
enum JSONUnescape {
    /// Appends the text of a string whose escapes were checked by ``JSONScan``. Single surrogates become U+FFFD.
    static func append(_ bytes: Span<UInt8>, _ range: Range<Int>, to out: inout [UInt8]) {
        let end = range.upperBound
        var run = range.lowerBound
        var index = run
        while index < end {
            guard bytes[index] == 0x5c else {
                index += 1
                continue
            }
            JSONText.append(bytes, run..<index, to: &out)
            index = appendEscape(bytes, at: index, to: end, &out)
            run = index
        }
        JSONText.append(bytes, min(run, end)..<end, to: &out)
    }

    /// - Returns: the offset behind the escape.
    private static func appendEscape(_ bytes: Span<UInt8>, at start: Int, to end: Int, _ out: inout [UInt8]) -> Int {
        guard start + 1 < end else { return end }
        switch bytes[start + 1] {
        case 0x62: out.append(0x08)
        case 0x66: out.append(0x0c)
        case 0x6e: out.append(0x0a)
        case 0x72: out.append(0x0d)
        case 0x74: out.append(0x09)
        case 0x75:
            guard let unit = JSONScan.codeUnit(bytes, at: start + 2, to: end) else { return end }
            if unit & 0xfc00 == 0xd800, end - start >= 12, bytes[start + 6] == 0x5c, bytes[start + 7] == 0x75,
                let low = JSONScan.codeUnit(bytes, at: start + 8, to: end), low & 0xfc00 == 0xdc00
            {
                append(0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00), to: &out)
                return start + 12
            }
            append(unit & 0xf800 == 0xd800 ? 0xfffd : unit, to: &out)
            return start + 6
        default: out.append(bytes[start + 1])
        }
        return start + 2
    }

    private static func append(_ scalar: UInt32, to out: inout [UInt8]) {
        if scalar < 0x80 {
            out.append(UInt8(scalar))
        } else if scalar < 0x800 {
            out.append(UInt8(0xc0 | scalar >> 6))
            out.append(UInt8(0x80 | scalar & 0x3f))
        } else if scalar < 0x10000 {
            out.append(UInt8(0xe0 | scalar >> 12))
            out.append(UInt8(0x80 | scalar >> 6 & 0x3f))
            out.append(UInt8(0x80 | scalar & 0x3f))
        } else {
            out.append(UInt8(0xf0 | scalar >> 18))
            out.append(UInt8(0x80 | scalar >> 12 & 0x3f))
            out.append(UInt8(0x80 | scalar >> 6 & 0x3f))
            out.append(UInt8(0x80 | scalar & 0x3f))
        }
    }
}
