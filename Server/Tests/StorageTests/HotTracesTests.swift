import TelemetryModel
import Testing

@testable import Storage

/// What is asked of one trace reads only hot files that have it, and finds all of it.
@Suite struct HotTracesTests {
    private func batch(_ traces: ClosedRange<UInt64>, span: UInt64 = 0, project: Int32 = 1) -> IngestBatch {
        var builder = BatchBuilder()
        for trace in traces { builder.add(trace: trace, span: trace * 10 + span, start: Double(trace)) }
        return builder.ingest(project)
    }

    private func id(_ trace: UInt64) -> TraceID { TraceID(high: 0xabcd, low: trace) }

    private func settle(_ store: TelemetryStore) async throws {
        for _ in 0..<500 {
            if store.statistics.isSettled { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("not settled: \(store.statistics)")
    }

    /// The spans of a trace, and how many files were read for them.
    private func read(_ store: TelemetryStore, _ trace: UInt64, project: Int32 = 1) throws -> (spans: [String?], files: Int) {
        let project = ProjectID(project)
        let files = try store.files(project, traces: [id(trace)])
        defer { withExtendedLifetime(files) {} }
        let sql = files.sql(for: .recordsAll, project: project)
        let rows = try store.rows("SELECT span_id FROM (\(sql)) WHERE trace_id = '\(id(trace))' ORDER BY span_id")
        return (rows.map { $0[0] }, files.arms.arms.count(where: \.hasSpans))
    }

    private func eager(_ configuration: inout StorageConfiguration) {
        configuration.rotationBytes = 1
        configuration.idleSeconds = 0.1
    }

    private func never(_ configuration: inout StorageConfiguration) {
        configuration.rotationBytes = 1 << 40
        configuration.idleSeconds = 3_600
        configuration.rotationSeconds = 3_600
    }

    @Test func aHotFileWithoutTheTraceIsNotRead() async throws {
        let folder = try TestFolder()
        var store = try folder.open { eager(&$0) }
        _ = try await store.write(batch(1...20))
        try await settle(store)
        await store.shutdown()

        store = try folder.open { never(&$0) }
        // Nothing is in the hot file yet; then other traces are, then one of the segment's goes on.
        for round in 0..<2 {
            #expect(try read(store, 5).spans.count == 1)
            if round == 0 { _ = try await store.write(batch(30...40)) }
            #expect(try read(store, 5).files == 1)
            #expect(try read(store, 35).spans.count == 1)
            #expect(try read(store, 35).files == 1)
            // Another project's trace of the same number.
            #expect(try read(store, 5, project: 2).spans.isEmpty)
            #expect(try read(store, 99).spans.isEmpty)
            if round == 0 {
                // What is known of hot files that are there already is read back.
                await store.shutdown()
                store = try folder.open { never(&$0) }
            }
        }
        _ = try await store.write(batch(5...5, span: 1))
        #expect(try read(store, 5).spans.count == 2)
        #expect(try read(store, 5).files == 2)
        #expect(try read(store, 6).files == 1)
        await store.shutdown()

        // Rotated and sealed: all in segments.
        store = try folder.open { eager(&$0) }
        try await settle(store)
        #expect(try read(store, 5).spans.count == 2)
        _ = try await store.write(batch(6...6, span: 1))
        #expect(try read(store, 6).spans.count == 2)
        await store.shutdown()
    }

    /// Asked right after each answer, while files are begun and sealed all the time.
    @Test func anAnsweredRecordIsFoundAtOnce() async throws {
        let folder = try TestFolder()
        let store = try folder.open { eager(&$0) }
        for round in UInt64(0)..<40 {
            let trace = 1 + round % 7
            _ = try await store.write(batch(trace...trace, span: round / 7))
            #expect(try read(store, trace).spans.count == Int(round / 7) + 1)
        }
        await store.shutdown()
    }

    @Test func whatIsNotKnownMayBeThere() {
        let traces = HotTraces()
        traces.insert([7], 1)
        #expect(traces.mayHave([7], 1) && traces.mayHave([8], 1))
        traces.begin(1)
        #expect(!traces.mayHave([7], 1))
        traces.insert([7, 9], 1)
        #expect(traces.mayHave([8, 9], 1) && !traces.mayHave([8], 1) && traces.mayHave([8], 2))
        traces.forget(1)
        #expect(traces.mayHave([8], 1))
    }
}
