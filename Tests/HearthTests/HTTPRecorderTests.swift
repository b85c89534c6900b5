import Hearth
import HearthGenAI
import Testing

/// Requests of any HTTP client, as attempts of the call around them or as calls of their own.
extension RecordingTests {
    @Test(arguments: 3...9) func bodiesAreCutBetweenCharacters(_ limit: Int) async throws {
        var options = HTTPInstrumentation.captureAll
        options.maximumBodyBytes = limit
        let records = try await recorded {
            let recorder = HTTPRecorder(method: "POST", url: "https://example.com/", body: Array("aé漢🙂".utf8), options: options)
            recorder.receiveHead(status: 200)
            for byte in Array("aé漢🙂".utf8) { recorder.receive(CollectionOfOne(byte)) }
            recorder.finish()
        }
        let expected: AttributeValue = limit < 6 ? "aé" : "aé漢"
        #expect(records.first?["http.request.body.text"] == expected)
        #expect(records.first?["http.response.body.text"] == expected)
        #expect(records.first?["http.response.body.size"] == 10)
    }

    @Test func requestsFillTheCallAroundThem() async throws {
        let body = Array(#"{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}]}"#.utf8)
        let url = "https://api.openai.com/v1/chat/completions"
        let json = [(name: "Content-Type", value: "application/json")]
        let answer =
            #"{"id":"r2","model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":"Ho"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":1}}"#
        let records = try await recorded {
            Hearth.withModelRequest { _ in
                for status in [429, 200] {
                    let recorder = HTTPRecorder(method: "POST", url: url, headers: [("X-Trace", "1")], body: body, options: .captureAll)
                    #expect(recorder.propagationHeaders.first?.name == "traceparent")
                    recorder.receiveHead(status: status, headers: json)
                    recorder.receive(Array((status == 429 ? #"{"error":{"code":"rate_limit_exceeded"}}"# : answer).utf8))
                    recorder.finish()
                    recorder.finish()
                }
            }
        }
        let call = try #require(records.first { $0.name == "chat gpt-4o" })
        let attempts = records.filter { $0.name == "POST" }
        #expect(attempts.map(\.parentSpanID) == [call.spanID, call.spanID])
        #expect(attempts.map { $0["http.response.status_code"] } == [429, 200])
        #expect(attempts.map(\.status) == [.error, .unset])
        #expect(attempts[0]["error.type"] == "429")
        #expect(attempts[0]["http.request.header.x-trace"] == .strings(["1"]))
        #expect(attempts[1]["http.request.body.text"] == ["model": "gpt-4o", "messages": [["role": "user", "content": "Hi"]]])
        #expect(attempts[1].message == "POST api.openai.com/v1/chat/completions")
        #expect(call.status == .unset)
        #expect(call["retry_count"] == 1)
        #expect(call["retry_cause"] == "429")
        #expect(call["gen_ai.usage.input_tokens"] == 9)
        #expect(call["server.address"] == "api.openai.com")
        #expect(call.message == "chat gpt-4o")
    }

    @Test func theLastFailureIsTheCalls() async throws {
        struct Refused: Error {}
        let body = Array(#"{"model":"gpt-4o","messages":[]}"#.utf8)
        let records = try await recorded {
            _ = try? Hearth.withModelRequest { call throws(Refused) in
                let recorder = HTTPRecorder(method: "POST", url: "https://api.openai.com/v1/chat/completions", body: body)
                recorder.receiveHead(status: 400, headers: [("content-type", "application/json")])
                recorder.receive(
                    Array(#"{"error":{"message":"no such model","type":"invalid_request_error","code":"model_not_found"}}"#.utf8))
                recorder.finish()
                throw Refused()
            }
            // An application that takes an error for an answer.
            Hearth.withModelRequest { _ in
                let recorder = HTTPRecorder(method: "POST", url: "https://api.openai.com/v1/chat/completions", body: body)
                recorder.receiveHead(status: 503)
                recorder.finish()
            }
        }
        let calls = records.filter { $0.scope.name == "hearth.genai" }
        #expect(calls.map { $0["error.type"] } == ["model_not_found", "503"])
        #expect(calls.allSatisfy { $0.status == .error && $0["retry_count"] == nil })
        #expect(calls.map { $0.events.filter { $0.name == "exception" }.count } == [1, 1])
    }

    @Test func requestsAreCallsOfTheirOwn() async throws {
        let body = Array(#"{"model":"claude-sonnet-4-5","messages":[],"stream":true}"#.utf8)
        let url = "https://api.anthropic.com/v1/messages"
        let records = try await recorded {
            let streamed = HTTPRecorder(method: "POST", url: url, body: body)
            streamed.receiveHead(status: 200, headers: [("content-type", "text/event-stream")])
            streamed.receive(
                Array(
                    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"usage\":{\"input_tokens\":5}}}\n\n"
                        .utf8))
            streamed.receive(
                Array(
                    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}\n\n"
                        .utf8))
            streamed.finish(.abandoned)
            let broken = HTTPRecorder(method: "POST", url: url, body: body)
            broken.fail(CancellationError())
            let plain = HTTPRecorder(method: "GET", url: "https://example.com/a?token=x")
            plain.receiveHead(status: 404)
            plain.finish()
        }
        let calls = records.filter { $0.scope.name == "hearth.genai" }
        #expect(calls.map(\.name) == ["chat claude-sonnet-4-5", "chat claude-sonnet-4-5"])
        #expect(calls[0].status == .unset)
        #expect(calls[0].events.map(\.name) == ["stream closed early"])
        #expect(calls[0]["gen_ai.response.chunk_count"] == 1)
        #expect(calls[0]["gen_ai.request.stream"] == true)
        #expect(calls[1].status == .error)
        #expect(calls[1]["error.type"] == "cancelled")
        let plain = try #require(records.last)
        #expect(plain.name == "GET")
        #expect(plain.parentSpanID == nil)
        #expect(plain["url.full"] == "https://example.com/a?token=REDACTED")
        #expect(plain.status == .error)
    }
}
