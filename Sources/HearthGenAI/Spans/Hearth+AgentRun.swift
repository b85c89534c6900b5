public import Hearth

/// What an agent is called.
public struct AgentDescription: Sendable, Hashable, ExpressibleByStringLiteral {
    /// `gen_ai.agent.name`, which is also part of the span's name.
    public var name: String?
    /// `gen_ai.agent.id`: the same for all runs of the agent.
    public var id: String?
    /// `gen_ai.agent.version`.
    public var version: String?
    /// `gen_ai.agent.description`: what the agent does.
    public var text: String?
    /// The model it asks, where that is always the same.
    public var model: String?

    /// An agent; what is left out is not recorded.
    public init(name: String?, id: String? = nil, version: String? = nil, text: String? = nil, model: String? = nil) {
        self.name = name
        self.id = id
        self.version = version
        self.text = text
        self.model = model
    }

    public init(stringLiteral value: String) { self.init(name: value) }
}

extension Hearth {
    /// Records a run of an agent: an INTERNAL span `invoke_agent market_agent` around its model calls and tools.
    ///
    /// ```swift
    /// let answer = try await Hearth.withAgentRun("market_agent") { run in
    ///     let answer = try await loop(question)
    ///     run.setOutput(answer)
    ///     return answer
    /// }
    /// ```
    /// - Parameters:
    ///   - agent: what it is called.
    ///   - metadata: recorded as `metadata`.
    ///   - fileID: `code.filepath`, filled in by the compiler.
    ///   - function: `code.function`, filled in by the compiler.
    ///   - line: `code.lineno`, filled in by the compiler.
    ///   - operation: runs once, inside of the span.
    public static func withAgentRun<Result, Failure: Error>(
        _ agent: AgentDescription,
        metadata: Attributes = [:],
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: (AgentRun) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = AgentRunStart(agent, metadata)
        let site = CallSite(fileID: fileID, function: function, line: line)
        return try GenAISpan.run(start.spanName, start.attributes, at: site, failed: start.failed) { span throws(Failure) in
            let run = start.run(span)
            defer { run.finish() }
            return try GenAIContext.changing({ $0.enter(run) }) { () throws(Failure) in try operation(run) }
        }
    }

    /// Records a run of an agent around an asynchronous closure; see the synchronous form.
    nonisolated(nonsending) public static func withAgentRun<Result, Failure: Error>(
        _ agent: AgentDescription,
        metadata: Attributes = [:],
        fileID: String = #fileID,
        function: String = #function,
        line: Int = #line,
        _ operation: nonisolated(nonsending) (AgentRun) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let start = AgentRunStart(agent, metadata)
        let site = CallSite(fileID: fileID, function: function, line: line)
        return try await GenAISpan.run(start.spanName, start.attributes, at: site, failed: start.failed) { span async throws(Failure) in
            let run = start.run(span)
            defer { run.finish() }
            return try await GenAIContext.changing({ $0.enter(run) }) { () async throws(Failure) in try await operation(run) }
        }
    }

    /// The innermost run of an agent around the present place.
    public static var currentAgentRun: AgentRun? { GenAIContext.current.run }
}

/// What is known of a run before it begins.
private struct AgentRunStart {
    let agent: AgentDescription
    let metadata: Attributes
    let context = GenAIContext.current
    let id = RunID.make()

    init(_ agent: AgentDescription, _ metadata: Attributes) {
        self.agent = agent
        self.metadata = metadata
    }

    var settings: InstrumentationSettings { context.effectiveSettings }

    var spanName: String {
        if settings.format == .v2 { return "agent run" }
        return agent.name.map { "invoke_agent \($0)" } ?? "invoke_agent"
    }

    func attributes() -> Attributes {
        var attributes: Attributes = ["gen_ai.operation.name": "invoke_agent"]
        if let name = agent.name {
            attributes["gen_ai.agent.name"] = .string(name)
            if settings.isPydantic { attributes["agent_name"] = .string(name) }
        }
        if settings.isPydantic {
            attributes["gen_ai.agent.call.id"] = .string(id)
        } else {
            // The newest conventions have these only for agents that run elsewhere; who names them wants them.
            if let id = agent.id { attributes["gen_ai.agent.id"] = .string(id) }
            if let version = agent.version { attributes["gen_ai.agent.version"] = .string(version) }
        }
        if let text = agent.text { attributes["gen_ai.agent.description"] = .string(text) }
        if let model = agent.model { attributes[settings.isPydantic ? "model_name" : "gen_ai.request.model"] = .string(model) }
        if let id = context.conversationID { attributes["gen_ai.conversation.id"] = .string(id) }
        if let id = context.userID { attributes["user.id"] = .string(id) }
        var all = settings.metadata
        all.merge(metadata)
        if !all.isEmpty { attributes["metadata"] = all.object }
        attributes.merge(settings.attributes)
        return attributes
    }

    func run(_ span: HearthSpan) -> AgentRun {
        if settings.isPydantic { span.setMessage("\(agent.name ?? "agent") run") }
        return AgentRun(span, name: agent.name, id: id, model: agent.model, context: context)
    }

    func failed(_ span: HearthSpan, _ error: any Error) {
        GenAISpan.record(error, in: span, includeContent: settings.includeContent)
    }
}

extension GenAIContext {
    /// Model calls inside of a run belong to it, also where the run is inside of a model call.
    fileprivate mutating func enter(_ run: AgentRun) {
        self.run = run
        call = nil
    }
}

/// Ids in the form of UUIDs of version 4.
enum RunID {
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        let high = generator.next() & 0xffff_ffff_ffff_0fff | 0x4000
        let low = generator.next() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
        let digits = TraceID(high: high, low: low).description
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return text
    }
}
