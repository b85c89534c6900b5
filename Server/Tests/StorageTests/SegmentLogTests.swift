import DuckDBKit
import Foundation
import Sampling
import TelemetryModel
import Testing

@testable import Storage

/// Segments have no log (`Docs/adr/0012-segments-without-a-log.md`): what is written to them is in their files before anybody relies on it.
@Suite struct SegmentLogTests {
    private func batch(_ traces: Range<UInt64>) -> IngestBatch {
        var builder = BatchBuilder()
        for trace in traces { builder.add(trace: trace, span: trace) }
        return builder.ingest(1)
    }

    private func eager(_ configuration: inout StorageConfiguration) {
        configuration.rotationBytes = 1
        configuration.idleSeconds = 0.05
    }

    private func settle(_ store: TelemetryStore) async throws {
        for _ in 0..<500 where !store.statistics.isSettled { try await Task.sleep(for: .milliseconds(20)) }
        #expect(store.statistics.isSettled)
    }

    private func files(_ folder: TestFolder, ending: String) throws -> [String] {
        let segments = folder.path + "/telemetry/segments/1"
        return try FileManager.default.contentsOfDirectory(atPath: segments).filter { $0.hasSuffix(ending) }.map { "\(segments)/\($0)" }
    }

    private func count(_ store: TelemetryStore) throws -> String? { try store.rows("SELECT count(*) FROM span")[0][0] }

    private func spans(in file: String) throws -> Int64 {
        let connection = try Database(path: file).connect()
        var result = try connection.query("SELECT count(*) FROM span")
        return try #require(try result.next()).column(0).int64(0)
    }

    @Test func rowsThatGoAreGoneAfterACrash() async throws {
        let folder = try TestFolder()
        let store = try folder.open(eager)
        _ = try await store.write(batch(1..<11))
        try await settle(store)
        #expect(try files(folder, ending: ".db").count == 1)
        var settings = SamplingSettings()
        settings.isEnabled = true
        settings.rules = [SamplingRule(name: "errors", condition: .error)]
        settings.rest = 0
        let newest = try #require(Int64(try store.rows("SELECT max(commit_sequence) FROM span")[0][0] ?? ""))
        let done = try await TraceSampler(store: store, project: ProjectID(1), since: 0).pass(
            SamplingPolicy(settings), since: 0, now: newest + 3_600_000_000)
        #expect(done.removedRecords == 10)
        #expect(try files(folder, ending: ".wal") == [])
        let copy = try folder.copy()
        let file = try #require(try files(copy, ending: ".db").first)
        #expect(try spans(in: file) == 0)
        let again = try copy.open()
        #expect(try count(again) == "0")
        await again.shutdown()
        await store.shutdown()
    }

    @Test func aLogOfAnEarlierVersionCountsAndEnds() async throws {
        let folder = try TestFolder()
        var store = try folder.open(eager)
        _ = try await store.write(batch(1..<11))
        try await settle(store)
        await store.shutdown()
        let file = try #require(try files(folder, ending: ".db").first)
        do {
            let connection = try Database(path: file).connect()
            try connection.execute(
                "PRAGMA disable_checkpoint_on_shutdown; DELETE FROM span WHERE span_id IN ('0000000000000003', '0000000000000004')")
        }
        #expect(try files(folder, ending: ".wal").count == 1)

        store = try folder.open(eager)
        #expect(try count(store) == "8")
        // Nobody wrote: it is still there, and counts at the next start as well.
        await store.shutdown()
        store = try folder.open(eager)
        #expect(try count(store) == "8")
        _ = try await store.write(batch(11..<13))
        try await settle(store)
        #expect(try count(store) == "10")
        #expect(try files(folder, ending: ".wal") == [])
        let copy = try folder.copy()
        #expect(try spans(in: try #require(try files(copy, ending: ".db").first)) == 10)
        await store.shutdown()
        // Attached anew, without a log.
        store = try folder.open(eager)
        _ = try await store.write(batch(13..<14))
        try await settle(store)
        #expect(try count(store) == "11")
        #expect(try files(folder, ending: ".wal") == [])
        await store.shutdown()
        #expect(try spans(in: file) == 11)
    }
}
