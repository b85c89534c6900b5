/// Eight bytes of a text at once. The library's vectors compare one element after the other.
public struct ByteWord {
    @usableFromInline let bits: UInt64

    /// The eight bytes at `offset`.
    @inlinable public init(_ bytes: UnsafeRawPointer, at offset: Int) {
        bits = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// The same byte eight times.
    @inlinable public init(repeating byte: UInt8) { bits = UInt64(byte) &* 0x0101_0101_0101_0101 }

    @inlinable init(bits: UInt64) { self.bits = bits }

    /// Zero where both have the same byte.
    @inlinable public static func ^ (a: ByteWord, b: ByteWord) -> ByteWord { ByteWord(bits: a.bits ^ b.bits) }
    @inlinable public static func | (a: ByteWord, b: ByteWord) -> ByteWord { ByteWord(bits: a.bits | b.bits) }
    @inlinable public static func & (a: ByteWord, b: ByteWord) -> ByteWord { ByteWord(bits: a.bits & b.bits) }

    /// Whether one of the bytes is zero: only then does one without its highest bit have it after 1 was taken from each.
    @inlinable public var hasZero: Bool { (bits &- 0x0101_0101_0101_0101) & ~bits & 0x8080_8080_8080_8080 != 0 }
}
