/// Attribute keys that Hearth reads. The decoder recognises each key once; everything after works with these small values.
///
/// The raw value is the attribute's name on the wire. Add a key here and it is recognised everywhere.
public enum AttributeKey: String, CaseIterable, Sendable {
    case unknown = ""

    // Logfire (`logfire-contract.md` §3.1)
    case logfireMessage = "logfire.msg"
    case logfireMessageTemplate = "logfire.msg_template"
    case logfireSpanType = "logfire.span_type"
    case logfirePendingParentID = "logfire.pending_parent_id"
    case logfireLevelNumber = "logfire.level_num"
    case logfireLevelName = "logfire.level_name"
    case logfireJSONSchema = "logfire.json_schema"
    case logfireTags = "logfire.tags"
    case logfireMetrics = "logfire.metrics"

    // HTTP and URL, both generations
    case httpResponseStatusCode = "http.response.status_code"
    case httpStatusCode = "http.status_code"
    case httpRequestMethod = "http.request.method"
    case httpMethod = "http.method"
    case httpRoute = "http.route"
    case urlFull = "url.full"
    case httpURL = "http.url"
    case urlPath = "url.path"
    case urlQuery = "url.query"
    case httpTarget = "http.target"
    case httpHost = "http.host"
    case serverAddress = "server.address"
    case netPeerName = "net.peer.name"
    case asgiEventType = "asgi.event.type"

    // Databases, both generations
    case databaseQueryText = "db.query.text"
    case databaseQuerySummary = "db.query.summary"
    case databaseStatement = "db.statement"

    // Exceptions and errors
    case exceptionType = "exception.type"
    case exceptionMessage = "exception.message"
    case exceptionStacktrace = "exception.stacktrace"
    case errorType = "error.type"

    /// The name of an event that came as a log record, before OTLP had a field for it.
    case eventName = "event.name"

    // GenAI (`genai-conventions.md` §1.3, §2, §3)
    case genAIOperationName = "gen_ai.operation.name"
    case genAISystem = "gen_ai.system"
    case genAIProviderName = "gen_ai.provider.name"
    case genAIRequestModel = "gen_ai.request.model"
    case genAIResponseModel = "gen_ai.response.model"
    case genAIResponseID = "gen_ai.response.id"
    case genAIUsageInputTokens = "gen_ai.usage.input_tokens"
    case genAIUsageOutputTokens = "gen_ai.usage.output_tokens"
    case genAIUsagePromptTokens = "gen_ai.usage.prompt_tokens"
    case genAIUsageCompletionTokens = "gen_ai.usage.completion_tokens"
    case genAIUsageCacheReadInputTokens = "gen_ai.usage.cache_read.input_tokens"
    case genAIUsageCacheReadInputTokensFlat = "gen_ai.usage.cache_read_input_tokens"
    case genAIUsageCacheWriteInputTokens = "gen_ai.usage.cache_write.input_tokens"
    case genAIUsageCacheCreationInputTokens = "gen_ai.usage.cache_creation.input_tokens"
    case genAIUsageCacheCreationInputTokensFlat = "gen_ai.usage.cache_creation_input_tokens"
    case genAIUsageReasoningOutputTokens = "gen_ai.usage.reasoning.output_tokens"
    case genAIUsageReasoningTokens = "gen_ai.usage.reasoning_tokens"
    case genAIUsageDetailsCacheReadTokens = "gen_ai.usage.details.cache_read_tokens"
    case genAIUsageDetailsCacheWriteTokens = "gen_ai.usage.details.cache_write_tokens"
    case genAIUsageDetailsReasoningTokens = "gen_ai.usage.details.reasoning_tokens"
    case genAIUsageDetailsThoughtsTokens = "gen_ai.usage.details.thoughts_tokens"
    case genAIUsageRaw = "gen_ai.usage.raw"
    case genAIAggregatedUsageInputTokens = "gen_ai.aggregated_usage.input_tokens"
    case genAIAggregatedUsageOutputTokens = "gen_ai.aggregated_usage.output_tokens"
    case genAIResponseFinishReasons = "gen_ai.response.finish_reasons"
    case genAIResponseFinishReason = "gen_ai.response.finish_reason"
    case genAIResponseStopReason = "gen_ai.response.stop_reason"
    case genAIResponseTimeToFirstChunk = "gen_ai.response.time_to_first_chunk"
    case genAIClientTimeToFirstChunk = "gen_ai.client.operation.time_to_first_chunk"
    case genAIServerTimeToFirstToken = "gen_ai.server.time_to_first_token"
    case genAIRequestStream = "gen_ai.request.stream"
    case genAIConversationID = "gen_ai.conversation.id"
    case genAIAgentName = "gen_ai.agent.name"
    case genAIAgentCallID = "gen_ai.agent.call.id"
    case genAIToolName = "gen_ai.tool.name"
    case genAIToolCallID = "gen_ai.tool.call.id"
    case genAIToolCallArguments = "gen_ai.tool.call.arguments"
    case genAIToolCallResult = "gen_ai.tool.call.result"
    case genAIPromptName = "gen_ai.prompt.name"
    case genAIPromptVersion = "gen_ai.prompt.version"
    case genAIInputMessages = "gen_ai.input.messages"
    case genAIOutputMessages = "gen_ai.output.messages"
    case genAISystemInstructions = "gen_ai.system_instructions"
    case genAIToolDefinitions = "gen_ai.tool.definitions"
    case genAIPrompt = "gen_ai.prompt"
    case genAICompletion = "gen_ai.completion"
    case operationCost = "operation.cost"
    case userID = "user.id"
    case enduserID = "enduser.id"
    case sessionID = "session.id"

    // Pydantic AI
    case agentName = "agent_name"
    case modelName = "model_name"
    case finalResult = "final_result"
    case pydanticAIAllMessages = "pydantic_ai.all_messages"
    case pydanticAINewMessageIndex = "pydantic_ai.new_message_index"
    case allMessagesEvents = "all_messages_events"
    case events = "events"
    case toolArguments = "tool_arguments"
    case toolResponse = "tool_response"
    case modelRequestParameters = "model_request_parameters"

    // Logfire OpenAI and Anthropic, and other dialects
    case requestData = "request_data"
    case responseData = "response_data"
    case duration = "duration"
    case genAIUser = "gen_ai.user"
    case genAIUsageCost = "gen_ai.usage.cost"
    case genAIAggregatedUsageCacheReadInputTokens = "gen_ai.aggregated_usage.cache_read.input_tokens"
    case genAIAggregatedUsageCacheWriteInputTokens = "gen_ai.aggregated_usage.cache_write.input_tokens"
    case genAIAggregatedUsageCacheCreationInputTokens = "gen_ai.aggregated_usage.cache_creation.input_tokens"
    case genAIAggregatedUsageReasoningTokens = "gen_ai.aggregated_usage.details.reasoning_tokens"
    case genAIAggregatedUsageThoughtsTokens = "gen_ai.aggregated_usage.details.thoughts_tokens"
    case anthropicMessageStopReason = "anthropic.message.stop_reason"
    case name = "name"
    case groupID = "group_id"

    // OpenInference, and the older `llm.*` names
    case openInferenceSpanKind = "openinference.span.kind"
    case llmProvider = "llm.provider"
    case llmSystem = "llm.system"
    case llmModelName = "llm.model_name"
    case llmRequestModelName = "llm.request.model_name"
    case llmResponseModelName = "llm.response.model_name"
    case embeddingModelName = "embedding.model_name"
    case rerankerModelName = "reranker.model_name"
    case llmInvocationParameters = "llm.invocation_parameters"
    case embeddingInvocationParameters = "embedding.invocation_parameters"
    case llmRequestType = "llm.request.type"
    case llmTokenCountPrompt = "llm.token_count.prompt"
    case llmTokenCountCompletion = "llm.token_count.completion"
    case llmTokenCountCacheRead = "llm.token_count.prompt_details.cache_read"
    case llmTokenCountCacheWrite = "llm.token_count.prompt_details.cache_write"
    case llmTokenCountReasoning = "llm.token_count.completion_details.reasoning"
    case llmUsagePromptTokens = "llm.usage.prompt_tokens"
    case llmUsageCompletionTokens = "llm.usage.completion_tokens"
    case llmUsageReasoningTokens = "llm.usage.reasoning_tokens"
    case llmFinishReason = "llm.finish_reason"
    case llmCostTotal = "llm.cost.total"
    case toolName = "tool.name"
    case toolCallID = "tool_call.id"
    case agentDotName = "agent.name"
    case graphNodeName = "graph.node.name"
    case inputValue = "input.value"
    case outputValue = "output.value"

    // Vercel AI SDK
    case aiModelProvider = "ai.model.provider"
    case aiModelID = "ai.model.id"
    case aiOperationID = "ai.operationId"
    case aiResponseModel = "ai.response.model"
    case aiResponseID = "ai.response.id"
    case aiUsageInputTokens = "ai.usage.inputTokens"
    case aiUsagePromptTokens = "ai.usage.promptTokens"
    case aiUsageTokens = "ai.usage.tokens"
    case aiUsageOutputTokens = "ai.usage.outputTokens"
    case aiUsageCompletionTokens = "ai.usage.completionTokens"
    case aiUsageCachedInputTokens = "ai.usage.cachedInputTokens"
    case aiUsageReasoningTokens = "ai.usage.reasoningTokens"
    case aiResponseMsToFirstChunk = "ai.response.msToFirstChunk"
    case aiResponseFinishReason = "ai.response.finishReason"
    case aiResponseToolCalls = "ai.response.toolCalls"
    case aiResponseText = "ai.response.text"
    case aiToolCallName = "ai.toolCall.name"
    case aiToolCallID = "ai.toolCall.id"
    case aiTelemetrySessionID = "ai.telemetry.metadata.sessionId"
    case aiTelemetryUserID = "ai.telemetry.metadata.userId"
    case aiTelemetryFunctionID = "ai.telemetry.functionId"

    // Traceloop
    case traceloopSpanKind = "traceloop.span.kind"
    case traceloopEntityName = "traceloop.entity.name"
    case traceloopEntityInput = "traceloop.entity.input"
    case traceloopEntityOutput = "traceloop.entity.output"
    case traceloopSessionID = "traceloop.association.properties.session_id"

    // LangSmith
    case langsmithSpanKind = "langsmith.span.kind"
    case langsmithProvider = "langsmith.metadata.ls_provider"
    case langsmithAgentName = "langsmith.metadata.lc_agent_name"
    case langsmithSessionID = "langsmith.trace.session_id"

    /// Large conversation texts that are stored apart from the other attributes (design §4).
    public var isMessageBody: Bool {
        switch self {
        case .genAIInputMessages, .genAIOutputMessages, .genAISystemInstructions, .genAIToolDefinitions, .genAIPrompt, .genAICompletion,
            .pydanticAIAllMessages, .allMessagesEvents, .events, .requestData, .responseData, .modelRequestParameters, .finalResult,
            .genAIToolCallArguments, .genAIToolCallResult, .toolArguments, .toolResponse:
            true
        default: false
        }
    }

    /// Names of ``isMessageBody`` keys, for the SQL rewriter.
    public static let messageBodyNames: [String] = allCases.filter(\.isMessageBody).map(\.rawValue)
}
