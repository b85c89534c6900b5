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
    private(set) var words = [UInt64](repeating: 0, count: maximumBits / 64)

    /// Adds the sequences of a text.
    mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
        guard text.count >= 3 else { return }
        words.withUnsafeMutableBufferPointer { words in
            var window = UInt32(Self.lower(text[0])) << 8 | UInt32(Self.lower(text[1]))
            for index in 2..<text.count {
                window = (window << 8 | UInt32(Self.lower(text[index]))) & 0xFF_FFFF
                let bit = Int(Self.bit(window))
                words[bit >> 6] |= 1 << UInt64(bit & 63)
            }
        }
    }

    /// Bits of a needle's sequences; empty for needles that are too short.
    static func bits(of needle: [UInt8]) -> Set<Int> {
        guard needle.count >= 3 else { return [] }
        return Set(
            (2..<needle.count).map { index in
                let window = UInt32(lower(needle[index - 2])) << 16 | UInt32(lower(needle[index - 1])) << 8 | UInt32(lower(needle[index]))
                return Int(bit(window))
            })
    }

    private static func bit(_ window: UInt32) -> UInt32 { (window &* 0x9E37_79B1) >> 18 }

    private static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

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
