/// Tokens of one call, and how Pydantic AI reports them for each provider.
struct CallUsage: Sendable {
    /// All input, cached tokens included.
    var input: Int
    /// All output, reasoning included.
    var output: Int
    var cacheRead: Int
    var cacheWrite: Int
    var reasoning: Int

    static let none = CallUsage(input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0)

    init(input: Int, output: Int, cacheRead: Int, cacheWrite: Int, reasoning: Int) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
        self.reasoning = reasoning
    }

    init(session: AgentSession, reply: ModelReply, options: ChatOptions) {
        input = session.agent.overheadTokens + LanguageModel.tokens(JSON.array(session.messages).text)
        output = LanguageModel.tokens(reply.weight) + LanguageModel.tokens(options.thinking ?? "") + options.reasoningTokens
        cacheRead = Int(Double(input) * options.cachedShare)
        // Anthropic writes what it did not find: a first call with caching on has no hit.
        cacheWrite = session.agent.model.provider == "anthropic" && options.cachedShare > 0 && cacheRead < input / 2 ? input / 4 : 0
        reasoning = options.reasoningTokens
    }

    /// Nano-dollars; nil without a price.
    func cost(of model: LanguageModel) -> Int? {
        model.rates?.cost(input: input, output: output, cacheRead: cacheRead, cacheWrite: cacheWrite)
    }

    /// Adds `gen_ai.usage.*`, with the provider's own names under `details`, zero values included, as the SDK does.
    func report(on attributes: inout AttributeList, of model: LanguageModel) {
        attributes.set("gen_ai.usage.input_tokens", input)
        attributes.set("gen_ai.usage.output_tokens", output)
        if cacheWrite > 0 { attributes.set("gen_ai.usage.cache_creation.input_tokens", cacheWrite) }
        if cacheRead > 0 { attributes.set("gen_ai.usage.cache_read.input_tokens", cacheRead) }
        switch model.provider {
        case "anthropic":
            attributes.set("gen_ai.usage.details.cache_creation_input_tokens", cacheWrite)
            attributes.set("gen_ai.usage.details.cache_read_input_tokens", cacheRead)
        case "google":
            if cacheRead > 0 { attributes.set("gen_ai.usage.details.cached_content_tokens", cacheRead) }
            attributes.set("gen_ai.usage.details.thoughts_tokens", reasoning)
            attributes.set("gen_ai.usage.details.text_prompt_tokens", input)
        case "openai":
            attributes.set("gen_ai.usage.details.reasoning_tokens", reasoning)
            if !model.path.hasSuffix("responses") {
                attributes.set("gen_ai.usage.details.accepted_prediction_tokens", 0)
                attributes.set("gen_ai.usage.details.audio_tokens", 0)
                attributes.set("gen_ai.usage.details.rejected_prediction_tokens", 0)
            }
        default: break
        }
    }

    /// The figures the server can know from all records of the call.
    func fill(_ truth: inout CallTruth, of model: LanguageModel) {
        truth.inputTokens = input
        truth.outputTokens = output
        // The Anthropic SDK's own span, which is merged into the call, reports both also when they are zero.
        let always = model.provider == "anthropic"
        truth.cacheReadTokens = always || cacheRead > 0 ? cacheRead : nil
        truth.cacheWriteTokens = always || cacheWrite > 0 ? cacheWrite : nil
        truth.reasoningTokens = model.provider == "openai" || model.provider == "google" ? reasoning : nil
    }
}

extension AgentSession {
    mutating func add(_ usage: CallUsage, cost: Int?) {
        truth.inputTokens += usage.input
        truth.outputTokens += usage.output
        cacheReadTokens += usage.cacheRead
        cacheWriteTokens += usage.cacheWrite
        reasoningTokens += usage.reasoning
        if let cost { truth.cost = (truth.cost ?? 0) + cost } else { truth.isCostComplete = false }
    }
}
