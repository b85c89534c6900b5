import Testing

@testable import Hearth

@Suite struct ModelTests {
    @Test(arguments: [
        ("plain", "plain"), ("{a}", "1"), ("{a=}", "a=1"), ("x {a} y {b} z", "x 1 y two z"), ("{{a}}", "{a}"), ("{c}", "{c}"), ("{a", "{a"),
        ("a}", "a}"), ("{}", "{}"), ("{{{a}}}", "{1}"), ("{d}", #"["x",{"k":null}]"#), ("", ""), ("{a}{a}", "11"), ("ä{b}ö", "ätwoö"),
    ])
    func templates(_ template: String, _ message: String) {
        let attributes = [Attribute("a", 1), Attribute("b", "two"), Attribute("d", ["x", ["k": .null]])]
        #expect(MessageTemplate.render(template, attributes) == message)
    }

    @Test func longValuesAreCutInTheMiddle() {
        let text = String(repeating: "a", count: 200) + String(repeating: "b", count: 200)
        let message = MessageTemplate.render("{x}", [Attribute("x", .string(text))])
        #expect(message.count == 128)
        #expect(message.hasPrefix("aaa") && message.hasSuffix("bbb") && message.contains("a...b"))
    }

    @Test(
        arguments: [
            (.string("a\"\\\n\u{1}ä"), #""a\"\\\n\u0001ä""#), (.bool(true), "true"), (.int(-3), "-3"), (.double(1.5), "1.5"),
            (.double(.nan), #""NaN""#),
            (.double(-.infinity), #""-Infinity""#), (.null, "null"), (["a", 1, []], #"["a",1,[]]"#),
            (["k": ["n": 2.0]], #"{"k":{"n":2.0}}"#),
            (.strings(["x"]), #"["x"]"#),
        ] as [(AttributeValue, String)])
    func json(_ value: AttributeValue, _ text: String) {
        #expect(String(decoding: JSONText.bytes(of: value), as: UTF8.self) == text)
    }

    @Test func deepStructuresAreCut() {
        var value = AttributeValue.int(1)
        for _ in 0..<1000 { value = .array([value]) }
        #expect(JSONText.bytes(of: value).count == 2 * JSONText.maximumDepth + 4)
    }

    @Test(arguments: [#"{"a":[1,2.5,"xé😀",true,false,null,{}]}"#, "[]", " [ 1 , 2 ] "])
    func jsonIsRead(_ text: String) throws {
        let value = try #require(JSONReader.structure(in: text))
        let again = String(decoding: JSONText.bytes(of: value), as: UTF8.self)
        #expect(JSONReader.structure(in: again) == value)
    }

    @Test(arguments: ["", "1", "\"x\"", "{", "[1,]", "{\"a\"}", "[1] x", "{1:2}", "[\"\\u12\"]", "nul"])
    func whatIsNotAStructureIsNil(_ text: String) {
        #expect(JSONReader.structure(in: text) == nil)
    }

    @Test func endlessNestingIsRefused() {
        #expect(JSONReader.structure(in: String(repeating: "[", count: 100_000)) == nil)
    }

    @Test func ids() throws {
        let id = IDGenerator.traceID(at: 1_700_000_000_123_456_789)
        #expect(id.description.hasPrefix(Hex.text(1_700_000_000_123).suffix(12)))
        #expect(TraceID(id.description) == id)
        #expect(TraceID(String(repeating: "0", count: 32)) == nil)
        #expect(TraceID("xyz") == nil)
        #expect(SpanID("00000000000000ff") == SpanID(255))
        #expect(Set((0..<100_000).map { _ in IDGenerator.random() }).count == 100_000)
    }

    @Test func numbersOutsideOf64BitsBecomeText() {
        #expect(UInt64.max.attributeValue == .string("18446744073709551615"))
        #expect(UInt8.max.attributeValue == 255)
        #expect(Optional<Int>.none.attributeValue == .null)
        #expect(["b": 1, "a": 2].attributeValue == .object([Attribute("a", 2), Attribute("b", 1)]))
    }

    @Test func samplersAreSharesOfTraces() {
        var sampled = 0
        for _ in 0..<100_000 where Sampler.ratio(0.25).isSampled(IDGenerator.traceID(at: 0).low, name: "") { sampled += 1 }
        #expect((24_000...26_000).contains(sampled))
        #expect(Sampler.named([.init("a", 0), .init("b*", 1)], otherwise: 0).isSampled(1, name: "bcd"))
        #expect(!Sampler.never.isSampled(0, name: ""))
        #expect(Sampler.ratio(.nan).isSampled(.max, name: ""))
    }

    @Test(arguments: [
        ("password", "password"), ("My_PassWord", "PassWord"), ("api-key", "api-key"), ("apikey", "apikey"), ("x api key y", "api key"),
        ("author", nil), ("authors", nil), ("authority", "auth"), ("Authorization", "Auth"), ("jwt", "jwt"), ("my_jwt_x", "jwt"),
        ("ajwt", nil),
        ("pylf_v1_us_abc", "pylf_v1_"), ("pylf_v_", nil), ("pass", nil), ("", nil), ("p", nil), ("mysql_pwd", "mysql_pwd"), ("tokens", nil),
        ("access_token", "access_token"), ("credit.card", "credit.card"), ("session", "session"),
    ])
    func secretWords(_ text: String, _ found: String?) {
        #expect(SecretWords(extra: []).find(in: text) == found)
        #expect(SecretWords(extra: ["tok ens"]).find(in: "Tok-ens") == "Tok-ens")
    }
}
