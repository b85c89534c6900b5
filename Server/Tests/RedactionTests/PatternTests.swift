import Testing

@testable import Redaction

@Suite struct PatternTests {
    private func match(_ pattern: String, _ text: String, ignoresCase: Bool = true) throws -> String? {
        let compiled = try Pattern(pattern, ignoresCase: ignoresCase)
        var matcher = PatternMatcher()
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBufferPointer { buffer in
            matcher.firstMatch(compiled, buffer).map { String(decoding: buffer[$0], as: UTF8.self) }
        }
    }

    @Test(arguments: [
        ("C-[0-9]{8}", "order C-12345678.", "C-12345678"),
        ("a|ab", "xab", "a"),
        ("(?:ab|a)c?", "xabc", "abc"),
        ("a+?b", "aaab", "aaab"),
        ("^internal\\.", "internal.key", "internal."),
        ("\\bcat\\b", "concat cat", "cat"),
        ("[^ ]+@x", "to me@x now", "me@x"),
        ("k\\d{2,3}", "k1 k1234", "k123"),
        ("straße", "Hauptstraße 1", "straße"),
        ("(?P<word>foo)bar", "FOOBAR", "FOOBAR"),
        ("end$", "an end\nof", "end"),
        ("x.y", "x\ny x-y", "x-y"),
        ("[\\w.]+\\.local", "host db.prod.local:1", "db.prod.local"),
        ("[é-ü]{2}", "caféé", "éé"),
    ])
    func matches(_ pattern: String, _ text: String, _ found: String) throws {
        #expect(try match(pattern, text) == found)
    }

    @Test func caseCountsWhenAsked() throws {
        #expect(try match("abc", "ABC", ignoresCase: false) == nil)
        #expect(try match("abc", "ABC") == "ABC")
    }

    @Test(arguments: [
        "(a", "a)", "[a", "a{3,1}", "(?=a)", "(?<!a)b", "(a)\\1", "*a", "a**", "x*", "", "a{2000}", "(a{1000}){1000}", "\\p{L}", "a|", "^",
        "\\",
    ])
    func refused(_ pattern: String) {
        #expect(throws: PatternError.self) { try Pattern(pattern, ignoresCase: true) }
    }

    /// Patterns that take a backtracking matcher ages.
    @Test(.timeLimit(.minutes(1)), arguments: ["(a+)+b", "(a|a)*b", "(a*)*b", "(.*a){20}b", "(x+x+)+y"])
    func nothingBacktracks(_ pattern: String) throws {
        #expect(try match(pattern, String(repeating: "a", count: 5_000)) == nil)
        #expect(try match(pattern, String(repeating: "x", count: 5_000)) == nil)
    }

    @Test func literalsThatEveryMatchHas() throws {
        func literals(_ pattern: String) throws -> [String]? {
            try Pattern(pattern, ignoresCase: true).literals?.map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(try literals("tok_[a-z]+") == ["tok_"])
        #expect(try literals("(?:alpha|beta)[0-9]+") == ["alpha", "beta"])
        #expect(try literals("[0-9]{4}") == nil)
        #expect(try literals("a?bcd?") == nil)
        #expect(try literals("x(?:prefix)+y") == ["prefix"])
    }
}
