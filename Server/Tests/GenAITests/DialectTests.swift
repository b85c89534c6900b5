import GenAI
import TelemetryModel
import Testing

/// One record of each dialect as its emitter writes it, with everything that must be read from it (`genai-conventions.md` §2).
@Suite struct DialectTests {
    @Test func openTelemetryNewest() {
        let step = extractOne([
            "gen_ai.operation.name": "chat", "gen_ai.provider.name": "anthropic", "gen_ai.request.model": "claude",
            "gen_ai.response.model": "claude-1", "gen_ai.response.id": "r", "gen_ai.request.stream": true,
            "gen_ai.usage.input_tokens": 2312, "gen_ai.usage.output_tokens": 44, "gen_ai.usage.cache_read.input_tokens": 2000,
            "gen_ai.usage.cache_write.input_tokens": 300, "gen_ai.usage.reasoning.output_tokens": 4,
            "gen_ai.response.time_to_first_chunk": 0.25, "gen_ai.response.finish_reasons": .json(#"["end_turn"]"#),
            "gen_ai.request.temperature": 9, "gen_ai.request.max_tokens": 100, "openai.response.service_tier": "flex",
        ])
        #expect(step?.operation == "chat")
        #expect(
            [step?.inputTokens, step?.outputTokens, step?.cacheReadTokens, step?.cacheWriteTokens, step?.reasoningTokens] == [
                2312, 44, 2000, 300, 4,
            ])
        #expect(step?.timeToFirstToken == 0.25)
        #expect(step?.isStreaming == true)
        #expect(step?.refusal == false, "Anthropic's reasons tell a refusal apart")
        #expect(step?.details == #"{"temperature":9.0,"max_tokens":100,"service_tier":"flex"}"#)
    }

    @Test func openTelemetry136() {
        let step = extractOne([
            "gen_ai.operation.name": "chat", "gen_ai.system": "az.ai.openai", "gen_ai.request.model": "gpt",
            "gen_ai.usage.prompt_tokens": 3,
            "gen_ai.usage.completion_tokens": 4, "gen_ai.openai.request.seed": 7, "gen_ai.openai.request.response_format": "json_object",
            "gen_ai.response.finish_reasons": .json(#"["length"]"#),
        ])
        #expect(step?.provider == "az.ai.openai")
        #expect([step?.inputTokens, step?.outputTokens] == [3, 4])
        #expect(step?.isTruncated == true)
        #expect(step?.jsonParseSuccess == nil, "asked for, but the answer is not there")
        #expect(step?.refusal == nil)
        #expect(step?.details == #"{"seed":7}"#)
    }

    @Test func eventLogsCompleteTheirCall() throws {
        var batch = RecordBatch()
        batch.add(name: "chat gpt", span: 1, ["gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.request.model": "gpt"])
        let body = #"{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","tool_calls":[{"id":"a"},{"id":"b"}]}}"#
        let bodyRef = batch.text.append(body)
        batch.add(name: "gen_ai.choice", kind: .log, span: 2, parent: 1, ["gen_ai.system": "openai"]) {
            $0.isOTLPLog = true
            $0.logBodyJSON = bodyRef
        }
        batch.add(name: "gen_ai.user.message", kind: .log, span: 3, parent: 1, ["gen_ai.system": "openai"]) { $0.isOTLPLog = true }
        batch.add(
            name: "gen_ai.client.inference.operation.details", kind: .log, span: 4, parent: 1,
            ["gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt", "gen_ai.usage.output_tokens": 5]
        ) { $0.isOTLPLog = true }
        let extracted = StepExtractor.extract(&batch)
        #expect(extracted.map(\.kind) == [.modelCall, .callEvent, .callEvent])
        var input = StepInput()
        input.append(batch, steps: extracted)
        var steps = ProjectSteps()
        let changes = try steps.apply(input, stored: NoStoredSteps())
        let decision = try #require(changes.calls.first?.decision)
        #expect(changes.calls.count == 1)
        #expect(decision.mergedRecords == 1)
        #expect(decision.patch.finishReasonsJSON == #"["tool_calls"]"#)
        #expect(decision.patch.toolCallCount == 2)
        #expect(decision.patch.hasToolCalls == true)
        #expect(decision.patch.isTruncated == false)
        #expect(decision.patch.outputTokens == 5)
    }

    @Test func pydanticAIFormat1() {
        let events =
            #"[{"event.name":"gen_ai.user.message","role":"user","content":"q"},{"event.name":"gen_ai.choice","index":0,"#
            + #""message":{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]}}]"#
        let chat = extractOne(
            name: "chat gpt", scope: "pydantic-ai",
            ["gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.request.model": "gpt", "events": .string(events)])
        #expect(chat?.toolCallCount == 1)
        let run = extractOne(
            name: "agent run", scope: "pydantic-ai",
            [
                "model_name": "gpt", "agent_name": "a", "gen_ai.usage.input_tokens": 10, "final_result": "done",
                "all_messages_events": #"[{"role":"user","content":"hello","event.name":"gen_ai.user.message"}]"#,
            ])
        #expect(run?.kind == .agentRun)
        #expect(run?.model == "gpt")
        #expect(run?.inputTokens == 10)
        #expect(run?.input == "hello")
        #expect(run?.output == "done")
        let tool = extractOne(
            name: "running tool", scope: "pydantic-ai",
            [
                "gen_ai.tool.name": "flaky", "gen_ai.tool.call.id": "c", "pydantic_ai.tool.retry.attempt": 1,
                "pydantic_ai.tool.retry.cause": "ModelRetry",
            ])
        #expect(tool?.kind == .toolCall)
        #expect(tool?.details == #"{"retry_count":1,"retry_cause":"ModelRetry"}"#)
    }

    @Test func runTotalsAreNoCalls() {
        let run = extractOne([
            "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "a", "model_name": "gpt", "gen_ai.system": "openai",
            "gen_ai.request.model": "gpt", "gen_ai.aggregated_usage.input_tokens": 5, "gen_ai.usage.input_tokens": 7,
        ])
        #expect(run?.kind == .agentRun)
        #expect(run?.inputTokens == 5)
        let turn = extractOne([
            "gen_ai.operation.name": "chat", "gen_ai.system": "anthropic", "gen_ai.request.model": "claude",
            "gen_ai.usage.partial.input_tokens": 5, "gen_ai.usage.partial.output_tokens": 6,
        ])
        #expect(turn?.kind == .modelCall)
        #expect(turn?.inputTokens == nil, "Claude Agent SDK: parts are not summed")
    }

    @Test func openInference() {
        let ok = extractOne(
            name: "ChatCompletion", scope: "openinference.instrumentation.openai",
            [
                "openinference.span.kind": "LLM", "llm.system": "openai", "llm.model_name": "gpt-4o-mini",
                "llm.invocation_parameters":
                    #"{"model":"gpt-4o-mini","temperature":0.5,"stream":false,"response_format":{"type":"json_object"}}"#,
                "llm.token_count.prompt": 3, "llm.token_count.completion": 4, "llm.token_count.prompt_details.cache_read": 2,
                "llm.token_count.completion_details.reasoning": 1, "llm.cost.total": 0.5, "llm.cost.prompt": 0.3,
                "llm.cost.completion": 0.2,
                "llm.output_messages.1.message.role": "assistant",
                "llm.output_messages.1.message.tool_calls.1.tool_call.function.name": "f",
                "output.value":
                    #"{"id":"chatcmpl-1","choices":[{"finish_reason":"tool_calls","message":{"content":"{\"a\":1}","refusal":null}}]}"#,
                "session.id": "s",
            ])
        #expect(ok?.operation == "chat")
        #expect(ok?.responseID == "chatcmpl-1")
        #expect([ok?.inputTokens, ok?.outputTokens, ok?.cacheReadTokens, ok?.reasoningTokens] == [3, 4, 2, 1])
        #expect([ok?.cost, ok?.inputCost, ok?.outputCost] == [0.5, 0.3, 0.2])
        #expect(ok?.toolCallCount == 1, "indexes may start at 1")
        #expect(ok?.finishReasonsJSON == #"["tool_calls"]"#)
        #expect(ok?.refusal == false)
        #expect(ok?.jsonParseSuccess == true)
        #expect(ok?.isStreaming == false)
        #expect(ok?.conversationID == "s")
        #expect(ok?.details == #"{"temperature":0.5}"#)
        let failed = extractOne(
            name: "ChatCompletion", status: .error,
            ["openinference.span.kind": "LLM", "llm.system": "openai", "llm.invocation_parameters": #"{"model":"gpt-4o-mini"}"#])
        #expect(failed?.model == "gpt-4o-mini")
        #expect(failed?.isError == true)
        for kind in ["CHAIN", "RETRIEVER", "RERANKER", "GUARDRAIL", "EVALUATOR", "PROMPT", "DECISION"] {
            #expect(extractOne(["openinference.span.kind": .string(kind), "llm.model_name": "m"]) == nil)
        }
    }

    @Test func openLLMetry() {
        let old = extractOne(
            name: "openai.chat",
            [
                "llm.request.type": "chat", "llm.vendor": "OpenAI", "llm.request.model": "gpt", "llm.response.model": "gpt-1",
                "llm.usage.prompt_tokens": 3, "llm.usage.completion_tokens": 4, "llm.is_streaming": true,
                "gen_ai.completion.0.role": "assistant", "gen_ai.completion.0.finish_reason": "tool_calls",
                "gen_ai.completion.0.tool_calls.0.name": "f", "gen_ai.completion.0.tool_calls.1.name": "g",
            ])
        #expect(old?.provider == "openai")
        #expect(old?.model == "gpt")
        #expect(old?.responseModel == "gpt-1")
        #expect([old?.inputTokens, old?.outputTokens] == [3, 4])
        #expect(old?.toolCallCount == 2)
        #expect(old?.isStreaming == true)
        let new = extractOne([
            "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt",
            "gen_ai.usage.input_tokens": 3, "gen_ai.usage.cache_read_input_tokens": 1, "gen_ai.usage.reasoning_tokens": 2,
            "traceloop.association.properties.session_id": "s",
            "gen_ai.output.messages": #"[{"role":"assistant","parts":[{"type":"tool_call","name":"f"}],"finish_reason":"tool_call"}]"#,
        ])
        #expect(new?.cacheReadTokens == 1)
        #expect(new?.reasoningTokens == 2)
        #expect(new?.conversationID == "s")
        #expect(new?.finishReasonsJSON == #"["tool_call"]"#)
        for kind in ["workflow", "task"] {
            #expect(extractOne(["traceloop.span.kind": .string(kind), "gen_ai.request.model": "m", "gen_ai.system": "openai"]) == nil)
        }
        #expect(extractOne(["traceloop.span.kind": "agent", "traceloop.entity.name": "planner"])?.agentName == "planner")
        #expect(extractOne(["traceloop.span.kind": "tool", "traceloop.entity.name": "search"])?.toolName == "search")
    }

    @Test func vercel() {
        let inner = extractOne(
            name: "ai.streamText.doStream",
            [
                "ai.operationId": "ai.streamText.doStream", "ai.model.provider": "openai.chat", "ai.model.id": "gpt",
                "ai.response.model": "gpt-1", "ai.response.id": "r", "ai.usage.inputTokens": 5, "ai.usage.outputTokens": 6,
                "ai.usage.cachedInputTokens": 1, "ai.usage.reasoningTokens": 2, "ai.response.finishReason": "tool-calls",
                "ai.response.msToFirstChunk": 250.5, "ai.response.toolCalls": #"[{"toolName":"f"}]"#, "ai.settings.temperature": 0.5,
                "ai.telemetry.functionId": "planner", "ai.telemetry.metadata.sessionId": "s", "ai.telemetry.metadata.userId": "u",
            ])
        #expect(inner?.operation == "chat")
        #expect(inner?.provider == "openai.chat")
        #expect([inner?.inputTokens, inner?.outputTokens, inner?.cacheReadTokens, inner?.reasoningTokens] == [5, 6, 1, 2])
        #expect(inner?.timeToFirstToken == 0.2505)
        #expect(inner?.isStreaming == true)
        #expect(inner?.toolCallCount == 1)
        #expect([inner?.agentName, inner?.conversationID, inner?.userID] == ["planner", "s", "u"])
        let object = extractOne([
            "ai.operationId": "ai.generateObject.doGenerate", "ai.model.id": "gpt", "ai.response.object": #"{"a":1}"#,
        ])
        #expect(object?.jsonParseSuccess == true)
        #expect(object?.isStreaming == false)
        #expect(extractOne(["ai.operationId": "ai.embedMany.doEmbed", "ai.model.id": "e", "ai.usage.tokens": 9])?.inputTokens == 9)
        #expect(extractOne(["ai.operationId": "ai.streamText", "ai.model.id": "gpt", "ai.usage.inputTokens": 5]) == nil, "the outer span")
        #expect(extractOne(["ai.operationId": "ai.toolCall", "ai.toolCall.name": "f", "ai.toolCall.id": "c"])?.toolName == "f")
    }

    @Test func langSmith() {
        let step = extractOne(
            name: "ChatOpenAI", scope: "langsmith",
            [
                "langsmith.span.kind": "llm", "gen_ai.operation.name": "chat", "gen_ai.system": "openai",
                "langsmith.metadata.ls_provider": "openai", "langsmith.metadata.ls_model_name": "gpt",
                "langsmith.metadata.ls_temperature": 0.5,
                "gen_ai.usage.input_tokens": 3, "gen_ai.usage.output_tokens": 4, "langsmith.metadata.thread_id": "t",
                "gen_ai.completion":
                    #"{"generations":[[{"generation_info":{"finish_reason":"tool_calls"},"message":{"kwargs":{"tool_calls":[{"name":"f"}]}}}]]}"#,
                "langsmith.metadata.lc_agent_name": "a",
            ])
        #expect(step?.model == "gpt")
        #expect(step?.finishReasonsJSON == #"["tool_calls"]"#)
        #expect(step?.toolCallCount == 1)
        #expect([step?.conversationID, step?.agentName] == ["t", "a"])
        #expect(step?.details == #"{"temperature":0.5}"#)
        for kind in ["chain", "prompt", "parser", "retriever"] {
            #expect(
                extractOne([
                    "langsmith.span.kind": .string(kind), "gen_ai.operation.name": "chain", "langsmith.metadata.ls_model_name": "m",
                ]) == nil)
        }
        #expect(extractOne(["gen_ai.operation.name": "chain", "gen_ai.request.model": "m"]) == nil)
    }

    @Test func openAIAgents() {
        let scope = "logfire.openai_agents"
        #expect(extractOne(name: "Handoff: {from_agent} → {to_agent}", scope: scope, ["gen_ai.system": "openai"]) == nil)
        let run = extractOne(name: "Agent run: {name!r}", scope: scope, ["gen_ai.system": "openai", "name": "triage", "group_id": "g"])
        #expect(run?.kind == .agentRun)
        #expect([run?.agentName, run?.conversationID] == ["triage", "g"])
        let tool = extractOne(name: "Function: {name}", scope: scope, ["gen_ai.system": "openai", "name": "f"])
        #expect(tool?.toolName == "f")
        let call = extractOne(
            name: "Responses API with {gen_ai.request.model!r}", scope: scope, ["gen_ai.system": "openai", "gen_ai.request.model": "gpt"])
        #expect(call?.kind == .modelCall)
    }

    @Test func liteLLM() {
        let step = extractOne(
            name: "litellm_request", scope: "litellm",
            [
                "gen_ai.system": "openai", "gen_ai.request.model": "gpt", "llm.request.type": "completion", "llm.is_streaming": "False",
                "gen_ai.usage.prompt_tokens": 3, "gen_ai.usage.completion_tokens": 4, "gen_ai.cost.total_cost": 0.25,
            ])
        #expect(step?.kind == .modelCall)
        #expect(step?.isStreaming == false)
        #expect(step?.cost == 0.25)
    }

    @Test func modelContextProtocol() {
        let client = extractOne(
            name: "tools/call forecast", status: .error,
            ["mcp.method.name": "tools/call", "gen_ai.tool.name": "forecast", "error.type": "tool_error"])
        #expect(client?.kind == .toolCall)
        #expect(client?.toolName == "forecast")
        #expect(client?.operation == "execute_tool")
        #expect(client?.errorType == "tool_error")
        #expect(extractOne(name: "tools/list", ["mcp.method.name": "tools/list"]) == nil)
        #expect(extractOne(name: "prompts/get p", ["mcp.method.name": "prompts/get", "gen_ai.prompt.name": "p"]) == nil)
    }

    @Test func logfireVersion1() {
        let step = extractOne(
            name: "Chat Completion with {request_data[model]!r}", scope: "logfire.openai",
            [
                "gen_ai.system": "openai",
                "request_data": #"{"model":"gpt","stream":false,"temperature":0.1,"response_format":{"type":"json_schema"}}"#,
                "response_data":
                    #"{"message":{"role":"assistant","content":"{\"a\":","refusal":null},"usage":{"prompt_tokens":3,"completion_tokens":4}}"#,
            ])
        #expect(step?.model == "gpt")
        #expect([step?.inputTokens, step?.outputTokens] == [3, 4])
        #expect(step?.isStreaming == false)
        #expect(step?.refusal == false)
        #expect(step?.jsonParseSuccess == false, "cut off")
        let refused = call(["response_data": #"{"message":{"content":null,"refusal":"I can't help with that"}}"#])
        #expect(refused?.refusal == true)
    }

    @Test(
        arguments: [
            (["gen_ai.response.finish_reasons": .json(#"["refusal"]"#)], true),
            (["gen_ai.response.finish_reasons": .json(#"["stop"]"#)], nil),
            (["gen_ai.output.messages": #"[{"role":"assistant","parts":[{"type":"refusal","content":"no"}]}]"#], true),
            (["gen_ai.completion.0.refusal": "no"], true), (["refusal": "none"], false), (["refusal": "no way"], true),
            (["refusal": 1], true),
            ([:], nil),
        ] as [(KeyValuePairs<String, Literal>, Bool?)])
    func refusal(_ attributes: KeyValuePairs<String, Literal>, _ expected: Bool?) {
        #expect(call(attributes)?.refusal == expected)
    }

    @Test(
        arguments: [
            (#"{\"a\":[1,{\"b\":null}]}"#, true), (#"[]"#, true), (#"{\"a\":1"#, false), (#"{\"a\":1,}"#, false), ("text", false),
            (#"{} x"#, false), (#"[1 2]"#, false), (#"{\"a\":tru}"#, false),
        ])
    func jsonAnswers(_ text: String, _ expected: Bool) {
        let messages = #"[{"role":"assistant","parts":[{"type":"thinking","content":"x"},{"type":"text","content":"\#(text)"}]}]"#
        let asked = call(["gen_ai.output.type": "json", "gen_ai.output.messages": .string(messages)])
        #expect(asked?.jsonParseSuccess == expected)
        #expect(call(["gen_ai.output.messages": .string(messages)])?.jsonParseSuccess == nil, "nobody asked for JSON")
    }

    @Test func geminiSaysNothingAboutToolsByStopping() {
        let step = call(["gen_ai.system": "gemini", "gen_ai.response.finish_reasons": .json(#"["stop"]"#)])
        #expect(step?.hasToolCalls == nil)
        #expect(step?.toolCallCount == nil)
    }
}
