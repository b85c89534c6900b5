import Foundation
import Testing

@testable import Storage

/// Committed folders of every released schema version open, hold what they held and take new rows.
@Suite struct FixtureFolderTests {
    /// A copy of a committed folder.
    private func folder(_ version: Int) throws -> TestFolder {
        let folder = try TestFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/telemetry", withIntermediateDirectories: true)
        let fixture = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/version-\(version)/hot-1.db.gz")
        try FileManager.default.copyItem(atPath: fixture.path, toPath: folder.hotFile + ".gz")
        let gunzip = Process()
        gunzip.executableURL = URL(filePath: "/usr/bin/env")
        gunzip.arguments = ["gunzip", folder.hotFile + ".gz"]
        try gunzip.run()
        gunzip.waitUntilExit()
        try #require(gunzip.terminationStatus == 0)
        return folder
    }

    @Test(arguments: [1, 2, 3]) func opens(version: Int) async throws {
        let folder = try folder(version)
        var store = try folder.open()
        for isReopened in [false, true] {
            if isReopened {
                await store.shutdown()
                store = try folder.open()
            }
            let records = try store.rows(
                of: .records, "SELECT count(*) AS n, count(DISTINCT trace_id) AS traces FROM t WHERE kind <> 'span_event'")
            #expect(records == [["16", "3"]])
            let calls = try store.rows(
                of: .llmCalls, "SELECT count(*) AS n, sum(input_tokens) AS i, sum(output_tokens) AS o, round(sum(cost), 7) AS c FROM t")
            #expect(calls == [["6", "3193", "185", "0.0069806"]])
            #expect(try store.rows(of: .agentRuns, "SELECT count(*) FROM t") == [["4"]])
            #expect(try store.rows(of: .metrics, "SELECT count(*) FROM t") == [["10"]])
            let failed = try store.rows(
                of: .records, "SELECT exception_type, attributes->>'text' AS text FROM t WHERE span_name = 'failing'")
            #expect(failed == [["ValueError", "kept"]])
            #expect(try store.rows(of: .records, "SELECT message FROM t WHERE kind = 'log' AND service_name = 'fixture'") == [["a log"]])
        }
        var builder = BatchBuilder()
        builder.add(trace: 7_001, span: 7_002)
        #expect(try await store.write(builder.ingest()).stored == 1)
        #expect(try await store.write(builder.ingest()).stored == 0)
        await store.shutdown()
    }
}
