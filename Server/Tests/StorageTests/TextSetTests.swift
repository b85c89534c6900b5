import Testing

@testable import Storage

struct TextSetTests {
    private func contains(_ texts: [String], _ text: String) -> Bool? {
        var encoded = TextSet.encode(texts)
        var text = text
        return encoded.withUTF8 { encoded in TextSet(encoded).map { set in text.withUTF8 { set.contains($0) } } }
    }

    @Test func hasWhatItWasMadeOf() {
        let texts = (0..<500).map { "id \($0 * 7)" } + ["", "5:abc", "ä:ö", "2"]
        for text in texts { #expect(contains(texts, text) == true, "\(text)") }
        for text in ["id 1", "abc", "5", "id 70 ", "I", "ä"] { #expect(contains(texts, text) == false, "\(text)") }
        #expect(contains([], "") == false)
    }

    @Test(arguments: ["3", "3:ab", "x:ab", "-1:", "99999999999999999999:a", "1:ab"])
    func refusesOtherBytes(_ encoded: String) {
        var encoded = encoded
        encoded.withUTF8 { #expect(TextSet($0) == nil) }
    }
}
