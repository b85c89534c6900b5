/// A W3C trace id: 16 bytes, big-endian halves. All zeros is invalid (W3C Trace Context §3.2.2.3).
public struct TraceID: Sendable, Hashable, Comparable {
    public var high: UInt64
    public var low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    public static let invalid = TraceID(high: 0, low: 0)
    public var isValid: Bool { high != 0 || low != 0 }

    public static func < (a: TraceID, b: TraceID) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

/// A W3C span id: 8 bytes, big-endian. Zero means "none" (a root's parent) or invalid.
public struct SpanID: Sendable, Hashable, Comparable {
    public var value: UInt64

    public init(_ value: UInt64) { self.value = value }

    public static let none = SpanID(0)
    public var isValid: Bool { value != 0 }

    public static func < (a: SpanID, b: SpanID) -> Bool { a.value < b.value }
}

/// Lower-case hexadecimal text of ids, written without allocation.
public enum Hex {
    private static let digits: StaticString = "0123456789abcdef"

    /// Writes the 16 digits of `value` to `target[0..<16]`.
    public static func write(_ value: UInt64, to target: UnsafeMutablePointer<UInt8>) {
        let digits = Self.digits.utf8Start
        var shift: UInt64 = 60
        for index in 0..<16 {
            target[index] = digits[Int((value >> shift) & 15)]
            shift &-= 4
        }
    }

    /// The 16 digits of `value`.
    public static func string(_ value: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            write(value, to: buffer.baseAddress.unsafelyUnwrapped)
            return 16
        }
    }

    /// Reads exactly 16 hexadecimal digits of either case; nil when `digits` is anything else.
    public static func read(_ digits: UnsafeBufferPointer<UInt8>) -> UInt64? {
        guard digits.count == 16 else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            let nibble: UInt8
            switch digit {
            case 0x30...0x39: nibble = digit &- 0x30
            case 0x61...0x66: nibble = digit &- 0x57
            case 0x41...0x46: nibble = digit &- 0x37
            default: return nil
            }
            value = value << 4 | UInt64(nibble)
        }
        return value
    }
}

extension TraceID: CustomStringConvertible {
    /// 32 lower-case hexadecimal digits.
    public var description: String { Hex.string(high) + Hex.string(low) }
}

extension SpanID: CustomStringConvertible {
    /// 16 lower-case hexadecimal digits.
    public var description: String { Hex.string(value) }
}

/// A project's number in the control store; every stored row carries it.
public struct ProjectID: Sendable, Hashable {
    public var value: Int32
    public init(_ value: Int32) { self.value = value }
}
