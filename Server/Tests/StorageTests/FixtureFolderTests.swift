import Foundation
import Testing

@testable import Storage

/// Committed folders of every released schema version open, hold what they held and take new rows.
@Suite struct FixtureFolderTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    /// A copy of a committed folder: up to version 3 one file, later the telemetry folder as an archive.
    private func folder(_ version: Int) throws -> TestFolder {
        let folder = try TestFolder()
        let fixture = Self.folder.appending(path: "version-\(version)").path
        try FileManager.default.createDirectory(atPath: folder.path + "/telemetry", withIntermediateDirectories: true)
        if version <= 3 {
            try FileManager.default.copyItem(atPath: fixture + "/hot-1.db.gz", toPath: folder.hotFile + ".gz")
            try run("gunzip", folder.hotFile + ".gz")
        } else {
            try run("tar", "xzf", fixture + "/telemetry.tar.gz", "-C", folder.path)
        }
        return folder
    }

    private func run(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    /// Writes the folder of the present version: what version 3 held, partly in segments, partly in a hot file.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["HEARTH_WRITE_FIXTURE"] != nil)) func writePresentVersion() async throws {
        let folder = try folder(3)
        let store = try folder.open {
            $0.rotationBytes = 1
            $0.idleSeconds = 0.05
        }
        for _ in 0..<500
        where store.statistics.waitingHotFiles > 0 || !FileManager.default.fileExists(atPath: folder.path + "/telemetry/segments") {
            try await Task.sleep(for: .milliseconds(20))
        }
        await store.shutdown()
        let target = Self.folder.appending(path: "version-\(Schema.version)").path
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        try run("tar", "czf", target + "/telemetry.tar.gz", "-C", folder.path, "telemetry")
    }

    @Test(arguments: 1...Schema.version) func opens(version: Int) async throws {
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
