/// Pydantic AI: runs, turns and tools (scope `pydantic-ai`).
extension TraceBuilder {
    /// Starts a run.
    ///
    /// - Parameter history: messages of the conversation's earlier turns.
    mutating func startRun(_ agent: Agent, prompt: String, conversationID: String? = nil, history: [JSON] = []) -> AgentSession {
        var session = AgentSession(
            agent: agent, span: 0, callID: identifiers.uuid(at: now), conversationID: conversationID ?? identifiers.uuid(at: now),
            messages: history + [Message.user(prompt)], newMessageIndex: history.count, truth: RunTruth(agentName: agent.name))
        var attributes = AttributeList()
        attributes.set("model_name", agent.model.name)
        attributes.set("agent_name", agent.name)
        attributes.set(contentsOf: session.baggage)
        attributes.set("gen_ai.operation.name", "invoke_agent")
        session.span = open("invoke_agent \(agent.name)", .pydanticAI, message: "\(agent.name) run", attributes: attributes)
        baggage = session.baggage
        wait(0.001...0.004)
        return session
    }

    /// Ends a run with its result, or with the exception that ended it.
    mutating func endRun(_ session: AgentSession, result: JSON?) {
        wait(0.001...0.003)
        let index = session.span
        switch result {
        case .string(let text)?: self[index].closing.set("final_result", text)
        case let value?: self[index].closing.json("final_result", value)
        case nil: break
        }
        if session.failed == nil {
            self[index].closing.set("gen_ai.aggregated_usage.input_tokens", session.truth.inputTokens)
            self[index].closing.set("gen_ai.aggregated_usage.output_tokens", session.truth.outputTokens)
            if session.cacheReadTokens > 0 {
                self[index].closing.set("gen_ai.aggregated_usage.cache_read.input_tokens", session.cacheReadTokens)
            }
            if session.cacheWriteTokens > 0 {
                self[index].closing.set("gen_ai.aggregated_usage.cache_creation.input_tokens", session.cacheWriteTokens)
            }
            if session.reasoningTokens > 0 {
                self[index].closing.set("gen_ai.aggregated_usage.details.reasoning_tokens", session.reasoningTokens)
            }
        }
        self[index].closing.json("pydantic_ai.all_messages", .array(session.messages))
        self[index].closing.json("gen_ai.system_instructions", [Message.textPart(session.agent.instructions)])
        if session.newMessageIndex > 0 { self[index].closing.set("pydantic_ai.new_message_index", session.newMessageIndex) }
        var truth = session.truth
        if let exception = session.failed {
            record(exception, on: index, escaped: false)
            truth.isError = true
        }
        self[index].run = truth
        baggage = []
        close(index)
    }

    /// One turn: the model call, with everything that is seen of it.
    ///
    /// - Returns: the reply with the ids of its tool calls, or nil when the call failed.
    mutating func chat(_ session: inout AgentSession, _ reply: ModelReply, _ options: ChatOptions = ChatOptions()) -> ModelReply? {
        let (agent, model) = (session.agent, session.agent.model)
        let reply = identified(reply)
        var attributes = AttributeList()
        attributes.set("gen_ai.operation.name", "chat")
        attributes.set(contentsOf: session.baggage)
        let index = open("chat \(model.name)", .pydanticAI, kind: .client, attributes: attributes)
        describe(agent, on: index)
        wait(0.001...0.004)

        let responseID = identifiers.providerID(
            model.provider == "anthropic" ? "msg_01" : model.path.hasSuffix("responses") ? "resp_" : "chatcmpl-")
        var usage = CallUsage(session: session, reply: reply, options: options)
        if options.failure != nil { usage = .none }
        let timing = exchange(session, index, options, usage: usage, responseID: responseID)

        session.truth.turns += 1
        var truth = CallTruth(model)
        truth.retries = options.rateLimited
        if let failure = options.failure {
            let exception = PythonException.modelHTTPError(
                status: failure.status, model: model.name, body: failure.body, module: agent.module)
            record(exception, on: index, escaped: false)
            session.failed = exception
            truth.isError = true
            self[index].call = truth
            self[index].features.append(.error)
            close(index)
            return nil
        }

        let finish = if options.truncated { "length" } else if case .text = reply { "stop" } else { "tool_call" }
        let answer = Message.assistant(reply, thinking: options.thinking, finish: finish)
        self[index].closing.json("gen_ai.input.messages", .array(session.messages))
        self[index].closing.json("gen_ai.output.messages", [answer])
        self[index].closing.json("gen_ai.system_instructions", [Message.textPart(agent.instructions)])
        usage.report(on: &self[index].closing, of: model)
        self[index].closing.set("gen_ai.response.model", model.responseName)
        self[index].closing.set("gen_ai.response.id", responseID)
        self[index].closing.set("gen_ai.response.finish_reasons", [finish])
        if options.streamed { self[index].closing.set("gen_ai.client.operation.time_to_first_chunk", timing.firstToken) }

        let cost = usage.cost(of: model)
        if let cost { self[index].closing.set("operation.cost", Double(cost) / 1e9) }
        usage.fill(&truth, of: model)
        truth.cost = cost
        truth.isTruncated = options.truncated
        if case .text = reply {} else { truth.requestedTools = true }
        if options.streamed { truth.timeToFirstToken = timing.firstToken }
        self[index].call = truth
        self[index].features += features(of: truth, model)
        self[index].usage = MeteredUsage(
            provider: model.provider, requestModel: model.name, responseModel: model.responseName, inputTokens: usage.input,
            outputTokens: usage.output, cost: cost)
        close(index)

        session.messages.append(answer)
        session.add(usage, cost: cost)
        return reply
    }

    /// Runs the tools a reply asked for, at the same time, and adds their answers to the messages.
    ///
    /// - Parameter work: what happens inside each tool.
    mutating func runTools(
        _ session: inout AgentSession, _ reply: ModelReply?, _ work: (inout TraceBuilder, ToolCall) -> Void = { _, _ in }
    ) {
        guard case .tools(let calls, _)? = reply else { return }
        wait(0.0005...0.002)
        session.truth.toolCalls += calls.count
        let baggage = baggage
        parallel(calls) { trace, call in
            let index = trace.openTool(call, baggage)
            work(&trace, call)
            trace.wait(0.001...0.01)
            trace.setResult(call.result, on: index)
            trace.baggage = baggage
            trace.close(index)
        }
        session.messages.append(Message.toolResponses(calls))
    }

    /// A tool that fails and makes the model try again.
    mutating func failTool(
        _ session: inout AgentSession, _ call: ToolCall, _ exception: PythonException, retry: String, _ work: (inout TraceBuilder) -> Void
    ) {
        session.truth.toolCalls += 1
        let index = openTool(call, baggage)
        work(&self)
        self[index].closing.set("pydantic_ai.tool.retry.cause", "model_retry")
        self[index].closing.set("pydantic_ai.tool.retry.attempt", 1)
        self[index].closing.set("pydantic_ai.tool.retry.max_retries", 2)
        self[index].closing.set("gen_ai.tool.call.result", retry)
        record(exception, on: index, escaped: true)
        self[index].features.append(.error)
        close(index)
        var answered = call
        answered.result = .string(retry)
        session.messages.append(Message.toolResponses([answered]))
    }

    // MARK: Parts

    private mutating func openTool(_ call: ToolCall, _ baggage: [Attribute]) -> Int {
        var attributes = AttributeList()
        attributes.set("gen_ai.operation.name", "execute_tool")
        attributes.argument("gen_ai.tool.name", .string(call.name))
        attributes.argument("gen_ai.tool.call.id", .string(call.id))
        attributes.json("gen_ai.tool.call.arguments", call.arguments)
        attributes.set(contentsOf: baggage)
        let index = open("execute_tool \(call.name)", .pydanticAI, message: "running tool: \(call.name)", attributes: attributes)
        wait(0.0005...0.002)
        return index
    }

    private mutating func setResult(_ result: JSON, on index: Int) {
        if case .string(let text) = result {
            self[index].closing.set("gen_ai.tool.call.result", text)
        } else {
            self[index].closing.json("gen_ai.tool.call.result", result)
        }
    }

    private mutating func identified(_ reply: ModelReply) -> ModelReply {
        guard case .tools(var calls, let preface) = reply else { return reply }
        for index in calls.indices { calls[index].id = identifiers.providerID("call_") }
        return .tools(calls, preface: preface)
    }

    private mutating func describe(_ agent: Agent, on index: Int) {
        let model = agent.model
        self[index].closing.set("gen_ai.provider.name", model.provider)
        self[index].closing.set("gen_ai.system", model.provider)
        self[index].closing.set("server.address", model.host)
        self[index].closing.set("gen_ai.request.model", model.name)
        if let temperature = agent.temperature { self[index].closing.set("gen_ai.request.temperature", temperature) }
        if let maxTokens = agent.maxTokens { self[index].closing.set("gen_ai.request.max_tokens", maxTokens) }
        self[index].closing.json("model_request_parameters", agent.requestParameters)
        let tools = agent.tools + [agent.outputTool].compactMap(\.self)
        if !tools.isEmpty { self[index].closing.set("gen_ai.tool.definitions", JSON.array(tools.map(\.definition)).text) }
    }

    private func features(of truth: CallTruth, _ model: LanguageModel) -> [DemoFeature] {
        var features: [DemoFeature] = []
        if truth.isTruncated { features.append(.truncation) }
        if truth.retries > 0 { features.append(.rateLimitRetry) }
        if truth.timeToFirstToken != nil { features.append(.streamWithFirstToken) }
        if (truth.cacheReadTokens ?? 0) > 0 { features.append(.cacheHit) }
        if model.rates == nil { features.append(.unpricedModel) }
        if model.provider == "anthropic" { features.append(.nestedDuplicate) }
        return features
    }
}
