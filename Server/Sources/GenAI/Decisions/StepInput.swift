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

    public init() {}

    public var isEmpty: Bool { links.isEmpty && calls.isEmpty && tools.isEmpty && runs.isEmpty }

    /// Adds the rows of `batch` and the steps extracted from it.
    ///
    /// - Parameters:
    ///   - isRepeat: true for row indexes that are already stored and must not take part (first commit wins).
    public mutating func append(_ batch: RecordBatch, steps: [GenAIStep], isRepeat: (Int) -> Bool = { _ in false }) {
        for (index, row) in batch.rows.enumerated() where row.kind != .log && !isRepeat(index) {
            links.append(Link(traceID: row.traceID, spanID: row.spanID, parent: row.parentSpanID))
        }
        for step in steps where !isRepeat(step.row) {
            let row = batch.rows[step.row]
            switch step.kind {
            case .modelCall: calls.append((row.traceID, CallCandidate(step, in: batch)))
            case .toolCall:
                let name = StepHash.text(step.toolName, in: batch.text)
                tools.append((row.traceID, ToolCandidate(spanID: row.spanID, parent: row.parentSpanID, name: name)))
            case .agentRun: runs.append((row.traceID, RunCandidate(spanID: row.spanID, parent: row.parentSpanID)))
            }
        }
    }
}

extension CallCandidate {
    /// The candidate for a model-call step.
    public init(_ step: GenAIStep, in batch: RecordBatch) {
        let row = batch.rows[step.row]
        let text = batch.text
        var values = CallValues()
        values.inputTokens = step.inputTokens
        values.outputTokens = step.outputTokens
        values.cacheReadTokens = step.cacheReadTokens
        values.cacheWriteTokens = step.cacheWriteTokens
        values.reasoningTokens = step.reasoningTokens
        values.cost = step.cost
        values.timeToFirstToken = step.timeToFirstToken
        values.duration = step.duration
        values.provider = text.string(step.provider)
        values.responseModel = text.string(step.responseModel)
        values.finishReasonsJSON = text.string(step.finishReasonsJSON)
        values.toolCallCount = step.toolCallCount
        values.isTruncated = step.isTruncated
        values.hasToolCalls = step.hasToolCalls
        self.init(
            spanID: row.spanID,
            parent: row.parentSpanID,
            start: step.startNanoseconds,
            model: StepHash.text(step.model, in: text),
            provider: StepHash.text(step.provider, in: text),
            scope: Int(row.scope) < batch.scopes.count ? batch.scopes[Int(row.scope)].id : 0,
            responseID: StepHash.text(step.responseID, in: text),
            streamRole: step.streamRole,
            values: values
        )
    }
}
