import Testing

@testable import Redaction

/// Redacts one text with the given detectors.
func redacted(_ text: String, _ detectors: [Detector], action: RedactionAction = .replace) throws -> String {
    var settings = RedactionSettings()
    for detector in detectors { settings.detectors[detector.rawValue] = action }
    return try redacted(text, settings)
}

func redacted(_ text: String, _ settings: RedactionSettings, exemptsWords: Bool = false) throws -> String {
    var redactor = Redactor(try CompiledRedaction(settings, hashKey: (1, 2)))
    redactor.beginRecord()
    var out: [UInt8] = []
    let outcome = Array(text.utf8).withUnsafeBufferPointer { redactor.redact($0, .init(exemptsWords: exemptsWords), into: &out) }
    switch outcome {
    case .unchanged: return text
    case .changed: return String(decoding: out, as: UTF8.self)
    case .dropped: return ""
    }
}

@Suite struct DetectorTests {
    @Test(arguments: Detector.allCases)
    func findsItsExample(_ detector: Detector) throws {
        let text = "before \(detector.example) after"
        let result = try redacted(text, [detector])
        #expect(result.contains("[Redacted: \(detector.rawValue)]"))
        #expect(result.hasPrefix("before "))
        let hashed = try redacted(text, [detector], action: .hash)
        #expect(hashed.contains("[\(detector.rawValue):"))
        #expect(try redacted(text, [detector], action: .hash) == hashed)
        #expect(try redacted(text, [detector], action: .drop).isEmpty)
    }

    /// What is usual in telemetry and no secret of the kind.
    @Test(arguments: [
        "2026-11-21T11:06:52.123456Z", "1763723212123456789", "01998877-66aa-7bbb-8ccc-ddeeff001122", "v1.2.3.4567", "10.0.0.12:5432",
        "5555555555554445", "4111 1111 1111 1112", "SELECT 1 FROM t WHERE a @> '{1}'", "user@localhost", "@decorator", "a@b",
        "000-12-3456", "123-45-67890", "https://host:8080/path?a=b@c", "task-force sk-short", "basic understanding of things",
        "bearer of bad news", "the bearer authentication scheme", "eyJust a word", "GB00 0000", "DE89 3704 0044 0532 0130 01",
        "{\"tokens\": 12345678, \"ratio\": 0.123456789012}", "ask-sdk-core-library-is-a-long-name", "555-1234",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "c2hvcnQ=", "0x7ffd1234567890ab",
        "0123456789abcdef0123456789abcdef",
    ])
    func leavesAlone(_ text: String) throws {
        #expect(try redacted(text, Detector.allCases) == text)
    }

    @Test func surroundingsStay() throws {
        #expect(try redacted("mail <jane.doe+x@mail.example.co.uk>, ok", [.email]) == "mail <[Redacted: email]>, ok")
        #expect(try redacted("ask jane@example.com.", [.email]) == "ask [Redacted: email].")
        #expect(try redacted("a@b.de c@d.fr", [.email]) == "[Redacted: email] [Redacted: email]")
        #expect(try redacted("redis://:s3cret@cache:6379/0", [.urlPassword]) == "redis://:[Redacted: url_password]@cache:6379/0")
        #expect(try redacted("Authorization: Bearer abc.def.123456", [.authorization]) == "Authorization: Bearer [Redacted: authorization]")
        #expect(try redacted("order 12 4111-1111-1111-1111 12/25", [.creditCard]) == "order 12 [Redacted: credit_card] 12/25")
        #expect(try redacted("call (555) 010-9999 now", [.phone]) == "call [Redacted: phone] now")
        #expect(try redacted("iban DE89370400440532013000.", [.iban]) == "iban [Redacted: iban].")
        let pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----"
        #expect(try redacted("k=\(pem) end", [.privateKey]) == "k=[Redacted: private_key] end")
        #expect(try redacted("k=-----BEGIN PRIVATE KEY-----\nMIIEow", [.privateKey]) == "k=[Redacted: private_key]")
    }

    @Test func equalValuesHaveEqualPseudonyms() throws {
        let once = try redacted("a jane@example.com", [.email], action: .hash)
        let again = try redacted("b jane@example.com", [.email], action: .hash)
        #expect(once.dropFirst(2) == again.dropFirst(2))
        #expect(try redacted("john@example.com", [.email], action: .hash) != String(once.dropFirst(2)))
    }

    @Test func wordsOfTheScrubber() throws {
        var settings = RedactionSettings()
        settings.scrubDefaults = true
        for (text, word) in [
            ("my Password is x", "Password"), ("an api-key here", "api-key"), ("set-cookie: a", "cookie"), ("x_csrf_y", "csrf"),
            ("authorization granted", "auth"), ("access_token=1", "access_token"), ("pylf_v1_us_abc", "pylf_v1_"),
            ("an id token", "id token"),
        ] {
            #expect(try redacted(text, settings) == "[Scrubbed due to '\(word)']")
        }
        for text in ["the author wrote", "authors", "password", "grid tokens", "massn", "csrfx", "pylf_vx", "assess ions"] {
            #expect(try redacted(text, settings) == text)
        }
        #expect(
            try redacted("{\"a\": {\"password\": [1], \"b\": \"c\"}}", settings)
                == "{\"a\": {\"password\": [\"[Scrubbed due to 'password']\"], \"b\": \"c\"}}")
        #expect(try redacted("{\"pass\\u0077ord\": 1}", settings) == "{\"pass\\u0077ord\": \"[Scrubbed due to 'password']\"}")
        #expect(try redacted("{\"db.statement\": \"select password\"}", settings) == "{\"db.statement\": \"select password\"}")
        #expect(try redacted("[password", settings) == "[Scrubbed due to 'password']")
    }

    @Test func escapesHideNothing() throws {
        #expect(try redacted(#"{"a":"jane\u0040example.com"}"#, [.email]) == #"{"a":"[Redacted: email]"}"#)
        #expect(try redacted(#"{"a":"http:\/\/u:pw@h"}"#, [.urlPassword]) == #"{"a":"http://u:[Redacted: url_password]@h"}"#)
        #expect(try redacted(#"{"a":"{\"b\":\"[\\\"x@y.de\\\"]\"}"}"#, [.email]) == #"{"a":"{\"b\":\"[\\\"[Redacted: email]\\\"]\"}"}"#)
        #expect(try redacted(#"{"x@y.de":1,"b":2}"#, [.email]) == #"{"[Redacted: email]":1,"b":2}"#)
    }

    @Test func membersAreLeftOutCleanly() throws {
        var settings = RedactionSettings()
        settings.rules = [RedactionRule(name: "cut", target: .key, pattern: "^cut", action: .drop)]
        for (before, after) in [
            (#"{"cut":1}"#, "{}"), (#"{"cut":1,"a":2}"#, #"{"a":2}"#), (#"{"a":2,"cut":[1,{"b":2}]}"#, #"{"a":2}"#),
            (#"{"cut":1,"cut2":2,"a":3,"cut3":4,"b":5}"#, #"{"a":3,"b":5}"#), (#"{"a":{"cut":1},"b":[{"cut":{}}]}"#, #"{"a":{},"b":[{}]}"#),
        ] {
            #expect(try redacted(before, settings) == after)
        }
        var mails = RedactionSettings()
        mails.detectors = ["email": .drop]
        #expect(try redacted(#"["a@b.de","x","c@d.fr"]"#, mails) == #"["x"]"#)
        #expect(try redacted(#"{"a":["a@b.de"],"k@l.de":"m@n.de"}"#, mails) == #"{"a":[],"[Redacted: email]":null}"#)
    }

    @Test func messagesLoseTheirTexts() throws {
        var settings = RedactionSettings()
        settings.dropMessageContent = true
        let compiled = try CompiledRedaction(settings, hashKey: (1, 2))
        func content(_ json: String) -> String {
            var redactor = Redactor(compiled)
            redactor.beginRecord()
            var out: [UInt8] = []
            let outcome = Array(json.utf8).withUnsafeBufferPointer { redactor.redact($0, .init(content: .messages), into: &out) }
            if case .changed = outcome { return String(decoding: out, as: UTF8.self) }
            return json
        }
        let mark = MessageContent.mark
        #expect(
            content(
                #"[{"role":"user","parts":[{"type":"text","content":"hi"},{"type":"tool_call","id":"c1","name":"f","arguments":{"a":1}}]}]"#
            )
                == #"[{"role":"user","parts":[{"type":"text","content":"\#(mark)"},{"type":"tool_call","id":"c1","name":"f","arguments":"\#(mark)"}]}]"#
        )
        #expect(
            content(#"{"model":"m","messages":[{"role":"system","content":"be"}],"temperature":0.5}"#)
                == #"{"model":"m","messages":[{"role":"system","content":"\#(mark)"}],"temperature":0.5}"#)
        #expect(
            content(
                #"{"message":{"content":null,"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{}"}}]},"usage":{"total_tokens":7}}"#
            )
                == #"{"message":{"content":null,"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"\#(mark)"}}]},"usage":{"total_tokens":7}}"#
        )
        #expect(content("plain text") == mark)
    }

    @Test func longBase64IsBinary() throws {
        var settings = RedactionSettings()
        settings.dropBinaryContent = true
        let blob = String(repeating: "QUJD1abc", count: 50)
        #expect(try redacted("data:image/png;base64,\(blob)==", settings) == "data:image/png;base64,[Dropped: 300 bytes of binary content]")
        #expect(try redacted(#"{"d":"\#(blob)"}"#, settings) == #"{"d":"[Dropped: 300 bytes of binary content]"}"#)
        let words = String(repeating: "a word after another ", count: 50)
        #expect(try redacted(words, settings) == words)
    }

    @Test func settingsAreChecked() throws {
        var settings = RedactionSettings()
        settings.detectors = ["nope": .replace]
        settings.rules = [
            RedactionRule(name: "", target: .value, pattern: "abc"), RedactionRule(name: "a", target: .value, pattern: "(x"),
            RedactionRule(name: "a", target: .key, pattern: "x"), RedactionRule(name: "email", target: .key, pattern: "x"),
            RedactionRule(name: "b", target: .key, pattern: String(repeating: "x", count: 501)),
        ]
        #expect(
            CompiledRedaction.issues(in: settings).map(\.path)
                == ["detectors.nope", "rules[0].name", "rules[1].pattern", "rules[2].name", "rules[3].name", "rules[4].pattern"])
        #expect(throws: RedactionIssue.self) { try CompiledRedaction(settings, hashKey: (1, 2)) }
    }
}
