public import TelemetryModel

/// The rows of one commit as decisions see them: every span's parent, and the candidates among them.
public struct StepInput: Sendable {
    struct Link: Sendable {
        var traceID: TraceID
        var spanID: SpanID
        var parent: SpanID
    }

    private(set) var links: [Link] = []
    private(set) var calls: [(traceID: TraceID, candidate: CallCandidate)] = []
    private(set) var tools: [(traceID: TraceID, candidate: ToolCandidate)] = []
    private(set) var runs: [(traceID: TraceID, candidate: RunCandidate)] = []
    private(set) var attempts: [(traceID: TraceID, candidate: AttemptCandidate)] = []
    private(set) var events: [(traceID: TraceID, candidate: CallEventCandidate)] = []
    private(set) var builds: [(traceID: TraceID, candidate: PromptBuildCandidate)] = []

    public init() {}

    public var isEmpty: Bool {
        links.isEmpty && calls.isEmpty && tools.isEmpty && runs.isEmpty && attempts.isEmpty && builds.isEmpty && events.isEmpty
    }

    /// Adds the parent of a span that is no log, whether or not it is a step.
    public mutating func addLink(_ span: SpanID, parent: SpanID, in trace: TraceID) {
        links.append(Link(traceID: trace, spanID: span, parent: parent))
    }

    public mutating func add(_ call: CallCandidate, in trace: TraceID) { calls.append((trace, call)) }
    public mutating func add(_ tool: ToolCandidate, in trace: TraceID) { tools.append((trace, tool)) }
    public mutating func add(_ run: RunCandidate, in trace: TraceID) { runs.append((trace, run)) }
    public mutating func add(_ attempt: AttemptCandidate, in trace: TraceID) { attempts.append((trace, attempt)) }
    public mutating func add(_ event: CallEventCandidate, in trace: TraceID) { events.append((trace, event)) }
    public mutating func add(_ build: PromptBuildCandidate, in trace: TraceID) { builds.append((trace, build)) }

    /// Every trace that a row belongs to.
    var traceIDs: Set<TraceID> {
        var ids: Set<TraceID> = []
        // The spans of a trace mostly stand together.
        var last: TraceID?
        for link in links where link.traceID != last {
            ids.insert(link.traceID)
            last = link.traceID
        }
        for (id, _) in calls { ids.insert(id) }
        for (id, _) in tools { ids.insert(id) }
        for (id, _) in runs { ids.insert(id) }
        for (id, _) in attempts { ids.insert(id) }
        for (id, _) in builds { ids.insert(id) }
        for (id, _) in events { ids.insert(id) }
        return ids
    }

    /// Adds the rows of `batch` and the steps extracted from it; of pending spans, only that they are agent runs.
    ///
    /// - Parameters:
    ///   - isRepeat: true for row indexes that are already stored and must not take part (first commit wins).
    public mutating func append(_ batch: RecordBatch, steps: [GenAIStep], isRepeat: (Int) -> Bool = { _ in false }) {
        for (index, row) in batch.rows.enumerated() where row.kind != .log && !isRepeat(index) {
            addLink(row.spanID, parent: row.parentSpanID, in: row.traceID)
            // A run ends after its calls. Taking it from its announcement already spares a second decision about each of them.
            if row.kind == .pendingSpan, StepExtractor.announcesRun(index, batch) {
                add(RunCandidate(spanID: row.spanID, parent: row.parentSpanID), in: row.traceID)
            }
            if row.kind == .span { addSurrounding(row, batch.text) }
        }
        for step in steps where !isRepeat(step.row) {
            let row = batch.rows[step.row]
            switch step.kind {
            case .modelCall: add(CallCandidate(step, in: batch), in: row.traceID)
            case .toolCall:
                let name = StepHash.text(step.toolName, in: batch.text)
                add(ToolCandidate(spanID: row.spanID, parent: row.parentSpanID, name: name), in: row.traceID)
            case .agentRun: add(RunCandidate(spanID: row.spanID, parent: row.parentSpanID), in: row.traceID)
            case .callEvent:
                add(
                    CallEventCandidate(spanID: row.spanID, call: row.parentSpanID, values: CallValues(eventOf: step, in: batch)),
                    in: row.traceID)
            }
        }
    }

    /// Adds the row where it is an HTTP request or builds a prompt.
    private mutating func addSurrounding(_ row: RecordRow, _ text: borrowing TextStore) {
        if row.spanKind == 3, !row.httpMethod.isEmpty {
            let isError = row.statusCode == .error || row.isException
            let attempt = SurroundingSpans.attempt(
                row.spanID, parent: row.parentSpanID, start: row.startNanoseconds, spanKind: row.spanKind,
                method: StepHash.text(row.httpMethod, in: text),
                httpStatus: row.httpStatusCode < 0 ? nil : Int16(exactly: row.httpStatusCode), isError: isError,
                exceptionType: isError ? text.string(row.exceptionType) : nil)
            if let attempt { add(attempt, in: row.traceID) }
        } else if text.withBytes(row.spanName, SurroundingSpans.buildsPrompt) {
            // As the engine keeps times: whole microseconds.
            func rounded(_ time: Int64) -> Int64 { time - ((time % 1000) + 1000) % 1000 }
            let (start, end) = (rounded(row.startNanoseconds), rounded(row.endNanoseconds))
            add(PromptBuildCandidate(spanID: row.spanID, parent: row.parentSpanID, start: start, end: end), in: row.traceID)
        }
    }
}

extension CallValues {
    /// What an event tells about its call: the same as a record would, but for what the event has of its own.
    init(eventOf step: GenAIStep, in batch: RecordBatch) {
        self.init(step, batch.text)
        duration = nil
        timeToFirstToken = nil
    }

    /// The values of a step.
    fileprivate init(_ step: GenAIStep, _ text: TextStore) {
        self.init()
        inputTokens = step.inputTokens
        outputTokens = step.outputTokens
        cacheReadTokens = step.cacheReadTokens
        cacheWriteTokens = step.cacheWriteTokens
        reasoningTokens = step.reasoningTokens
        cost = step.cost
        inputCost = step.inputCost
        outputCost = step.outputCost
        costSource = step.costSource
        costNote = step.cost == nil ? nil : text.string(step.costNote)
        priceVersion = text.string(step.priceVersion)
        timeToFirstToken = step.timeToFirstToken
        duration = step.duration
        provider = text.string(step.provider)
        responseModel = text.string(step.responseModel)
        finishReasonsJSON = text.string(step.finishReasonsJSON)
        toolCallCount = step.toolCallCount
        isTruncated = step.isTruncated
        hasToolCalls = step.hasToolCalls
        refusal = step.refusal
        jsonParseSuccess = step.jsonParseSuccess
        isStreaming = step.isStreaming
    }
}

extension CallCandidate {
    /// The candidate for a model-call step.
    public init(_ step: GenAIStep, in batch: RecordBatch) {
        let row = batch.rows[step.row]
        let text = batch.text
        self.init(
            spanID: row.spanID,
            parent: row.parentSpanID,
            start: step.startNanoseconds,
            model: StepHash.text(step.model, in: text),
            provider: StepHash.text(step.provider, in: text),
            scope: Int(row.scope) < batch.scopes.count ? batch.scopes[Int(row.scope)].id : 0,
            responseID: StepHash.text(step.responseID, in: text),
            streamRole: step.streamRole,
            streamKey: step.streamKey,
            isEmbedding: text.equal(step.operation, "embeddings"),
            values: CallValues(step, text)
        )
    }
}
