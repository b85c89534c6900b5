/// Which sequences of three bytes a page has, folded into a few thousand bits: a page that lacks the bit of one of a needle's sequences does
/// not have the needle. Upper case ASCII counts as lower case.
///
/// Signatures of a run are stored bit by bit, each with a row of one bit per page, so that a search reads a few rows and no page.
struct PageSignature {
    static let maximumBits = 16_384

    /// Bits for a run: fewer for few pages, where a page that is read for nothing costs little.
    static func bits(pages: Int) -> Int {
        var bits = 1_024
        while bits < maximumBits, bits < pages * 64 { bits *= 2 }
        return bits
    }

    /// One bit for each sequence, in the largest signature; smaller ones take the lower bits of its number.
    private let words: [UInt64]

    init(_ sequences: SeenSequences) { words = sequences.words }

    /// Bits of a needle's sequences; empty for needles that are too short.
    static func bits(of needle: [UInt8]) -> Set<Int> {
        guard needle.count >= 3 else { return [] }
        return Set(
            (2..<needle.count).map { index in
                let window = UInt32(lower(needle[index - 2])) << 16 | UInt32(lower(needle[index - 1])) << 8 | UInt32(lower(needle[index]))
                return Int(bit(window))
            })
    }

    fileprivate static func bit(_ window: UInt32) -> UInt32 { (window &* 0x9E37_79B1) >> 18 }

    fileprivate static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// The rows of a run's signatures.
    static func rows(_ signatures: [PageSignature], bits: Int) -> [UInt8] {
        let rowBytes = (signatures.count + 7) / 8
        var rows = [UInt8](repeating: 0, count: bits * rowBytes)
        for (page, signature) in signatures.enumerated() {
            for (index, word) in signature.words.enumerated() where word != 0 {
                var word = word
                while word != 0 {
                    let bit = (index * 64 + word.trailingZeroBitCount) & (bits - 1)
                    rows[bit * rowBytes + page >> 3] |= 1 << UInt8(page & 7)
                    word &= word - 1
                }
            }
        }
        return rows
    }
}

/// Which sequences a page that is being built has seen: a byte for each bit of its ``PageSignature``. Every byte of every message comes here, and a plain
/// store does not have to wait for the one before it, as setting a bit of a word does.
struct SeenSequences {
    private var seen: [UInt8] = []

    /// Adds the sequences of a text.
    mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
        guard text.count >= 3 else { return }
        if seen.isEmpty { seen = [UInt8](repeating: 0, count: PageSignature.maximumBits) }
        let bytes = UnsafeRawBufferPointer(text)
        seen.withUnsafeMutableBufferPointer { seen in
            var index = 0
            // Eight bytes have six sequences, none of which waits for another.
            while index + 8 <= bytes.count {
                let word = Self.lower(UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
                Self.add(word >> 40, &seen)
                Self.add(word >> 32, &seen)
                Self.add(word >> 24, &seen)
                Self.add(word >> 16, &seen)
                Self.add(word >> 8, &seen)
                Self.add(word, &seen)
                index += 6
            }
            while index + 3 <= bytes.count {
                let (first, second, third) = (UInt64(bytes[index]), UInt64(bytes[index + 1]), UInt64(bytes[index + 2]))
                Self.add(Self.lower(first << 16 | second << 8 | third), &seen)
                index += 1
            }
        }
    }

    /// Notes the sequence in the lowest three bytes.
    private static func add(_ word: UInt64, _ seen: inout UnsafeMutableBufferPointer<UInt8>) {
        seen[Int(PageSignature.bit(UInt32(truncatingIfNeeded: word) & 0xFF_FFFF))] = 1
    }

    /// ``PageSignature/lower(_:)`` of every byte.
    private static func lower(_ word: UInt64) -> UInt64 {
        let low = word & 0x7F7F_7F7F_7F7F_7F7F
        // The highest bit of a byte: from A on, after Z, not in ASCII.
        let (fromA, afterZ) = (low &+ 0x3F3F_3F3F_3F3F_3F3F, low &+ 0x2525_2525_2525_2525)
        return word | ((fromA ^ afterZ) & ~word & 0x8080_8080_8080_8080) >> 2
    }

    mutating func removeAll() {
        for index in seen.indices { seen[index] = 0 }
    }

    fileprivate var words: [UInt64] {
        var words = [UInt64](repeating: 0, count: PageSignature.maximumBits / 64)
        seen.withUnsafeBytes { seen in
            for index in 0..<seen.count / 8 {
                let bytes = UInt64(littleEndian: seen.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
                // Each byte is 0 or 1; the product has them side by side at its upper end, and nothing is carried into them.
                words[index >> 3] |= ((bytes &* 0x0102_0408_1020_4080) >> 56) << UInt64((index & 7) * 8)
            }
        }
        return words
    }
}
