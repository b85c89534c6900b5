/// What only some steps have. Kept together in one JSON object, ``GenAIStep/details``, because every column of its own would cost the
/// writer time with every commit; each is a typed column of `llm_calls`.
public enum StepDetail: String, Sendable, CaseIterable {
    /// Whether a cache of the application answered instead of the model.
    case cacheHit = "cache_hit"
    case region
    /// Name of the provider's deployment of the model.
    case deployment
    case modelVersion = "model_version"
    case serviceTier = "service_tier"
    case experimentBucket = "experiment_bucket"
    case evalBucket = "eval_bucket"
    case taskType = "task_type"
    case tenantID = "tenant_id"
    case userSegment = "user_segment"
    /// Parts of the input, in tokens.
    case systemMessageTokens = "system_message_tokens"
    case retrievedContextTokens = "retrieved_context_tokens"
    case toolResultTokens = "tool_result_tokens"
    case temperature
    case topP = "top_p"
    /// Most output tokens asked for.
    case maxTokens = "max_tokens"
    case seed
    /// Attempts after the first, as sent; what the HTTP spans of the call show is decided apart (``CallSurroundings``).
    case retryCount = "retry_count"
    case retryCause = "retry_cause"
    /// Seconds, as sent.
    case promptBuildTime = "prompt_build_time"

    /// How the value is written.
    public enum Kind: Sendable {
        case text, integer, number, boolean
    }

    public var kind: Kind {
        switch self {
        case .cacheHit: .boolean
        case .region, .deployment, .modelVersion, .serviceTier, .experimentBucket, .evalBucket, .taskType, .tenantID, .userSegment,
            .retryCause:
            .text
        case .systemMessageTokens, .retrievedContextTokens, .toolResultTokens, .maxTokens, .seed, .retryCount: .integer
        case .temperature, .topP, .promptBuildTime: .number
        }
    }
}
