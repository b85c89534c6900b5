import GenAI
import TelemetryModel
import Testing

/// Spans written by hand: the schema of an `llm.generate` span without any convention.
@Suite struct HandwrittenTests {
    @Test func theWholeSchema() {
        let step = extractOne(
            name: "llm.generate", seconds: 0..<2.4,
            [
                "provider": "acme", "model_name": "mini-answer-v1", "model_version": "2026-01", "region": "eu-west-1",
                "prompt_version": "faq-v9", "experiment_bucket": "b", "prompt_tokens": "1,880", "completion_tokens": 420,
                "retrieved_context_tokens": 900, "system_message_tokens": 120, "tool_result_tokens": 0, "stop_reason": "max_tokens",
                "refusal_flag": false, "json_parse_success": "true", "tool_call_count": 2, "first_token_ms": "780 ms",
                "total_ms": "2,400 ms", "input_cost_usd": "$0.0012", "output_cost_usd": "$0.0005", "total_cost_usd": "$0.0017",
                "retry_count": 1, "retry_cause": "rate_limit", "tenant_id": "t-1", "user_segment": "pro", "eval_bucket": "e",
                "task_type": "faq", "cache_hit": false, "temperature": 0.2,
            ]
        )
        #expect(step?.kind == .modelCall)
        #expect(step?.operation == "chat")
        #expect(step?.provider == "acme")
        #expect(step?.model == "mini-answer-v1")
        #expect(step?.inputTokens == 1880)
        #expect(step?.outputTokens == 420)
        #expect(step?.timeToFirstToken == 0.78)
        #expect(step?.duration == 2.4)
        #expect(step?.finishReasonsJSON == #"["max_tokens"]"#)
        #expect(step?.isTruncated == true)
        #expect(step?.refusal == false)
        #expect(step?.jsonParseSuccess == true)
        #expect(step?.toolCallCount == 2)
        #expect(step?.hasToolCalls == true)
        #expect(step?.promptVersion == "faq-v9")
        #expect(step?.cost == 0.0017)
        #expect(step?.inputCost == 0.0012)
        #expect(step?.outputCost == 0.0005)
        #expect(step?.costSource == .sent)
        #expect(
            step?.details == #"{"model_version":"2026-01","region":"eu-west-1","experiment_bucket":"b","retrieved_context_tokens":900,"#
                + #""system_message_tokens":120,"tool_result_tokens":0,"retry_count":1,"retry_cause":"rate_limit","tenant_id":"t-1","#
                + #""user_segment":"pro","eval_bucket":"e","task_type":"faq","cache_hit":false,"temperature":0.2}"#)
    }

    @Test(
        arguments: [
            ("llm.generate", ["model": "m"]), ("LLM call", ["prompt_tokens": 3]), ("answer", ["model": "m", "prompt_tokens": 3]),
            ("answer", ["model_name": "m", "input_tokens": 3, "output_tokens": "4"]), ("x", ["llm.model": "m", "llm.prompt_tokens": 1]),
        ] as [(String, KeyValuePairs<String, Literal>)])
    func isACall(_ name: String, _ attributes: KeyValuePairs<String, Literal>) {
        #expect(extractOne(name: name, attributes)?.kind == .modelCall)
    }

    @Test(
        arguments: [
            ("GET /cars", ["model": "roadster"]), ("train", ["model_name": "forest", "input_tokens": 3]), ("llm.generate", ["x": 1]),
            ("parse", ["input_tokens": 3, "output_tokens": 4]), ("load", ["model": "m", "prompt_tokens": "many"]),
            ("job", ["deployment": "blue", "region": "eu"]), ("llm.generate", ["model": "m", "openinference.span.kind": "CHAIN"]),
            ("llm.route", ["model": "m", "traceloop.span.kind": "task"]), ("prompt_tokens", ["prompt_tokens": 4]),
        ] as [(String, KeyValuePairs<String, Literal>)])
    func isNoCall(_ name: String, _ attributes: KeyValuePairs<String, Literal>) {
        #expect(extractOne(name: name, attributes) == nil)
    }

    @Test func logsAreNoCalls() {
        #expect(extractOne(name: "llm.generate", kind: .log, ["model": "m", "prompt_tokens": 3]) == nil)
    }

    @Test func conventionsComeFirst() {
        let step = extractOne([
            "prompt_tokens": 1, "gen_ai.usage.input_tokens": 2, "model": "x", "gen_ai.request.model": "y", "stop_reason": "a",
            "gen_ai.response.finish_reasons": .json(#"["b"]"#), "total_cost": 3.0, "operation.cost": 4.0,
        ])
        #expect(step?.inputTokens == 2)
        #expect(step?.model == "y")
        #expect(step?.finishReasonsJSON == #"["b"]"#)
        #expect(step?.cost == 4)
    }

    @Test(
        arguments: [
            ("$0.0012", 0.0012), ("2,180", 2180), ("2180 tokens", 2180), (" $ 1.5 USD", 1.5), ("1e-05", 1e-5), ("12,34", nil), ("", nil),
            ("four", nil), ("4 apples", nil), ("$", nil), ("1,234,567.5", 1_234_567.5), ("NaN", nil), ("-1", nil),
        ] as [(String, Double?)])
    func moneyAsWritten(_ text: String, _ expected: Double?) {
        #expect(call(["total_cost_usd": .string(text)])?.cost == expected)
    }

    @Test(
        arguments: [
            ("740", 0.74), ("2,180 ms", 2.18), ("1.2 s", 1.2), ("0.5s", 0.5), ("250us", 0.00025), ("soon", nil),
        ] as [(String, Double?)])
    func durationsAsWritten(_ text: String, _ expected: Double?) {
        #expect(
            call(["first_token_ms": .string(text)])?.timeToFirstToken.map { ($0 * 1e9).rounded() } == expected.map { ($0 * 1e9).rounded() })
    }

    @Test func aSpanWrittenAfterwardsLastsAsLongAsItSays() {
        #expect(extractOne(name: "llm.generate", seconds: 0..<0.001, ["model": "m", "total_ms": 2400])?.duration == 2.4)
        #expect(extractOne(name: "llm.generate", seconds: 0..<3, ["model": "m", "total_ms": 2400])?.duration == 3)
    }
}
