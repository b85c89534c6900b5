/// Calls made with the providers' own clients and `logfire.instrument_openai` / `instrument_anthropic` (version 2).
extension TraceBuilder {
    /// One request through the OpenAI or Anthropic client.
    struct ClientCall: Sendable {
        var model: LanguageModel
        /// `[{role, parts}]`.
        var messages: [JSON]
        var system: String?
        var answer: String
        var maxTokens: Int?
        var cacheRead = 0
        var cacheWrite = 0
        var truncated = false
        /// Extra attributes the program set on the call, such as a prompt's name.
        var extra: [Attribute] = []

        var input: Int {
            LanguageModel.tokens(JSON.array(messages).text) + LanguageModel.tokens(system ?? "") + cacheRead + cacheWrite
        }
        var output: Int { LanguageModel.tokens(answer) }
        var isOpenAI: Bool { model.provider == "openai" }
    }

    /// A call whose answer comes in one piece.
    mutating func complete(_ call: ClientCall) {
        let index = openClient(call)
        let seconds = duration(call)
        post(call.model, seconds: seconds...(seconds + 0.05), status: 200)
        self[index].closing.set("gen_ai.response.model", call.model.responseName)
        self[index].closing.argument(
            "gen_ai.response.id", .string(identifiers.providerID(call.isOpenAI ? "chatcmpl-" : "msg_01")))
        report(call, on: index)
        self[index].closing.argument("gen_ai.response.finish_reasons", .string("[\"\(finish(call))\"]"))
        self[index].tags = ["LLM"]
        self[index].call = truth(call)
        self[index].features += features(call)
        close(index)
    }

    /// A streamed call: a span that ends with the first byte, then a log with everything else.
    mutating func stream(_ call: ClientCall) {
        let started = now
        let index = openClient(call)
        let firstByte = random.latency(call.model.firstToken)
        post(call.model, seconds: firstByte...(firstByte + 0.002), status: 200)
        self[index].closing.set("gen_ai.response.model", call.model.name)
        self[index].tags = ["LLM"]
        close(index)
        wait(seconds: Double(call.output) / random.double(call.model.tokensPerSecond))

        let seconds = Double(now - started) / 1e9
        let template = "streaming response from {request_data[model]!r} took {duration:.2f}s"
        let log = open(template, call.isOpenAI ? .openAI : .anthropic)
        self[log].style = .log
        self[log].level = .info
        self[log].message = "streaming response from '\(call.model.name)' took \(Self.twoDecimals(seconds))s"
        self[log].opening.argument("duration", .double(seconds))
        describe(call, on: log)
        report(call, on: log)
        self[log].closing.set("gen_ai.response.model", call.model.name)
        self[log].tags = ["LLM"]
        self[log].call = truth(call)
        self[log].features += features(call) + [.streamedPair]
        close(log)
    }

    /// An embedding of `text`.
    mutating func embed(_ text: String, with model: LanguageModel = .embedding3Small) {
        let template = "Embedding Creation with {request_data[model]!r}"
        let index = open(template, .openAI, kind: .client, message: "Embedding Creation with '\(model.name)'")
        self[index].opening.json("request_data", .object([("model", .string(model.name))]))
        self[index].opening.argument("gen_ai.system", .string(model.provider))
        self[index].opening.argument("gen_ai.provider.name", .string(model.provider))
        self[index].opening.argument("gen_ai.request.model", .string(model.name))
        self[index].opening.argument("gen_ai.operation.name", "embeddings")
        self[index].opening.argument("async", true)
        post(model, seconds: model.firstToken, status: 200)
        let tokens = LanguageModel.tokens(text)
        self[index].closing.argument("gen_ai.response.model", .string(model.name))
        self[index].closing.argument("gen_ai.usage.input_tokens", .int(tokens))
        self[index].closing.json("gen_ai.usage.raw", .object([("prompt_tokens", .int(tokens)), ("total_tokens", .int(tokens))]))
        var truth = CallTruth(model)
        truth.inputTokens = tokens
        truth.cost = model.rates?.cost(input: tokens, output: 0, cacheRead: 0, cacheWrite: 0)
        if let cost = truth.cost { self[index].closing.argument("operation.cost", .double(Double(cost) / 1e9)) }
        self[index].tags = ["LLM"]
        self[index].call = truth
        close(index)
    }

    // MARK: Parts

    private mutating func openClient(_ call: ClientCall) -> Int {
        let word = call.isOpenAI ? "Chat Completion" : "Message"
        let index = open(
            "\(word) with {request_data[model]!r}", call.isOpenAI ? .openAI : .anthropic, kind: .client,
            message: "\(word) with '\(call.model.name)'")
        describe(call, on: index)
        self[index].tags = ["LLM"]
        return index
    }

    private mutating func describe(_ call: ClientCall, on index: Int) {
        self[index].opening.json("request_data", .object([("model", .string(call.model.name))]))
        self[index].opening.argument("gen_ai.system", .string(call.model.provider))
        self[index].opening.argument("gen_ai.provider.name", .string(call.model.provider))
        self[index].opening.argument("gen_ai.request.model", .string(call.model.name))
        self[index].opening.argument("gen_ai.operation.name", "chat")
        if let maxTokens = call.maxTokens { self[index].opening.argument("gen_ai.request.max_tokens", .int(maxTokens)) }
        self[index].opening.json("gen_ai.input.messages", .array(call.messages))
        if let system = call.system { self[index].opening.json("gen_ai.system_instructions", [Message.textPart(system)]) }
        self[index].opening.argument("async", true)
        self[index].opening.set(contentsOf: call.extra)
    }

    private mutating func report(_ call: ClientCall, on index: Int) {
        self[index].closing.json(
            "gen_ai.output.messages",
            [.object([("role", "assistant"), ("parts", [Message.textPart(call.answer)]), ("finish_reason", .string(finish(call)))])])
        self[index].closing.argument("gen_ai.usage.input_tokens", .int(call.input))
        self[index].closing.argument("gen_ai.usage.output_tokens", .int(call.output))
        self[index].closing.json("gen_ai.usage.raw", rawUsage(call))
        if let cost = cost(call) { self[index].closing.argument("operation.cost", .double(Double(cost) / 1e9)) }
    }

    /// The provider's usage object, the only place of the cached tokens.
    private func rawUsage(_ call: ClientCall) -> JSON {
        if call.isOpenAI {
            return .object([
                ("completion_tokens", .int(call.output)), ("prompt_tokens", .int(call.input)),
                ("total_tokens", .int(call.input + call.output)),
                ("completion_tokens_details", .object([("audio_tokens", 0), ("reasoning_tokens", 0)])),
                ("prompt_tokens_details", .object([("audio_tokens", 0), ("cached_tokens", .int(call.cacheRead))])),
            ])
        }
        return .object([
            ("cache_creation_input_tokens", .int(call.cacheWrite)), ("cache_read_input_tokens", .int(call.cacheRead)),
            ("input_tokens", .int(call.input - call.cacheRead - call.cacheWrite)), ("output_tokens", .int(call.output)),
            ("service_tier", "standard"),
        ])
    }

    private func cost(_ call: ClientCall) -> Int? {
        call.model.rates?.cost(input: call.input, output: call.output, cacheRead: call.cacheRead, cacheWrite: call.cacheWrite)
    }

    private func finish(_ call: ClientCall) -> String {
        call.isOpenAI ? (call.truncated ? "length" : "stop") : (call.truncated ? "max_tokens" : "end_turn")
    }

    private func truth(_ call: ClientCall) -> CallTruth {
        var truth = CallTruth(call.model)
        truth.inputTokens = call.input
        truth.outputTokens = call.output
        truth.cacheReadTokens = call.cacheRead
        truth.cacheWriteTokens = call.isOpenAI ? nil : call.cacheWrite
        truth.reasoningTokens = call.isOpenAI ? 0 : nil
        truth.cost = cost(call)
        truth.isTruncated = call.truncated
        return truth
    }

    private func features(_ call: ClientCall) -> [DemoFeature] {
        (call.truncated ? [.truncation] : []) + (call.cacheRead > 0 ? [.cacheHit] : [])
    }

    private mutating func duration(_ call: ClientCall) -> Double {
        random.latency(call.model.firstToken) + Double(call.output) / random.double(call.model.tokensPerSecond)
    }

    private static func twoDecimals(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}
