public import TelemetryModel

/// A column of `llm_calls` that a mapping rule may fill. The raw value is the column's name.
public enum CanonicalField: String, CaseIterable, Sendable {
    case operation
    case provider
    case model
    case responseModel = "response_model"
    case inputTokens = "input_tokens"
    case outputTokens = "output_tokens"
    case cacheReadTokens = "cache_read_tokens"
    case cacheWriteTokens = "cache_write_tokens"
    case reasoningTokens = "reasoning_tokens"
    case cost
    case inputCost = "input_cost"
    case outputCost = "output_cost"
    case timeToFirstToken = "time_to_first_token"
    case finishReasons = "finish_reasons"
    case toolCallCount = "tool_call_count"
    case refusal
    case jsonParseSuccess = "json_parse_success"
    case isStreaming = "is_streaming"
    case agentName = "agent_name"
    case conversationID = "conversation_id"
    case userID = "user_id"
    case promptName = "prompt_name"
    case promptVersion = "prompt_version"
    case cacheHit = "cache_hit"
    case region
    case deployment
    case modelVersion = "model_version"
    case serviceTier = "service_tier"
    case experimentBucket = "experiment_bucket"
    case evalBucket = "eval_bucket"
    case taskType = "task_type"
    case tenantID = "tenant_id"
    case userSegment = "user_segment"
    case systemMessageTokens = "system_message_tokens"
    case retrievedContextTokens = "retrieved_context_tokens"
    case toolResultTokens = "tool_result_tokens"
    case temperature
    case topP = "top_p"
    case maxTokens = "max_tokens"
    case seed
    case retryCount = "retry_count"
    case retryCause = "retry_cause"
    case promptBuildTime = "prompt_build_time"

    /// What a field holds.
    public enum Kind: String, Sendable {
        case text, integer, number, boolean, seconds
    }

    public var kind: Kind {
        switch self {
        case .inputTokens, .outputTokens, .cacheReadTokens, .cacheWriteTokens, .reasoningTokens, .toolCallCount, .systemMessageTokens,
            .retrievedContextTokens, .toolResultTokens, .maxTokens, .seed, .retryCount:
            .integer
        case .cost, .inputCost, .outputCost, .temperature, .topP: .number
        case .timeToFirstToken, .promptBuildTime: .seconds
        case .refusal, .jsonParseSuccess, .isStreaming, .cacheHit: .boolean
        default: .text
        }
    }

    /// The field's name as people read it.
    public var title: String {
        let words = rawValue.split(separator: "_").map { word in
            switch word {
            case "id": "ID"
            case "json": "JSON"
            default: String(word)
            }
        }.joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// The key under which the extractor looks for the field before everything else.
    var key: AttributeKey {
        switch self {
        case .operation: .mappedOperation
        case .provider: .mappedProvider
        case .model: .mappedModel
        case .responseModel: .mappedResponseModel
        case .inputTokens: .mappedInputTokens
        case .outputTokens: .mappedOutputTokens
        case .cacheReadTokens: .mappedCacheReadTokens
        case .cacheWriteTokens: .mappedCacheWriteTokens
        case .reasoningTokens: .mappedReasoningTokens
        case .cost: .mappedCost
        case .inputCost: .mappedInputCost
        case .outputCost: .mappedOutputCost
        case .timeToFirstToken: .mappedTimeToFirstToken
        case .finishReasons: .mappedFinishReasons
        case .toolCallCount: .mappedToolCallCount
        case .refusal: .mappedRefusal
        case .jsonParseSuccess: .mappedJSONParseSuccess
        case .isStreaming: .mappedIsStreaming
        case .agentName: .mappedAgentName
        case .conversationID: .mappedConversationID
        case .userID: .mappedUserID
        case .promptName: .mappedPromptName
        case .promptVersion: .mappedPromptVersion
        case .cacheHit: .mappedCacheHit
        case .region: .mappedRegion
        case .deployment: .mappedDeployment
        case .modelVersion: .mappedModelVersion
        case .serviceTier: .mappedServiceTier
        case .experimentBucket: .mappedExperimentBucket
        case .evalBucket: .mappedEvalBucket
        case .taskType: .mappedTaskType
        case .tenantID: .mappedTenantID
        case .userSegment: .mappedUserSegment
        case .systemMessageTokens: .mappedSystemMessageTokens
        case .retrievedContextTokens: .mappedRetrievedContextTokens
        case .toolResultTokens: .mappedToolResultTokens
        case .temperature: .mappedTemperature
        case .topP: .mappedTopP
        case .maxTokens: .mappedMaxTokens
        case .seed: .mappedSeed
        case .retryCount: .mappedRetryCount
        case .retryCause: .mappedRetryCause
        case .promptBuildTime: .mappedPromptBuildTime
        }
    }

    /// Names that mean the field wherever they occur, in lower case with `_` for every separator and without what says whose they are
    /// (`gen_ai.`, `llm.`, `usage.`, `request.`): what near-duplicate keys are found by.
    public var synonyms: [String] {
        switch self {
        case .model: ["model", "model_name", "model_id", "llm_model", "deployment", "deployment_name", "engine", "ai_model", "model_used"]
        case .provider: ["provider", "provider_name", "system", "vendor", "llm_provider", "model_provider"]
        case .inputTokens:
            [
                "input_tokens", "prompt_tokens", "tokens_in", "token_count_prompt", "tokens_prompt", "input_token_count",
                "prompt_token_count",
                "inputtokens", "prompttokens",
            ]
        case .outputTokens:
            [
                "output_tokens", "completion_tokens", "tokens_out", "token_count_completion", "tokens_completion", "output_token_count",
                "completion_token_count", "outputtokens", "completiontokens",
            ]
        case .cost: ["cost", "total_cost", "cost_usd", "total_cost_usd", "operation_cost", "price", "cost_total"]
        case .promptVersion: ["prompt_version", "template_ver", "template_version", "prompt_template_version"]
        case .timeToFirstToken:
            [
                "time_to_first_token", "first_token_ms", "ttft", "ttft_ms", "time_to_first_token_ms", "time_to_first_chunk",
                "first_token_latency",
            ]
        case .finishReasons: ["finish_reasons", "finish_reason", "stop_reason", "response_finish_reasons", "response_finish_reason"]
        case .conversationID: ["conversation_id", "session_id", "thread_id", "chat_id"]
        case .userID: ["user_id", "enduser_id", "customer_id"]
        case .tenantID: ["tenant_id", "tenant", "workspace_id", "account_id"]
        case .toolCallCount: ["tool_call_count", "tool_request_count", "tool_calls_count", "n_tool_calls"]
        case .retryCount: ["retry_count", "retries", "num_retries", "attempts"]
        case .refusal: ["refusal", "refusal_flag", "refused"]
        case .cacheHit: ["cache_hit", "cached", "from_cache"]
        default: [rawValue]
        }
    }
}
