import Testing

@testable import Storage

/// The text of one attribute is what the engine would say.
@Suite struct AttributeTextTests {
    private func text(_ key: String, _ json: String) -> String? {
        var bytes: [UInt8] = []
        let isFound = Array(json.utf8).withUnsafeBufferPointer { AttributeText(key: key).append(of: $0, to: &bytes) }
        return isFound ? String(decoding: bytes, as: UTF8.self) : nil
    }

    @Test(arguments: [
        ("{}", nil), (#"{"url.path":""}"#, ""), (#"{"url.path":"/a"}"#, "/a"), (#"{"a":1,"url.path":"/a","b":2}"#, "/a"),
        (#"{"a":{"url.path":"no"}}"#, nil), (#"{"a":["url.path",":",{"url.path":1}]}"#, nil), (#"{"a":"\"url.path\":\"no\""}"#, nil),
        (#"{"a":"\\","url.path":"\"\\\/\n\u00e9\ud83d\ude00"}"#, "\"\\/\né😀"), (#"{"url.path":null}"#, nil),
        (#"{"url.path":true,"url.path":false}"#, "true"), (#"{"url.path":-12}"#, "-12"),
        (#"{"url.path":[1,{"a":"b,c"}]}"#, #"[1,{"a":"b,c"}]"#),
        (#"{"url.path.more":"no","xurl.path":"no"}"#, nil),
    ])
    func sameAsTheEngine(_ json: String, _ expected: String?) throws {
        #expect(text("url.path", json) == expected)
        let folder = try TestFolder()
        let store = try folder.open()
        let quoted = "'" + json.replacing("'", with: "''") + "'::JSON"
        let rows = try store.rows("SELECT \(quoted)->>'url.path' AS wanted, \(AttributeText.function)(\(quoted), 'url.path') AS text")
        #expect(rows == [[expected, expected]])
    }

    /// Deeper than a parser would go.
    @Test func passesOverWhatIsDeep() {
        let deep = String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000)
        #expect(text("k", #"{"a":\#(deep),"k":"found"}"#) == "found")
    }

    @Test(arguments: ["", "{", "[]", "null", #"{"k"}"#, #"{"k":}"#, #"{"k":"v"#, #"{"a" "k":"v"}"#, #"{"k":"\u12"}"#])
    func nothingInWhatIsNoObject(_ json: String) {
        #expect(text("k", json) == nil)
    }
}
