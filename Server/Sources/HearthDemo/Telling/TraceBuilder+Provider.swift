/// What is seen of a model call on its way to the provider and back.
extension TraceBuilder {
    struct ExchangeTiming: Sendable {
        /// Seconds from the call's start.
        var firstToken: Double
    }

    /// The HTTP requests of one agent turn below its chat span, for Anthropic inside the SDK's own span.
    mutating func exchange(
        _ session: AgentSession, _ chat: Int, _ options: ChatOptions, usage: CallUsage, responseID: String
    ) -> ExchangeTiming {
        let model = session.agent.model
        let started = self[chat].start
        let sdk =
            model.provider == "anthropic"
            ? openAnthropicSDK(model, maxTokens: session.agent.maxTokens ?? 4_096, streamed: options.streamed) : nil
        for _ in 0..<options.rateLimited {
            post(model, seconds: 0.05...0.15, status: 429)
            wait(0.5...1.4)
        }
        var firstToken = random.latency(model.firstToken)
        let generation = Double(usage.output) / random.double(model.tokensPerSecond)
        if let failure = options.failure {
            post(model, seconds: 0.4...2.5, status: failure.status)
        } else if options.streamed {
            // HTTPX's span ends with the response's head; the body streams on.
            post(model, seconds: firstToken...(firstToken + 0.001), status: 200)
            firstToken = Double(now - started) / 1e9
            wait(seconds: generation)
        } else {
            post(model, seconds: (firstToken + generation)...(firstToken + generation + 0.05), status: 200)
        }
        if let sdk {
            closeAnthropicSDK(
                sdk, model, usage: usage, responseID: responseID, reply: options, firstToken: options.streamed ? firstToken : nil)
        }
        wait(0.001...0.003)
        return ExchangeTiming(firstToken: firstToken)
    }

    mutating func post(_ model: LanguageModel, seconds: ClosedRange<Double>, status: Int) {
        fetch("POST", host: model.host, path: model.path, seconds: seconds, status: status)
    }

    // MARK: The Anthropic SDK's own spans

    private mutating func openAnthropicSDK(_ model: LanguageModel, maxTokens: Int, streamed: Bool) -> Int {
        var attributes = AttributeList()
        attributes.set("server.address", model.host)
        attributes.set("gen_ai.provider.name", "anthropic")
        attributes.set("gen_ai.operation.name", "chat")
        attributes.set("gen_ai.request.model", model.name)
        attributes.set("gen_ai.request.max_tokens", maxTokens)
        if streamed { attributes.set("gen_ai.request.stream", true) }
        attributes.set("http.request.method", "POST")
        attributes.set("http.route", "/v1/messages")
        attributes.set(contentsOf: baggage)
        return open("anthropic.messages.create", .anthropicSDK, kind: .client, attributes: attributes)
    }

    private mutating func closeAnthropicSDK(
        _ index: Int, _ model: LanguageModel, usage: CallUsage, responseID: String, reply: ChatOptions, firstToken: Double?
    ) {
        self[index].closing.set("url.scheme", "https")
        self[index].closing.set("url.path", "/v1/messages")
        self[index].closing.set("url.full", "https://\(model.host)/v1/messages")
        self[index].closing.set("http.response.status_code", reply.failure?.status ?? 200)
        if let failure = reply.failure {
            self[index].closing.set("error.type", String(failure.status))
            self[index].status = .error
            self[index].statusMessage = "Error code: \(failure.status) - \(failure.body)"
        } else {
            self[index].status = .ok
            if let firstToken { self[index].closing.set("gen_ai.response.time_to_first_chunk", firstToken - 0.002) }
            self[index].closing.set("gen_ai.response.id", responseID)
            self[index].closing.set("gen_ai.response.model", model.responseName)
            self[index].closing.set("gen_ai.usage.cache_write.input_tokens", usage.cacheWrite)
            self[index].closing.set("gen_ai.usage.cache_read.input_tokens", usage.cacheRead)
            self[index].closing.set("anthropic.usage.cache_creation.ephemeral_5m_input_tokens", usage.cacheWrite)
            self[index].closing.set("anthropic.response.service_tier", "standard")
            self[index].closing.set("gen_ai.usage.output_tokens", usage.output)
            self[index].closing.set("anthropic.message.stop_reason", reply.truncated ? "max_tokens" : "end_turn")
            self[index].closing.set("gen_ai.usage.input_tokens", usage.input)
        }
        close(index)
    }
}
