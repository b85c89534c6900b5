import Foundation
import GenAI
import Synchronization
import TelemetryModel
import Testing

@testable import Storage

/// A backup of a store that goes on working opens as a folder of its own, with everything that was acknowledged before it began.
@Suite struct BackupTests {
    private func batch(_ traces: ClosedRange<UInt64>) -> IngestBatch {
        var builder = BatchBuilder()
        for trace in traces {
            builder.add(trace: trace, span: trace * 10, start: trace % 3 == 0 ? 90_000 + Double(trace) : Double(trace)) { row, text in
                row.bodiesJSON = text.append(#"{"gen_ai.input.messages":"question \#(trace)"}"#)
            }
            builder.step(.modelCall)
        }
        return builder.ingest()
    }

    private func backup(_ store: TelemetryStore) async throws -> (TestFolder, [String]) {
        let target = try TestFolder()
        let names = Mutex<[String]>([])
        try await store.backup { file in
            let copy = target.path + "/" + file.name
            try FileManager.default.createDirectory(atPath: (copy as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: file.path, toPath: copy)
            #expect(file.size == Int64(try FileManager.default.attributesOfItem(atPath: copy)[.size] as? Int ?? -1))
            names.withLock { $0.append(file.name) }
        }
        return (target, names.withLock { $0 })
    }

    private static let everything = "SELECT * FROM t ORDER BY start_timestamp, trace_id, span_id, kind"

    @Test func hotAndSealedRowsAreThere() async throws {
        let folder = try TestFolder()
        let store = try folder.open {
            $0.rotationBytes = 200_000
            $0.idleSeconds = 0.05
            $0.idleRotationBytes = 1
        }
        for first in stride(from: UInt64(1), through: 901, by: 100) {
            _ = try await store.write(batch(first...(first + 99)))
            if first == 501 { try await Task.sleep(for: .milliseconds(500)) }
        }
        let (copy, names) = try await backup(store)
        #expect(names.last == "telemetry/catalog.db")
        #expect(try StoreDoctor.examine(directory: copy.path, repairs: false) == [])
        let restored = try copy.open()
        #expect(try restored.rows(of: .records, Self.everything) == store.rows(of: .records, Self.everything))
        #expect(try restored.rows(of: .llmCalls, "SELECT count(*) AS n FROM t") == [["1000"]])
        #expect(try await restored.write(batch(1...1_001)).stored == 1)
        await restored.shutdown()
        await store.shutdown()
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/telemetry/backup"))
    }

    @Test func whileWritesSealsAndQueriesGoOn() async throws {
        let folder = try TestFolder()
        let store = try folder.open {
            $0.rotationBytes = 300_000
            $0.idleSeconds = 0.05
            $0.idleRotationBytes = 1
        }
        _ = try await store.write(batch(1...500))
        let writes = Task {
            var next: UInt64 = 501
            while !Task.isCancelled, next < 5_000 {
                _ = try await store.write(batch(next...(next + 49)))
                next += 50
                try await Task.sleep(for: .milliseconds(30))
            }
            return next
        }
        for _ in 0..<3 {
            try await Task.sleep(for: .milliseconds(150))
            let before = try #require(Int(try store.rows(of: .records, "SELECT count(*) AS n FROM t")[0][0] ?? ""))
            let (copy, _) = try await backup(store)
            let restored = try copy.open()
            let rows = try restored.rows(of: .records, "SELECT count(*) AS n, count(DISTINCT span_id) AS d FROM t")
            #expect(rows[0][0] == rows[0][1], "rows came twice: \(rows)")
            #expect(try #require(Int(rows[0][0] ?? "")) >= before)
            #expect(
                try restored.rows(of: .records, "SELECT count(*) AS n FROM t WHERE attributes->>'gen_ai.input.messages' IS NULL") == [["0"]]
            )
            await restored.shutdown()
        }
        writes.cancel()
        _ = await writes.result
        await store.shutdown()
    }
}
