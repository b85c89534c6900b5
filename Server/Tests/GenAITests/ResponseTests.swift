import GenAI
import TelemetryModel
import Testing

/// Finish reasons, tool calls, and the texts of agent runs.
@Suite struct ResponseTests {
    @Test(
        arguments: [
            (["gen_ai.response.finish_reasons": .json("[\"stop\"]")], "[\"stop\"]", false),
            (["gen_ai.response.finish_reasons": "[\"max_tokens\"]"], "[\"max_tokens\"]", true),
            (["gen_ai.response.finish_reasons": "[\"stop\", \"length\"]"], "[\"stop\", \"length\"]", true),
            (["gen_ai.response.finish_reasons": "[null,\"incomplete\",\"\"]"], "[\"incomplete\"]", true),
            (["gen_ai.response.finish_reasons": "MAX_TOKENS"], "[\"MAX_TOKENS\"]", true),
            (["gen_ai.response.finish_reasons": "[]", "gen_ai.response.finish_reason": "length"], "[\"length\"]", true),
            (["gen_ai.response.stop_reason": "end_turn"], "[\"end_turn\"]", false),
            (["gen_ai.completion.0.finish_reason": "stop", "gen_ai.completion.1.finish_reason": "length"], "[\"stop\",\"length\"]", true),
            (["llm.finish_reason": "max_output_tokens"], "[\"max_output_tokens\"]", true),
            (["ai.response.finishReason": "tool-calls"], "[\"tool-calls\"]", false),
            (["anthropic.message.stop_reason": "a\"b"], "[\"a\\\"b\"]", false),
            (["gen_ai.output.messages": "[{\"role\":\"assistant\",\"parts\":[],\"finish_reason\":\"length\"}]"], "[\"length\"]", true),
            (["gen_ai.response.finish_reasons": "[\"length\""], "[\"length\"]", true),
            (["gen_ai.response.finish_reasons": "[\"a\\u0062\", \"\\x\"] x"], "[\"ab\"]", false),
            (["gen_ai.response.finish_reasons": "\"stop\""], "[\"stop\"]", false),
            ([:], nil, nil), (["gen_ai.response.finish_reasons": "[1]"], nil, nil),
        ] as [(KeyValuePairs<String, Literal>, String?, Bool?)])
    func finishReasons(_ attributes: KeyValuePairs<String, Literal>, _ expected: String?, _ isTruncated: Bool?) {
        let step = call(attributes)
        #expect(step?.finishReasonsJSON == expected)
        #expect(step?.step.isTruncated == isTruncated)
    }

    private static let twoCalls: Literal = """
        [{"role":"assistant","parts":[{"type":"text","content":"{\\"type\\":\\"tool_call\\"}"},{"type":"tool_call","name":"a"},\
        {"type":"tool_call","name":"b"}]}]
        """

    @Test(
        arguments: [
            (["gen_ai.output.messages": twoCalls], 2), (["gen_ai.output.messages": "[{\"role\":\"assistant\",\"parts\":[]}]"], 0),
            (["response_data": "{\"message\":{\"role\":\"assistant\",\"tool_calls\":[{}]}}"], 1),
            (["response_data": "{\"message\":{\"role\":\"assistant\",\"tool_calls\":null}}"], 0),
            (["ai.response.toolCalls": "[{},{}]"], 2),
            (
                [
                    "gen_ai.completion.0.role": "assistant", "gen_ai.completion.0.tool_calls.0.name": "f",
                    "gen_ai.completion.0.tool_calls.0.arguments": "{}", "gen_ai.completion.0.tool_calls.1.name": "g",
                ], 2
            ),
            (["gen_ai.completion.0.content": "hi"], 0),
            (["llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "f"], 1),
            (["llm.output_messages.0.message.content": "hi"], 0),
            (
                [
                    "events":
                        "[{\"role\":\"user\"},{\"event.name\":\"gen_ai.choice\",\"message\":{\"role\":\"assistant\",\"tool_calls\":[{}]}}]"
                ], 1
            ),
            (["all_messages_events": "[{\"role\":\"assistant\",\"tool_calls\":[{}]},{\"role\":\"assistant\",\"content\":\"done\"}]"], 0),
            (["gen_ai.response.finish_reasons": "[\"stop\"]"], 0),
        ] as [(KeyValuePairs<String, Literal>, Int32)])
    func toolCalls(_ attributes: KeyValuePairs<String, Literal>, _ count: Int32) {
        let step = call(attributes)
        #expect(step?.toolCallCount == count)
        #expect(step?.hasToolCalls == (count > 0))
    }

    @Test func theFinishReasonKnowsOfToolCallsThatAreNotShown() {
        let step = call(["gen_ai.response.finish_reasons": "[\"tool_use\"]", "gen_ai.output.messages": "[{\"parts\":[]}]"])
        #expect(step?.hasToolCalls == true)
        #expect(step?.step.toolCallCount == nil)
    }

    @Test func anUnknownResponseIsUnknown() {
        #expect(call([:])?.step.hasToolCalls == nil)
        #expect(call([:])?.step.toolCallCount == nil)
        #expect(call(["gen_ai.output.messages": "[{\"pa"])?.step.hasToolCalls == nil)
    }

    @Test func aFailedCallWithoutAnswerIsUnknown() {
        let empty: KeyValuePairs<String, Literal> = [
            "openinference.span.kind": "LLM", "llm.model_name": "m", "llm.output_messages.0.message.role": "assistant",
        ]
        #expect(extractOne(status: .error, empty)?.step.hasToolCalls == nil)
        #expect(extractOne(status: .error, empty)?.step.toolCallCount == nil)
        #expect(extractOne(empty)?.step.hasToolCalls == false)
    }

    @Test(
        arguments: [
            ("x", "content_filter", "", true), ("x", "content_filter", #"{"type":"text","content":"half an"}"#, nil),
            ("x", "stop", #"{"type":"text","content":"yes"}"#, nil), ("pydantic-ai", "content_filter", "", true),
            ("pydantic-ai", "stop", #"{"type":"text","content":"yes"}"#, false), ("pydantic-ai", "stop", "", nil),
            ("pydantic-ai", "tool_call", #"{"type":"tool_call","name":"t"}"#, false),
        ] as [(String, String, String, Bool?)])
    func anAnswerThatWasWithheldIsARefusal(_ scope: String, _ reason: String, _ parts: String, _ expected: Bool?) {
        let step = extractOne(
            scope: scope,
            [
                "gen_ai.request.model": "m",
                "gen_ai.output.messages": .string(#"[{"role":"assistant","parts":[\#(parts)],"finish_reason":"\#(reason)"}]"#),
            ])
        #expect(step?.refusal == expected)
    }

    private func run(_ attributes: KeyValuePairs<String, Literal>) -> ReadStep? {
        extract { batch in
            batch.add(["gen_ai.operation.name": "invoke_agent"])
            batch.add(attributes)
            batch.rows[0].attributes = batch.rows[0].attributes.lowerBound..<UInt32(batch.attributes.count)
            batch.rows.removeLast()
        }.first
    }

    private static let messages: Literal = """
        [{"role":"system","parts":[{"type":"text","content":"sys"}]},{"role":"user","parts":[{"type":"text","content":"first"}]},\
        {"role":"assistant","parts":[{"type":"text","content":"one"}]},\
        {"role":"user","parts":[{"type":"text","content":"say \\"hi\\" \\u00e9\\ud83d\\ude00"},{"type":"image-url","url":"u"},\
        {"type":"text","content":"twice"}]},{"role":"user","parts":[{"type":"tool_call_response","result":"4"}]}]
        """

    @Test func theLatestPromptIsTheInput() {
        #expect(run(["pydantic_ai.all_messages": Self.messages])?.input == "say \"hi\" é😀\ntwice")
        #expect(run(["pydantic_ai.all_messages": Self.messages, "pydantic_ai.new_message_index": 3])?.input == "say \"hi\" é😀\ntwice")
        let continued = run(["pydantic_ai.all_messages": Self.messages, "pydantic_ai.new_message_index": 4])
        #expect(continued?.input == "say \"hi\" é😀\ntwice", "a run without a prompt of its own goes on from the last one")
    }

    @Test func otherDialectsOfPrompts() {
        #expect(run(["all_messages_events": "[{\"role\":\"user\",\"content\":\"q\"},{\"role\":\"tool\",\"content\":\"t\"}]"])?.input == "q")
        #expect(run(["gen_ai.input.messages": "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"q\"}]}]"])?.input == "q")
        #expect(run(["input.value": "plain"])?.input == "plain")
        #expect(run(["pydantic_ai.all_messages": "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\"}]}]"])?.input == nil)
        #expect(run(["pydantic_ai.all_messages": "[{\"role\":\"us"])?.input == nil)
    }

    @Test func theFinalResultIsTheOutput() {
        #expect(run(["final_result": "{\"risk\":\"low\"}", "output.value": "x"])?.output == "{\"risk\":\"low\"}")
        #expect(
            run(["gen_ai.output.messages": "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"done\"}]}]"])?.output
                == "done")
        #expect(run(["output.value": "x"])?.output == "x")
        #expect(run([:])?.output == nil)
        #expect(run(["model_name": "m", "gen_ai.request.model": "n"])?.model == "m")
    }
}
