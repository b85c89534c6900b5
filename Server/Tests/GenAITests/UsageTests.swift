import GenAI
import TelemetryModel
import Testing

@Suite struct UsageTests {
    private static let rawOpenAI: Literal = """
        {"completion_tokens":14,"prompt_tokens":40,"completion_tokens_details":{"reasoning_tokens":6},"prompt_tokens_details":{"cached_tokens":9}}
        """
    private static let rawResponses: Literal = """
        {"input_tokens":30,"input_tokens_details":{"cache_write_tokens":2,"cached_tokens":9},"output_tokens_details":{"reasoning_tokens":6}}
        """
    private static let rawAnthropic: Literal = """
        {"cache_creation":{"ephemeral_5m_input_tokens":2},"cache_creation_input_tokens":2,"cache_read_input_tokens":9,"input_tokens":12}
        """

    @Test(
        arguments: [
            ["gen_ai.usage.input_tokens": 7, "gen_ai.usage.prompt_tokens": 1], ["gen_ai.usage.prompt_tokens": 7],
            ["llm.token_count.prompt": 7], ["llm.usage.prompt_tokens": 7], ["ai.usage.inputTokens": 7], ["ai.usage.promptTokens": 7],
            ["ai.usage.tokens": 7], ["gen_ai.usage.input_tokens": "7"], ["gen_ai.usage.input_tokens": 7.0],
            ["gen_ai.usage.input_tokens": -1, "gen_ai.usage.prompt_tokens": 7], ["response_data": "{\"usage\":{\"prompt_tokens\":7}}"],
            ["response_data": "{\"usage\":{\"input_tokens\":4,\"cache_read_input_tokens\":2,\"cache_creation_input_tokens\":1}}"],
            ["response_data": "{\"usage\":{\"input_tokens\":7,\"input_tokens_details\":{\"cached_tokens\":3}}}"],
        ] as [KeyValuePairs<String, Literal>])
    func input(_ attributes: KeyValuePairs<String, Literal>) {
        #expect(call(attributes)?.inputTokens == 7)
    }

    @Test(
        arguments: [
            ["gen_ai.usage.output_tokens": 7, "gen_ai.usage.completion_tokens": 1], ["gen_ai.usage.completion_tokens": 7],
            ["llm.token_count.completion": 7], ["llm.usage.completion_tokens": 7], ["ai.usage.outputTokens": 7],
            ["ai.usage.completionTokens": 7], ["response_data": "{\"usage\":{\"completion_tokens\":7}}"],
            ["response_data": "{\"usage\":{\"output_tokens\":7}}"],
        ] as [KeyValuePairs<String, Literal>])
    func output(_ attributes: KeyValuePairs<String, Literal>) {
        #expect(call(attributes)?.outputTokens == 7)
    }

    @Test(
        arguments: [
            ["gen_ai.usage.cache_read.input_tokens": 9, "gen_ai.usage.raw": rawOpenAI], ["gen_ai.usage.cache_read_input_tokens": 9],
            ["gen_ai.usage.details.cache_read_tokens": 9], ["llm.token_count.prompt_details.cache_read": 9],
            ["ai.usage.cachedInputTokens": 9],
            ["gen_ai.usage.raw": rawOpenAI], ["gen_ai.usage.raw": rawResponses], ["gen_ai.usage.raw": rawAnthropic],
            ["response_data": "{\"usage\":{\"prompt_tokens_details\":{\"cached_tokens\":9}}}"],
            ["response_data": "{\"usage\":{\"cache_read_input_tokens\":9}}"],
        ] as [KeyValuePairs<String, Literal>])
    func cacheRead(_ attributes: KeyValuePairs<String, Literal>) {
        #expect(call(attributes)?.cacheReadTokens == 9)
    }

    @Test(
        arguments: [
            ["gen_ai.usage.cache_write.input_tokens": 2], ["gen_ai.usage.cache_creation.input_tokens": 2],
            ["gen_ai.usage.cache_creation_input_tokens": 2], ["gen_ai.usage.details.cache_write_tokens": 2],
            ["llm.token_count.prompt_details.cache_write": 2], ["gen_ai.usage.raw": rawResponses], ["gen_ai.usage.raw": rawAnthropic],
            ["response_data": "{\"usage\":{\"cache_creation_input_tokens\":2}}"],
        ] as [KeyValuePairs<String, Literal>])
    func cacheWrite(_ attributes: KeyValuePairs<String, Literal>) {
        #expect(call(attributes)?.cacheWriteTokens == 2)
    }

    @Test(
        arguments: [
            ["gen_ai.usage.reasoning.output_tokens": 6], ["gen_ai.usage.reasoning_tokens": 6], ["gen_ai.usage.details.reasoning_tokens": 6],
            ["gen_ai.usage.details.thoughts_tokens": 6], ["llm.token_count.completion_details.reasoning": 6],
            ["llm.usage.reasoning_tokens": 6], ["ai.usage.reasoningTokens": 6], ["gen_ai.usage.raw": rawOpenAI],
            ["gen_ai.usage.raw": rawResponses], ["response_data": "{\"usage\":{\"output_tokens_details\":{\"reasoning_tokens\":6}}}"],
        ] as [KeyValuePairs<String, Literal>])
    func reasoning(_ attributes: KeyValuePairs<String, Literal>) {
        #expect(call(attributes)?.reasoningTokens == 6)
    }

    @Test func unknownIsNotZero() {
        let step = call(["gen_ai.usage.raw": "{\"broken", "gen_ai.usage.input_tokens": "many", "response_data": "[]"])
        #expect(step?.inputTokens == nil && step?.outputTokens == nil && step?.cacheReadTokens == nil)
        #expect(step?.cacheWriteTokens == nil && step?.reasoningTokens == nil)
        #expect(call(["gen_ai.usage.cache_read.input_tokens": 0])?.cacheReadTokens == 0)
    }

    @Test func aRunReportsItsAggregate() {
        let run = extractOne([
            "gen_ai.operation.name": "invoke_agent", "gen_ai.aggregated_usage.input_tokens": 240, "gen_ai.usage.input_tokens": 1,
            "gen_ai.usage.output_tokens": 28, "gen_ai.aggregated_usage.cache_creation.input_tokens": 3,
        ])
        #expect(run?.kind == .agentRun)
        #expect(run?.inputTokens == 240)
        #expect(run?.outputTokens == 28)
        #expect(run?.cacheWriteTokens == 3)
    }
}
