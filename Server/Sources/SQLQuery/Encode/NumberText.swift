import TelemetryModel

/// JSON text of numbers and of values shown as digits.
enum NumberText {
    /// NaN and the infinities have no JSON form and are null.
    static func double(_ value: Double, to json: inout JSONText) {
        guard value.isFinite else { return json.raw("null") }
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 {
            if value.sign == .minus, whole == 0 { json.raw(UInt8(ascii: "-")) }
            TimeText.integer(whole, to: &json)
            return json.raw(".0")
        }
        json.raw(value.description)
    }

    static func float(_ value: Float, to json: inout JSONText) {
        guard value.isFinite else { return json.raw("null") }
        json.raw(value.description)
    }

    static func wide(_ value: Int128, to json: inout JSONText) {
        if value < 0 { json.raw(UInt8(ascii: "-")) }
        wide(value.magnitude, to: &json)
    }

    static func wide(_ value: UInt128, to json: inout JSONText, width: Int = 1) {
        // 10^18 is the largest power of ten that leaves room in 64 bits.
        let chunk: UInt128 = 1_000_000_000_000_000_000
        guard value >= chunk else { return TimeText.digits(UInt64(value), width: width, to: &json) }
        wide(value / chunk, to: &json, width: max(width - 18, 1))
        TimeText.digits(UInt64(value % chunk), width: 18, to: &json)
    }

    /// An unscaled integer with `scale` digits after the point.
    static func decimal(_ value: Int128, scale: Int, to json: inout JSONText) {
        guard scale > 0 else { return wide(value, to: &json) }
        if value < 0 { json.raw(UInt8(ascii: "-")) }
        let start = json.bytes.count
        wide(value.magnitude, to: &json, width: scale + 1)
        let missing = scale + 1 - (json.bytes.count - start)
        if missing > 0 { json.bytes.insert(contentsOf: repeatElement(0x30, count: missing), at: start) }
        json.bytes.insert(UInt8(ascii: "."), at: json.bytes.count - scale)
    }

    /// A JSON document. The engine writes NaN and the infinities into documents that it makes; they become null.
    static func document(_ bytes: UnsafeBufferPointer<UInt8>, to json: inout JSONText) {
        guard mayHaveSpecialNumber(bytes) else { return json.bytes.append(contentsOf: bytes) }
        var inString = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") { inString.toggle() }
            if inString, byte == UInt8(ascii: "\\"), index + 1 < bytes.count {
                json.raw(byte)
                index += 1
                json.raw(bytes[index])
            } else if !inString, byte == UInt8(ascii: "N") || byte == UInt8(ascii: "I") {
                if json.bytes.last == UInt8(ascii: "-") { json.bytes.removeLast() }
                json.raw("null")
                index += byte == UInt8(ascii: "N") ? 2 : 7
            } else {
                json.raw(byte)
            }
            index += 1
        }
    }

    /// Whether a capital N or I stands where a value can begin: at the start or after `[`, `,`, `:` or `-`. In texts that is rare.
    private static func mayHaveSpecialNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let base = bytes.baseAddress, let first = bytes.first else { return false }
        if first == UInt8(ascii: "N") || first == UInt8(ascii: "I") { return true }
        let raw = UnsafeRawPointer(base)
        let (n, i) = (ByteWord(repeating: UInt8(ascii: "N")), ByteWord(repeating: UInt8(ascii: "I")))
        var index = 1
        while index + 8 <= bytes.count {
            let here = ByteWord(raw, at: index)
            if (here ^ n).hasZero || (here ^ i).hasZero {
                for place in index..<index + 8 where isSpecialNumber(bytes, place) { return true }
            }
            index += 8
        }
        while index < bytes.count {
            if isSpecialNumber(bytes, index) { return true }
            index += 1
        }
        return false
    }

    private static func isSpecialNumber(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        guard bytes[index] == UInt8(ascii: "N") || bytes[index] == UInt8(ascii: "I") else { return false }
        switch bytes[index - 1] {
        case UInt8(ascii: "["), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: " "): return true
        default: return false
        }
    }

    /// Bytes as a string of hexadecimal digits.
    static func hexadecimal(_ bytes: UnsafeBufferPointer<UInt8>, to json: inout JSONText) {
        json.raw(UInt8(ascii: "\""))
        for byte in bytes {
            json.raw(JSONText.digit(byte >> 4))
            json.raw(JSONText.digit(byte & 15))
        }
        json.raw(UInt8(ascii: "\""))
    }

    /// A bit string: its first byte tells how many bits of the second one do not count.
    static func bits(_ bytes: UnsafeBufferPointer<UInt8>, to json: inout JSONText) {
        json.raw(UInt8(ascii: "\""))
        let padding = Int(bytes.first ?? 0)
        for bit in padding..<max((bytes.count - 1) * 8, padding) {
            json.raw(bytes[1 + bit / 8] & (0x80 >> UInt8(bit % 8)) == 0 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
        }
        json.raw(UInt8(ascii: "\""))
    }

    static func uuid(_ value: UInt128, to json: inout JSONText) {
        json.raw(UInt8(ascii: "\""))
        for index in 0..<32 {
            if [8, 12, 16, 20].contains(index) { json.raw(UInt8(ascii: "-")) }
            json.raw(JSONText.digit(UInt8(truncatingIfNeeded: value >> UInt128(124 - 4 * index)) & 15))
        }
        json.raw(UInt8(ascii: "\""))
    }
}
