import Foundation
import Testing

@testable import Storage

@Suite("Search in texts, against the plain way")
struct TextSearchTests {
    /// Of the two ways builds without optimisation take only one.
    @Test func bothWaysFindWhatIsThere() {
        var random = SystemRandomNumberGenerator()
        var found = 0
        for _ in 0..<20_000 {
            // Few letters, the highest byte among them: many places that are nearly right.
            func text(_ count: Int) -> [UInt8] { (0..<count).map { _ in [0x61, 0x62, 0x00, 0xff].randomElement(using: &random) ?? 0 } }
            let (text, needle) = (text(Int.random(in: 2...40)), text(Int.random(in: 2...6)))
            guard needle.count <= text.count else { continue }
            let isThere = (0...text.count - needle.count).contains { Array(text[$0..<$0 + needle.count]) == needle }
            if isThere { found += 1 }
            text.withUnsafeBufferPointer { text in
                needle.withUnsafeBufferPointer { needle in
                    guard let base = text.baseAddress, let wanted = needle.baseAddress else { return }
                    #expect(TextSearch.contains(text, needle) == isThere)
                    #expect(TextSearch.containsByWords(text, needle, base, wanted) == isThere)
                }
            }
        }
        #expect(found > 1_000)
    }
}
