import DuckDBKit
import Foundation
import GenAI
import TelemetryModel
import Testing

@testable import Storage

/// Sealing writes decisions into the rows of their steps and leaves out ends that follow from the start; answers are as before.
@Suite struct SealedStepTests {
    /// A run with duplicates, an agent that is known late, attempts of a call and the building of its prompt.
    private func run() -> BatchBuilder {
        var builder = BatchBuilder.run()
        builder.add(span: 7, parent: 1, start: 3.25, end: 3.5, name: "prompt.build")
        for (span, status) in [(UInt64(8), Int32(429)), (9, 503), (10, 200)] {
            let start = 4 + Double(span - 8) * 0.25
            builder.add(span: span, parent: 4, start: start, end: start + 0.125, name: "POST") { row, text in
                row.spanKind = 3
                row.httpMethod = text.append("POST")
                row.httpStatusCode = status
            }
        }
        // Times that do not go into microseconds, and an end before the start.
        builder.add(span: 11, start: 1.000_000_7, end: 2.000_000_4)
        builder.add(span: 12, start: 2, end: 1)
        return builder
    }

    private static let tables: [(LogicalTable, String)] = [
        (.records, "SELECT * EXCLUDE (created_at) FROM t ORDER BY span_id"), (.llmCalls, "SELECT * FROM t ORDER BY span_id"),
        (.toolCalls, "SELECT * FROM t ORDER BY span_id"), (.agentRuns, "SELECT * FROM t ORDER BY span_id"),
        (.liveCalls, "SELECT * EXCLUDE (commit_sequence) FROM t ORDER BY span_id"),
    ]

    private func answers(_ store: TelemetryStore) throws -> [[[String?]]] {
        try Self.tables.map { try store.rows(of: $0, $1) }
    }

    /// Rows of all segments.
    private func stored(_ folder: TestFolder, _ sql: String) throws -> [Int64] {
        let segments = folder.path + "/telemetry/segments/1"
        return try FileManager.default.contentsOfDirectory(atPath: segments).filter { $0.hasSuffix(".db") }.map { name in
            let database = try Database(path: "\(segments)/\(name)")
            let connection = try database.connect()
            var result = try connection.query(sql)
            return try #require(try result.next()).column(0).int64(0)
        }
    }

    private func seal(_ folder: TestFolder) async throws {
        let store = try folder.open {
            $0.rotationBytes = 1
            $0.idleSeconds = 0.05
        }
        while !store.statistics.isSettled { try await Task.sleep(for: .milliseconds(10)) }
        await store.shutdown()
    }

    private func write(_ rows: some Sequence<Int>, of all: BatchBuilder, to folder: TestFolder) async throws {
        let store = try folder.open()
        for row in rows { #expect(try await store.write(all.single(row).ingest()).stored == 1) }
        await store.shutdown()
    }

    enum Order: CaseIterable { case forward, backward, mixed }

    @Test(arguments: Order.allCases, [1, 4, 8, 12])
    func answersAreTheSameWhereverItIsSealed(order: Order, split: Int) async throws {
        let all = run()
        var rows = Array(all.batch.rows.indices)
        #expect(rows.count == 12)
        switch order {
        case .forward: break
        case .backward: rows.reverse()
        case .mixed: rows.sort { StableHash.of("\($0)") < StableHash.of("\($1)") }
        }
        let (reference, folder) = (try TestFolder(), try TestFolder())
        try await write(rows, of: all, to: reference)
        var store = try reference.open()
        let expected = try answers(store)
        await store.shutdown()
        let calls = try #require(expected.dropFirst().first)
        #expect(calls.count == 2)

        try await write(rows.prefix(split), of: all, to: folder)
        try await seal(folder)
        if split < rows.count {
            try await write(rows.dropFirst(split), of: all, to: folder)
            store = try folder.open()
            #expect(try answers(store) == expected)
            await store.shutdown()
            try await seal(folder)
        }
        store = try folder.open()
        #expect(try answers(store) == expected)
        await store.shutdown()
    }

    @Test func onlyWhatDoesNotFitIsLeftToDecisions() async throws {
        let folder = try TestFolder()
        let all = run()
        // Children first, so that nearly everything is decided again.
        try await write(all.batch.rows.indices.reversed(), of: all, to: folder)
        let store = try folder.open()
        let before = try store.rows("SELECT count(*), count(DISTINCT step_key) FROM step_decision")
        let newest = try store.rows(of: .liveCalls, "SELECT span_id, commit_sequence FROM t ORDER BY span_id")
        await store.shutdown()
        #expect(Int(before[0][1] ?? "") ?? 0 >= 4, "\(before)")
        try await seal(folder)
        // The call that takes values from its duplicate.
        #expect(try stored(folder, "SELECT count(DISTINCT span_id) FROM step_decision") == [1])
        #expect(try stored(folder, "SELECT count(*) FROM step_decision WHERE patch->>'cache_read_tokens' = '40'").allSatisfy { $0 > 0 })
        // Who follows the newest calls misses nothing.
        let sealed = try folder.open()
        #expect(try sealed.rows(of: .liveCalls, "SELECT span_id, commit_sequence FROM t ORDER BY span_id") == newest)
        await sealed.shutdown()
    }

    @Test func endsAreLeftOutWhereTheyFollow() async throws {
        let folder = try TestFolder()
        let all = run()
        try await write(all.batch.rows.indices, of: all, to: folder)
        try await seal(folder)
        #expect(try stored(folder, "SELECT count(*) FROM span WHERE end_timestamp IS NOT NULL") == [0])
        #expect(try stored(folder, "SELECT count(*) FROM step WHERE end_timestamp IS NOT NULL") == [0])
        #expect(try stored(folder, "SELECT count(*) FROM span") == [12])
    }

    /// What the writer stores of any two times comes back, or is not left out.
    @Test func endsAreExact() {
        var random = SystemRandomNumberGenerator()
        var leftOut = 0
        let edges: [Int64] = [0, 1, -1, 999, 1_000, -1_000, -999, .max, .max - 1, 1_767_225_600_000_000_000]
        var pairs = edges.flatMap { start in edges.map { (start, $0) } }
        for _ in 0..<20_000 {
            let start = Int64.random(in: 0...2_000_000_000_000_000_000, using: &random)
            // Up to three months, of all sizes.
            let length = Int64.random(in: -1_000...8_000_000_000_000_000, using: &random)
            pairs.append((start, start + length >> Int64.random(in: 0...50, using: &random)))
        }
        for (start, end) in pairs {
            let duration = Double(end &- start) / 1e9
            let found = EndFunction.end(
                start: ColumnWriting.microseconds(start), nanosecond: ColumnWriting.nanosecondRest(start), duration: duration)
            if found == ColumnWriting.microseconds(end) { leftOut += 1 }
        }
        #expect(leftOut > 20_000)
        for duration in [Double.nan, .infinity, -.infinity, 1e300, -1e300, 9.223372036854775e9, -9.223372036854775808e9] {
            for start in [Int64.min, -1, 0, .max] { _ = EndFunction.end(start: start, nanosecond: 999, duration: duration) }
        }
        #expect(EndFunction.end(start: 5, nanosecond: 999, duration: nil) == 5)
        #expect(EndFunction.end(start: 5, nanosecond: 999, duration: 1e-9) == 6)
        #expect(EndFunction.end(start: 5, nanosecond: 0, duration: -1e-9) == 4)
    }
}
