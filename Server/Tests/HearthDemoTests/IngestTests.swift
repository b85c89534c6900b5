import GenAI
import OTLPIngest
import TelemetryModel
import Testing

@testable import HearthDemo

/// A story as the server's ingest sees it: decoded from the bytes that are sent, model calls decided batch by batch.
struct ReceivedStory {
    var rows: [RecordKind: Int] = [:]
    var otlpLogs = 0
    var errors = 0
    var rejected = 0
    var metricPoints = 0
    var finished: Set<SpanID> = []
    var pending: Set<SpanID> = []
    var models: [DemoTruth.ModelKey: ModelTruth] = [:]
    private var decided = ProjectSteps()
    private var calls: [StepIdentity: (key: DemoTruth.ModelKey, isError: Bool, values: CallValues)] = [:]
    private var decisions: [StepIdentity: CallDecision] = [:]

    init(_ story: ToldStory) throws {
        let start: Int64 = 1_795_000_000_000_000_000
        let encoder = OTLPEncoder(identifiers: IdentifierSource(random: DemoRandom(seed: 1), startTime: start), startTime: start)
        for batch in story.batches {
            if !batch.spans.isEmpty { try add(TraceDecoder.decode(encoder.traces(batch.spans, of: batch.service), encoding: .protobuf)) }
            if !batch.logs.isEmpty { try add(LogDecoder.decode(encoder.logs(batch.logs, of: batch.service), encoding: .protobuf)) }
            if !batch.metrics.isEmpty {
                metricPoints += try MetricDecoder.decode(encoder.metrics(batch.metrics, of: batch.service), encoding: .protobuf).points
                    .count
            }
        }
        for (identity, call) in calls where decisions[identity]?.winner == identity {
            var values = call.values
            if let patch = decisions[identity]?.patch { values.fillMissing(from: patch) }
            models[call.key, default: ModelTruth()].add(truth(of: values, call.key, isError: call.isError))
        }
    }

    private mutating func add(_ batch: RecordBatch) throws {
        var batch = batch
        let steps = StepExtractor.extract(&batch)
        rejected += batch.rejected.count
        for row in batch.rows {
            rows[row.kind, default: 0] += 1
            if row.isOTLPLog { otlpLogs += 1 }
            if row.kind == .pendingSpan { pending.insert(row.spanID) } else { finished.insert(row.spanID) }
            if row.kind != .pendingSpan, row.isException || row.statusCode == .error { errors += 1 }
        }
        var input = StepInput()
        input.append(batch, steps: steps)
        for step in steps where step.kind == .modelCall {
            let row = batch.rows[step.row]
            let key = DemoTruth.ModelKey(provider: batch.text.string(step.provider) ?? "", model: batch.text.string(step.model) ?? "")
            calls[StepIdentity(traceID: row.traceID, spanID: row.spanID)] = (key, step.isError, CallCandidate(step, in: batch).values)
        }
        for change in try decided.apply(input, stored: NoStoredSteps()).calls { decisions[change.identity] = change.decision }
    }

    private func truth(of values: CallValues, _ key: DemoTruth.ModelKey, isError: Bool) -> CallTruth {
        var call = CallTruth(.gpt4o)
        call.provider = key.provider
        call.model = key.model
        call.inputTokens = values.inputTokens.map(Int.init)
        call.outputTokens = values.outputTokens.map(Int.init)
        call.cacheReadTokens = values.cacheReadTokens.map(Int.init)
        call.cacheWriteTokens = values.cacheWriteTokens.map(Int.init)
        call.reasoningTokens = values.reasoningTokens.map(Int.init)
        call.cost = values.cost.map { Int(($0 * 1e9).rounded()) }
        call.isError = isError
        call.isTruncated = values.isTruncated == true
        call.requestedTools = values.hasToolCalls == true
        call.timeToFirstToken = values.timeToFirstToken
        return call
    }
}

@Suite("What the server's ingest makes of the demonstration")
struct IngestTests {
    @Test("calls, tokens, cost and rows equal the truth (B3)", arguments: [1, 2, 3] as [UInt64])
    func equalsTheTruth(seed: UInt64) throws {
        let story = ToldStory(seed: seed, minutes: 2)
        let received = try ReceivedStory(story)
        #expect(received.rejected == 0)
        #expect(received.rows[.span] == story.truth.spans)
        #expect(received.rows[.log] == story.truth.logs)
        #expect(received.rows[.pendingSpan] == story.truth.pendingSpans)
        #expect(received.otlpLogs == story.truth.services.values.reduce(0) { $0 + $1.logRecords })
        #expect(received.errors == story.truth.services.values.reduce(0) { $0 + $1.errors })
        #expect(received.metricPoints == story.truth.metricPoints)
        #expect(received.pending.isSubset(of: received.finished))
        #expect(received.models.keys.sorted() == story.truth.models.keys.sorted())
        for (key, model) in story.truth.models {
            var expected = model
            // How often a call was repeated is seen in the HTTP spans below it, not on the call's own records.
            expected.retried = 0
            #expect(received.models[key] == expected, "\(key.provider) / \(key.model)")
        }
    }
}
