import Testing

@testable import MessagePages

/// A page's signature has the bit of every sequence of its texts, and no other.
@Suite struct PageSignatureTests {
    /// Bits of all texts, one sequence after the other.
    private func expected(_ texts: [[UInt8]]) -> Set<Int> { texts.reduce(into: []) { $0.formUnion(PageSignature.bits(of: $1)) } }

    private func found(_ texts: [[UInt8]]) -> Set<Int> {
        var sequences = SeenSequences()
        for text in texts { text.withUnsafeBufferPointer { sequences.add($0) } }
        let rows = PageSignature.rows([PageSignature(sequences)], bits: PageSignature.maximumBits)
        return Set(rows.indices.filter { rows[$0] != 0 })
    }

    @Test func everySequenceOfEveryLength() {
        var random = SystemRandomNumberGenerator()
        for length in 0..<40 {
            for alphabet in [UInt8(0x20)...0x7E, 0x3F...0x5C, 0x7E...0xFF, 0...255] {
                let text = (0..<length).map { _ in UInt8.random(in: alphabet, using: &random) }
                #expect(found([text]) == expected([text]), "\(text)")
            }
        }
    }

    @Test func textsAddUp() {
        let texts = ["Upper and LOWER case [\\]^_`{|}~@", "äÖß ÀÉ", "ab", "abc", ""].map { Array($0.utf8) }
        #expect(found(texts) == expected(texts))
        #expect(found([]).isEmpty)
        #expect(found([Array("ABC".utf8)]) == expected([Array("abc".utf8)]))
    }

    @Test func aPageThatIsFinishedLeavesNothingToTheNext() {
        var sequences = SeenSequences()
        Array("something".utf8).withUnsafeBufferPointer { sequences.add($0) }
        sequences.removeAll()
        let rows = PageSignature.rows([PageSignature(sequences)], bits: PageSignature.maximumBits)
        #expect(rows.allSatisfy { $0 == 0 })
    }
}
