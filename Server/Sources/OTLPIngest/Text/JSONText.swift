/// Writes JSON into an array of bytes. Strings must be valid UTF-8.
enum JSONText {
    // MARK: Strings

    /// Appends a quoted and escaped string.
    static func appendString(_ bytes: Span<UInt8>, _ range: Range<Int>, to out: inout [UInt8]) {
        out.append(0x22)
        var index = range.lowerBound
        while index < range.upperBound {
            // In parts, because room is made for the worst case of each.
            let end = min(range.upperBound, index &+ 4096)
            out.append(addingCapacity: JSONEscape.capacity(end &- index)) { output in
                output.withUnsafeMutableBufferPointer { target, count in
                    count = JSONEscape.write(bytes, index..<end, to: target)
                }
            }
            index = end
        }
        out.append(0x22)
    }

    static func appendString(_ string: String, to out: inout [UInt8]) {
        let utf8 = Array(string.utf8)
        appendString(utf8.span, 0..<utf8.count, to: &out)
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 &+ nibble : 0x57 &+ nibble }

    /// Appends bytes as they are.
    static func append(_ bytes: Span<UInt8>, _ range: Range<Int>, to out: inout [UInt8]) {
        guard !range.isEmpty else { return }
        bytes.extracting(range).withUnsafeBufferPointer { out.append(contentsOf: $0) }
    }

    static func append(_ literal: StaticString, to out: inout [UInt8]) {
        literal.withUTF8Buffer { out.append(contentsOf: $0) }
    }

    // MARK: Numbers

    static func appendInt(_ value: Int64, to out: inout [UInt8]) {
        if value < 0 { out.append(0x2d) }
        appendUInt(value.magnitude, to: &out)
    }

    static func appendUInt(_ value: UInt64, to out: inout [UInt8]) {
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var rest = value
        var first = 20
        repeat {
            first &-= 1
            digits[first] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        while first < 20 {
            out.append(digits[first])
            first &+= 1
        }
    }

    /// Appends the shortest text that reads back as `value`; NaN and the infinities as strings, because JSON has no such numbers.
    static func appendDouble(_ value: Double, to out: inout [UInt8]) {
        if value.isFinite {
            if appendShortDecimal(value, to: &out) { return }
            var description = value.description
            description.withUTF8 { out.append(contentsOf: $0) }
        } else if value.isNaN {
            append("\"NaN\"", to: &out)
        } else {
            append(value < 0 ? "\"-Infinity\"" : "\"Infinity\"", to: &out)
        }
    }

    /// Writes doubles that are a 53-bit integer divided by a small power of ten, as most measured values are, without making a `String`.
    ///
    /// Both operands of the division are exact, so its correctly rounded result is what reading the text gives.
    private static func appendShortDecimal(_ value: Double, to out: inout [UInt8]) -> Bool {
        let magnitude = value.magnitude
        guard magnitude < 1e15, magnitude >= 1e-5 || magnitude == 0 else { return false }
        var power: UInt64 = 1
        var decimals = 0
        while decimals <= 9 {
            let scaled = (magnitude * Double(power)).rounded()
            guard scaled < 9_007_199_254_740_992 else { return false }
            if scaled / Double(power) == magnitude {
                let digits = UInt64(scaled)
                if value.sign == .minus { out.append(0x2d) }
                appendUInt(digits / power, to: &out)
                out.append(0x2e)
                if decimals == 0 {
                    out.append(0x30)
                } else {
                    appendPadded(digits % power, places: decimals, to: &out)
                }
                return true
            }
            power *= 10
            decimals += 1
        }
        return false
    }

    /// Appends `value` with leading zeros up to `places` digits.
    private static func appendPadded(_ value: UInt64, places: Int, to out: inout [UInt8]) {
        var divisor: UInt64 = 1
        for _ in 1..<max(places, 1) { divisor *= 10 }
        var rest = value
        while divisor > 0 {
            out.append(0x30 &+ UInt8(truncatingIfNeeded: rest / divisor % 10))
            rest %= divisor
            divisor /= 10
        }
    }

    // MARK: Times

    /// Appends a quoted ISO 8601 time in UTC with microseconds: `"2026-01-02T03:04:05.000006Z"`.
    ///
    /// - Parameter nanoseconds: since the Unix epoch, not negative.
    static func appendTimestamp(_ nanoseconds: Int64, to out: inout [UInt8]) {
        let seconds = UInt64(max(nanoseconds, 0)) / 1_000_000_000
        let microseconds = UInt64(max(nanoseconds, 0)) % 1_000_000_000 / 1000
        let secondOfDay = seconds % 86400
        // Days since 0000-03-01, in eras of 400 years (Howard Hinnant, "chrono-compatible low-level date algorithms").
        let days = seconds / 86400 + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        out.append(0x22)
        appendPadded(year, places: 4, to: &out)
        out.append(0x2d)
        appendPadded(month, places: 2, to: &out)
        out.append(0x2d)
        appendPadded(day, places: 2, to: &out)
        out.append(0x54)
        appendPadded(secondOfDay / 3600, places: 2, to: &out)
        out.append(0x3a)
        appendPadded(secondOfDay / 60 % 60, places: 2, to: &out)
        out.append(0x3a)
        appendPadded(secondOfDay % 60, places: 2, to: &out)
        out.append(0x2e)
        appendPadded(microseconds, places: 6, to: &out)
        out.append(0x5a)
        out.append(0x22)
    }

    // MARK: Ids

    /// Appends a quoted id of 16 hexadecimal digits.
    static func appendHex(_ value: UInt64, to out: inout [UInt8]) {
        out.append(0x22)
        appendHexDigits(value, to: &out)
        out.append(0x22)
    }

    /// Appends a quoted id of 32 hexadecimal digits.
    static func appendHex(high: UInt64, low: UInt64, to out: inout [UInt8]) {
        out.append(0x22)
        appendHexDigits(high, to: &out)
        appendHexDigits(low, to: &out)
        out.append(0x22)
    }

    private static func appendHexDigits(_ value: UInt64, to out: inout [UInt8]) {
        var shift: UInt64 = 64
        while shift > 0 {
            shift &-= 4
            out.append(hexDigit(UInt8(truncatingIfNeeded: value >> shift) & 15))
        }
    }
}
