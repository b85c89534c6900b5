import DuckDBKit
import Foundation
import Retention
import Synchronization
import TelemetryModel
import Testing

@testable import Storage

@Suite struct RetentionTests {
    private static let project = ProjectID(1)

    /// A store with days of twenty traces of two records each; the second record of every fifth trace is an error. Bodies have a phrase of their own.
    private func filled(_ folder: TestFolder, days: Range<Int>, _ change: (inout StorageConfiguration) -> Void = { _ in }) async throws
        -> TelemetryStore
    {
        let store = try folder.open {
            $0.rotationBytes = 1
            $0.idleSeconds = 0.1
            change(&$0)
        }
        for day in days { try await write(store, day: day) }
        try await settle(store)
        return store
    }

    private func write(_ store: TelemetryStore, day: Int, traces: ClosedRange<UInt64> = 1...20) async throws {
        var builder = BatchBuilder()
        for trace in traces {
            let id = UInt64(day) * 100 + trace
            builder.add(trace: id, span: id * 2, start: Double(day) * 86_400 + Double(trace)) { row, text in
                let words = String(repeating: "word ", count: 500)
                row.bodiesJSON = text.append(#"{"gen_ai.input.messages":"\#(words) phrase\#(id)x"}"#)
                row.spanEventCount = 0
            }
            builder.add(trace: id, span: id * 2 + 1, start: Double(day) * 86_400 + Double(trace) + 0.5) { row, _ in
                row.level = trace % 5 == 0 ? 17 : 9
            }
        }
        _ = try await store.write(builder.ingest())
    }

    private func settle(_ store: TelemetryStore) async throws {
        func isSealed() -> Bool { store.retentionDays.reduce(0) { $0 + $1.records } == store.statistics.records }
        for _ in 0..<500 where !store.statistics.isSettled || !isSealed() { try await Task.sleep(for: .milliseconds(20)) }
        #expect(isSealed())
    }

    private static func selection(_ condition: String = "level >= 17", identity: String = "errors") -> KeepSelection {
        var selection = KeepSelection()
        selection.traces = [
            KeepSelection.Traces(identity: identity) { files, window in
                "SELECT DISTINCT trace_id FROM (\(files.sql(for: .recordsAll, project: Self.project, window: window))) WHERE \(condition)"
            }
        ]
        return selection
    }

    private static func today(_ day: Int = 9) -> Int32 { TelemetryStore.day(of: BatchBuilder.time(Double(day) * 86_400) / 1000) }

    private func action(_ day: Int, rules: [Int] = []) -> RetentionAction {
        RetentionAction(project: 1, day: Self.today(day), reason: .age, rules: rules)
    }

    private func search(_ store: TelemetryStore, _ id: UInt64) throws -> String? {
        let condition = try #require(BodyCondition(name: "found", keys: ["gen_ai.input.messages"], text: "PHRASE\(id)X", ignoresCase: true))
        let files = try store.files(Self.project)
        let sql = files.sql(for: .records, project: Self.project, columns: ["trace_id", "found"], conditions: [condition])
        let lease = try store.reader()
        var result = try lease.query("SELECT count(*)::VARCHAR FROM (\(sql)) WHERE found")
        return try result.next()?.column(0).string(0)
    }

    private func records(_ store: TelemetryStore, _ day: Int) throws -> [String?] {
        let start = BatchBuilder.time(Double(day) * 86_400) / 1000
        let window = TimeWindow(minimum: start, maximum: start + 86_400_000_000 - 1)
        let files = try store.files(Self.project, window)
        defer { withExtendedLifetime(files) {} }
        let sql = files.sql(for: .records, project: Self.project, window: window)
        return try store.rows(
            "SELECT count(*), count(DISTINCT trace_id), count(*) FILTER (WHERE level >= 17) AS errors, min(length(attributes::VARCHAR)) FROM (\(sql))"
        )[0]
    }

    /// A day goes as a whole; a query that began before reads on.
    @Test func daysGoAndNothingElse() async throws {
        let folder = try TestFolder()
        let store = try await filled(folder, days: 0..<4)
        #expect(store.statistics.records == 160)
        let files = try store.files(Self.project)
        let query = files.sql(for: .records, project: Self.project, columns: ["span_id", "attributes"])
        let outcome = try #require(try await store.carryOut(action(1), KeepSelection()))
        #expect(outcome.records == 40 && outcome.bytes > 0)
        #expect(try await store.carryOut(action(1), KeepSelection()) == nil)
        // Who was about to read still can, bodies too.
        #expect(try store.rows("SELECT count(*), max(length(attributes::VARCHAR)) > 2000 FROM (\(query))")[0] == ["160", "true"])
        withExtendedLifetime(files) {}
        #expect(try records(store, 1)[0] == "0")
        #expect(store.statistics.records == 120)
        // Filters of hot files of which nothing is left go with it.
        let set = store.supervisor.registry.current
        #expect(set.filters.allSatisfy { filter in filter.segments.contains { set.segments[$0] != nil } })
        #expect(try store.rows(of: .records, "SELECT count(*) FROM t")[0][0] == "120")
        await store.shutdown()
        let again = try folder.open()
        #expect(try again.rows(of: .records, "SELECT count(*) FROM t")[0][0] == "120")
        await again.shutdown()
    }

    /// What a rule keeps stays with its whole traces, messages and search; the space of the rest is free.
    @Test func keptTracesStayWhole() async throws {
        let folder = try TestFolder()
        let store = try await filled(folder, days: 0..<3)
        let before = store.retentionDays.first { $0.day == Self.today(1) }?.bytes ?? 0
        let files = try store.files(Self.project)
        let query = files.sql(for: .records, project: Self.project, columns: ["span_id", "attributes"])

        let measured = try #require(try await store.measure(action(1, rules: [0]), Self.selection()))
        #expect(measured.records == 32 && measured.keptRecords == 8 && measured.keptBy == ["errors": 8])
        let outcome = try #require(try await store.carryOut(action(1, rules: [0]), Self.selection()))
        #expect(outcome.records == 32 && outcome.keptRecords == 8 && outcome.bytes > 0)
        let day = try #require(store.retentionDays.first { $0.day == Self.today(1) })
        #expect(day.records == 8 && day.bytes < before && day.keptBy == ["errors"] && !day.hasNewRows)

        #expect(try store.rows("SELECT count(*), max(length(attributes::VARCHAR)) > 2000 FROM (\(query))")[0] == ["120", "true"])
        withExtendedLifetime(files) {}
        func check(_ store: TelemetryStore) throws {
            #expect(try records(store, 1).prefix(3) == ["8", "4", "4"])
            #expect(try records(store, 2).prefix(3) == ["40", "20", "4"])
            #expect(try search(store, 105) == "1")
            #expect(try search(store, 106) == "0")
            #expect(try search(store, 206) == "1")
            #expect(
                try store.rows(of: .records, "SELECT count(*) FROM t WHERE attributes->>'gen_ai.input.messages' LIKE '%phrase110x'")[0][0]
                    == "1")
            #expect(store.statistics.records == 88)
        }
        try check(store)
        // Records that come late go to the new files.
        try await write(store, day: 1, traces: 30...31)
        try await settle(store)
        #expect(store.retentionDays.first { $0.day == Self.today(1) }?.hasNewRows == true)
        #expect(try records(store, 1)[0] == "12")
        #expect(try #require(try await store.carryOut(action(1, rules: [0]), Self.selection())).records == 2)
        try check2(store)
        await store.shutdown()
        let again = try folder.open()
        // Those that were read until the end have gone too.
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/telemetry/segments/1").sorted()
        let number = Self.today(1)
        #expect(names.filter { $0.hasPrefix("\(number)") } == ["\(number)-2.db", "\(number)-2.pages"])
        try check2(again)
        await again.shutdown()
        #expect(try StoreDoctor.examine(directory: folder.path, repairs: false).isEmpty)

        func check2(_ store: TelemetryStore) throws {
            // Trace 30 is an error too.
            #expect(try records(store, 1).prefix(3) == ["10", "5", "5"])
            #expect(try search(store, 130) == "1")
            #expect(try search(store, 105) == "1")
        }
    }

    /// Records of the days beside a day keep their traces in it.
    @Test func tracesOverMidnight() async throws {
        let folder = try TestFolder()
        let store = try await filled(folder, days: 0..<1)
        var builder = BatchBuilder()
        builder.add(trace: 7_000, span: 1, start: 86_400 - 1)
        builder.add(trace: 7_000, span: 2, start: 86_400 + 1) { row, _ in row.level = 17 }
        _ = try await store.write(builder.ingest())
        try await settle(store)
        #expect(try #require(try await store.carryOut(action(0, rules: [0]), Self.selection())).keptRecords == 9)
        await store.shutdown()
    }

    @Test func everythingOrNothingIsKept() async throws {
        let folder = try TestFolder()
        let store = try await filled(folder, days: 0..<2)
        let all = try #require(try await store.carryOut(action(0, rules: [0]), Self.selection("true")))
        #expect(all.records == 0 && all.keptRecords == 40)
        #expect(store.retentionDays.first { $0.day == Self.today(0) }?.keptBy == ["errors"])
        let none = try #require(try await store.carryOut(action(1, rules: [0]), Self.selection("false")))
        #expect(none.records == 40)
        #expect(store.retentionDays.count == 1)
        // A condition that cannot be answered removes nothing.
        await #expect(throws: (any Error).self) { try await store.carryOut(action(0, rules: [0]), Self.selection("1 / 'x' > 0")) }
        #expect(try records(store, 0)[0] == "40")
        await store.shutdown()
    }

    /// Ended at any stage there is the old day or the new one, and never both.
    @Test(arguments: RetentionStage.allCases) func endedAtEveryStage(_ stage: RetentionStage) async throws {
        let folder = try TestFolder()
        let store = try await filled(folder, days: 0..<2) { $0.retentionFault = { $0 == stage } }
        await #expect(throws: StorageError.self) { try await store.carryOut(action(0, rules: [0]), Self.selection()) }
        // As after a crash at that moment.
        let copy = try folder.copy()
        let isNew = stage == .catalog || stage == .files
        let again = try copy.open()
        #expect(try records(again, 0).prefix(3) == (isNew ? ["8", "4", "4"] : ["40", "20", "4"]))
        #expect(try records(again, 1)[0] == "40")
        #expect(try search(again, 5) == "1")
        #expect(try search(again, 6) == (isNew ? "0" : "1"))
        let names = try FileManager.default.contentsOfDirectory(atPath: copy.path + "/telemetry/segments/1")
        #expect(names.count { !$0.hasSuffix(".wal") } == 4)
        let after = try await again.carryOut(action(0, rules: [0]), Self.selection())
        #expect(after?.records == (isNew ? 0 : 32))
        #expect(try records(again, 0)[0] == "8")
        await again.shutdown()
        // The store itself goes on with what it knows.
        #expect(try records(store, 0)[2] == "4")
        await store.shutdown()
        let reopened = try folder.open()
        #expect(try records(reopened, 0)[0] == (isNew ? "8" : "40"))
        await reopened.shutdown()
    }

    /// A day that goes ended at a stage is there or gone, and its files do not come back.
    @Test(arguments: [RetentionStage.catalog, .files]) func aDayThatGoes(_ stage: RetentionStage) async throws {
        let folder = try TestFolder()
        let store = try await filled(folder, days: 0..<2) { $0.retentionFault = { $0 == stage } }
        await #expect(throws: StorageError.self) { try await store.carryOut(action(0), KeepSelection()) }
        let copy = try folder.copy()
        #expect(try StoreDoctor.examine(directory: copy.path, repairs: false).isEmpty)
        let again = try copy.open { $0.rotationBytes = 1 }
        #expect(try records(again, 0)[0] == "0")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: copy.path + "/telemetry/segments/1").filter { !$0.hasSuffix(".wal") }.count
                == 2)
        // The same day again.
        try await write(again, day: 0, traces: 40...41)
        try await settle(again)
        #expect(try records(again, 0)[0] == "4")
        await again.shutdown()
        await store.shutdown()
    }

    /// Rows that somebody changes while a day is written anew are not lost: it is tried again.
    @Test func aDayThatIsChangedMeanwhile() async throws {
        let folder = try TestFolder()
        let changing = Box<FileRegistry>()
        let store = try await filled(folder, days: 0..<1) {
            $0.retentionFault = { stage in
                let file = SegmentFile(key: SegmentKey(project: 1, day: Self.today(0)))
                if stage == .checkpoint { changing.take()?.changed(file.alias) }
                return false
            }
        }
        changing.set(store.supervisor.registry)
        await #expect(throws: StorageError.self) { try await store.carryOut(action(0, rules: [0]), Self.selection()) }
        #expect(try records(store, 0)[0] == "40")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/telemetry/segments/1")
        #expect(names.count { $0.hasSuffix(".db") } == 1)
        #expect(try await store.carryOut(action(0, rules: [0]), Self.selection())?.records == 32)
        #expect(try records(store, 0)[0] == "8")
        await store.shutdown()
    }

    /// While a backup is made every day stays, so that the copy of the catalog and the files fit.
    @Test func aBackupHoldsEveryDay() async throws {
        let folder = try TestFolder()
        let store = try await filled(folder, days: 0..<2)
        var names: [String] = []
        let action = action(0, rules: [0])
        try await store.backup { file in
            if names.isEmpty {
                #expect(store.isRetentionHeld)
                await #expect(throws: StorageError.self) { try await store.carryOut(action, Self.selection()) }
            }
            names.append(file.name)
        }
        #expect(names.count { $0.hasSuffix(".pages") } == 2)
        #expect(!store.isRetentionHeld)
        #expect(try await store.carryOut(action, Self.selection())?.records == 32)
        // What was written anew is backed up under its new name.
        names = []
        try await store.backup { names.append($0.name) }
        #expect(names.contains("telemetry/segments/1/\(Self.today(0))-1.db"))
        await store.shutdown()
    }

    /// Messages that cannot be read do not keep a day from being cut: their records stay without.
    @Test func damagedMessages() async throws {
        let folder = try TestFolder()
        let store = try await filled(folder, days: 0..<1)
        await store.shutdown()
        let file = try #require(FileHandle(forWritingAtPath: folder.path + "/telemetry/segments/1/\(Self.today(0)).pages"))
        try file.seek(toOffset: 64)
        try file.write(contentsOf: Data(repeating: 0x5A, count: 256))
        try file.close()
        let again = try folder.open()
        #expect(try await again.carryOut(action(0, rules: [0]), Self.selection())?.records == 32)
        #expect(try records(again, 0).prefix(3) == ["8", "4", "4"])
        await again.shutdown()
        #expect(try StoreDoctor.examine(directory: folder.path, repairs: false).isEmpty)
    }

    /// A catalog that has gone back to before a day was written anew finds what there is.
    @Test func aCatalogOfBefore() async throws {
        let folder = try TestFolder()
        let store = try await filled(folder, days: 0..<2)
        await store.shutdown()
        let before = try folder.copy()
        let again = try folder.open()
        #expect(try await again.carryOut(action(0, rules: [0]), Self.selection())?.records == 32)
        await again.shutdown()
        for file in ["catalog.db", "catalog.db.wal"] {
            try? FileManager.default.removeItem(atPath: folder.path + "/telemetry/" + file)
            try? FileManager.default.copyItem(atPath: before.path + "/telemetry/" + file, toPath: folder.path + "/telemetry/" + file)
        }
        #expect(try !StoreDoctor.examine(directory: folder.path, repairs: true).isEmpty)
        #expect(try StoreDoctor.examine(directory: folder.path, repairs: false).isEmpty)
        let repaired = try folder.open()
        #expect(try records(repaired, 0).prefix(3) == ["8", "4", "4"])
        #expect(try search(repaired, 5) == "1")
        #expect(try records(repaired, 1)[0] == "40")
        await repaired.shutdown()
    }
}

/// Gives a value away once.
private final class Box<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    func set(_ new: Value) { value.withLock { $0 = new } }

    func take() -> Value? {
        value.withLock { value in
            defer { value = nil }
            return value
        }
    }
}
