import TelemetryModel

/// Tokens (`genai-conventions.md` §2): input includes cache reads and writes, output includes reasoning.
enum UsageAspect {
    static let input: [Source] = [
        .lenient(.mappedInputTokens), .attribute(.genAIUsageInputTokens), .attribute(.genAIUsagePromptTokens),
        .attribute(.llmTokenCountPrompt),
        .attribute(.llmUsagePromptTokens), .attribute(.aiUsageInputTokens), .attribute(.aiUsagePromptTokens), .attribute(.aiUsageTokens),
        .json(.responseData, ["usage", "prompt_tokens"]),
        // Anthropic counts what came from or went to its cache apart from the rest.
        .jsonSum(
            .responseData, ["usage", "input_tokens"],
            adding: [["usage", "cache_read_input_tokens"], ["usage", "cache_creation_input_tokens"]]
        ),
        .json(.genAICompletion, ["llm_output", "token_usage", "prompt_tokens"]), .lenient(.handPromptTokens), .lenient(.handInputTokens),
        .lenient(.llmHandPromptTokens), .lenient(.llmHandInputTokens),
    ]

    static let output: [Source] = [
        .lenient(.mappedOutputTokens), .attribute(.genAIUsageOutputTokens), .attribute(.genAIUsageCompletionTokens),
        .attribute(.llmTokenCountCompletion),
        .attribute(.llmUsageCompletionTokens), .attribute(.aiUsageOutputTokens), .attribute(.aiUsageCompletionTokens),
        .json(.responseData, ["usage", "completion_tokens"]), .json(.responseData, ["usage", "output_tokens"]),
        .json(.genAICompletion, ["llm_output", "token_usage", "completion_tokens"]), .lenient(.handCompletionTokens),
        .lenient(.handOutputTokens), .lenient(.llmHandCompletionTokens), .lenient(.llmHandOutputTokens),
    ]

    static let cacheRead: [Source] = [
        .lenient(.mappedCacheReadTokens), .attribute(.genAIUsageCacheReadInputTokens), .attribute(.genAIUsageCacheReadInputTokensFlat),
        .attribute(.genAIUsageDetailsCacheReadTokens), .attribute(.llmTokenCountCacheRead), .attribute(.aiUsageCachedInputTokens),
        .attribute(.aiUsageCacheReadTokens), .attribute(.genAIUsageDetailsCacheReadInputTokens),
        .attribute(.genAIUsageDetailsCachedContentTokens), .attribute(.genAIUsageDetailsCachedTokens),
        .json(.genAIUsageRaw, ["prompt_tokens_details", "cached_tokens"]),
        .json(.genAIUsageRaw, ["input_tokens_details", "cached_tokens"]),
        .json(.genAIUsageRaw, ["cache_read_input_tokens"]), .json(.responseData, ["usage", "prompt_tokens_details", "cached_tokens"]),
        .json(.responseData, ["usage", "input_tokens_details", "cached_tokens"]),
        .json(.responseData, ["usage", "cache_read_input_tokens"]), .json(.usage, ["input_tokens_details", "cached_tokens"]),
        .json(.usage, ["prompt_tokens_details", "cached_tokens"]), .json(.langsmithUsageMetadata, ["input_token_details", "cache_read"]),
        .lenient(.handCacheReadTokens), .lenient(.handCachedTokens),
    ]

    static let cacheWrite: [Source] = [
        .lenient(.mappedCacheWriteTokens), .attribute(.genAIUsageCacheWriteInputTokens), .attribute(.genAIUsageCacheCreationInputTokens),
        .attribute(.genAIUsageCacheCreationInputTokensFlat), .attribute(.genAIUsageDetailsCacheWriteTokens),
        .attribute(.llmTokenCountCacheWrite), .attribute(.aiUsageCacheWriteTokens),
        .attribute(.genAIUsageDetailsCacheCreationInputTokens), .json(.genAIUsageRaw, ["cache_creation_input_tokens"]),
        .json(.genAIUsageRaw, ["input_tokens_details", "cache_write_tokens"]),
        .json(.responseData, ["usage", "cache_creation_input_tokens"]),
        .json(.responseData, ["usage", "input_tokens_details", "cache_write_tokens"]),
        .json(.usage, ["input_tokens_details", "cache_write_tokens"]),
        .json(.langsmithUsageMetadata, ["input_token_details", "cache_creation"]), .lenient(.handCacheWriteTokens),
    ]

    static let reasoning: [Source] = [
        .lenient(.mappedReasoningTokens), .attribute(.genAIUsageReasoningOutputTokens), .attribute(.genAIUsageReasoningTokens),
        .attribute(.genAIUsageDetailsReasoningTokens),
        .attribute(.genAIUsageDetailsThoughtsTokens), .attribute(.llmTokenCountReasoning), .attribute(.llmUsageReasoningTokens),
        .attribute(.aiUsageReasoningTokens), .attribute(.aiUsageReasoningDetailTokens),
        .json(.genAIUsageRaw, ["completion_tokens_details", "reasoning_tokens"]),
        .json(.genAIUsageRaw, ["output_tokens_details", "reasoning_tokens"]),
        .json(.responseData, ["usage", "completion_tokens_details", "reasoning_tokens"]),
        .json(.responseData, ["usage", "output_tokens_details", "reasoning_tokens"]),
        .json(.usage, ["output_tokens_details", "reasoning_tokens"]), .json(.usage, ["completion_tokens_details", "reasoning_tokens"]),
        .json(.langsmithUsageMetadata, ["output_token_details", "reasoning"]), .lenient(.handReasoningTokens),
    ]

    /// What an agent run says its own calls used. Not the source of any sum: the calls themselves are.
    enum Run {
        static let input: [Source] = [.attribute(.genAIAggregatedUsageInputTokens), .attribute(.genAIUsageInputTokens)]
        static let output: [Source] = [.attribute(.genAIAggregatedUsageOutputTokens), .attribute(.genAIUsageOutputTokens)]
        static let cacheRead: [Source] = [
            .attribute(.genAIAggregatedUsageCacheReadInputTokens), .attribute(.genAIUsageCacheReadInputTokens),
        ]
        static let cacheWrite: [Source] = [
            .attribute(.genAIAggregatedUsageCacheWriteInputTokens), .attribute(.genAIAggregatedUsageCacheCreationInputTokens),
            .attribute(.genAIUsageCacheWriteInputTokens), .attribute(.genAIUsageCacheCreationInputTokens),
        ]
        static let reasoning: [Source] = [
            .attribute(.genAIAggregatedUsageReasoningTokens), .attribute(.genAIAggregatedUsageThoughtsTokens),
            .attribute(.genAIUsageDetailsReasoningTokens), .attribute(.genAIUsageDetailsThoughtsTokens),
        ]
    }

    static func fill(_ step: inout GenAIStep, _ row: StepRow, _ batch: RecordBatch) {
        let isRun = step.kind == .agentRun
        step.inputTokens = row.count(isRun ? Run.input : input, batch)
        step.outputTokens = row.count(isRun ? Run.output : output, batch)
        step.cacheReadTokens = row.count(isRun ? Run.cacheRead : cacheRead, batch)
        step.cacheWriteTokens = row.count(isRun ? Run.cacheWrite : cacheWrite, batch)
        step.reasoningTokens = row.count(isRun ? Run.reasoning : reasoning, batch)
    }
}
