/// A W3C trace id: 16 bytes, not all zero.
///
/// Ids made here begin with the time in milliseconds, which lets a server find a trace by its id alone.
public struct TraceID: Sendable, Hashable, CustomStringConvertible {
    /// The first eight bytes, big-endian.
    public let high: UInt64
    /// The last eight bytes, big-endian.
    public let low: UInt64

    /// An id from its two halves, which must not both be zero.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads 32 hexadecimal digits; nil for anything else and for the invalid id of all zeros.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 32, let high = Hex.read(text.utf8.prefix(16)), let low = Hex.read(text.utf8.dropFirst(16)) else {
            return nil
        }
        guard high != 0 || low != 0 else { return nil }
        self.init(high: high, low: low)
    }

    /// 32 lower-case hexadecimal digits.
    public var description: String { Hex.text(high) + Hex.text(low) }
}

/// A W3C span id: 8 bytes, not all zero.
public struct SpanID: Sendable, Hashable, CustomStringConvertible {
    /// The bytes, big-endian.
    public let rawValue: UInt64

    /// An id from its bytes, which must not all be zero.
    public init(_ rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Reads 16 hexadecimal digits; nil for anything else and for the invalid id of all zeros.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 16, let value = Hex.read(text.utf8), value != 0 else { return nil }
        self.init(value)
    }

    /// 16 lower-case hexadecimal digits.
    public var description: String { Hex.text(rawValue) }
}

/// Hexadecimal text of 64-bit numbers.
enum Hex {
    static func text(_ value: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            for index in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * index)) & 0xf
                buffer[index] = digit < 10 ? 0x30 + digit : 0x57 + digit
            }
            return 16
        }
    }

    /// Nil when a byte is not a digit of either case.
    static func read(_ digits: some Sequence<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for byte in digits {
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x61...0x66: digit = byte - 0x57
            case 0x41...0x46: digit = byte - 0x37
            default: return nil
            }
            value = value << 4 | UInt64(digit)
        }
        return value
    }
}
