import DuckDBKit
import Foundation
import GenAI
import TelemetryModel
import Testing

@testable import Storage

/// The doctor names for each corruption the file, what is lost and the repair, and the repaired folder opens (D4).
@Suite struct DoctorTests {
    private func batch(_ traces: ClosedRange<UInt64>) -> IngestBatch {
        var builder = BatchBuilder()
        for trace in traces {
            builder.add(trace: trace, span: trace * 10, start: trace % 3 == 0 ? 90_000 + Double(trace) : Double(trace)) { row, text in
                row.bodiesJSON = text.append(#"{"gen_ai.input.messages":"question \#(trace) \#(String(repeating: "word ", count: 40))"}"#)
            }
            builder.step(.modelCall)
        }
        return builder.ingest()
    }

    /// 300 records in two segments, 40 in a hot file with a log, as a crash leaves it.
    private func folder() async throws -> TestFolder {
        let folder = try TestFolder()
        var store = try folder.open {
            $0.rotationBytes = 1
            $0.idleSeconds = 0.05
        }
        _ = try await store.write(batch(1...300))
        for _ in 0..<500 where store.statistics.waitingHotFiles > 0 || folder.segments.count < 2 {
            try await Task.sleep(for: .milliseconds(20))
        }
        await store.shutdown()
        store = try await open(folder)
        for first in stride(from: UInt64(1_001), through: 1_031, by: 10) { _ = try await store.write(batch(first...(first + 9))) }
        let crashed = try folder.copy()
        await store.shutdown()
        try #require(crashed.segments.count == 2)
        return crashed
    }

    /// Opens a folder that another store may be about to give back.
    private func open(_ folder: TestFolder) async throws -> TelemetryStore {
        for _ in 0..<200 {
            do { return try folder.open() } catch let error as StorageError where error.message == TelemetryFolder.takenMessage {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        return try folder.open()
    }

    private func examine(_ folder: TestFolder, repairs: Bool = false) throws -> [DoctorFinding] {
        try StoreDoctor.examine(directory: folder.path, repairs: repairs)
    }

    private func records(_ folder: TestFolder) async throws -> Int {
        let store = try await open(folder)
        let count = try #require(Int(try store.rows(of: .records, "SELECT count(*) AS n FROM t")[0][0] ?? ""))
        _ = try store.rows(of: .records, "SELECT attributes FROM t")
        #expect(try await store.write(batch(5_001...5_001)).stored == 1)
        await store.shutdown()
        return count
    }

    /// Examines, repairs, and opens the folder.
    ///
    /// - Returns: the finding, and the records that are left.
    private func heal(_ folder: TestFolder) async throws -> (DoctorFinding, records: Int) {
        let found = try examine(folder)
        #expect(found.count == 1, "\(found)")
        let finding = try #require(found.first)
        #expect(finding.lost != nil && finding.isRepairable && !finding.isRepaired)
        // Looking changed nothing.
        #expect(try examine(folder) == found)
        let repaired = try examine(folder, repairs: true)
        #expect(repaired.map(\.isRepaired) == [true], "\(repaired)")
        #expect(try examine(folder) == [])
        return (finding, try await records(folder))
    }

    @Test func aHealthyFolderHasNoFinding() async throws {
        let folder = try await folder()
        #expect(try examine(folder) == [])
        #expect(try examine(folder, repairs: true) == [])
        #expect(try await records(folder) == 340)
    }

    @Test func aFolderThatIsInUseIsRefused() async throws {
        let folder = try await folder()
        let store = try folder.open()
        #expect(throws: StorageError.self) { try examine(folder) }
        await store.shutdown()
    }

    @Test func damagedHotLog() async throws {
        let folder = try await folder()
        let log = try #require(folder.hotLogs.first)
        try flip(log, at: 0.6)
        let (finding, records) = try await heal(folder)
        #expect(finding.file == "telemetry/" + (log as NSString).lastPathComponent)
        #expect(finding.rowsLost != nil)
        #expect(records >= 310 && records < 340 && records % 10 == 0)
    }

    @Test func damagedHotFile() async throws {
        let folder = try await folder()
        let log = try #require(folder.hotLogs.first)
        let file = String(log.dropLast(4))
        try overwrite(file, 0..<8_192)
        let (finding, records) = try await heal(folder)
        #expect(finding.file == "telemetry/" + (file as NSString).lastPathComponent)
        #expect(records == 300)
        #expect(FileManager.default.fileExists(atPath: file + ".damaged-1"))
    }

    @Test func damagedBlocksOfASegment() async throws {
        let folder = try await folder()
        let segment = try #require(folder.segments.first)
        // All blocks behind the headers, so that something that is used is among them.
        for share in stride(from: 0.1, to: 1, by: 0.2) { try flip(segment, at: share) }
        let (finding, records) = try await heal(folder)
        #expect(finding.file.hasPrefix("telemetry/segments/1/"))
        let lost = try #require(finding.rowsLost)
        #expect(lost > 0 && records + Int(lost) >= 340 && records >= 40)
    }

    @Test func truncatedAndMissingSegments() async throws {
        for isMissing in [false, true] {
            let folder = try await folder()
            let segment = try #require(folder.segments.first)
            if isMissing {
                try FileManager.default.removeItem(atPath: segment)
            } else {
                try overwrite(segment, 0..<12_288)
            }
            let (finding, records) = try await heal(folder)
            #expect(finding.file.hasSuffix((segment as NSString).lastPathComponent))
            #expect(finding.rowsLost == Int64(340 - records))
            #expect(finding.rowsLost == 100 || finding.rowsLost == 200)
        }
    }

    @Test func damagedAndMissingMessages() async throws {
        for isMissing in [false, true] {
            let folder = try await folder()
            let pages = String(try #require(folder.segments.first).dropLast(3)) + ".pages"
            if isMissing { try FileManager.default.removeItem(atPath: pages) } else { try flip(pages, at: 0.5) }
            let (finding, records) = try await heal(folder)
            #expect(finding.file.hasSuffix((pages as NSString).lastPathComponent))
            #expect(finding.rowsLost == 0)
            // The records are there, some without messages.
            #expect(records == 340)
        }
    }

    @Test func damagedCatalog() async throws {
        var folder = try await folder()
        let log = folder.path + "/telemetry/catalog.db.wal"
        if FileManager.default.fileExists(atPath: log) {
            try flip(log, at: 0.5)
            let found = try examine(folder, repairs: true)
            #expect(found.allSatisfy { $0.file == "telemetry/catalog.db.wal" && $0.isRepaired })
            #expect(try await records(folder) == 340)
        }
        for isMissing in [false, true] {
            folder = try await self.folder()
            let catalog = folder.path + "/telemetry/catalog.db"
            if isMissing {
                for suffix in ["", ".wal"] where FileManager.default.fileExists(atPath: catalog + suffix) {
                    try FileManager.default.removeItem(atPath: catalog + suffix)
                }
            } else {
                try overwrite(catalog, 0..<16_384)
            }
            let (finding, records) = try await heal(folder)
            #expect(finding.file == "telemetry/catalog.db" && finding.repair.contains("backup"))
            #expect(records == 340)
        }
    }

    @Test func repeatsAndTracesAreFoundUnderACatalogThatWasMadeAnew() async throws {
        let folder = try await folder()
        try overwrite(folder.path + "/telemetry/catalog.db", 0..<16_384)
        _ = try examine(folder, repairs: true)
        let store = try await open(folder)
        let trace = TraceID(high: 0, low: 7)
        let files = try store.files(ProjectID(1), traces: [trace])
        #expect(files.arms.arms.contains { $0.isSegment })
        await store.shutdown()
    }

    @Test func aSegmentTheCatalogDoesNotKnow() async throws {
        let folder = try await folder()
        do {
            let database = try Database(path: folder.path + "/telemetry/catalog.db")
            let connection = try database.connect()
            try connection.execute("DELETE FROM segment WHERE day = (SELECT min(day) FROM segment); CHECKPOINT")
        }
        let (finding, records) = try await heal(folder)
        #expect(finding.file.hasPrefix("telemetry/segments/"))
        #expect(records == 340)
    }

    @Test func copiesOfAnInterruptedBackup() async throws {
        let folder = try await folder()
        let copies = folder.path + "/telemetry/backup"
        try FileManager.default.createDirectory(atPath: copies, withIntermediateDirectories: true)
        #expect(try examine(folder).map(\.file) == ["telemetry/backup"])
        #expect(try examine(folder, repairs: true).map(\.isRepaired) == [true])
        #expect(!FileManager.default.fileExists(atPath: copies))
    }

    // MARK: Damage

    /// Turns a byte at a share of the file.
    private func flip(_ path: String, at share: Double) throws {
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        let offset = UInt64(Double(try file.seekToEnd()) * share)
        try file.seek(toOffset: offset)
        let byte = try #require(try file.read(upToCount: 1))
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data([byte[0] ^ 0xff]))
        try file.close()
    }

    private func overwrite(_ path: String, _ range: Range<Int>) throws {
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        try file.seek(toOffset: UInt64(range.lowerBound))
        try file.write(contentsOf: Data(repeating: 0xa5, count: range.count))
        try file.close()
    }
}

extension TestFolder {
    fileprivate func files(_ suffix: String) -> [String] {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: path + "/telemetry")) ?? []
        return names.filter { $0.hasSuffix(suffix) }.sorted().map { path + "/telemetry/" + $0 }
    }

    fileprivate var segments: [String] { files(".db").filter { $0.contains("/segments/") } }
    fileprivate var hotLogs: [String] { files(".db.wal").filter { $0.contains("/hot-") } }
}
