import Hearth
import Testing

@testable import HearthGenAI

/// Errors, nonsense and more than anybody asks for.
extension ExchangeTests {
    @Test func errorsOfAnswers() throws {
        let openAI = try exchange(Self.openAI, Bodies.chatRequest)
        let limited = answered(
            openAI, #"{"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}}"#, status: 429)
        #expect(limited.error?.type == "rate_limit_exceeded")
        #expect(limited.error?.message == "Rate limit reached")
        #expect(limited.response == nil)
        let page = answered(openAI, "<html>Bad gateway</html>", status: 502)
        #expect(page.error?.type == "502")
        let anthropic = try exchange(Self.anthropic, Bodies.anthropicRequest)
        #expect(
            answered(anthropic, #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, status: 529).error?.type
                == "overloaded_error")
        let midway = answered(
            anthropic,
            Bodies.anthropicStream.prefix(900)
                + "\n\nevent: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n",
            isStream: true)
        #expect(midway.error?.type == "overloaded_error")
        let gemini = try exchange(Self.gemini, Bodies.geminiRequest)
        #expect(
            answered(gemini, #"{"error":{"code":400,"message":"no","status":"INVALID_ARGUMENT"}}"#, status: 400).error?.type
                == "INVALID_ARGUMENT")
    }

    @Test func badInputIsLeftOut() throws {
        // Neither of these requests can be read, and each is a request to a model all the same.
        for body in [
            "", "{", "[]", "null", "{\"messages\":5,\"tools\":{},\"model\":[]}", "{\"messages\":[7,{\"content\":[1,{\"type\":8}]}]}",
        ] {
            for url in [Self.openAI, Self.gemini, "https://x/openai/deployments/mine/embeddings", "https://x/deployments/d/responses"] {
                var exchange = try exchange(url, body)
                exchange.receiveHead(status: 200, contentType: "application/json")
                exchange.receive(Array(body.utf8))
                exchange.finish()
                #expect(exchange.error == nil)
            }
        }
        var binary = try exchange(Self.openAI, "{\"model\":\"a\u{0}b\"}")
        binary.receiveHead(status: 200, contentType: "text/event-stream")
        binary.receive([0xff, 0xfe, 0x00, 0x0a, 0x0a] + Array("data: {\"choices\":[{\"delta\":{\"content\":\"".utf8) + [0xc3, 0x28])
        binary.receive(Array("\"}}]}\n\ndata: {{{\n\ndata\n\n:\n\nid: 5\nretry: x\n\n".utf8))
        binary.finish(.cut)
        #expect(binary.response?.messages.first?.text == "\u{fffd}(")
        // What only looks like an API of models.
        for url in ["https://survey.example/v1/responses", "https://x/embeddings", "https://chat.example/v1/messages"] {
            #expect(ModelExchange.mayConcern(method: "post", url: url))
            #expect(ModelExchange(method: "POST", url: url, body: Array(#"{"text":"hello"}"#.utf8)) == nil)
            #expect(ModelExchange(method: "POST", url: url, body: Array(#"{"model":"m"}"#.utf8)) != nil)
        }
        #expect(!ModelExchange.mayConcern(method: "GET", url: Self.openAI))
        #expect(ModelExchange(method: "GET", url: Self.openAI, body: []) == nil)
        #expect(ModelExchange(method: "POST", url: "https://example.com/v1/files", body: []) == nil)
        #expect(ModelExchange(method: "POST", url: "not an address", body: []) == nil)
    }

    @Test func largeAnswersAreBounded() throws {
        var whole = try exchange(Self.openAI, Bodies.chatRequest)
        whole.receiveHead(status: 200, contentType: "application/json")
        let megabyte = [UInt8](repeating: UInt8(ascii: "x"), count: 1024 * 1024)
        for _ in 0..<20 { whole.receive(megabyte) }
        whole.finish()
        #expect(whole.response == nil)
        var stream = try exchange(Self.openAI, Bodies.chatRequest)
        stream.receiveHead(status: 200, contentType: "text/event-stream")
        let chunk = Array("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"".utf8) + megabyte + Array("\"}}]}\n\n".utf8)
        for _ in 0..<10 { stream.receive(chunk) }
        stream.receive(
            Array("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3}}\n\n".utf8))
        stream.finish()
        #expect(stream.response?.messages.first?.text.utf8.count == 8 * 1024 * 1024)
        #expect(stream.response?.usage?.inputTokens == 3)
        #expect(stream.isComplete)
    }
}
