#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

extension Decimal {
    /// The exact value of a decimal number as JSON writes it (`-12.50e3`): up to 38 significant digits, beyond that rounded towards zero.
    ///
    /// nil for other text and for numbers outside of what a decimal can hold. `Double` is never involved.
    public init?(decimalText text: String) {
        var digits = Decimal(0)
        var chunk: UInt64 = 0
        var chunkDigits = 0
        var significant = 0
        var exponent = 0
        var isNegative = false
        var hasDigit = false
        var isFraction = false
        var bytes = text.utf8.makeIterator()
        var next = bytes.next()
        if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") {
            isNegative = next == UInt8(ascii: "-")
            next = bytes.next()
        }
        func flush() {
            guard chunkDigits > 0 else { return }
            digits = Decimal(sign: .plus, exponent: chunkDigits, significand: digits) + Decimal(chunk)
            chunk = 0
            chunkDigits = 0
        }
        while let byte = next {
            if byte >= 0x30, byte <= 0x39 {
                hasDigit = true
                if significant > 0 || byte != 0x30 { significant += 1 }
                if significant <= 38 {
                    chunk = chunk * 10 + UInt64(byte - 0x30)
                    chunkDigits += 1
                    if chunkDigits == 18 { flush() }
                    if isFraction { exponent -= 1 }
                } else if !isFraction {
                    exponent += 1
                }
            } else if byte == UInt8(ascii: "."), !isFraction {
                isFraction = true
            } else {
                break
            }
            next = bytes.next()
        }
        guard hasDigit else { return nil }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            var written = ""
            while let byte = bytes.next() { written.unicodeScalars.append(Unicode.Scalar(byte)) }
            guard let number = Int(written), abs(number) < 1_000 else { return nil }
            exponent += number
            next = nil
        }
        guard next == nil else { return nil }
        flush()
        guard digits != 0 else {
            self = 0
            return
        }
        guard exponent >= -127, exponent <= 127 else { return nil }
        let value = Decimal(sign: isNegative ? .minus : .plus, exponent: exponent, significand: digits)
        guard !value.isNaN else { return nil }
        self = value
    }
}
