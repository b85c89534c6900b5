import GenAI
import Sampling
import TelemetryModel
import Testing

@testable import Storage

@Suite struct TailSamplingTests {
    private static let hour: Int64 = 3_600_000_000

    /// A policy that keeps errors and the given share of the rest.
    private func policy(rest: Double = 0) -> SamplingPolicy {
        var settings = SamplingSettings()
        settings.isEnabled = true
        settings.rules = [SamplingRule(name: "errors", condition: .error)]
        settings.rest = rest
        return SamplingPolicy(settings)
    }

    private func batch(_ traces: Range<UInt64>, errors: Set<UInt64> = [], project: Int32 = 1) -> IngestBatch {
        var builder = BatchBuilder()
        for trace in traces {
            builder.add(trace: trace, span: trace) { row, _ in if errors.contains(trace) { row.statusCode = .error } }
            builder.step(.modelCall) { step, _ in step.inputTokens = 3 }
            builder.add(trace: trace, span: trace + 100_000, parent: trace)
        }
        return builder.ingest(project)
    }

    /// - Parameter later: microseconds after the project's newest commit, so that it does not matter how long the test takes.
    private func pass(_ store: TelemetryStore, _ policy: SamplingPolicy, later: Int64 = hour, project: Int32 = 1) async throws
        -> SamplingPass
    {
        let newest = try store.rows("SELECT coalesce(max(commit_sequence), 0) FROM span WHERE project_id = \(project)")[0][0]
        return try await TraceSampler(store: store, project: ProjectID(project), since: 0).pass(
            policy, since: 0, now: try #require(Int64(newest ?? "")) + later)
    }

    @Test func removesRowsOfAllTablesAndOnlyThose() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        _ = try await store.write(batch(1..<11, errors: [3]))
        _ = try await store.write(batch(1..<11, project: 2))
        #expect(try await pass(store, policy(), later: 0) == SamplingPass(waitingTraces: 10))
        let done = try await pass(store, policy())
        #expect(done == SamplingPass(waitingTraces: 0, keptTraces: 1, removedTraces: 9, removedRecords: 18))
        #expect(try store.rows("SELECT project_id, count(*) FROM span GROUP BY 1 ORDER BY 1") == [["1", "2"], ["2", "20"]])
        #expect(try store.rows("SELECT project_id, count(*) FROM step GROUP BY 1 ORDER BY 1") == [["1", "1"], ["2", "10"]])
        #expect(store.statistics.records == 22)
        #expect(try await pass(store, policy()) == SamplingPass())
        let counts = try await TraceSampler(store: store, project: ProjectID(1), since: 0).counts()
        #expect(
            counts == [
                SamplingCount(rule: "errors", isKept: true, traces: 1, records: 2),
                SamplingCount(rule: "rest", isKept: false, traces: 9, records: 18),
            ])
        await store.shutdown()
    }

    @Test func lateAndRepeatedRecordsFollowAlsoAfterARestart() async throws {
        let folder = try TestFolder()
        var store = try folder.open()
        _ = try await store.write(batch(1..<3, errors: [2]))
        _ = try await pass(store, policy())
        var late = BatchBuilder()
        late.add(trace: 1, span: 70) { row, _ in row.statusCode = .error }
        late.add(trace: 2, span: 71)
        for isReopened in [false, true] {
            if isReopened {
                await store.shutdown()
                store = try folder.open()
            }
            #expect(try await store.write(batch(1..<3, errors: [2])).stored == 0)
            #expect(try await store.write(late.ingest()).stored == (isReopened ? 0 : 1))
            #expect(try store.rows("SELECT DISTINCT trace_id[32:] FROM span") == [["2"]])
        }
        await store.shutdown()
    }

    @Test func decisionsAreTheSameAfterARestart() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        _ = try await store.write(batch(1..<200))
        let copy = try folder.copy()
        _ = try await pass(store, policy(rest: 0.3))
        let kept = try store.rows("SELECT trace_id, span_id FROM span ORDER BY ALL")
        #expect(kept.count > 40 && kept.count < 200)
        await store.shutdown()
        let other = try copy.open()
        _ = try await pass(other, policy(rest: 0.3))
        #expect(try other.rows("SELECT trace_id, span_id FROM span ORDER BY ALL") == kept)
        await other.shutdown()
    }

    @Test func weightsStandForWhatWasSent() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        _ = try await store.write(batch(1..<2_001, errors: [7]))
        #expect(try store.rows(of: .records, "SELECT sum(sample_weight) FROM t") == [["4000.0"]])
        _ = try await pass(store, policy(rest: 0.25))
        let sums = try #require(try store.rows(of: .records, "SELECT sum(sample_weight), count(*) FROM t").first)
        // Fixed ids, so always the same; five standard deviations of the estimate.
        let estimate = try #require(Double(sums[0] ?? ""))
        let deviation: Double = 2 * (2_000 * 0.25 * 0.75).squareRoot() / 0.25
        #expect(abs(estimate - 4_000) < 5 * deviation)
        #expect(try store.rows(of: .llmCalls, "SELECT DISTINCT sample_weight FROM t ORDER BY 1") == [["1.0"], ["4.0"]])
        #expect(try store.rows(of: .records, "SELECT sum(sample_weight) FROM t WHERE otel_status_code = 'ERROR'") == [["1.0"]])
        await store.shutdown()
    }

    @Test func openSpansAndEarlierTracesWait() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        var builder = BatchBuilder()
        builder.add(.pendingSpan, trace: 1, span: 1)
        builder.add(trace: 1, span: 2, parent: 1)
        builder.add(trace: 2, span: 3)
        _ = try await store.write(builder.ingest())
        let first = try await pass(store, policy(), later: 10_000_000)
        #expect(first.waitingTraces == 1 && first.removedTraces == 1)
        #expect(try await pass(store, policy(), later: 61_000_000).removedTraces == 1)
        // What was stored before sampling was turned on is not touched, nor are traces that go on from then.
        let receipt = try await store.write(batch(10..<12))
        _ = try await store.write(batch(11..<13))
        var later = BatchBuilder()
        later.add(trace: 11, span: 900)
        later.add(trace: 13, span: 901)
        _ = try await store.write(later.ingest())
        let sampler = TraceSampler(store: store, project: ProjectID(1), since: receipt.sequence)
        let now = Platform.microseconds() + Self.hour
        #expect(try await sampler.pass(policy(), since: receipt.sequence, now: now).removedTraces == 2)
        #expect(try store.rows("SELECT DISTINCT trace_id[31:] FROM span ORDER BY 1") == [["0a"], ["0b"]])
        await store.shutdown()
    }

    @Test func everyConditionIsValidSQL() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        _ = try await store.write(batch(1..<3))
        var settings = SamplingSettings()
        settings.rules = [
            SamplingRule(name: "o'clock", condition: .spanName, value: "wo%*'"), SamplingRule(name: "a", condition: .error),
            SamplingRule(name: "b", condition: .duration, atLeast: 2.5), SamplingRule(name: "c", condition: .level, level: "warn"),
            SamplingRule(name: "d", condition: .evaluation, below: 0.5),
            SamplingRule(name: "e", condition: .evaluation, evaluation: "it's", below: 0.5),
            SamplingRule(name: "f", condition: .feedback), SamplingRule(name: "g", condition: .attribute, key: "a.\"b'"),
            SamplingRule(name: "h", condition: .attribute, key: "n", value: "*'"),
            SamplingRule(name: "i", condition: .service, value: "sh*"),
        ]
        settings.rest = 0
        #expect(try await pass(store, SamplingPolicy(settings)).keptTraces == 2)
        let counts = try await TraceSampler(store: store, project: ProjectID(1), since: 0).counts()
        #expect(counts == [SamplingCount(rule: "i", isKept: true, traces: 2, records: 4)])
        await store.shutdown()
    }

    @Test func whatIsForgottenIsBounded() {
        var removed = RemovedTraces(limit: 100)
        #expect(removed.isEmpty)
        for hash in 1...1_000 as ClosedRange<UInt64> { removed.insert(hash &* 0x9e37_79b9_7f4a_7c15) }
        let known = (1...1_000 as ClosedRange<UInt64>).filter { removed.contains($0 &* 0x9e37_79b9_7f4a_7c15) }
        #expect(known.contains(1_000) && known.contains(950))
        #expect(known.count <= 200)
        #expect(!removed.isEmpty)
    }
}
