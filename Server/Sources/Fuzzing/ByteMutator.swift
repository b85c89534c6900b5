/// Damages requests the way networks, bugs and attackers do. The same seed gives the same damage on every machine.
public struct ByteMutator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    /// SplitMix64.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }

    /// A number from 0 up to, not including, `count`; 0 when that is empty.
    public mutating func below(_ count: Int) -> Int { count < 1 ? 0 : Int(truncatingIfNeeded: next() % UInt64(count)) }

    /// Bytes that mean something in protobuf, JSON or a packed stream.
    private static let tellingBytes: [UInt8] = [
        0x00, 0x01, 0x7f, 0x80, 0xff, 0x08, 0x0a, 0x12, 0x1a, 0x22, 0x2c, 0x3a, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0x30, 0x2d, 0x65, 0xc0, 0xed,
    ]

    /// Pieces that have broken decoders before: lengths and varints at their ends, deep nesting, odd numbers and strings.
    private static let tellingPieces: [[UInt8]] = [
        [0xff, 0xff, 0xff, 0xff, 0x0f], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], [0x0a, 0xff, 0xff, 0xff, 0xff, 0x07], [0x0b], [0x0c], [0x00],
        [UInt8](repeating: 0x2a, count: 64), [UInt8](repeating: 0x5b, count: 200), [UInt8](repeating: 0x7b, count: 200),
        Array("{\"kvlistValue\":{\"values\":[{\"key\":\"a\",\"value\":".utf8), Array("1e400".utf8), Array("-0".utf8),
        Array("18446744073709551616".utf8), Array("\\ud800".utf8), Array("\\u0000".utf8), Array("null".utf8), Array("\"\"".utf8),
        [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80],
    ]

    /// `bytes` after one to six changes.
    ///
    /// - Parameter other: another request, pieces of which may be put in.
    public mutating func mutated(_ bytes: [UInt8], with other: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...below(6) { change(&bytes, other) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8], _ other: [UInt8]) {
        guard !bytes.isEmpty else {
            bytes = piece(of: other)
            return
        }
        let index = below(bytes.count)
        switch below(14) {
        case 0, 1, 2: bytes[index] ^= 1 << UInt8(below(8))
        case 3: bytes[index] = UInt8(truncatingIfNeeded: next())
        case 4: bytes[index] = Self.tellingBytes[below(Self.tellingBytes.count)]
        case 5: bytes[index] = bytes[index] &+ (next() & 1 == 0 ? 1 : 255)
        case 6: bytes.removeLast(below(bytes.count))
        case 7: bytes.removeSubrange(index..<min(bytes.count, index + 1 + below(64)))
        case 8: bytes.insert(UInt8(truncatingIfNeeded: next()), at: index)
        case 9: bytes.insert(contentsOf: Self.tellingPieces[below(Self.tellingPieces.count)], at: index)
        case 10: bytes.insert(contentsOf: bytes[index..<min(bytes.count, index + below(200))], at: below(bytes.count))
        case 11: bytes.insert(contentsOf: piece(of: other), at: index)
        case 12:
            let end = min(bytes.count, index + below(16))
            for position in index..<end { bytes[position] = UInt8(truncatingIfNeeded: next()) }
        default: bytes.swapAt(index, below(bytes.count))
        }
    }

    private mutating func piece(of bytes: [UInt8]) -> [UInt8] {
        let start = below(bytes.count)
        return Array(bytes[min(start, bytes.count)..<min(bytes.count, start + below(300))])
    }
}
