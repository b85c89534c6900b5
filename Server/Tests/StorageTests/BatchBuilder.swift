import GenAI
import TelemetryModel

@testable import Storage

/// Makes batches for tests.
struct BatchBuilder {
    var batch = RecordBatch()
    var steps: [GenAIStep] = []

    init(service: String = "shop", environment: String? = "prod") {
        var resource = ResourceInfo(id: StableHash.of(service), attributesJSON: #"{"service.name":"\#(service)"}"#)
        resource.serviceName = service
        resource.deploymentEnvironment = environment
        resource.processPID = 77
        batch.resources = [resource]
        batch.scopes = [ScopeInfo(id: 5, name: "scope", version: "1.0", attributesJSON: nil)]
    }

    /// Adds a record; times are seconds after 2026-01-01.
    @discardableResult
    mutating func add(
        _ kind: RecordKind = .span, trace: UInt64 = 1, span: UInt64, parent: UInt64 = 0, start: Double = 0, end: Double? = nil,
        name: String = "work", _ change: (inout RecordRow, inout TextStore) -> Void = { _, _ in }
    ) -> Int {
        var row = RecordRow()
        row.kind = kind
        row.traceID = TraceID(high: 0xabcd, low: trace)
        row.spanID = SpanID(span)
        row.parentSpanID = SpanID(parent)
        row.startNanoseconds = Self.time(start)
        row.endNanoseconds = Self.time(end ?? (kind == .span ? start + 1 : start))
        row.spanName = batch.text.append(name)
        row.message = batch.text.append("\(name) message")
        row.attributesJSON = batch.text.append(#"{"n":\#(span)}"#)
        change(&row, &batch.text)
        batch.rows.append(row)
        return batch.rows.count - 1
    }

    /// Adds a step for the record at `row`, the newest by default.
    mutating func step(_ kind: GenAIStepKind, row: Int? = nil, _ change: (inout GenAIStep, inout TextStore) -> Void = { _, _ in }) {
        var step = GenAIStep(row: row ?? batch.rows.count - 1, kind: kind)
        let record = batch.rows[step.row]
        step.startNanoseconds = record.startNanoseconds
        step.endNanoseconds = record.endNanoseconds
        step.duration = Double(record.endNanoseconds - record.startNanoseconds) / 1e9
        change(&step, &batch.text)
        steps.append(step)
    }

    /// A record alone, with its step.
    func single(_ row: Int) -> BatchBuilder {
        var single = self
        single.batch.rows = [batch.rows[row]]
        single.steps = steps.filter { $0.row == row }.map { step in
            var step = step
            step.row = 0
            return step
        }
        return single
    }

    func ingest(_ project: Int32 = 1) -> IngestBatch {
        IngestBatch(project: ProjectID(project), records: batch, steps: steps)
    }

    /// Nanoseconds of a time in seconds after 2026-01-01.
    static func time(_ seconds: Double) -> Int64 { 1_767_225_600_000_000_000 + Int64(seconds * 1e9) }
}

extension BatchBuilder {
    /// An agent run with two calls (one of them seen twice) and a tool seen twice.
    static func run() -> BatchBuilder {
        var builder = BatchBuilder()
        builder.add(span: 1, start: 0, end: 10, name: "invoke_agent")
        builder.step(.agentRun) { step, text in
            step.agentName = text.append("helper")
            step.input = text.append("question")
        }
        builder.add(span: 2, parent: 1, start: 1, end: 3, name: "chat gpt")
        builder.step(.modelCall) { step, text in
            step.model = text.append("gpt")
            step.provider = text.append("openai")
            step.inputTokens = 100
            step.outputTokens = 10
            step.cost = 0.5
            step.costSource = .sent
        }
        // The provider's own span inside the first call: a duplicate that knows a value more.
        builder.add(span: 3, parent: 2, start: 1.5, end: 2.5, name: "provider span")
        builder.step(.modelCall) { step, text in
            step.model = text.append("gpt")
            step.provider = text.append("openai")
            step.inputTokens = 100
            step.cacheReadTokens = 40
            step.finishReasonsJSON = text.append(#"["stop"]"#)
        }
        builder.add(span: 4, parent: 1, start: 4, end: 5, name: "chat gpt")
        builder.step(.modelCall) { step, text in
            step.model = text.append("gpt")
            step.inputTokens = 200
            step.outputTokens = 20
        }
        builder.add(span: 5, parent: 1, start: 6, end: 7, name: "execute_tool search")
        builder.step(.toolCall) { step, text in step.toolName = text.append("search") }
        builder.add(span: 6, parent: 5, start: 6.2, end: 6.8, name: "tools/call search")
        builder.step(.toolCall) { step, text in step.toolName = text.append("search") }
        return builder
    }
}

extension StableHash {
    static func of(_ text: String) -> UInt64 {
        var hash = StableHash()
        hash.combine(text)
        return hash.finalize()
    }
}
