/// Reads decimal integers from text.
enum DecimalText {
    /// The value of an optional sign and digits that fit 64 bits; nil for anything else.
    static func integer(_ digits: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard let first = digits.first else { return nil }
        let isSigned = first == 0x2d || first == 0x2b
        guard let magnitude = unsigned(digits, from: isSigned ? 1 : 0) else { return nil }
        if first != 0x2d { return Int64(exactly: magnitude) }
        if magnitude == 1 << 63 { return .min }
        return Int64(exactly: magnitude).map { -$0 }
    }

    /// The value of the digits from `start` on.
    static func unsigned(_ digits: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> UInt64? {
        guard start < digits.count else { return nil }
        var value: UInt64 = 0
        for index in start..<digits.count {
            let digit = digits[index] &- 0x30
            guard digit < 10 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }
}
