import DuckDBKit
import Foundation
import Synchronization
import Testing

@testable import Storage

@Suite struct RecoveryTests {
    private func batch(_ spans: ClosedRange<UInt64>) -> IngestBatch {
        var builder = BatchBuilder()
        for span in spans { builder.add(span: span) }
        return builder.ingest()
    }

    private func count(_ store: TelemetryStore) throws -> String? { try store.rows(of: .records, "SELECT count(*) FROM t")[0][0] }

    @Test func everythingAnsweredSurvivesACrash() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        for first in stride(from: UInt64(1), through: 91, by: 10) { _ = try await store.write(batch(first...(first + 9))) }
        let crashed = try folder.copy()
        await store.shutdown()
        let again = try crashed.open()
        #expect(try count(again) == "100")
        #expect(again.statistics.recoveryReport == nil)
        #expect(try await again.write(batch(1...101)).repeated == 100)
        await again.shutdown()
    }

    @Test func tornLogLosesOnlyItsLastTransaction() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        _ = try await store.write(batch(1...10))
        _ = try await store.write(batch(11...20))
        let crashed = try folder.copy()
        await store.shutdown()
        let log = try #require(FileHandle(forUpdatingAtPath: crashed.hotLog))
        try log.truncate(atOffset: try log.seekToEnd() - 7)
        try log.close()

        let again = try crashed.open()
        #expect(try count(again) == "10")
        let report = try #require(again.statistics.recoveryReport)
        #expect(report.contains("hot-1.db.wal has been cut") && report.contains("up to 10 records"), "\(report)")
        #expect(try await again.write(batch(11...20)).stored == 10)
        await again.shutdown()
    }

    /// The engine takes what is left of a log for all there was.
    @Test(arguments: [0.0, 0.5, nil])
    func aCutOrMissingLogIsSaid(share: Double?) async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        for first in stride(from: UInt64(1), through: 91, by: 10) { _ = try await store.write(batch(first...(first + 9))) }
        let crashed = try folder.copy()
        await store.shutdown()
        if let share {
            let log = try #require(FileHandle(forUpdatingAtPath: crashed.hotLog))
            try log.truncate(atOffset: UInt64(Double(try log.seekToEnd()) * share))
            try log.close()
        } else {
            try FileManager.default.removeItem(atPath: crashed.hotLog)
        }
        let finding = try #require(try StoreDoctor.examine(directory: crashed.path, repairs: false).first)
        #expect(finding.file == "telemetry/hot-1.db.wal" && finding.rowsLost ?? 0 > 0, "\(finding)")

        var again = try crashed.open()
        let kept = Int64(try count(again) ?? "") ?? -1
        #expect(finding.rowsLost == 100 - kept)
        let report = try #require(again.statistics.recoveryReport)
        #expect(report.contains("hot-1.db.wal") && report.contains("up to \(100 - kept) records"), "\(report)")
        #expect(try await again.write(batch(1...100)).stored == Int(100 - kept))
        await again.shutdown()
        again = try crashed.open()
        #expect(again.statistics.recoveryReport == nil)
        #expect(try count(again) == "100")
        await again.shutdown()
        #expect(try StoreDoctor.examine(directory: crashed.path, repairs: false).isEmpty)
    }

    /// As a full disk leaves it behind.
    @Test(arguments: [0, 100, 12_288])
    func aHotFileThatWasNotFinishedDoesNotStopTheStart(size: Int) async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        _ = try await store.write(batch(1...10))
        let crashed = try folder.copy()
        await store.shutdown()
        try Data(count: size).write(to: URL(filePath: crashed.path + "/telemetry/hot-2.db"))
        let again = try crashed.open()
        #expect(try count(again) == "10")
        #expect(again.statistics.recoveryReport == nil)
        #expect(try await again.write(batch(11...20)).stored == 10)
        await again.shutdown()
    }

    @Test func aMissingHotFileIsSaid() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        _ = try await store.write(batch(1...10))
        let crashed = try folder.copy()
        await store.shutdown()
        try FileManager.default.removeItem(atPath: String(crashed.hotLog.dropLast(4)))
        let finding = try #require(try StoreDoctor.examine(directory: crashed.path, repairs: false).first)
        #expect(finding.file == "telemetry/hot-1.db" && finding.rowsLost == 10)
        let again = try crashed.open()
        let report = try #require(again.statistics.recoveryReport)
        #expect(
            report.contains("hot-1.db is missing") && report.contains("10 records") && report.contains("hot-1.db.wal.damaged-1"),
            "\(report)")
        #expect(try await again.write(batch(1...10)).stored == 10)
        await again.shutdown()
    }

    @Test func corruptLogIsSetAside() async throws {
        let folder = try TestFolder()
        var store = try folder.open()
        _ = try await store.write(batch(1...10))
        await store.shutdown()
        store = try folder.open()
        for first in stride(from: UInt64(11), through: 91, by: 10) { _ = try await store.write(batch(first...(first + 9))) }
        let crashed = try folder.copy()
        await store.shutdown()
        let log = try #require(FileHandle(forUpdatingAtPath: crashed.hotLog))
        let middle = try log.seekToEnd() / 2
        try log.seek(toOffset: middle)
        let byte = try #require(try log.read(upToCount: 1))
        try log.seek(toOffset: middle)
        try log.write(contentsOf: Data([byte[0] ^ 0xff]))
        try log.close()

        let again = try crashed.open()
        let report = try #require(again.statistics.recoveryReport)
        #expect(report.contains("hot-1.db.wal.damaged-1"))
        #expect(FileManager.default.fileExists(atPath: crashed.hotLog + ".damaged-1"))
        // What was written before the damage is there; the rest can be sent again.
        let kept = try #require(Int(try count(again) ?? ""))
        #expect(kept % 10 == 0 && (20...90).contains(kept))
        #expect(try await again.write(batch(1...100)).stored == 100 - kept)
        await again.shutdown()
    }

    @Test func newerSchemaIsRefused() async throws {
        let folder = try TestFolder()
        await (try folder.open()).shutdown()
        do {
            let database = try Database(path: folder.catalogFile)
            try database.connect().execute("INSERT INTO schema_version VALUES (99, now())")
        }
        let error = #expect(throws: StorageError.self) { _ = try folder.open() }
        #expect(error?.code == .newerSchema)
        #expect(error?.message.contains("99") == true)
    }

    @Test func unusableFileIsReportedAndLeftAlone() throws {
        let folder = try TestFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/telemetry", withIntermediateDirectories: true)
        let garbage = Data(repeating: 7, count: 20_000)
        try garbage.write(to: URL(filePath: folder.hotFile))
        try garbage.write(to: URL(filePath: folder.hotLog))
        let error = #expect(throws: StorageError.self) { _ = try folder.open() }
        #expect(error?.code == .openFailed)
        #expect(try Data(contentsOf: URL(filePath: folder.hotFile)) == garbage)
        #expect(try Data(contentsOf: URL(filePath: folder.hotLog)) == garbage)
    }

    // MARK: Failures while running

    /// Fails the commits whose numbers are in `faults`.
    private func open(_ folder: TestFolder, _ faults: [Int: DuckDBFault]) throws -> TelemetryStore {
        try folder.open { $0.commitFault = { faults[$0] } }
    }

    @Test(arguments: [false, true])
    func reopensAfterAFailedCommit(afterCommit: Bool) async throws {
        let folder = try TestFolder()
        let store = try open(folder, [2: DuckDBFault(message: "FATAL Error: the log is gone", afterCommit: afterCommit)])
        _ = try await store.write(batch(1...5))
        // Whether or not the failed transaction became durable, the rows are there once.
        _ = try await store.write(batch(6...10))
        _ = try await store.write(batch(11...12))
        #expect(try count(store) == "12")
        #expect(store.statistics.reopens == 1)
        #expect(store.statistics.records == 12)
        await store.shutdown()
    }

    /// The engine's COMMIT may fail for its result alone, when its rows are durable.
    @Test(arguments: [
        "Out of Memory Error: failed to allocate data of size 2.0 KiB (266.2 MiB/256.0 MiB used)",
        "TransactionContext Error: Failed to commit: failed to pin block of size 64.0 KiB (268.5 MiB/256.0 MiB used)",
    ])
    func aCommitWithoutMemoryThatIsStoredIsNotRepeated(message: String) async throws {
        let folder = try TestFolder()
        let store = try open(folder, [2: DuckDBFault(message: message, afterCommit: true)])
        _ = try await store.write(batch(1...5))
        #expect(try await store.write(batch(6...10)).stored == 5)
        #expect(try count(store) == "10")
        #expect(store.statistics.reopens == 0)
        let crashed = try folder.copy()
        await store.shutdown()
        let again = try crashed.open()
        #expect(try count(again) == "10")
        await again.shutdown()
    }

    @Test func failsCleanlyWhileTheDiskIsFull() async throws {
        let folder = try TestFolder()
        let full = DuckDBFault(message: "IO Error: Could not write file: No space left on device")
        let store = try open(folder, [1: full, 2: full])
        let error = await #expect(throws: StorageError.self) { _ = try await store.write(batch(1...5)) }
        #expect(error?.code == .unavailable)
        #expect(try await store.write(batch(1...5)).stored == 5)
        #expect(try count(store) == "5")
        await store.shutdown()
    }

    @Test func queriesGiveWayWhenACommitHasNoMemory() async throws {
        let folder = try TestFolder()
        let noMemory = DuckDBFault(message: "Out of Memory Error: failed to allocate")
        let store = try open(folder, [1: noMemory, 2: noMemory])
        let ended = Mutex<DuckDBError.Code?>(nil)
        let started = Mutex(false)
        Thread.detachNewThread {
            do {
                let lease = try store.reader()
                started.withLock { $0 = true }
                var result = try lease.connection.query("SELECT count(*) FROM range(100000000000) t(i) WHERE i % 3 = 5")
                try result.drain()
            } catch {
                ended.withLock { $0 = (error as? DuckDBError)?.code }
            }
        }
        while !started.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
        try await Task.sleep(for: .milliseconds(100))
        #expect(try await store.write(batch(1...5)).stored == 5)
        while ended.withLock({ $0 }) == nil { try await Task.sleep(for: .milliseconds(1)) }
        #expect(ended.withLock { $0 } == .interrupted)
        await store.shutdown()
    }

}
