import Hearth
import HearthGenAI
import Testing

/// What must not be recorded is not, and what is let go ends.
extension RecordingTests {
    private struct Trouble: Error, CustomStringConvertible { var description: String { "the secret plan" } }

    private func withoutContent(_ body: () async throws -> Void) async throws -> [SpanRecord] {
        try await recorded { try await Hearth.withInstrumentation({ $0.includeContent = false }) { try await body() } }
    }

    @Test func textsOfErrorsAreContent() async throws {
        let records = try await withoutContent {
            _ = try? Hearth.withRetrieval("handbook") { _ throws(Trouble) in throw Trouble() }
            _ = try? Hearth.withPromptBuild { _ throws(Trouble) in throw Trouble() }
            _ = try? await Hearth.withMCPClientRequest(MCPRequest(method: "tools/call")) { _ async throws(Trouble) in throw Trouble() }
            await Hearth.withMCPServerRequest(MCPRequest(method: "tools/call")) { $0.setError(code: -32000, message: "the secret plan") }
        }
        #expect(records.count == 4)
        #expect(records.allSatisfy { $0.status == .error })
        #expect(!String(describing: records).contains("secret plan"))
    }

    @Test func bodiesOfToolsAndModelsAreContent() async throws {
        func request(_ url: String, _ options: HTTPInstrumentation = .captureAll) {
            let recorder = HTTPRecorder(method: "POST", url: url, body: Array(#"{"plan":"secret plan"}"#.utf8), options: options)
            recorder.receiveHead(status: 200, headers: [("content-type", "application/json")])
            recorder.receive(Array(#"{"answer":"secret plan"}"#.utf8))
            recorder.finish()
        }
        let records = try await withoutContent {
            Hearth.withTool("look") { _ in request("https://example.com/search") }
            Hearth.withRetrieval("handbook") { _ in request("https://example.com/vectors") }
            var unread = HTTPInstrumentation.captureAll
            unread.modelCalls = false
            request("https://api.openai.com/v1/chat/completions", unread)
        }
        #expect(records.filter { $0.name == "POST" }.count == 3)
        #expect(!String(describing: records).contains("secret plan"))
    }

    @Test func filesInsideOfResultsAreFiles() async throws {
        let result: AttributeValue = [
            ["type": "text", "text": "as seen"],
            ["type": "image", "source": ["type": "base64", "media_type": "image/png", "data": "AQID"]],
            ["inlineData": ["mimeType": "image/png", "data": "AQID"]], ["image_url": "data:image/png;base64,AQID"],
        ]
        let message = ModelMessage(
            role: .tool,
            parts: [
                .toolResult(id: "c", name: nil, result: result),
                .other(type: "screenshot", fields: ["image_url": "data:image/png;base64,AQID"]),
            ])
        let request = ModelRequest(provider: "anthropic", model: "m", messages: [message])
        let records = try await recorded {
            Hearth.withInstrumentation({ $0.includeBinaryContent = false }) { Hearth.withModelRequest(request) { _ in } }
        }
        let text = String(describing: records)
        #expect(text.contains("as seen"))
        #expect(text.contains("image/png"))
        #expect(!text.contains("AQID"))
    }

    @Test func secretsOfRequestsAreNotRecorded() async throws {
        let records = try await recorded({ $0.scrubbing = nil }) {
            let recorder = HTTPRecorder(
                method: "BREW",
                url: "https://user:hidden@Example.com/a?Api%2DKey=hidden&X-Amz-Signature=hidden&max_tokens=5&author=me&code=hidden",
                headers: [
                    ("Authorization", "Bearer hidden"), ("Cookie", "hidden"), ("X-Goog-Api-Key", "hidden"),
                    ("X-Amz-Security-Token", "hidden"),
                    ("Accept", "*/*"),
                ],
                options: .captureAll)
            recorder.receiveHead(status: 200, headers: [("Set-Cookie", "hidden"), ("X-Request-ID", "7")])
            recorder.finish()
            HTTPRecorder(method: "GET", url: "//user:hidden@host/a?key=hidden").finish()
        }
        #expect(!String(describing: records).contains("hidden"))
        let span = try #require(records.first)
        #expect(span.name == "HTTP")
        #expect(span["http.request.method"] == "_OTHER")
        #expect(span["http.request.method_original"] == "BREW")
        #expect(span["server.address"] == "example.com")
        #expect(
            span["url.full"]
                == "https://example.com/a?Api%2DKey=REDACTED&X-Amz-Signature=REDACTED&max_tokens=5&author=me&code=REDACTED")
        #expect(span["http.request.header.accept"] == .strings(["*/*"]))
        #expect(span["http.response.header.x-request-id"] == .strings(["7"]))
    }

    @Test func whatIsLetGoEnds() async throws {
        let records = try await recorded {
            do {
                let call = Hearth.startModelRequest(ModelRequest(provider: "openai", model: "gpt-4o"))
                call.setResponse(ModelResponse(id: "r", usage: ModelUsage(inputTokens: 3)))
            }
            do {
                let recorder = HTTPRecorder(
                    method: "POST", url: "https://api.openai.com/v1/chat/completions", body: Array(#"{"model":"gpt-4o"}"#.utf8))
                recorder.receiveHead(status: 200, headers: [("content-type", "text/event-stream")])
            }
        }
        #expect(records.map(\.name) == ["chat gpt-4o", "POST", "chat gpt-4o"])
        #expect(records[0]["gen_ai.usage.input_tokens"] == 3)
        #expect(records[2].events.map(\.name) == ["stream closed early"])
    }

    /// What a prompt is made with is not an attempt of the call that it is for.
    @Test func embeddingsInsideOfACallAreTheirOwn() async throws {
        func embed() {
            let recorder = HTTPRecorder(
                method: "POST", url: "https://api.openai.com/v1/embeddings", body: Array(#"{"model":"e-1","input":"a"}"#.utf8))
            recorder.receiveHead(status: 200, headers: [("content-type", "application/json")])
            recorder.receive(Array(#"{"model":"e-1","data":[],"usage":{"prompt_tokens":1}}"#.utf8))
            recorder.finish()
        }
        let records = try await recorded {
            Hearth.withModelRequest(ModelRequest(provider: "openai", model: "gpt-4o")) { call in
                Hearth.withPromptBuild { _ in embed() }
                embed()
                call.setResponse(ModelResponse(id: "r"))
            }
        }
        let call = try #require(records.first { $0.name == "chat gpt-4o" })
        let embeddings = records.filter { $0.name == "embeddings e-1" }
        #expect(embeddings.count == 2)
        #expect(embeddings.last?.parentSpanID == call.spanID)
        #expect(call["gen_ai.response.id"] == "r")
        #expect(call["gen_ai.usage.input_tokens"] == nil)
    }

    @Test func embeddingsOfPydanticAI() async throws {
        let records = try await recorded {
            Hearth.withInstrumentation({ $0.format = .v5 }) {
                Hearth.withEmbeddings(provider: "openai", model: "e-1", inputs: ["a", "b"]) { _ in }
            }
        }
        let span = try #require(records.first)
        #expect(span["inputs"] == .strings(["a", "b"]))
        #expect(span["inputs_count"] == 2)
        #expect(span["gen_ai.provider.name"] == "openai")
        #expect(span["gen_ai.system"] == nil)
        #expect(span["gen_ai.input.messages"] == nil)
    }
}
