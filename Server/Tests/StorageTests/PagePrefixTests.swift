import Foundation
import Testing

@testable import MessagePages

/// What a body shares with those before it is stored once, and every body comes back exactly.
@Suite struct PagePrefixTests {
    private static func history(_ turns: Int, from first: Int = 0) -> String {
        let messages = (first..<first + turns).map {
            #"{"role":"user","content":"turn \#($0) of a long conversation about \#($0 * 7919)"}"#
        }
        return #"{"gen_ai.request.model":"gpt","gen_ai.input.messages":["# + messages.joined(separator: ",") + "]}"
    }

    /// Writes bodies to a file, copies them to another as sealing does, and reads them from both.
    ///
    /// - Returns: the bytes of the files.
    private func write(_ bodies: [(text: String, trace: UInt64)]) throws -> (Int, Int) {
        let path = FileManager.default.temporaryDirectory.appending(path: "hearth-pages-\(UUID().uuidString)").path
        defer { for name in [path, path + "-copy"] { try? FileManager.default.removeItem(atPath: name) } }
        let pages = PageStore(capacity: 1 << 20)
        var writer = try PageFileWriter(path: path, end: 0)
        var references: [BodyReference] = []
        for body in bodies {
            references.append(try Array(body.text.utf8).withUnsafeBufferPointer { try writer.add($0, trace: body.trace) })
        }
        try writer.finish()
        pages.add("file", path: path, end: writer.end)
        var reader = BodyReader(pages, file: "file")
        var copier = try PageFileWriter(path: path + "-copy", end: 0)
        var copies: [BodyReference] = []
        for (body, reference) in zip(bodies, references) {
            #expect(String(decoding: try reader.body(reference), as: UTF8.self) == body.text)
            copies.append(try copier.add(reference, of: &reader, trace: body.trace))
        }
        try copier.finish()
        pages.add("copy", path: path + "-copy", end: copier.end)
        var copyReader = BodyReader(pages, file: "copy")
        for (body, reference) in zip(bodies, copies) {
            #expect(String(decoding: try copyReader.body(reference), as: UTF8.self) == body.text)
        }
        return (writer.end, copier.end)
    }

    @Test func everyShapeComesBack() throws {
        let texts = [
            "{}", "[]", "", "null", #"{"a":1}"#, #"{"a":""}"#, #"{"a":{"b":[1,2,"}"]},"c":"\"\\"}"#, "{not json", #"{"a":1"#, #"{"é":"ü"}"#,
            Self.history(3), Self.history(3), Self.history(4), Self.history(2), Self.history(40), "{}", Self.history(41),
        ]
        _ = try write(texts.map { ($0, 1) })
        _ = try write(texts.enumerated().map { ($1, UInt64($0 % 3)) })
        _ = try write((texts + texts + texts.reversed()).enumerated().map { ($1, UInt64($0 / 9)) })
    }

    @Test func aCopyIsTheSame() throws {
        let (first, copy) = try write((0..<60).map { (Self.history(1 + $0 % 12), UInt64($0 / 12)) })
        #expect(first == copy)
    }

    /// Bytes of a page before it is compressed, which would find repetitions of its own.
    private func rawBytes(_ bodies: [(text: String, trace: UInt64)]) throws -> Int {
        var builder = PageBuilder(.passing)
        for body in bodies { _ = Array(body.text.utf8).withUnsafeBufferPointer { builder.add($0, trace: body.trace) } }
        return try builder.finish(at: 0).read32(8)
    }

    /// A history with every turn takes hardly more room than its last turn.
    @Test func aHistoryIsStoredOnce() throws {
        let last = try rawBytes([(Self.history(40), 7)])
        let all = try rawBytes((1...40).map { (Self.history($0), 7) })
        #expect(all < last * 2, "\(all) and \(last)")
        // Also with two conversations in turn, and short values between them.
        let mixed = try rawBytes(
            (1...40).flatMap { turn -> [(text: String, trace: UInt64)] in
                [(Self.history(turn), 7), (#"{"gen_ai.request.model":"gpt"}"#, 7), (Self.history(turn, from: 1_000), 8)]
            })
        #expect(mixed < last * 4, "\(mixed) and \(last)")
        // Of another trace or key it is stored again.
        let other = try rawBytes([(Self.history(40), 7), (Self.history(40), 8)])
        #expect(other > last * 19 / 10, "\(other) and \(last)")
    }

    /// The way from a value to the bytes that it shares stays short, also when one is repeated for ever.
    @Test func theWayToSharedBytesIsShort() throws {
        var builder = PageBuilder(.passing)
        let text = Array(Self.history(5).utf8)
        for _ in 0..<100 { _ = text.withUnsafeBufferPointer { builder.add($0, trace: 1) } }
        let frame = try builder.finish(at: 0)
        let raw = try #require(PageUnpacker().unpack(frame[PageFormat.headerSize...], frame.read32(8), nil))
        let page = try Page(raw: raw)
        #expect(page.bodyCount == 100)
        #expect(page.longestChain == 1)
    }
}
