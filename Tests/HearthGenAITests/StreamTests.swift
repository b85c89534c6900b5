import Hearth
import Testing

@testable import HearthGenAI

/// Streams as servers send them that imitate an API, break off, fail midway or are larger than anybody asks for.
@Suite struct StreamTests {
    private func exchange(_ url: String, _ events: [String], status: Int = 200, end: ModelExchange.End = .whole) throws -> ModelExchange {
        var exchange = try #require(ModelExchange(method: "POST", url: url, body: Array(#"{"model":"m"}"#.utf8)))
        exchange.receiveHead(status: status, contentType: "text/event-stream")
        for event in events { exchange.receive(Array("data: \(event)\n\n".utf8)) }
        exchange.finish(end)
        return exchange
    }

    private func chat(_ deltas: [String]) throws -> ModelExchange {
        try exchange(ExchangeTests.openAI, deltas.map { #"{"choices":[{"index":0,"delta":\#($0)}]}"# } + ["[DONE]"])
    }

    private func parts(_ exchange: ModelExchange) -> [MessagePart] { exchange.response?.messages.first?.parts ?? [] }

    @Test func toolCallsWithOneIndexForAll() throws {
        let one = try chat([
            #"{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"{\"at\":1}"}}]}"#,
            #"{"tool_calls":[{"index":0,"id":"b","function":{"name":"hear","arguments":"{\"at\""}}]}"#,
            #"{"tool_calls":[{"index":0,"function":{"arguments":":2}"}}]}"#,
        ])
        let calls: [MessagePart] = [
            .toolCall(id: "a", name: "look", arguments: ["at": 1]), .toolCall(id: "b", name: "hear", arguments: ["at": 2]),
        ]
        #expect(parts(one) == calls)
        let none = try chat([
            #"{"tool_calls":[{"id":"a","function":{"name":"look","arguments":{"at":1}}}]}"#,
            #"{"tool_calls":[{"id":"b","function":{"name":"hear","arguments":"{\"at\""}}]}"#,
            #"{"tool_calls":[{"function":{"arguments":":2}"}}]}"#,
        ])
        #expect(parts(none) == calls)
    }

    @Test func toolCallsThatRepeatTheirNames() throws {
        let piece = #"{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"1"}}]}"#
        #expect(parts(try chat([piece, piece])) == [.toolCall(id: "a", name: "look", arguments: "11")])
        let interleaved = try chat([
            #"{"tool_calls":[{"index":0,"id":"a","function":{"name":"lo"}},{"index":1,"id":"b","custom":{"name":"run","input":"x"}}]}"#,
            #"{"tool_calls":[{"index":1,"custom":{"input":"y"}},{"index":0,"function":{"name":"ok","arguments":"{}"}}]}"#,
        ])
        #expect(
            parts(interleaved) == [
                .toolCall(id: "a", name: "look", arguments: .object([])), .toolCall(id: "b", name: "run", arguments: "xy"),
            ])
    }

    @Test func olderFunctionCalls() throws {
        let streamed = try chat([#"{"function_call":{"name":"look","arguments":"{\"at\""}}"#, #"{"function_call":{"arguments":":3}"}}"#])
        #expect(parts(streamed) == [.toolCall(id: nil, name: "look", arguments: ["at": 3])])
    }

    @Test func spokenAnswers() throws {
        let streamed = try chat([#"{"audio":{"id":"x","transcript":"Good "}}"#, #"{"audio":{"transcript":"day","data":"AAAA"}}"#])
        #expect(parts(streamed) == [.text("Good day")])
        var whole = try #require(ModelExchange(method: "POST", url: ExchangeTests.openAI, body: []))
        whole.receiveHead(status: 200, contentType: "application/json")
        whole.receive(Array(#"{"choices":[{"message":{"content":null,"audio":{"id":"x","transcript":"Hi","data":"AAAA"}}}]}"#.utf8))
        whole.finish()
        #expect(parts(whole) == [.text("Hi"), .blob(modality: .audio, mimeType: nil, base64: "AAAA")])
    }

    @Test func usageThatComesTwiceOrLate() throws {
        let running = try exchange(
            ExchangeTests.openAI,
            [
                #"{"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":5,"completion_tokens":1}}"#,
                #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":7}}"#,
                "[DONE]", #"{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":8}}"#,
            ])
        #expect(running.response?.usage == ModelUsage(inputTokens: 5, outputTokens: 8))
        // Totals so far, each later one in place of the earlier.
        let anthropic = try exchange(
            ExchangeTests.anthropic,
            [
                #"{"type":"message_start","message":{"id":"m","usage":{"cache_read_input_tokens":100,"output_tokens":1}}}"#,
                #"{"type":"message_delta","delta":{},"usage":{"output_tokens":4}}"#,
                #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":10,"output_tokens":9}}"#,
                #"{"type":"message_stop"}"#,
            ])
        #expect(anthropic.response?.usage == ModelUsage(inputTokens: 110, outputTokens: 9, cacheReadTokens: 100))
        let unknownInput = try exchange(
            ExchangeTests.anthropic, [#"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}"#])
        #expect(unknownInput.response?.usage == ModelUsage(outputTokens: 9))
    }

    @Test(
        arguments: [
            // xAI tells the reasoning beside the answer, OpenAI as a part of it.
            (#"{"prompt_tokens":10,"completion_tokens":5,"total_tokens":35,"completion_tokens_details":{"reasoning_tokens":20}}"#, 25),
            (#"{"prompt_tokens":10,"completion_tokens":25,"total_tokens":35,"completion_tokens_details":{"reasoning_tokens":20}}"#, 25),
        ])
    func reasoningIsPartOfTheOutput(_ usage: String, _ output: Int) throws {
        let answered = try exchange(ExchangeTests.openAI, [#"{"choices":[],"usage":\#(usage)}"#])
        #expect(answered.response?.usage == ModelUsage(inputTokens: 10, outputTokens: output, reasoningTokens: 20))
    }

    @Test func failuresBehindStatus200() throws {
        let failed =
            #"{"id":"r","status":"failed","error":{"code":"server_error","message":"no luck"},"output":[],"usage":{"input_tokens":3}}"#
        let streamed = try exchange(ExchangeTests.responses, [#"{"type":"response.failed","response":\#(failed)}"#])
        #expect(streamed.error?.type == "server_error")
        #expect(streamed.error?.message == "no luck")
        #expect(streamed.response?.usage?.inputTokens == 3)
        var whole = try #require(ModelExchange(method: "POST", url: ExchangeTests.responses, body: Array(#"{"model":"m"}"#.utf8)))
        whole.receiveHead(status: 200, contentType: "application/json")
        whole.receive(Array(failed.utf8))
        whole.finish()
        #expect(whole.error?.type == "server_error")
        #expect(whole.response?.finishReasons == ["error"])
        // The last piece tells the error and the usage.
        let midway = try exchange(
            ExchangeTests.openAI,
            [
                #"{"id":"c","choices":[{"index":0,"delta":{"content":"a"}}]}"#,
                #"{"error":{"code":502,"message":"gone"},"choices":[{"index":0,"delta":{},"finish_reason":"error"}],"usage":{"prompt_tokens":2}}"#,
            ])
        #expect(midway.error?.message == "gone")
        #expect(midway.response?.usage?.inputTokens == 2)
        #expect(midway.response?.finishReasons == ["error"])
    }

    @Test func errorsOfStreamsThatNeverBegan() throws {
        var refused = try #require(ModelExchange(method: "POST", url: ExchangeTests.gemini, body: []))
        refused.receiveHead(status: 429, contentType: "text/event-stream")
        refused.receive(Array(#"[{"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED"}}]"#.utf8))
        refused.finish()
        #expect(refused.error?.type == "RESOURCE_EXHAUSTED")
        #expect(refused.error?.message == "slow down")
    }

    @Test func toolsOfTheProviderKeepTheirInput() throws {
        let streamed = try exchange(
            ExchangeTests.anthropic,
            [
                #"{"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","id":"s","name":"web_search","input":{}}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"query\""}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":":\"x\"}"}}"#,
                #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":1,"output_tokens":1}}"#,
                #"{"type":"message_stop"}"#,
            ])
        guard case .other("server_tool_use", let fields)? = parts(streamed).first else {
            Issue.record()
            return
        }
        #expect(fields["input"] == ["query": "x"])
    }

    @Test func picturesAreFiles() throws {
        let answer =
            #"{"status":"completed","output":[{"type":"reasoning","summary":[]},{"type":"image_generation_call","output_format":"png","result":"iVBO"}]}"#
        let streamed = try exchange(ExchangeTests.responses, [#"{"type":"response.completed","response":\#(answer)}"#])
        #expect(parts(streamed) == [.blob(modality: .image, mimeType: "image/png", base64: "iVBO")])
    }

    /// All choices, blocks and calls of an answer share what may be kept of it.
    @Test func manyLargePiecesAreBounded() throws {
        let megabyte = String(repeating: "x", count: 1024 * 1024)
        let chat = try exchange(
            ExchangeTests.openAI, (0..<12).map { #"{"choices":[{"index":\#($0),"delta":{"content":"\#(megabyte)"}}]}"# })
        let kept = chat.response?.messages.reduce(0) { $0 + $1.text.utf8.count } ?? 0
        #expect(kept == 8 * 1024 * 1024)
        let blocks = try exchange(
            ExchangeTests.anthropic,
            (0..<12).map { #"{"type":"content_block_start","index":\#($0),"content_block":{"type":"text","text":"\#(megabyte)"}}"# })
        #expect((1..<12).contains(parts(blocks).count))
        let items = try exchange(
            ExchangeTests.responses,
            (0..<12).map { #"{"type":"response.output_item.done","output_index":\#($0),"item":{"type":"other","x":"\#(megabyte)"}}"# },
            end: .cut)
        #expect((1..<12).contains(parts(items).count))
    }

    /// A client that does not unpack is no broken server.
    @Test(arguments: ["application/json", "text/event-stream"]) func compressedAnswersAreLeftOut(_ type: String) throws {
        for end in [ModelExchange.End.whole, .cut] {
            var packed = try #require(ModelExchange(method: "POST", url: ExchangeTests.openAI, body: []))
            packed.receiveHead(status: 200, contentType: type)
            packed.receive([0x1f, 0x8b, 0x08, 0x0a, 0x0a])
            packed.finish(end)
            #expect(packed.response == nil)
            #expect((packed.error == nil) == (end == .whole))
        }
    }

    @Test func eventsOfEveryShape() {
        var parser = EventStreamParser()
        let text =
            "\u{feff}event: a\r\ndata: one\r\ndata:two\r\ndata\r\n\r\n: nothing\rid: 5\rdata: three\r\rdata: four\n\nevent: b\n\ndata:  five"
        var events: [EventStreamParser.Event] = []
        for byte in Array(text.utf8) { events += parser.consume(CollectionOfOne(byte)) }
        if let last = parser.finish() { events.append(last) }
        #expect(events.map { String(decoding: $0.data, as: UTF8.self) } == ["one\ntwo\n", "three", "four", " five"])
        #expect(events.map(\.name) == ["a", nil, nil, nil])
    }

    @Test func inputsOfEmbeddingsAreCounted() throws {
        func count(_ input: String) -> AttributeValue? {
            ModelExchange(method: "POST", url: "http://x/v1/embeddings", body: Array(#"{"model":"m","input":\#(input)}"#.utf8))?
                .request.attributes["inputs_count"]
        }
        #expect(count(#""a""#) == 1)
        #expect(count(#"["a","b"]"#) == 2)
        #expect(count("[1,2,3]") == 1)
        #expect(count("[[1,2],[3]]") == 2)
        #expect(count("[]") == nil)
    }
}
