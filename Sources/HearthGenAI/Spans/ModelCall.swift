import GenAIPrices
public import Hearth
import HearthExport
import Synchronization

/// A request to a model while it lasts: what is learned about it becomes attributes of its span.
///
/// Safe to use from any thread. Everything told after the end is ignored.
public final class ModelCall: Sendable {
    struct State {
        var request: ModelRequest?
        var response: ModelResponse?
        /// Seconds to the first chunk of a streamed answer.
        var timeToFirstChunk: Double?
        var chunkCount = 0
        var retryCount = 0
        var retryCause: String?
        var errorType: String?
        /// An attempt that failed and was not followed by another one so far.
        var failure: Failure?
        var isEnded = false
    }

    /// Why an attempt failed.
    struct Failure: Sendable {
        var type: String
        var message: String
        /// In few words: the HTTP status, else the type.
        var cause: String
        var statusCode: Int?
    }

    /// The span of the call.
    public let span: HearthSpan
    let context: GenAIContext
    /// Nanoseconds of a monotonic clock.
    private let begun = SystemTime.monotonic()
    /// Nanoseconds since the Unix epoch.
    private let time = SystemTime.wall()
    private let state: Mutex<State>

    init(_ span: HearthSpan, _ request: ModelRequest?, _ context: GenAIContext) {
        self.span = span
        self.context = context
        state = Mutex(State(request: request))
        if let request { prepareCost(of: request) }
    }

    deinit {
        // Begun by hand and let go: what was learned is not lost with it.
        if !state.withLock({ $0.isEnded }) { finish() }
    }

    /// Prices are read while the model answers, not when the answer is there.
    private func prepareCost(of request: ModelRequest) {
        if context.effectiveSettings.computesCost, span.isRecording { CallCost.prepare(request) }
    }

    var isStarted: Bool { state.withLock { $0.request != nil } }

    /// Whether a request may be an attempt of this call: embeddings for a prompt are none of the answer.
    func concerns(_ request: ModelRequest) -> Bool {
        guard let own = state.withLock({ $0.request }) else { return true }
        return (own.operation == .embeddings) == (request.operation == .embeddings)
    }

    /// Tells what is asked for, where that was not known when the call began.
    public func setRequest(_ request: ModelRequest) {
        let isNew = state.withLock { state -> Bool in
            guard !state.isEnded else { return false }
            state.request = request
            return true
        }
        guard isNew, span.isRecording else { return }
        prepareCost(of: request)
        span.setName(request.spanName)
        span.setMessage(request.spanName)
        span.setAttributes(RequestAttributes.make(request, context))
    }

    /// Tells the answer; the last one counts.
    public func setResponse(_ response: ModelResponse) {
        state.withLock { if !$0.isEnded { $0.response = response } }
    }

    /// Tells that a piece of a streamed answer has come; the first one is the time to the first token.
    public func recordChunk() {
        let seconds = Double(SystemTime.monotonic() &- begun) / 1e9
        state.withLock { state in
            guard !state.isEnded else { return }
            if state.timeToFirstChunk == nil { state.timeToFirstChunk = seconds }
            state.chunkCount += 1
        }
        if context.effectiveSettings.includeChunkEvents { span.addEvent("gen_ai.content.completion.chunk") }
    }

    /// Tells that an attempt failed and another one follows.
    ///
    /// - Parameters:
    ///   - cause: why, such as `429` or `timeout`.
    ///   - statusCode: of HTTP, where there was an answer.
    ///   - delay: how long is waited before the next attempt.
    public func recordRetry(cause: String, statusCode: Int? = nil, delay: Duration? = nil) {
        let number = state.withLock { state -> Int? in
            guard !state.isEnded else { return nil }
            state.retryCount += 1
            state.retryCause = cause
            // What an attempt said that is repeated is not the answer.
            state.errorType = nil
            return state.retryCount
        }
        guard let number else { return }
        var attributes: Attributes = ["retry.attempt": number, "retry.cause": cause]
        if let statusCode { attributes["http.response.status_code"] = .int(Int64(statusCode)) }
        if let delay { attributes["retry.delay"] = delay.attributeValue }
        span.addEvent("retry", attributes)
    }

    /// An attempt begins: one that failed before it was not the last.
    func beginAttempt(delay: Duration? = nil) {
        let failure = state.withLock { state -> Failure? in
            defer { state.failure = nil }
            return state.isEnded ? nil : state.failure
        }
        if let failure { recordRetry(cause: failure.cause, statusCode: failure.statusCode, delay: delay) }
    }

    /// An attempt failed; whether that is the end of the call is not known yet.
    func endAttempt(_ failure: Failure) {
        state.withLock { if !$0.isEnded { $0.failure = failure } }
    }

    /// The application ends the call with an error.
    func fail(_ error: any Error) {
        let known = state.withLock { state -> String? in
            let type = state.failure?.type ?? state.errorType
            state.failure = nil
            state.errorType = type ?? String(reflecting: Swift.type(of: error))
            return type
        }
        GenAISpan.record(error, in: span, type: known, includeContent: context.effectiveSettings.includeContent)
    }

    /// Makes the call an error without a Swift error, such as an answer with a status of 400.
    ///
    /// - Parameters:
    ///   - type: `error.type`, one of few.
    ///   - message: recorded only with content.
    public func recordError(type: String, message: String = "") {
        state.withLock { if !$0.isEnded { $0.errorType = type } }
        guard span.isRecording else { return }
        span.setAttribute("error.type", type)
        let text = context.effectiveSettings.includeContent ? message : ""
        span.addEvent("exception", ["exception.type": type, "exception.message": text, "exception.escaped": "True"])
        span.setStatus(.error, text.isEmpty ? type : "\(type): \(text)")
        span.setLevel(.error)
    }

    /// Writes what was learned and ends the span: at the time of this call, whatever the writing takes.
    func finish() {
        let end = SystemTime.wall()
        let seconds = Double(SystemTime.monotonic() &- begun) / 1e9
        defer { span.end(at: end) }
        if let failure = state.withLock({ $0.isEnded ? nil : $0.failure }) { recordError(type: failure.type, message: failure.message) }
        let state = state.withLock { state -> State? in
            guard !state.isEnded else { return nil }
            defer { state.isEnded = true }
            return state
        }
        guard let state else { return }
        let request = state.request ?? ModelRequest(provider: "unknown", model: nil)
        let cost = context.effectiveSettings.computesCost ? state.response.flatMap { CallCost.dollars(request, $0, at: time) } : nil
        context.run?.add(request, state.response, cost?.total, isAnswered: state.response != nil && state.errorType == nil)
        span.activate {
            CallMetrics.record(
                request, state.response, seconds: seconds, timeToFirstChunk: state.timeToFirstChunk, errorType: state.errorType,
                dollars: cost?.total)
        }
        guard span.isRecording else { return }
        span.setAttributes(attributes(state, request, cost))
    }

    private func attributes(_ state: State, _ request: ModelRequest, _ cost: PriceAmounts<Double>?) -> Attributes {
        let settings = context.effectiveSettings
        var attributes: Attributes = [:]
        if let response = state.response { attributes = ResponseAttributes.make(response, provider: request.provider, settings) }
        if let seconds = state.timeToFirstChunk {
            let name = settings.isPydantic ? "gen_ai.client.operation.time_to_first_chunk" : "gen_ai.response.time_to_first_chunk"
            attributes[name] = .double(seconds)
            attributes["gen_ai.response.chunk_count"] = .int(Int64(state.chunkCount))
        }
        if state.retryCount > 0 {
            attributes["retry_count"] = .int(Int64(state.retryCount))
            attributes["retry_cause"] = state.retryCause.map(AttributeValue.string)
        }
        if let cost {
            attributes["operation.cost"] = .double(cost.total)
            attributes["gen_ai.usage.input_cost"] = .double(cost.input)
            attributes["gen_ai.usage.output_cost"] = .double(cost.output)
        }
        return attributes
    }

    /// Writes what was learned and ends the span; for calls begun with `Hearth.startModelRequest`. A call that is let go ends by itself.
    public func end() { finish() }
}
