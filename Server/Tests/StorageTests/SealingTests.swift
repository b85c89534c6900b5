import DuckDBKit
import Foundation
import GenAI
import Synchronization
import TelemetryModel
import Testing

@testable import Storage

/// Hot files become segments, and nobody sees a difference.
@Suite struct SealingTests {
    /// For every trace a span with a step, message bodies and a pending row before it, and another span.
    private func batch(_ traces: ClosedRange<UInt64>, project: Int32 = 1) -> IngestBatch {
        var builder = BatchBuilder()
        for trace in traces {
            // Some on the next day.
            let start = trace % 3 == 0 ? 90_000 + Double(trace) : Double(trace)
            builder.add(.pendingSpan, trace: trace, span: trace * 10, start: start)
            builder.add(trace: trace, span: trace * 10, start: start) { row, text in
                row.bodiesJSON = text.append(#"{"gen_ai.input.messages":"[{\"role\":\"user\",\"content\":\"question \#(trace)\"}]"}"#)
            }
            builder.step(.modelCall)
            builder.add(trace: trace, span: trace * 10 + 1, start: start)
        }
        return builder.ingest(project)
    }

    /// Seals whatever is written, at once.
    private func eager(_ configuration: inout StorageConfiguration) {
        configuration.rotationBytes = 1
        configuration.idleSeconds = 0.1
    }

    private func settle(_ store: TelemetryStore) async throws {
        for _ in 0..<500 {
            if store.statistics.isSettled { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("not settled: \(store.statistics)")
    }

    private static let everything = "SELECT * FROM t ORDER BY start_timestamp, trace_id, span_id, kind"

    @Test func answersStayTheSame() async throws {
        let folder = try TestFolder()
        var store = try folder.open()
        for first in stride(from: UInt64(1), through: 41, by: 10) { _ = try await store.write(batch(first...(first + 9))) }
        _ = try await store.write(batch(1...5, project: 2))
        let records = try store.rows(of: .records, Self.everything)
        let calls = try store.rows(of: .llmCalls)
        let others = try store.rows(of: .records, Self.everything, project: ProjectID(2))
        #expect(records.count == 100)
        await store.shutdown()

        store = try folder.open { eager(&$0) }
        try await settle(store)
        #expect(store.statistics.waitingHotFiles == 0)
        #expect(try store.rows(of: .records, Self.everything) == records)
        #expect(try store.rows(of: .llmCalls).sorted { "\($0)" < "\($1)" } == calls.sorted { "\($0)" < "\($1)" })
        #expect(try store.rows(of: .records, Self.everything, project: ProjectID(2)) == others)
        // Pending rows of spans that have ended are gone.
        #expect(try store.rows(of: .recordsAll, "SELECT count(*) FROM t")[0][0] == "100")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path + "/telemetry/segments")
        #expect(files.filter { $0.hasSuffix(".db") }.count == 4)
        await store.shutdown()

        // And after a restart.
        store = try folder.open()
        #expect(try store.rows(of: .records, Self.everything) == records)
        #expect(try await store.write(batch(1...50)).stored == 0)
        #expect(try store.rows(of: .records, Self.everything) == records)
        #expect(store.statistics.records == 110)
        await store.shutdown()
    }

    @Test func repeatsAreFoundInSegments() async throws {
        let folder = try TestFolder()
        let store = try folder.open { eager(&$0) }
        // More generations than are remembered, so that filters and segments have to answer.
        for first in stride(from: UInt64(1), through: 51, by: 10) {
            _ = try await store.write(batch(first...(first + 9)))
            try await settle(store)
        }
        for first in stride(from: UInt64(1), through: 51, by: 10) {
            let receipt = try await store.write(batch(first...(first + 9)))
            #expect(receipt.stored == 0, "\(receipt)")
        }
        #expect(try store.rows(of: .records, "SELECT count(*) FROM t")[0][0] == "120")
        await store.shutdown()
    }

    @Test func lateDuplicatesOfSealedCalls() async throws {
        let folder = try TestFolder()
        let store = try folder.open { eager(&$0) }
        func call(_ trace: UInt64, _ span: UInt64) -> IngestBatch {
            var builder = BatchBuilder()
            builder.add(trace: trace, span: span)
            builder.step(.modelCall) { step, text in
                step.model = text.append("gpt")
                step.provider = text.append("openai")
                step.responseID = text.append("response-1")
                step.inputTokens = 7
            }
            return builder.ingest()
        }
        _ = try await store.write(call(1, 1))
        try await settle(store)
        for trace in UInt64(100)...104 {
            _ = try await store.write(batch(trace...trace))
            try await settle(store)
        }
        // The same response once more, when its call lies in a segment that no generation stands for.
        _ = try await store.write(call(2, 2))
        let query = "SELECT count(*), sum(input_tokens), max(merged_records) FROM t WHERE model = 'gpt'"
        #expect(try store.rows(of: .llmCalls, query)[0] == ["1", "7", "2"])
        try await settle(store)
        #expect(try store.rows(of: .llmCalls, query)[0] == ["1", "7", "2"])
        await store.shutdown()
    }

    /// Ends in the middle of sealing, at every stage and with the first and the second segment, and starts again.
    @Test(arguments: SealStage.allCases, [1, 2])
    func endingWhileSealingLosesAndDoublesNothing(stage: SealStage, time: Int) async throws {
        let folder = try TestFolder()
        let passed = Mutex(0)
        var store = try folder.open {
            eager(&$0)
            $0.sealFault = { reached in
                guard reached == stage else { return false }
                return passed.withLock { passed in
                    passed += 1
                    return passed >= time
                }
            }
        }
        for first in stride(from: UInt64(1), through: 41, by: 10) { _ = try await store.write(batch(first...(first + 9))) }
        let records = try store.rows(of: .records, Self.everything)
        for _ in 0..<200 where passed.withLock({ $0 }) < time { try await Task.sleep(for: .milliseconds(20)) }
        #expect(passed.withLock { $0 } >= time || stage == .catalog)
        #expect(try store.rows(of: .records, Self.everything) == records)
        await store.shutdown()

        store = try folder.open { eager(&$0) }
        #expect(try store.rows(of: .records, Self.everything) == records)
        try await settle(store)
        #expect(try store.rows(of: .records, Self.everything) == records)
        #expect(try await store.write(batch(1...50)).stored == 0)
        #expect(try store.rows(of: .llmCalls, "SELECT count(*) FROM t")[0][0] == "50")
        await store.shutdown()
    }

    /// A day that cannot be read is set aside when new rows of it come; everything else goes on.
    @Test func anUnreadableSegmentDoesNotStopSealing() async throws {
        let folder = try TestFolder()
        var store = try folder.open { eager(&$0) }
        _ = try await store.write(batch(1...10))
        try await settle(store)
        await store.shutdown()
        let segments = folder.path + "/telemetry/segments/1"
        let damaged = try #require(try FileManager.default.contentsOfDirectory(atPath: segments).filter { $0.hasSuffix(".db") }.min())
        try Data(repeating: 7, count: 20_000).write(to: URL(filePath: "\(segments)/\(damaged)"))

        store = try folder.open { eager(&$0) }
        _ = try await store.write(batch(21...30))
        try await settle(store)
        #expect(store.statistics.unreadableSegments.count == 1)
        #expect(store.statistics.unreadableSegments.first?.contains("set aside") == true)
        #expect(try store.rows(of: .records, "SELECT count(*) FROM t WHERE span_id >= '00000000000000d2'")[0][0] == "20")
        #expect(FileManager.default.fileExists(atPath: "\(segments)/\(damaged).damaged-1"))
        await store.shutdown()
        store = try folder.open()
        #expect(try store.rows(of: .records, "SELECT count(*) FROM t WHERE span_id >= '00000000000000d2'")[0][0] == "20")
        await store.shutdown()
    }
}
