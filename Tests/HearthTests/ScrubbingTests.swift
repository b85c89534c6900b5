import Testing

@testable import Hearth

extension RecordingTests {
    @Test func secretsAreReplacedBeforeTheyLeave() async throws {
        let records = try await recorded {
            $0.scrubbing = ScrubbingOptions(extraWords: ["vault code"])
        } _: {
            Hearth.info("login of {user} with {password}", ["user": "ada", "password": "hunter2"])
            Hearth.info("deep", ["config": ["inner": ["api_key": "k1", "kept": "v"]], "list": ["fine", "my secret is x"]])
            Hearth.info("json", ["body": #"{"token":"t","passwd":"p"}"#, "vault_code": 7, "is_secret": true, "word": "password"])
            Hearth.info("exempt", ["gen_ai.input.messages": "the password is x", "exception.message": "bad password"])
            Hearth.span("own {password}", ["password": "hunter2"]) { span in
                span.setMessage("entered hunter2")
                span.setAttribute("password", "hunter3")
                span.addEvent("e", ["cookie": "c"])
            }
        }
        #expect(records[0].message == "login of ada with [Scrubbed due to 'password']")
        #expect(records[0].name == "login of {user} with {password}")
        #expect(records[0]["password"] == "[Scrubbed due to 'password']")
        #expect(records[0].scrubbed == [ScrubbedValue(path: ["attributes", "password"], matched: "password")])
        #expect(records[1]["config"] == ["inner": ["api_key": "[Scrubbed due to 'api_key']", "kept": "v"]])
        #expect(records[1]["list"] == ["fine", "[Scrubbed due to 'secret']"])
        #expect(records[1].scrubbed.map(\.path) == [["attributes", "config", "inner", "api_key"], ["attributes", "list", "1"]])
        #expect(records[2]["body"]?.text == #"{"token":"t","passwd":"[Scrubbed due to 'passwd']"}"#)
        #expect(records[2]["vault_code"] == "[Scrubbed due to 'vault_code']")
        // A flag tells no secret, and a value that is nothing but the word is none.
        #expect(records[2]["is_secret"] == true)
        #expect(records[2]["word"] == "password")
        #expect(records[3].scrubbed.isEmpty)
        #expect(records[4].events[0].attributes == [Attribute("cookie", "[Scrubbed due to 'cookie']")])
        #expect(records[4].scrubbed.last?.path == ["otel_events", "0", "attributes", "cookie"])
    }

    @Test func theMessageOfAChangedSecretIsReplacedToo() async throws {
        let records = try await recorded {
            let span = Hearth.startSpan("login with {password}", ["password": "hunter2"])
            span.setAttribute("password", "hunter3")
            span.end()
            let own = Hearth.startSpan("own", ["password": "hunter2"])
            own.setMessage("entered hunter2")
            own.end()
        }
        #expect(records[0].message == "login with [Scrubbed due to 'password']")
        #expect(records[1].message == "entered [Scrubbed due to 'password']")
    }
}
