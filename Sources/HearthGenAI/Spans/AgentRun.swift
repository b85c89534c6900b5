public import Hearth
import Synchronization

/// A run of an agent while it lasts.
///
/// Usage and messages of the model calls inside are collected by themselves. Safe to use from any thread.
public final class AgentRun: Sendable {
    private struct State {
        var usage: ModelUsage?
        var cost: Double?
        var model: String?
        var messages: [ModelMessage] = []
        var systemInstructions: [MessagePart] = []
        var output: AttributeValue?
        var hasOwnMessages = false
        var newMessageIndex: Int?
        var isEnded = false
    }

    /// The span of the run.
    public let span: HearthSpan
    /// `gen_ai.agent.name`; nil when the agent has none.
    public let name: String?
    /// Unique for each run: `gen_ai.agent.call.id`.
    public let id: String
    let context: GenAIContext
    private let state: Mutex<State>

    init(_ span: HearthSpan, name: String?, id: String, model: String?, context: GenAIContext) {
        self.span = span
        self.name = name
        self.id = id
        self.context = context
        state = Mutex(State(model: model))
    }

    /// Tells what the run is for its caller.
    public func setOutput(_ output: some AttributeConvertible) {
        let value = output.attributeValue
        state.withLock { if !$0.isEnded { $0.output = value } }
    }

    /// Tells the whole conversation, where it is not that of the last model call with its answer.
    ///
    /// - Parameters:
    ///   - messages: all of it, with the answer.
    ///   - newMessageIndex: number of the first message that belongs to this run.
    public func setMessages(_ messages: [ModelMessage], newMessageIndex: Int? = nil) {
        state.withLock { state in
            guard !state.isEnded else { return }
            state.messages = messages
            state.hasOwnMessages = true
            state.newMessageIndex = newMessageIndex
        }
    }

    /// The usage of the model calls of this run so far, without those of agents inside of it.
    public var usage: ModelUsage? { state.withLock { $0.usage } }

    /// What these calls cost in US dollars; nil when none of them could be priced.
    public var cost: Double? { state.withLock { $0.cost } }

    func add(_ request: ModelRequest, _ response: ModelResponse?, _ cost: Double?, isAnswered: Bool) {
        state.withLock { state in
            guard !state.isEnded else { return }
            if state.model == nil { state.model = request.model }
            if let usage = response?.usage { state.usage = state.usage.map { $0 + usage } ?? usage }
            if let cost { state.cost = (state.cost ?? 0) + cost }
            guard request.operation != .embeddings, !state.hasOwnMessages else { return }
            // A call inside of a tool may be a conversation of its own; the longest one is the run's.
            let messages = request.messages + (isAnswered ? response?.messages ?? [] : [])
            guard messages.count >= state.messages.count else { return }
            state.messages = messages
            state.systemInstructions = request.systemInstructions
        }
    }

    func finish() {
        let state = state.withLock { state -> State? in
            guard !state.isEnded else { return nil }
            defer { state.isEnded = true }
            return state
        }
        guard let state, span.isRecording else { return }
        let settings = context.effectiveSettings
        let encoder = MessageEncoder(settings)
        var attributes: Attributes = [:]
        if let model = state.model {
            attributes["model_name"] = settings.isPydantic ? .string(model) : nil
            attributes["gen_ai.request.model"] = settings.isPydantic ? nil : .string(model)
        }
        if let usage = state.usage { ResponseAttributes.append(usage, under: "gen_ai.aggregated_usage", settings, to: &attributes) }
        if !state.systemInstructions.isEmpty { attributes["gen_ai.system_instructions"] = encoder.parts(state.systemInstructions) }
        if settings.isPydantic {
            if !state.messages.isEmpty { attributes["pydantic_ai.all_messages"] = encoder.messages(state.messages) }
            if let index = state.newMessageIndex { attributes["pydantic_ai.new_message_index"] = .int(Int64(index)) }
        } else {
            appendConversation(state, encoder, to: &attributes)
        }
        if settings.includeContent, settings.isPydantic {
            let answer = state.messages.last.flatMap { $0.role == .assistant ? $0.text : nil }.map(AttributeValue.string)
            attributes["final_result"] = state.output ?? answer
        }
        span.setAttributes(attributes)
    }

    /// The conventions divide the conversation into what went in and what came out.
    private func appendConversation(_ state: State, _ encoder: MessageEncoder, to attributes: inout Attributes) {
        var messages = state.messages
        var answer: ModelMessage?
        if messages.last?.role == .assistant { answer = messages.removeLast() }
        if let output = state.output {
            answer = ModelMessage(role: .assistant, parts: [.text(output.text)], finishReason: answer?.finishReason)
        }
        if !messages.isEmpty { attributes["gen_ai.input.messages"] = encoder.messages(messages) }
        if let answer { attributes["gen_ai.output.messages"] = encoder.messages([answer]) }
    }
}

extension ModelUsage {
    static func + (left: ModelUsage, right: ModelUsage) -> ModelUsage {
        var sum = left
        sum.add(right)
        return sum
    }
}
