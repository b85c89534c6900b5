import Hearth
import Testing

@testable import HearthGenAI

/// Requests and answers of every API, read from their bytes.
@Suite struct ExchangeTests {
    func exchange(_ url: String, _ request: String) throws -> ModelExchange {
        try #require(ModelExchange(method: "POST", url: url, body: Array(request.utf8)))
    }

    func answered(
        _ exchange: ModelExchange,
        _ answer: String,
        isStream: Bool = false,
        status: Int = 200,
        end: ModelExchange.End = .whole
    ) -> ModelExchange {
        var exchange = exchange
        exchange.receiveHead(status: status, contentType: isStream ? "text/event-stream; charset=utf-8" : "application/json")
        exchange.receive(Array(answer.utf8))
        exchange.finish(end)
        return exchange
    }

    static let openAI = "https://api.openai.com/v1/chat/completions"
    static let responses = "https://api.openai.com/v1/responses"
    static let anthropic = "https://api.anthropic.com/v1/messages?beta=true"
    static let gemini = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse&key=abc"

    @Test func chatRequest() throws {
        let request = try exchange(Self.openAI, Bodies.chatRequest).request
        #expect(request.provider == "openai")
        #expect(request.model == "gpt-4o")
        #expect(request.serverAddress == "api.openai.com")
        #expect(request.serverPort == 443)
        #expect(request.isStreaming)
        #expect(request.outputType == "json")
        #expect(request.outputSchema == ["type": "object"])
        #expect(
            request.parameters
                == ModelParameters(
                    temperature: 0.2, topP: 0.9, maxTokens: 300, stopSequences: ["END"], seed: 7, choiceCount: 2, reasoningLevel: "low"))
        #expect(request.messages.map(\.role) == [.system, .user, .assistant, .tool])
        #expect(
            request.messages[1].parts == [
                .text("What is this?"), .blob(modality: .image, mimeType: "image/png", base64: "iVBORw0="),
                .uri(modality: .image, mimeType: nil, uri: "https://example.com/a.png"),
                .blob(modality: .audio, mimeType: "audio/wav", base64: "UklGRg=="),
            ])
        #expect(request.messages[2].parts == [.toolCall(id: "call_1", name: "look", arguments: ["at": [1, 2]])])
        #expect(request.messages[3].parts == [.toolResult(id: "call_1", name: nil, result: ["seen": "a cat"])])
        #expect(request.tools.map(\.name) == ["look"])
        #expect(request.tools[0].parameters?["properties"]?["at"] == ["type": "array"])
    }

    @Test func chatAnswer() throws {
        let response = try #require(answered(try exchange(Self.openAI, Bodies.chatRequest), Bodies.chatAnswer).response)
        #expect(response.id == "chatcmpl-1")
        #expect(response.model == "gpt-4o-2024-08-06")
        #expect(response.serviceTier == "default")
        #expect(response.finishReasons == ["stop", "tool_call"])
        #expect(response.messages[0].text == "It is a cat.")
        #expect(response.messages[1].parts == [.toolCall(id: "c2", name: "look", arguments: .object([]))])
        #expect(response.isRefusal == false)
        #expect(response.usage?.inputTokens == 1200)
        #expect(response.usage?.outputTokens == 40)
        #expect(response.usage?.cacheReadTokens == 1024)
        #expect(response.usage?.reasoningTokens == 12)
        #expect(response.usage?.cacheWriteTokens == nil)
    }

    @Test func chatStream() throws {
        let end = answered(try exchange(Self.openAI, Bodies.chatRequest), Bodies.chatStream, isStream: true)
        let response = try #require(end.response)
        #expect(end.isComplete)
        #expect(end.error == nil)
        #expect(response.messages[0].parts == [.text("Grüße, 🙂 漢字"), .toolCall(id: "call_9", name: "look", arguments: ["at": 3])])
        #expect(response.finishReasons == ["tool_call"])
        #expect(response.usage?.inputTokens == 30)
        #expect(response.usage?.cacheReadTokens == 0)
    }

    @Test func responsesRequestAndAnswer() throws {
        let begun = try exchange(Self.responses, Bodies.responsesRequest)
        #expect(begun.request.systemInstructions == [.text("Think well.")])
        #expect(begun.request.previousResponseID == "resp_0")
        #expect(begun.request.parameters.reasoningLevel == "high")
        #expect(begun.request.messages.map(\.role) == [.user, .assistant, .assistant, .tool])
        #expect(begun.request.messages[1].parts == [.reasoning("Hm.")])
        #expect(begun.request.messages[3].parts == [.toolResult(id: "c1", name: nil, result: "nothing")])
        #expect(begun.request.tools.map(\.name) == ["look", "web_search"])
        #expect(begun.request.outputType == "text")
        let response = try #require(answered(begun, Bodies.responsesAnswer).response)
        #expect(response.finishReasons == ["length"])
        #expect(response.messages[0].parts == [.reasoning("Let me see."), .text("Then the")])
        #expect(response.serviceTier == "flex")
        #expect(response.usage == ModelUsage(inputTokens: 70, outputTokens: 900, cacheReadTokens: 10, reasoningTokens: 880))
    }

    @Test func responsesStream() throws {
        let end = answered(try exchange(Self.responses, Bodies.responsesRequest), Bodies.responsesStream, isStream: true)
        #expect(end.isComplete)
        #expect(end.response?.id == "resp_2")
        #expect(end.response?.isRefusal == true)
        #expect(end.response?.messages.first?.parts == [.refusal("I cannot.")])
        #expect(end.response?.usage == ModelUsage(inputTokens: 5, outputTokens: 3))
    }

    @Test func anthropicRequestAndAnswer() throws {
        let begun = try exchange(Self.anthropic, Bodies.anthropicRequest)
        let request = begun.request
        #expect(request.provider == "anthropic")
        #expect(request.systemInstructions == [.text("You analyse markets.")])
        #expect(request.messages.map(\.role) == [.user, .assistant, .tool, .user])
        #expect(
            request.messages[1].parts == [
                .reasoning("I need data."), .toolCall(id: "toolu_1", name: "fetch", arguments: ["symbol": "AAPL"]),
            ])
        #expect(request.messages[2].parts == [.toolResult(id: "toolu_1", name: nil, result: ["pe": 30.5])])
        #expect(request.messages[3].parts == [.blob(modality: .document, mimeType: "application/pdf", base64: "JVBERi0=")])
        #expect(request.tools.map(\.type) == ["function", "web_search_20250305"])
        #expect(request.parameters.topK == 40)
        let response = try #require(answered(begun, Bodies.anthropicAnswer).response)
        #expect(response.isRefusal == true)
        #expect(response.finishReasons == ["content_filter"])
        // Its input tokens are without what the cache gave and took.
        #expect(response.usage?.inputTokens == 2312)
        #expect(response.usage?.cacheReadTokens == 2000)
        #expect(response.usage?.cacheWriteTokens == 300)
        #expect(response.usage?.cacheWrite1hTokens == 200)
    }

    @Test func anthropicStream() throws {
        let end = answered(try exchange(Self.anthropic, Bodies.anthropicRequest), Bodies.anthropicStream, isStream: true)
        #expect(end.isComplete)
        let response = try #require(end.response)
        #expect(response.id == "msg_2")
        #expect(
            response.messages[0].parts == [
                .reasoning("So…"), .text("One moment, please."), .toolCall(id: "toolu_2", name: "fetch", arguments: ["symbol": "MSFT"]),
            ])
        #expect(response.finishReasons == ["tool_call"])
        #expect(response.isRefusal == false)
        #expect(response.usage?.inputTokens == 2312)
        #expect(response.usage?.outputTokens == 55)
    }

    @Test func geminiStream() throws {
        let begun = try exchange(Self.gemini, Bodies.geminiRequest)
        #expect(begun.request.provider == "gcp.gemini")
        #expect(begun.request.model == "gemini-2.5-flash")
        #expect(begun.request.isStreaming)
        #expect(begun.request.operation == .generateContent)
        #expect(begun.request.messages.map(\.role) == [.user, .assistant, .tool])
        #expect(begun.request.messages[0].parts[1] == .blob(modality: .image, mimeType: "image/jpeg", base64: "/9j/"))
        #expect(begun.request.tools.map(\.name) == ["look", "googleSearch"])
        #expect(begun.request.parameters.maxTokens == 99)
        let end = answered(begun, Bodies.geminiStream, isStream: true)
        #expect(end.isComplete)
        let response = try #require(end.response)
        #expect(
            response.messages[0].parts == [
                .reasoning("Let me think"), .text("A dog."), .toolCall(id: nil, name: "look", arguments: ["at": 2]),
            ])
        #expect(response.finishReasons == ["length"])
        #expect(
            response.usage
                == ModelUsage(inputTokens: 20, outputTokens: 10, cacheReadTokens: 8, reasoningTokens: 4, inputAudioTokens: 5))
    }

    /// Without `alt=sse` Gemini streams one array.
    @Test func geminiArray() throws {
        let url = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent"
        let events = Bodies.geminiStream.split(separator: "\r\n\r\n").map { $0.dropFirst(6) }
        let end = answered(try exchange(url, Bodies.geminiRequest), "[" + events.joined(separator: ",\r\n") + "]")
        #expect(end.isComplete)
        #expect(end.response == answered(try exchange(url, Bodies.geminiRequest), Bodies.geminiStream, isStream: true).response)
    }

    @Test func embeddings() throws {
        let begun = try exchange("http://localhost:8080/v1/embeddings", Bodies.embeddingsRequest)
        #expect(begun.request.operation == .embeddings)
        #expect(begun.request.attributes["inputs_count"] == 2)
        let response = try #require(answered(begun, Bodies.embeddingsAnswer).response)
        #expect(response.embeddingDimensions == 3)
        #expect(response.usage == ModelUsage(inputTokens: 6))
        let gemini = try exchange(
            "https://generativelanguage.googleapis.com/v1beta/models/text-embedding-004:batchEmbedContents",
            #"{"requests":[{"content":{"parts":[{"text":"a"}]}}]}"#)
        #expect(gemini.request.model == "text-embedding-004")
        #expect(answered(gemini, #"{"embeddings":[{"values":[1,2]}]}"#).response?.embeddingDimensions == 2)
    }

    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var url: String
        var request: String
        var answer: String
        var isStream: Bool
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "chat", url: openAI, request: Bodies.chatRequest, answer: Bodies.chatAnswer, isStream: false),
        Case(name: "chat stream", url: openAI, request: Bodies.chatRequest, answer: Bodies.chatStream, isStream: true),
        Case(name: "responses", url: responses, request: Bodies.responsesRequest, answer: Bodies.responsesAnswer, isStream: false),
        Case(name: "responses stream", url: responses, request: Bodies.responsesRequest, answer: Bodies.responsesStream, isStream: true),
        Case(name: "anthropic", url: anthropic, request: Bodies.anthropicRequest, answer: Bodies.anthropicAnswer, isStream: false),
        Case(name: "anthropic stream", url: anthropic, request: Bodies.anthropicRequest, answer: Bodies.anthropicStream, isStream: true),
        Case(name: "gemini stream", url: gemini, request: Bodies.geminiRequest, answer: Bodies.geminiStream, isStream: true),
    ]

    /// However the network cuts the bytes, the answer is the same.
    @Test(arguments: cases) func everyBoundary(_ sample: Case) throws {
        let begun = try exchange(sample.url, sample.request)
        let bytes = Array(sample.answer.utf8)
        let expected = answered(begun, sample.answer, isStream: sample.isStream)
        for cut in 0...bytes.count {
            var exchange = begun
            exchange.receiveHead(status: 200, contentType: sample.isStream ? "text/event-stream" : "application/json")
            exchange.receive(bytes[..<cut])
            exchange.receive(bytes[cut...])
            exchange.finish()
            guard exchange.response == expected.response, exchange.isComplete == expected.isComplete else {
                Issue.record("another answer when cut at \(cut)")
                return
            }
        }
        var exchange = begun
        exchange.receiveHead(status: 200, contentType: sample.isStream ? "text/event-stream" : "application/json")
        for byte in bytes { exchange.receive(CollectionOfOne(byte)) }
        exchange.finish()
        #expect(exchange.response == expected.response)
    }

    /// A stream that ends early keeps what had come, and says that something is missing.
    @Test(arguments: cases.filter(\.isStream)) func everyEarlyEnd(_ sample: Case) throws {
        let begun = try exchange(sample.url, sample.request)
        let bytes = Array(sample.answer.utf8)
        var sawError = false
        for cut in 0..<bytes.count {
            var exchange = begun
            exchange.receiveHead(status: 200, contentType: "text/event-stream")
            exchange.receive(bytes[..<cut])
            exchange.finish(.cut)
            #expect(exchange.isComplete == (exchange.error == nil))
            sawError = sawError || exchange.error?.type == "incomplete_response"
            var abandoned = begun
            abandoned.receiveHead(status: 200, contentType: "text/event-stream")
            abandoned.receive(bytes[..<cut])
            abandoned.finish(.abandoned)
            #expect(abandoned.error == nil)
        }
        #expect(sawError)
    }

    @Test func providersOfAddresses() {
        func provider(_ url: String) -> String? {
            ModelExchange(method: "post", url: url, body: Array(#"{"model":"m"}"#.utf8))?.request.provider
        }
        #expect(provider("https://me.openai.azure.com/openai/deployments/x/chat/completions?api-version=1") == "azure.ai.openai")
        #expect(provider("https://api.groq.com/openai/v1/chat/completions") == "groq")
        #expect(provider("http://localhost:11434/v1/chat/completions") == "ollama")
        #expect(provider("http://[::1]:9000/v1/chat/completions") == "openai")
        #expect(provider("https://notapi.groq.com.evil.example/v1/messages/") == "anthropic")
        #expect(
            provider("https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google/models/g:generateContent")
                == "gcp.vertex_ai")
    }

    @Test func deploymentsStandForModels() {
        let url = "https://me.openai.azure.com/openai/deployments/our-gpt/chat/completions?api-version=1"
        #expect(ModelExchange(method: "POST", url: url, body: Array("{}".utf8))?.request.model == "our-gpt")
    }

    @Test func addressesLoseTheirSecrets() {
        #expect(RecordedURL.text(Self.gemini).hasSuffix("?alt=sse&key=REDACTED"))
        #expect(RecordedURL.text("https://user:pw@example.com:8443/a?b=c#d") == "https://example.com:8443/a?b=c")
        #expect(RecordedURL.text("https://[::1]/x") == "https://[::1]/x")
    }
}
