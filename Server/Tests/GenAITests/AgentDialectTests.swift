import GenAI
import TelemetryModel
import Testing

/// What agent frameworks write of their runs, and of the calls and tools in them.
@Suite struct AgentDialectTests {
    // MARK: OpenAI Agents

    private static let agents = "logfire.openai_agents"

    @Test func openAIAgentsChatCompletion() {
        let step = extractOne(
            name: "Chat completion with {gen_ai.request.model!r}", scope: Self.agents,
            [
                "gen_ai.system": "openai", "gen_ai.request.model": "gpt", "gen_ai.usage.input_tokens": 2312,
                "gen_ai.usage.output_tokens": 31,
                "output":
                    #"[{"content":null,"refusal":null,"role":"assistant","tool_calls":[{"id":"a","type":"function"},{"id":"b","type":"function"}]}]"#,
                "usage":
                    #"{"requests":1,"input_tokens":2312,"input_tokens_details":{"cache_write_tokens":100,"cached_tokens":2000},"output_tokens_details":{"reasoning_tokens":9}}"#,
            ])
        #expect(step?.operation == "chat")
        #expect([step?.cacheReadTokens, step?.cacheWriteTokens, step?.reasoningTokens] == [2000, 100, 9])
        #expect(step?.hasToolCalls == true)
        #expect(step?.toolCallCount == 2)
        #expect(step?.refusal == false)
        #expect(step?.isTruncated == nil, "no finish reason is sent")
    }

    @Test(
        arguments: [
            (#"[{"role":"assistant","content":"hello","tool_calls":null}]"#, 0), (#"[{"role":"assistant","content":"hello"}]"#, 0),
            // A streamed chat completion is rewritten as a response.
            (#"[{"object":"response","output":[{"type":"message","role":"assistant","content":[]}]}]"#, 0),
            (#"[{"object":"response","output":[{"type":"reasoning"},{"type":"function_call"},{"type":"custom_tool_call"}]}]"#, 2),
            (#"{"output":[{"type":"function_call","name":"f"}]}"#, 1), ("null", nil), ("sunny in Paris", nil), ("[]", nil),
            (#"[{"role":"user","content":"hello"}]"#, nil), (#"[{"output":"text"}]"#, nil),
        ] as [(String, Int32?)])
    func outputItems(_ output: String, _ expected: Int32?) {
        for key in ["output", "output.value"] {
            let step = key == "output" ? call(["output": .string(output)]) : call(["output.value": .string(output)])
            #expect(step?.toolCallCount == expected, "\(key)")
            #expect(step?.hasToolCalls == expected.map { $0 > 0 }, "\(key)")
        }
    }

    @Test func openAIAgentsResponse() {
        func response(_ last: String) -> ReadStep? {
            extractOne(
                name: "Responses API with {gen_ai.request.model!r}", scope: Self.agents,
                [
                    "gen_ai.system": "openai", "gen_ai.request.model": "gpt",
                    "events": .string(#"[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"0"}]},\#(last)]"#),
                ])
        }
        #expect(response(#"{"role":"assistant","tool_calls":[{"id":"1"}]}"#)?.toolCallCount == 2, "one message for each item")
        #expect(response(#"{"role":"tool","content":"r"},{"role":"assistant","tool_calls":[{"id":"1"}]}"#)?.toolCallCount == 1)
        #expect(response(#"{"role":"tool","content":"r"},{"role":"assistant","content":"done"}"#)?.hasToolCalls == false)
        #expect(response(#"{"index":0,"message":{"role":"assistant","content":"done"}}"#)?.toolCallCount == 0, "a choice stands for itself")
        #expect(response(#"{"role":"user","content":"q"}"#)?.toolCallCount == nil, "no answer")
        #expect(response(#"{"role":"user","content":"q"}"#)?.operation == "chat")
    }

    @Test(
        arguments: [
            (
                #"{"object":"response","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}"#, "max_output_tokens",
                true
            ),
            (#"{"object":"response","status":"incomplete","incomplete_details":{"reason":"content_filter"}}"#, "content_filter", false),
            (#"{"object":"response","status":"completed","incomplete_details":null}"#, "completed", false),
            (#"{"object":"response","status":null}"#, nil, nil), (#"{"status":"ok"}"#, nil, nil), ("null", nil, nil), ("Hello", nil, nil),
        ] as [(String, String?, Bool?)])
    func endOfResponse(_ response: String, _ reason: String?, _ isTruncated: Bool?) {
        let step = call(["response": .string(response)])
        #expect(step?.finishReasonsJSON == reason.map { #"["\#($0)"]"# })
        #expect(step?.isTruncated == isTruncated)
    }

    @Test func openInferenceWorkflowIsNoRun() {
        let scope = "openinference.instrumentation.openai_agents"
        #expect(extractOne(name: "Agent workflow", scope: scope, ["openinference.span.kind": "AGENT"]) == nil)
        let run = extractOne(
            name: "chat_agent", scope: scope,
            ["openinference.span.kind": "AGENT", "agent.name": "chat_agent", "graph.node.id": "chat_agent"])
        #expect(run?.kind == .agentRun)
        #expect(run?.agentName == "chat_agent")
        let older = extractOne(name: "triage", scope: scope, ["openinference.span.kind": "AGENT", "graph.node.id": "triage"])
        #expect(older?.agentName == "triage")
    }

    // MARK: LangChain

    @Test func openInferenceLangChain() {
        let scope = "openinference.instrumentation.langchain"
        let metadata: Literal = #"{"ls_integration":"langchain_create_agent","lc_agent_name":"planner"}"#
        let run = extractOne(name: "LangGraph", scope: scope, ["openinference.span.kind": "AGENT", "metadata": metadata])
        #expect(run?.kind == .agentRun)
        #expect(run?.agentName == "planner")
        #expect(extractOne(name: "planner", scope: scope, ["openinference.span.kind": "AGENT"])?.agentName == "planner")
        #expect(
            extractOne(name: "ChatOpenAI", scope: scope, ["openinference.span.kind": "LLM", "llm.model_name": "m", "metadata": metadata])?
                .agentName == "planner")
        #expect(
            extractOne(name: "ChatOpenAI", scope: scope, ["openinference.span.kind": "LLM", "llm.model_name": "m"])?.agentName == nil,
            "only a run is called like its agent")
        let tool = extractOne(scope: scope, ["openinference.span.kind": "TOOL", "tool.name": "f", "metadata": metadata])
        #expect([tool?.toolName, tool?.agentName] == ["f", "planner"])
    }

    @Test func langSmithCall() {
        let step = extractOne(
            name: "ChatOpenAI", scope: "langsmith",
            [
                "langsmith.span.kind": "llm", "gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.request.model": "gpt",
                "langsmith.metadata.usage_metadata":
                    #"{"input_tokens":2312,"input_token_details":{"cache_read":2000,"cache_creation":300},"output_token_details":{"reasoning":90}}"#,
                "gen_ai.completion":
                    #"{"generations":[[{"message":{"kwargs":{"response_metadata":{"model_name":"gpt-2"},"tool_calls":[]}}}]]}"#,
                "langsmith.metadata.session_id": "s",
            ])
        #expect(step?.responseModel == "gpt-2")
        #expect([step?.cacheReadTokens, step?.cacheWriteTokens, step?.reasoningTokens] == [2000, 300, 90])
        #expect(step?.hasToolCalls == false)
        #expect(step?.conversationID == "s")
    }

    @Test func langSmithAgent() {
        func step(_ name: String, _ attributes: KeyValuePairs<String, Literal>) -> ReadStep? {
            extract { batch in
                batch.add(name: name, scope: "langsmith", attributes)
                let first = batch.rows[0].attributes.lowerBound
                batch.add([
                    "langsmith.span.kind": "chain", "gen_ai.operation.name": "chain", "gen_ai.system": "langchain",
                    "langsmith.metadata.ls_integration": "langchain_create_agent",
                ])
                batch.rows[0].attributes = first..<UInt32(batch.attributes.count)
                batch.rows.removeLast()
            }.first
        }
        let run = step(
            "planner",
            [
                "langsmith.metadata.lc_agent_name": "planner", "langsmith.metadata.thread_id": "t",
                "gen_ai.prompt": #"{"messages":[{"role":"user","content":"Plan."}]}"#,
                "gen_ai.completion":
                    #"{"messages":[{"type":"human","content":"Plan."},{"type":"ai","content":"","tool_calls":[{"name":"f"}]},{"type":"tool","content":"r"},{"type":"ai","content":"Done."}]}"#,
            ])
        #expect(run?.kind == .agentRun)
        #expect([run?.agentName, run?.conversationID, run?.input, run?.output] == ["planner", "t", "Plan.", "Done."])
        #expect(step("planner", ["gen_ai.prompt": #"{"messages":[{"type":"human","content":"Plan."}]}"#])?.input == "Plan.")
        #expect(step("LangGraph", [:])?.kind == .agentRun, "an agent without a name")
        #expect(step("LangGraph", [:])?.agentName == nil)
        #expect(step("model", ["langsmith.metadata.lc_agent_name": "planner", "langsmith.metadata.langgraph_node": "model"]) == nil)
        #expect(step("model", ["langsmith.metadata.langgraph_node": "model"]) == nil)
        #expect(
            extractOne(name: "planner", ["langsmith.span.kind": "chain", "langsmith.metadata.lc_agent_name": "planner"]) == nil,
            "a chain that no agent was made of")
    }
}
