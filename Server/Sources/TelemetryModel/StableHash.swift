/// SipHash-1-3 over bytes: the same on every run and machine for the same key.
///
/// Used for row identity (`acceptance.md` A4) and for the sets that find repeats. The standard library's `Hasher`
/// cannot serve: it is seeded per process.
public struct StableHash: Sendable {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    private var pending: UInt64 = 0
    private var pendingBytes: UInt64 = 0
    private var length: UInt64 = 0

    /// - Parameters:
    ///   - key0: first half of the key; identities that leave the process use the default.
    ///   - key1: second half of the key.
    public init(key0: UInt64 = 0x6865_6172_7468_2d69, key1: UInt64 = 0x6465_6e74_6974_7931) {
        v0 = key0 ^ 0x736f_6d65_7073_6575
        v1 = key1 ^ 0x646f_7261_6e64_6f6d
        v2 = key0 ^ 0x6c79_6765_6e65_7261
        v3 = key1 ^ 0x7465_6462_7974_6573
    }

    private mutating func round() {
        v0 = v0 &+ v1
        v1 = (v1 << 13 | v1 >> 51) ^ v0
        v0 = v0 << 32 | v0 >> 32
        v2 = v2 &+ v3
        v3 = (v3 << 16 | v3 >> 48) ^ v2
        v0 = v0 &+ v3
        v3 = (v3 << 21 | v3 >> 43) ^ v0
        v2 = v2 &+ v1
        v1 = (v1 << 17 | v1 >> 47) ^ v2
        v2 = v2 << 32 | v2 >> 32
    }

    private mutating func absorb(_ word: UInt64) {
        v3 ^= word
        round()
        v0 ^= word
    }

    /// Adds one byte.
    public mutating func combine(_ byte: UInt8) {
        pending |= UInt64(byte) << (pendingBytes * 8)
        pendingBytes += 1
        length &+= 1
        if pendingBytes == 8 {
            absorb(pending)
            pending = 0
            pendingBytes = 0
        }
    }

    /// Adds the eight bytes of `word`.
    public mutating func combine(_ word: UInt64) {
        length &+= 8
        if pendingBytes == 0 {
            absorb(word)
        } else {
            let shift = pendingBytes * 8
            absorb(pending | word << shift)
            pending = word >> (64 - shift)
        }
    }

    /// Adds bytes, not their number; separate fields with ``combine(_:)-(UInt64)`` of their count where it matters.
    public mutating func combine(bytes: UnsafeBufferPointer<UInt8>) {
        var index = 0
        while index + 8 <= bytes.count {
            combine(UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped + index).loadUnaligned(as: UInt64.self).littleEndian)
            index += 8
        }
        while index < bytes.count {
            combine(bytes[index])
            index += 1
        }
    }

    /// Adds the UTF-8 bytes of `text` and their number.
    public mutating func combine(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            combine(UInt64(bytes.count))
            combine(bytes: bytes)
        }
    }

    /// The hash of everything added so far; never zero, because a zero id means "none".
    public func finalize() -> UInt64 {
        var copy = self
        copy.absorb((copy.length & 0xff) << 56 | copy.pending)
        copy.v2 ^= 0xff
        copy.round()
        copy.round()
        copy.round()
        let result = copy.v0 ^ copy.v1 ^ copy.v2 ^ copy.v3
        return result == 0 ? 1 : result
    }
}
