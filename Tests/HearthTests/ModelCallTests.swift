import Hearth
import HearthGenAI
import Testing

extension RecordingTests {
    private static let question = ModelRequest(
        provider: "openai", model: "gpt-4o", messages: [.system("Be brief."), .user("What is it?")],
        tools: [ToolDefinition(name: "look", description: "Looks.", parameters: ["type": "object"])],
        parameters: ModelParameters(temperature: 0.5, maxTokens: 100, stopSequences: ["END"]), promptName: "qa", promptVersion: "v3")
    private static let answer = ModelResponse(
        id: "r1", model: "gpt-4o-2024-08-06", messages: [.assistant("A cat.")],
        usage: ModelUsage(inputTokens: 1000, outputTokens: 200, cacheReadTokens: 400, reasoningTokens: 5), isRefusal: false)

    private func record(
        _ change: (inout InstrumentationSettings) -> Void = { _ in },
        _ body: () async throws -> Void
    ) async throws -> [SpanRecord] {
        try await recorded {
            try await Hearth.withInstrumentation(change) { try await body() }
        }
    }

    @Test func modelCallsFollowTheConventions() async throws {
        let records = try await record {
            await Hearth.withModelRequest(Self.question) { call in
                await Task.yield()
                call.recordRetry(cause: "429", statusCode: 429, delay: .milliseconds(20))
                call.recordChunk()
                call.recordChunk()
                call.setResponse(Self.answer)
            }
        }
        let span = try #require(records.first)
        #expect(span.name == "chat gpt-4o")
        #expect(span.spanKind == .client)
        #expect(span.scope.name == "hearth.genai")
        #expect(span["gen_ai.operation.name"] == "chat")
        #expect(span["gen_ai.provider.name"] == "openai")
        #expect(span["gen_ai.system"] == nil)
        #expect(span["gen_ai.request.model"] == "gpt-4o")
        #expect(span["gen_ai.request.temperature"] == 0.5)
        #expect(span["gen_ai.request.max_tokens"] == 100)
        #expect(span["gen_ai.request.stop_sequences"] == .strings(["END"]))
        #expect(span["gen_ai.prompt.version"] == "v3")
        #expect(
            span["gen_ai.input.messages"] == [
                ["role": "system", "parts": [["type": "text", "content": "Be brief."]]],
                ["role": "user", "parts": [["type": "text", "content": "What is it?"]]],
            ])
        #expect(
            span["gen_ai.output.messages"] == [
                ["role": "assistant", "parts": [["type": "text", "content": "A cat."]], "finish_reason": "stop"]
            ])
        #expect(
            span["gen_ai.tool.definitions"] == [
                ["type": "function", "name": "look", "description": "Looks.", "parameters": ["type": "object"]]
            ])
        #expect(span["gen_ai.response.id"] == "r1")
        #expect(span["gen_ai.response.model"] == "gpt-4o-2024-08-06")
        #expect(span["gen_ai.response.finish_reasons"] == .strings(["stop"]))
        #expect(span["gen_ai.usage.input_tokens"] == 1000)
        #expect(span["gen_ai.usage.output_tokens"] == 200)
        #expect(span["gen_ai.usage.cache_read.input_tokens"] == 400)
        #expect(span["gen_ai.usage.cache_write.input_tokens"] == nil)
        #expect(span["gen_ai.usage.reasoning.output_tokens"] == 5)
        #expect(span["refusal"] == false)
        // 600 × 2.50 $ + 400 × 1.25 $ + 200 × 10 $ for a million each.
        #expect(span["operation.cost"] == 0.004)
        #expect(span["gen_ai.usage.input_cost"] == 0.002)
        #expect(span["gen_ai.usage.output_cost"] == 0.002)
        #expect(span["gen_ai.response.chunk_count"] == 2)
        if case .double(let seconds)? = span["gen_ai.response.time_to_first_chunk"] {
            #expect((0..<10).contains(seconds))
        } else {
            Issue.record()
        }
        #expect(span["retry_count"] == 1)
        #expect(span["retry_cause"] == "429")
        let retry = try #require(span.events.first { $0.name == "retry" })
        #expect(retry.attributes.first { $0.key == "http.response.status_code" }?.value == 429)
        #expect(span.status == .unset)
    }

    @Test func unknownIsAbsent() async throws {
        let records = try await record {
            Hearth.withModelRequest(ModelRequest(provider: "acme", model: "own-7b")) { call in
                call.setResponse(ModelResponse(usage: ModelUsage(outputTokens: 3)))
            }
        }
        let span = try #require(records.first)
        for key in [
            "operation.cost", "gen_ai.usage.input_tokens", "gen_ai.response.id", "gen_ai.output.messages", "refusal", "retry_count",
            "gen_ai.response.time_to_first_chunk", "gen_ai.request.stream", "gen_ai.conversation.id", "error.type",
        ] {
            #expect(span[key] == nil, "\(key)")
        }
    }

    @Test func agentsToolsAndConversationsNest() async throws {
        let records = try await record {
            await Hearth.withConversation("c-1", user: "u-7") {
                await Hearth.withAgentRun(AgentDescription(name: "market", text: "Knows markets."), metadata: ["desk": "eu"]) { run in
                    Hearth.withPromptBuild(name: "qa", version: "v3") { _ in }
                    Hearth.withModelRequest(Self.question) { $0.setResponse(Self.answer) }
                    let price = await Hearth.withTool("fetch_price", arguments: ["symbol": "AAPL"], id: "call_1") { _ async in 190.5 }
                    #expect(price == 190.5)
                    Hearth.withAgentRun("helper") { _ in Hearth.withModelRequest(Self.question) { $0.setResponse(Self.answer) } }
                    #expect(run.usage?.inputTokens == 1000)
                    #expect(run.cost == 0.004)
                    run.setOutput("AAPL is a cat.")
                }
            }
        }
        let run = try #require(records.first { $0.name == "invoke_agent market" })
        #expect(run.spanKind == .internal)
        #expect(run["gen_ai.operation.name"] == "invoke_agent")
        #expect(run["gen_ai.agent.description"] == "Knows markets.")
        #expect(run["gen_ai.conversation.id"] == "c-1")
        #expect(run["user.id"] == "u-7")
        #expect(run["metadata"] == ["desk": "eu"])
        #expect(run["gen_ai.aggregated_usage.input_tokens"] == 1000)
        #expect(run["gen_ai.usage.input_tokens"] == nil)
        #expect(
            run["gen_ai.output.messages"] == [
                ["role": "assistant", "parts": [["type": "text", "content": "AAPL is a cat."]], "finish_reason": "stop"]
            ])
        let tool = try #require(records.first { $0.name == "execute_tool fetch_price" })
        #expect(tool.parentSpanID == run.spanID)
        #expect(tool["gen_ai.tool.call.arguments"] == ["symbol": "AAPL"])
        #expect(tool["gen_ai.tool.call.result"] == 190.5)
        #expect(tool["gen_ai.tool.call.id"] == "call_1")
        #expect(tool["gen_ai.agent.name"] == "market")
        #expect(records.first { $0.name == "prompt.build" }?.parentSpanID == run.spanID)
        let helper = try #require(records.first { $0.name == "invoke_agent helper" })
        #expect(helper.parentSpanID == run.spanID)
        let calls = records.filter { $0.name == "chat gpt-4o" }
        #expect(Set(calls.map(\.parentSpanID)) == [run.spanID, helper.spanID])
        #expect(Set(calls.map { $0["gen_ai.agent.name"] }) == ["market", "helper"])
        #expect(calls.allSatisfy { $0["gen_ai.conversation.id"] == "c-1" && $0["user.id"] == "u-7" })
    }

    @Test func formatsOfPydanticAI() async throws {
        let picture = ModelMessage(
            role: .user, parts: [.binary([1, 2, 3], mimeType: "image/png"), .uri(modality: .audio, mimeType: nil, uri: "https://a/b.mp3")])
        var request = Self.question
        request.messages = [picture, .toolResult(id: "c", name: "look", "fur")]
        var answer = Self.answer
        answer.usage?.cacheWriteTokens = 7
        answer.messages = [ModelMessage(role: .assistant, parts: [.reasoning("Hm."), .text("A cat.")], finishReason: "stop")]
        for format in InstrumentationSettings.Format.allCases where format != .conventions {
            let records = try await record({ $0.format = format }) {
                Hearth.withAgentRun("market") { _ in
                    Hearth.withModelRequest(request) { $0.setResponse(answer) }
                    _ = Hearth.withTool("look", arguments: ["at": 1]) { _ in "fur" }
                    _ = try? Hearth.withTool("ask") { _ throws(ToolDeferral) in throw ToolDeferral() }
                }
            }
            exporterReset()
            let run = try #require(records.last)
            #expect(run.name == (format == .v2 ? "agent run" : "invoke_agent market"))
            #expect(run.message == "market run")
            #expect(run["model_name"] == "gpt-4o")
            #expect(run["agent_name"] == "market")
            #expect(run["final_result"] == "A cat.")
            #expect(run["gen_ai.aggregated_usage.cache_creation.input_tokens"] == 7)
            let call = try #require(records.first)
            #expect(call["gen_ai.system"] == "openai")
            #expect(call["gen_ai.agent.call.id"] == run["gen_ai.agent.call.id"])
            #expect(call["gen_ai.usage.details.reasoning_tokens"] == 5)
            let old: [AttributeValue] = [
                ["type": "binary", "media_type": "image/png", "content": "AQID"], ["type": "audio-url", "url": "https://a/b.mp3"],
            ]
            let new: [AttributeValue] = [
                ["type": "blob", "modality": "image", "mime_type": "image/png", "content": "AQID"],
                ["type": "uri", "modality": "audio", "uri": "https://a/b.mp3"],
            ]
            let files: AttributeValue = .array(format < .v4 ? old : new)
            let result: AttributeValue = ["type": "tool_call_response", "id": "c", "name": "look", "result": "fur"]
            let role: AttributeValue = format < .v6 ? "user" : "tool"
            let messages: AttributeValue = [["role": "user", "parts": files], ["role": role, "parts": [result]]]
            #expect(call["gen_ai.input.messages"] == messages)
            let output: AttributeValue = [
                [
                    "role": "assistant", "parts": [["type": "thinking", "content": "Hm."], ["type": "text", "content": "A cat."]],
                    "finish_reason": "stop",
                ]
            ]
            #expect(call["gen_ai.output.messages"] == output)
            guard case .array(let inputs) = messages, case .array(let outputs) = output else { return }
            #expect(run["pydantic_ai.all_messages"] == .array(inputs + outputs))
            let tool = records[1]
            #expect(tool.name == (format == .v2 ? "running tool" : "execute_tool look"))
            #expect(tool.message == "running tool: look")
            #expect(tool[format == .v2 ? "tool_arguments" : "gen_ai.tool.call.arguments"] == ["at": 1])
            #expect(tool[format == .v2 ? "tool_response" : "gen_ai.tool.call.result"] == "fur")
            #expect(records[2].status == (format < .v5 ? .error : .unset))
        }
    }

    @Test func contentIsLeftOut() async throws {
        struct Trouble: Error { var text = "the secret plan" }
        var request = Self.question
        request.messages.append(ModelMessage(role: .user, parts: [.binary([1], mimeType: "image/png")]))
        let records = try await record({ $0.includeContent = false }) {
            _ = try? Hearth.withAgentRun("market") { run throws(Trouble) in
                Hearth.withModelRequest(request) { call in
                    call.setResponse(Self.answer)
                    call.recordError(type: "overloaded", message: "the secret plan")
                }
                _ = Hearth.withTool("look", arguments: ["plan": "secret plan"]) { _ in "secret plan" }
                Hearth.withRetrieval("handbook", query: "secret plan", topK: 2) {
                    $0.setDocuments([.init(id: "d1", score: 0.5, fields: ["content": "secret plan"])])
                }
                run.setOutput("secret plan")
                throw Trouble()
            }
        }
        let text = String(describing: records)
        for word in ["secret plan", "What is it?", "A cat.", "Looks.", "AQ=="] { #expect(!text.contains(word), "\(word)") }
        let call = try #require(records.first { $0.name == "chat gpt-4o" })
        #expect(
            call["gen_ai.input.messages"] == [
                ["role": "system", "parts": [["type": "text"]]], ["role": "user", "parts": [["type": "text"]]],
                ["role": "user", "parts": [["type": "blob", "modality": "image", "mime_type": "image/png"]]],
            ])
        #expect(call["gen_ai.tool.definitions"] == [["type": "function", "name": "look"]])
        #expect(call["gen_ai.usage.input_tokens"] == 1000)
        #expect(call["error.type"] == "overloaded")
        #expect(records.first { $0.name == "invoke_agent market" }?.status == .error)

        exporterReset()
        let binary = try await record({ $0.includeBinaryContent = false }) {
            Hearth.withModelRequest(request) { $0.setResponse(Self.answer) }
        }
        #expect(String(describing: binary).contains("What is it?"))
        #expect(!String(describing: binary).contains("AQ=="))
    }

    @Test func contextProtocolRequests() async throws {
        let records = try await recorded {
            await Hearth.withMCPClientRequest(
                MCPRequest(method: "tools/call", toolName: "forecast", transport: "pipe", arguments: ["city": "Rome"])
            ) {
                call async in
                let headers = Hearth.propagationHeaders()
                await Hearth.withMCPServerRequest(
                    MCPRequest(method: "tools/call", toolName: "forecast"), meta: { name in headers.first { $0.name == name }?.value }
                ) { inner async in inner.setError(code: -32602) }
                call.setResult("no such city", isError: true)
            }
        }
        let client = try #require(records.first { $0.spanKind == .client })
        let server = try #require(records.first { $0.spanKind == .server })
        #expect(client.name == "tools/call forecast")
        #expect(client["error.type"] == "tool_error")
        #expect(client["gen_ai.tool.call.arguments"] == ["city": "Rome"])
        #expect(server.parentSpanID == client.spanID)
        #expect(server.traceID == client.traceID)
        #expect(server.status == .unset)
        #expect(server["rpc.response.status_code"] == "-32602")
    }

    @Test func unsampledAndSuppressedCallsLeaveNothing() async throws {
        func calls() {
            let url = "https://api.openai.com/v1/chat/completions"
            for body in [#"{"model":"gpt-4o"}"#, "x"] {
                let recorder = HTTPRecorder(method: "POST", url: url, body: Array(body.utf8))
                recorder.receiveHead(status: 200, headers: [("content-type", "application/json")])
                recorder.finish()
            }
            Hearth.withAgentRun("a") { _ in
                Hearth.withModelRequest(Self.question) { $0.setResponse(Self.answer) }
                Hearth.withTool("t") { _ in }
            }
        }
        #expect(try await recorded({ $0.sampler = .never }) { calls() }.isEmpty)
        #expect(try await recorded { Hearth.suppress { calls() } }.isEmpty)
    }

    @Test func manyTasksShareOneRun() async throws {
        let records = try await recorded {
            await Hearth.withAgentRun("crowd") { run async in
                await withTaskGroup { group in
                    for _ in 0..<200 {
                        group.addTask {
                            await Hearth.withModelRequest(Self.question) { call async in
                                await Task.yield()
                                call.recordChunk()
                                call.setResponse(Self.answer)
                            }
                        }
                    }
                }
                #expect(run.usage?.inputTokens == 200_000)
            }
        }
        let run = try #require(records.last)
        #expect(run["gen_ai.aggregated_usage.output_tokens"] == 40_000)
        #expect(records.filter { $0.parentSpanID == run.spanID }.count == 200)
    }

    @Test func nothingIsRecordedWithoutConfiguration() async throws {
        await Hearth.shutdown(within: .seconds(5))
        let value = await Hearth.withAgentRun("a") { run async in
            Hearth.withModelRequest(Self.question) { $0.setResponse(Self.answer) }
            let recorder = HTTPRecorder(method: "POST", url: "https://api.openai.com/v1/chat/completions", body: [])
            recorder.receiveHead(status: 200)
            recorder.finish()
            return Hearth.withTool("t") { _ in 5 }
        }
        #expect(value == 5)
    }
}
