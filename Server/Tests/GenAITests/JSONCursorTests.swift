import Testing

@testable import GenAI

@Suite struct JSONCursorTests {
    /// Calls `body` with the JSON, in a buffer of exactly its size.
    private func read<R>(_ text: String, _ body: (JSONCursor, JSONCursor.Value) -> R?) -> R? {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBufferPointer { buffer in
            let json = JSONCursor(buffer)
            return json.root.flatMap { body(json, $0) }
        }
    }

    private func string(_ json: JSONCursor, _ value: JSONCursor.Value) -> String? {
        var text: [UInt8] = []
        guard value.kind == .string, JSONText.unescape(json.content(of: value), into: &text) else { return nil }
        return String(decoding: text, as: UTF8.self)
    }

    @Test(
        arguments: [
            ("{\"a\":{\"b\":3}}", 3), (" { \"x\" : [1,{\"a\":9}] , \"a\" : { \"b\" : -3 } } ", -3), ("{\"a\":{\"b\":1e3}}", 1000),
            ("{\"a\":{\"b\":9223372036854775807}}", .max), ("{\"a\":{\"b\":-9223372036854775808}}", .min), ("{\"\\u0061\":{\"b\":5}}", 5),
            ("{\"a\":{\"b\":1},\"a\":{\"b\":2}}", 1), ("{\"q\":\"\\\"}{\",\"a\":{\"b\":4}}", 4), ("{\"a\":{\"b\":7}, broken", 7),
        ] as [(String, Int64)])
    func paths(_ text: String, _ expected: Int64) {
        #expect(read(text) { json, root in json.find(["a", "b"], in: root).flatMap(json.integer) } == expected)
    }

    @Test(arguments: [
        "", " ", "{", "{\"a\"", "{\"a\":", "{\"a\":{", "{\"a\":{\"b\"", "{\"a\":{\"b\":", "{\"a\":{\"b\":}}", "{\"a\" {\"b\":1}}",
        "{\"a\":[{\"b\":1}]}", "{\"a\":{\"b\":\"1\"}}", "{\"a\":{\"b\":1.5}}", "{\"a\":{\"b\":92233720368547758080}}", "{a:{\"b\":1}}",
        "{\"x\":1 \"a\":{\"b\":1}}", "{\"x\":[1},\"a\":{\"b\":1}}", "{\"x\":\"\\", "{\"a\":{\"b\":--1}}", "{\"a\":{\"b\":tru}}", "nul",
        "[1,2]",
        "{\"x\":\"unended,\"a\":{\"b\":1}}",
    ])
    func malformedAndAbsent(_ text: String) {
        #expect(read(text) { json, root in json.find(["a", "b"], in: root).flatMap(json.integer) } == nil)
    }

    @Test func nestingIsLimited() {
        func nested(_ depth: Int) -> String {
            "{\"x\":" + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + ",\"a\":1}"
        }
        #expect(read(nested(64)) { json, root in json.member("a", of: root) } != nil)
        #expect(read(nested(65)) { json, root in json.member("a", of: root) } == nil)
        #expect(read(String(repeating: "[", count: 1_000_000)) { json, root in json.elements(of: root).firstElement } == nil)
    }

    @Test func elementsAndMembers() {
        let kinds = read("[1, \"a\", true, false, null, [], {}]") { json, root in
            var kinds: [JSONCursor.Kind] = []
            var elements = json.elements(of: root)
            while let element = elements.next() { kinds.append(element.kind) }
            return kinds
        }
        #expect(kinds == [.number, .string, .true, .false, .null, .array, .object])
        let names = read("{\"a\":1,\"b\":[2],\"c\":{}}") { json, root in
            var names: [String?] = []
            var members = json.members(of: root)
            while let member = members.next() { names.append(string(json, member.name)) }
            return names
        }
        #expect(names == ["a", "b", "c"])
        #expect(read("[]") { json, root in json.elements(of: root).firstElement } == nil)
        #expect(read("[1 2]") { json, root in json.elements(of: root).all.count } == 1)
        #expect(read("{}") { json, root in json.elements(of: root).firstElement } == nil, "no array")
    }

    @Test(arguments: [
        (#""plain""#, "plain"), (#""é€😀""#, "é€😀"), (#""a\"b\\c\/d\b\f\n\r\t""#, "a\"b\\c/d\u{8}\u{c}\n\r\t"), (#""\u00e9\u20ac""#, "é€"),
        (#""\ud83d\ude00""#, "😀"), (#""\ud83d""#, "\u{fffd}"), (#""\ude00x""#, "\u{fffd}x"), (#""\ud83d\u0041""#, "\u{fffd}A"),
        (#""1234567\"9""#, "1234567\"9"), (#""12345678\\""#, "12345678\\"), (#""""#, ""),
    ])
    func strings(_ text: String, _ expected: String) {
        #expect(read(text) { string($0, $1) } == expected)
    }

    @Test(arguments: [#""\x""#, #""\u12""#, #""\u12g4""#, #""\"#, "\"abc", "\"abcdefghijklmnop"])
    func malformedStrings(_ text: String) {
        #expect(read(text) { string($0, $1) } == nil)
    }

    @Test(arguments: [("1.5", 1.5), ("-0", 0), ("2E-2", 0.02), ("3e-06", 3e-06), ("1", 1)] as [(String, Double)])
    func numbers(_ text: String, _ expected: Double) {
        #expect(read(text) { $0.double($1) } == expected)
    }

    @Test(arguments: ["1e999", "0x10", "-", ".", "1-2", "inf"])
    func malformedNumbers(_ text: String) {
        #expect(read(text) { $0.double($1) } == nil)
    }

    /// Whatever the bytes: no read outside the buffer, no endless loop.
    @Test func arbitraryBytes() {
        var random = Seeded(1)
        let alphabet = Array("{}[]\",:\\ua1-e.tfn \u{e9}".utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            bytes.withUnsafeBufferPointer { buffer in
                let json = JSONCursor(buffer)
                guard let root = json.root else { return }
                for element in json.elements(of: root).all { _ = (json.integer(element), json.double(element), string(json, element)) }
                var members = json.members(of: root)
                while let member = members.next() { _ = json.equals(member.name, "a") }
                _ = json.find(["a", "b"], in: root)
            }
        }
    }

    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2023-11-14T22:13:20.750000Z", 1_700_000_000_750_000_000),
            ("2024-02-29T12:00:00.5Z", 1_709_208_000_500_000_000),
            ("2000-03-01T00:00:00.123456789Z", 951_868_800_123_456_789), ("2023-11-14T22:13:20", nil), ("2023-11-14 22:13:20Z", nil),
            ("2023-13-14T22:13:20Z", nil), ("2023-11-14T22:13:20.x00000Z", nil), ("9999-12-31T00:00:00Z", nil), ("", nil),
        ] as [(String, Int64?)])
    func timestamps(_ text: String, _ expected: Int64?) {
        #expect(Array(text.utf8).withUnsafeBufferPointer { EventTimes.nanoseconds(ofTimestamp: $0) } == expected)
    }
}

extension JSONCursor.Elements {
    fileprivate var all: [JSONCursor.Value] {
        var copy = self
        var all: [JSONCursor.Value] = []
        while let element = copy.next() { all.append(element) }
        return all
    }

    fileprivate var firstElement: JSONCursor.Value? {
        var copy = self
        return copy.next()
    }
}
