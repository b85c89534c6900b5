import Foundation
import TelemetryModel
import Testing

@testable import Storage

/// Texts for queries that take few rows give what the general ones give, and read less.
@Suite struct FewRowsTests {
    private func batch(_ traces: ClosedRange<UInt64>, project: Int32 = 1, service: String = "shop") -> IngestBatch {
        var builder = BatchBuilder(service: service)
        for trace in traces {
            builder.add(trace: trace, span: trace * 10, start: Double(trace)) { row, text in
                row.bodiesJSON = text.append(#"{"gen_ai.input.messages":"[{\"content\":\"question \#(trace)\"}]"}"#)
                row.attributesJSON = text.append(#"{"url.path":"/\#(trace)","nested":{"url.query":"no"},"text":"\"url.full\":"}"#)
            }
            builder.add(trace: trace, span: trace * 10 + 1, start: Double(trace) + 0.5)
        }
        return builder.ingest(project)
    }

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

    private func rows(
        _ store: TelemetryStore, _ project: Int32 = 1, window: TimeWindow = .all, traces: [TraceID]? = nil, isForFewRows: Bool,
        isExact: Bool = false, _ condition: String = "true"
    ) throws -> [[String?]] {
        let project = ProjectID(project)
        let files = try store.files(project, window, traces: traces, isExact: isExact)
        defer { withExtendedLifetime(files) {} }
        let sql = files.sql(for: .recordsAll, project: project, window: window, isForFewRows: isForFewRows)
        return try store.rows("SELECT * FROM (\(sql)) WHERE \(condition) ORDER BY start_timestamp, span_id")
    }

    @Test func sameRowsAsByJoins() async throws {
        let folder = try TestFolder()
        var store = try folder.open { eager(&$0) }
        for first in stride(from: UInt64(1), through: 41, by: 10) {
            _ = try await store.write(batch(first...(first + 9), service: first == 21 ? "warehouse" : "shop"))
            if first < 41 { try await settle(store) }
        }
        _ = try await store.write(batch(1...3, project: 2, service: "office"))
        func check(_ store: TelemetryStore) throws {
            for project in [Int32(1), 2, 3] {
                let joined = try rows(store, project, isForFewRows: false)
                #expect(joined.count == [100, 6, 0][Int(project) - 1])
                #expect(try rows(store, project, isForFewRows: true) == joined)
            }
            let names = try rows(store, isForFewRows: true, "service_name = 'warehouse' AND process_pid = 77 AND url_path IS NOT NULL")
            #expect(names.count == 10)
            #expect(try rows(store, isForFewRows: true, "url_query IS NOT NULL OR url_full IS NOT NULL").isEmpty)
            #expect(
                try rows(store, isForFewRows: true, "attributes->>'nested' = '{\"url.query\":\"no\"}' AND sample_weight = 1").count == 50)
        }
        try check(store)
        try await settle(store)
        try check(store)
        await store.shutdown()
        store = try folder.open()
        try check(store)
        await store.shutdown()
    }

    /// Rows as they are stored have the same values, in hot files and in segments, of one file and of several.
    @Test func wholeRowsOfTraces() async throws {
        let folder = try TestFolder()
        let store = try folder.open { eager(&$0) }
        _ = try await store.write(batch(1...10))
        try await settle(store)
        _ = try await store.write(batch(8...30))
        let project = ProjectID(1)
        let all = TableSource.columns(of: .recordsAll)
        for traces in [[UInt64(3)], [9], [25], [3, 25], [99]] {
            let ids = traces.map { TraceID(high: 0xabcd, low: $0) }
            let files = try store.files(project, traces: ids)
            defer { withExtendedLifetime(files) {} }
            let (sql, layout) = files.wholeRows(of: ids, project: project, withPending: true)
            #expect(layout.columns.map(\.name) == all)
            let stored = try store.rows("SELECT * FROM (\(sql)) ORDER BY start_timestamp, span_id")
            let condition = "trace_id IN (\(ids.map { "'\($0)'" }.joined(separator: ", ")))"
            let wanted = try rows(store, isForFewRows: false, condition)
            #expect(stored.count == (traces == [99] ? 0 : traces.count * 2))
            #expect(stored.count == wanted.count)
            for (place, column) in layout.columns.enumerated() {
                guard case .same = column.value else { continue }
                #expect(stored.map { $0[column.source] } == wanted.map { $0[place] }, "\(column.name)")
            }
        }
        await store.shutdown()
    }

    /// Of a segment only the rows of the hot files that had the trace are read.
    @Test func oneTraceOfManyHotFiles() async throws {
        let folder = try TestFolder()
        let store = try folder.open { eager(&$0) }
        for first in stride(from: UInt64(1), through: 31, by: 10) {
            _ = try await store.write(batch(first...(first + 9)))
            try await settle(store)
        }
        for trace in [UInt64(5), 15, 35] {
            let id = TraceID(high: 0xabcd, low: trace)
            let condition = "trace_id = '\(id)'"
            let all = try rows(store, isForFewRows: false, condition)
            #expect(all.count == 2)
            #expect(try rows(store, traces: [id], isForFewRows: true, condition) == all)
            let files = try store.files(ProjectID(1), traces: [id])
            let hots = files.arms.arms.compactMap(\.spanHots).map(\.count)
            // The last may not have been sealed yet.
            #expect(hots == [1] || trace == 35 && hots.isEmpty)
        }
        // One that no file has.
        let none = TraceID(high: 0xabcd, low: 999)
        #expect(try rows(store, traces: [none], isForFewRows: true, "trace_id = '\(none)'").isEmpty)
        await store.shutdown()
    }

    /// A hot file whose rows went to several days knows which of them a trace has.
    @Test func oneTraceOfManyDays() async throws {
        let folder = try TestFolder()
        var store = try folder.open { eager(&$0) }
        var builder = BatchBuilder()
        for trace in UInt64(1)...20 {
            let start = Double(trace % 4) * 86_400
            builder.add(trace: trace, span: trace, start: start)
            // Every fifth goes on the next day.
            if trace % 5 == 0 { builder.add(trace: trace, span: trace + 100, start: start + 86_400) }
        }
        #expect(try await store.write(builder.ingest()).stored == 24)
        try await settle(store)
        for isReopened in [false, true] {
            if isReopened {
                await store.shutdown()
                store = try folder.open { eager(&$0) }
            }
            for trace in UInt64(1)...20 {
                let id = TraceID(high: 0xabcd, low: trace)
                let condition = "trace_id = '\(id)'"
                let all = try rows(store, isForFewRows: false, condition)
                #expect(all.count == (trace % 5 == 0 ? 2 : 1))
                #expect(try rows(store, traces: [id], isForFewRows: true, condition) == all)
                let segments = try store.files(ProjectID(1), traces: [id]).arms.arms.filter(\.isSegment)
                #expect(segments.count == all.count)
            }
        }
        // What is sent again is known in whichever day it is.
        #expect(try await store.write(builder.ingest()).stored == 0)
        await store.shutdown()
    }

    /// The estimate goes by the rows that are there: an hour of silence does not count.
    @Test func newestRowsOfAnUnevenDay() async throws {
        let folder = try TestFolder()
        let store = try folder.open { eager(&$0) }
        _ = try await store.write(batch(1...3_000))
        try await settle(store)
        _ = try await store.write(batch(80_000...80_010))
        try await settle(store)
        let lease = try store.reader()
        let estimate = store.startOfNewest(1_000, ProjectID(1), .all, lease)
        let start = try #require(estimate)
        let window = TimeWindow(minimum: start)
        let newest = try rows(store, window: window, isForFewRows: true, isExact: true)
        #expect((500...2_000).contains(newest.count))
        #expect(try rows(store, window: window, isForFewRows: false) == newest)
        await store.shutdown()
    }
}
