import Hearth

/// A request as attributes of its span.
enum RequestAttributes {
    /// What is known before the answer; given at the span's start so that open calls show it too.
    static func make(_ request: ModelRequest, _ context: GenAIContext) -> Attributes {
        let settings = context.effectiveSettings
        let encoder = MessageEncoder(settings)
        var attributes: Attributes = ["gen_ai.operation.name": request.operation.rawValue]
        attributes["gen_ai.provider.name"] = .string(request.provider)
        if settings.isPydantic, request.operation != .embeddings { attributes["gen_ai.system"] = .string(request.provider) }
        if let model = request.model { attributes["gen_ai.request.model"] = .string(model) }
        if let address = request.serverAddress { attributes["server.address"] = .string(address) }
        if let port = request.serverPort { attributes["server.port"] = .int(Int64(port)) }
        append(request.parameters, to: &attributes)
        if request.isStreaming { attributes["gen_ai.request.stream"] = .bool(true) }
        if let type = request.outputType { attributes["gen_ai.output.type"] = .string(type) }
        if let id = request.previousResponseID { attributes["gen_ai.request.previous_response.id"] = .string(id) }
        if let name = request.promptName { attributes["gen_ai.prompt.name"] = .string(name) }
        if let version = request.promptVersion { attributes["gen_ai.prompt.version"] = .string(version) }
        if !request.systemInstructions.isEmpty {
            attributes["gen_ai.system_instructions"] = encoder.parts(request.systemInstructions)
        }
        if settings.isPydantic, request.operation == .embeddings {
            if settings.includeContent, !request.messages.isEmpty { attributes["inputs"] = .strings(request.messages.map(\.text)) }
        } else if !request.messages.isEmpty {
            attributes["gen_ai.input.messages"] = encoder.messages(request.messages)
        }
        if settings.includeToolDefinitions, !request.tools.isEmpty {
            attributes["gen_ai.tool.definitions"] = encoder.tools(request.tools)
        }
        if settings.isPydantic, request.operation != .embeddings {
            attributes["model_request_parameters"] = parameters(request, encoder)
        }
        context.append(to: &attributes)
        attributes.merge(request.attributes)
        return attributes
    }

    private static func append(_ parameters: ModelParameters, to attributes: inout Attributes) {
        if let value = parameters.temperature { attributes["gen_ai.request.temperature"] = .double(value) }
        if let value = parameters.topP { attributes["gen_ai.request.top_p"] = .double(value) }
        if let value = parameters.topK { attributes["gen_ai.request.top_k"] = .int(Int64(value)) }
        if let value = parameters.maxTokens { attributes["gen_ai.request.max_tokens"] = .int(Int64(value)) }
        if let value = parameters.frequencyPenalty { attributes["gen_ai.request.frequency_penalty"] = .double(value) }
        if let value = parameters.presencePenalty { attributes["gen_ai.request.presence_penalty"] = .double(value) }
        if !parameters.stopSequences.isEmpty { attributes["gen_ai.request.stop_sequences"] = .strings(parameters.stopSequences) }
        if let value = parameters.seed { attributes["gen_ai.request.seed"] = .int(Int64(value)) }
        if let value = parameters.choiceCount, value != 1 { attributes["gen_ai.request.choice.count"] = .int(Int64(value)) }
        if let value = parameters.reasoningLevel { attributes["gen_ai.request.reasoning.level"] = .string(value) }
    }

    /// What Pydantic AI tells of a request besides the conventions.
    private static func parameters(_ request: ModelRequest, _ encoder: MessageEncoder) -> AttributeValue {
        let mode = request.outputType == "json" ? "native" : "text"
        var members: Attributes = ["output_mode": mode, "allow_text_output": mode == "text"]
        members["function_tools"] = .array(
            request.tools.map { tool in
                var fields: Attributes = ["name": tool.name]
                if encoder.settings.includeContent {
                    if let description = tool.description { fields["description"] = .string(description) }
                    if let parameters = tool.parameters { fields["parameters_json_schema"] = parameters }
                }
                return fields.object
            }
        )
        if let schema = request.outputSchema, encoder.settings.includeContent {
            members["output_object"] = .object([Attribute("json_schema", schema)])
        }
        return members.object
    }
}

/// An answer as attributes of its call's span.
enum ResponseAttributes {
    static func make(_ response: ModelResponse, provider: String, _ settings: InstrumentationSettings) -> Attributes {
        let encoder = MessageEncoder(settings)
        var attributes: Attributes = [:]
        if let id = response.id { attributes["gen_ai.response.id"] = .string(id) }
        if let model = response.model { attributes["gen_ai.response.model"] = .string(model) }
        if !response.finishReasons.isEmpty { attributes["gen_ai.response.finish_reasons"] = .strings(response.finishReasons) }
        if !response.messages.isEmpty { attributes["gen_ai.output.messages"] = encoder.messages(response.messages) }
        if let isRefusal = response.isRefusal { attributes["refusal"] = .bool(isRefusal) }
        if let tier = response.serviceTier {
            attributes[provider == "anthropic" ? "anthropic.response.service_tier" : "openai.response.service_tier"] = .string(tier)
        }
        if let fingerprint = response.systemFingerprint { attributes["openai.response.system_fingerprint"] = .string(fingerprint) }
        if let count = response.embeddingDimensions { attributes["gen_ai.embeddings.dimension.count"] = .int(Int64(count)) }
        if let usage = response.usage { append(usage, under: "gen_ai.usage", settings, to: &attributes) }
        attributes.merge(response.attributes)
        return attributes
    }

    /// - Parameter prefix: `gen_ai.usage`, or `gen_ai.aggregated_usage` for a run of an agent.
    static func append(_ usage: ModelUsage, under prefix: String, _ settings: InstrumentationSettings, to attributes: inout Attributes) {
        func set(_ name: String, _ count: Int?) {
            if let count { attributes["\(prefix).\(name)"] = .int(Int64(count)) }
        }
        set("input_tokens", usage.inputTokens)
        set("output_tokens", usage.outputTokens)
        set("cache_read.input_tokens", usage.cacheReadTokens)
        set(settings.isPydantic ? "cache_creation.input_tokens" : "cache_write.input_tokens", usage.cacheWriteTokens)
        if settings.isPydantic {
            set("details.reasoning_tokens", usage.reasoningTokens)
            set("details.input_audio_tokens", usage.inputAudioTokens)
            set("details.output_audio_tokens", usage.outputAudioTokens)
        } else {
            set("reasoning.output_tokens", usage.reasoningTokens)
            set("audio.input_tokens", usage.inputAudioTokens)
            set("audio.output_tokens", usage.outputAudioTokens)
            set("audio.cache_read.input_tokens", usage.cacheReadAudioTokens)
        }
    }
}
