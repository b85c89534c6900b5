import Foundation
import Testing

@testable import MessagePages

/// Pages of a day are packed with one dictionary, also when the day begins with few messages.
@Suite struct PageDictionaryTests {
    /// Prose that repeats itself over the whole file, but not within a body.
    private static func body(_ number: Int) -> [UInt8] {
        var random = UInt64(number) &* 0x9E37_79B9_7F4A_7C15 | 1
        var text = #"{"gen_ai.input.messages":"\#(number) "#
        for _ in 0..<60 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let word = Int(random >> 40) % 900
            text += "word\(word * word) phrase\(word) "
        }
        return Array((text + #""}"#).utf8)
    }

    /// Appends runs of so many bodies each; returns the bytes of the file after each, and checks that every body can be read.
    private func write(_ runs: [Int]) throws -> [Int] {
        let path = FileManager.default.temporaryDirectory.appending(path: "hearth-pages-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        var (end, next) = (0, 0)
        var ends: [Int] = []
        var references: [BodyReference] = []
        for run in runs {
            var writer = try PageFileWriter(path: path, end: end)
            for _ in 0..<run {
                references.append(try Self.body(next).withUnsafeBufferPointer { try writer.add($0, trace: UInt64(next)) })
                next += 1
            }
            try writer.finish()
            end = writer.end
            ends.append(end)
        }
        let pages = PageStore(capacity: 1 << 20)
        pages.add("file", path: path, end: end)
        var reader = BodyReader(pages, file: "file")
        for (number, reference) in references.enumerated() { #expect(try reader.body(reference) == Self.body(number)) }
        return ends
    }

    private func last(_ ends: [Int]) -> Int { ends[ends.count - 1] - ends[ends.count - 2] }

    @Test func aSmallFirstPageIsNoHindrance() throws {
        let good = last(try write([400, 100]))
        // The second run makes the dictionary that the third uses.
        let late = last(try write([1, 400, 100]))
        #expect(Double(late) < Double(good) * 1.05)
        // What it saves: a run that has to do without.
        let alone = last(try write([1, 100]))
        #expect(Double(late) < Double(alone) * 0.9)
    }

    @Test func aSmallDictionaryGivesWayToALargeOne() throws {
        let good = last(try write([400, 100]))
        let grown = last(try write([60, 400, 100]))
        #expect(Double(grown) < Double(good) * 1.05)
        // Many small runs: each is readable, the dictionary that is there is used.
        _ = try write([3, 20, 40, 3, 80, 160, 320, 3])
    }

    @Test func whichPagesReplaceDictionaries() {
        #expect(!PackingDictionary.replaces(raw: PageFormat.smallestDictionary - 1, dictionary: 0))
        #expect(PackingDictionary.replaces(raw: PageFormat.smallestDictionary, dictionary: 0))
        #expect(!PackingDictionary.replaces(raw: 2 * PageFormat.smallestDictionary - 1, dictionary: PageFormat.smallestDictionary))
        #expect(PackingDictionary.replaces(raw: 2 * PageFormat.smallestDictionary, dictionary: PageFormat.smallestDictionary))
        // A page of one long trace is not what others are like.
        #expect(!PackingDictionary.replaces(raw: PageFormat.maximumBytes, dictionary: PageFormat.dictionaryBytes / 2))
        // Four replacements from the smallest on.
        var (count, replacements) = (PageFormat.smallestDictionary, 0)
        while PackingDictionary.isSmall(count) { (count, replacements) = (2 * count, replacements + 1) }
        #expect(replacements < PageFormat.maximumDictionaries)
    }
}
