import DuckDBKit
import Foundation
import TelemetryModel
import Testing

@testable import Storage

/// How rows lie in segments: whole row groups, and traces in one piece.
@Suite struct SegmentLayoutTests {
    /// Traces of four spans that overlap each other, so that in the order of time they are mixed.
    private func batch(_ traces: Range<UInt64>) -> IngestBatch {
        var builder = BatchBuilder()
        for trace in traces {
            for span in 0..<4 { builder.add(trace: trace, span: trace * 4 + UInt64(span) + 1, start: Double(trace) + Double(span) * 3) }
        }
        return builder.ingest()
    }

    @Test func aFullHotFileFillsItsRowGroups() async throws {
        let folder = try TestFolder()
        let layout = SegmentLayout(rowGroupRows: 2_048)
        let store = try folder.open {
            $0.layout = layout
            $0.idleSeconds = 3_600
        }
        // Two hot files are full, the third is written.
        let batches = (0..<UInt64(17)).map { batch($0 * 125..<($0 + 1) * 125) }
        for batch in batches { _ = try await store.write(batch) }
        for _ in 0..<1_500 where store.statistics.waitingHotFiles > 0 {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(try store.rows(of: .records, "SELECT count(*) FROM t")[0][0] == "8500")
        await store.shutdown()

        let segments = folder.path + "/telemetry/segments/1"
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: segments).first { $0.hasSuffix(".db") })
        let database = try Database(path: "\(segments)/\(name)", options: [("access_mode", "READ_ONLY")])
        let connection = try database.connect()
        func rows(_ sql: String) throws -> [[Int64]] {
            var result = try connection.query(sql)
            var rows: [[Int64]] = []
            while let chunk = try result.next() {
                let columns = (0..<chunk.columnCount).map { chunk.column($0) }
                for row in 0..<chunk.rowCount { rows.append(columns.map { $0.int64(row) }) }
            }
            return rows
        }
        // Eight commits of 500 fit into the two row groups, a ninth does not.
        #expect(try rows("SELECT hot, count(*) FROM span GROUP BY hot ORDER BY hot") == [[1, 4_000], [2, 4_000]])
        // None was written again.
        let groups = try rows(
            "SELECT max(start + count)::BIGINT FROM pragma_storage_info('span') GROUP BY row_group_id ORDER BY row_group_id")
        #expect(groups.map { $0[0] } == [2_048, 1_952, 2_048, 1_952])
        // Traces lie in one piece for each hot file.
        let pieces = try rows(
            """
            SELECT count(*) FILTER (trace_id IS DISTINCT FROM before OR hot IS DISTINCT FROM hot_before), count(DISTINCT (hot, trace_id)) FROM (
                SELECT trace_id, hot, lag(trace_id) OVER (ORDER BY rowid) AS before, lag(hot) OVER (ORDER BY rowid) AS hot_before FROM span
            )
            """)[0]
        #expect(pieces[0] == pieces[1])
    }
}

/// Row groups that come in small pieces are merged now and then, not with every sealing.
@Suite struct RowGroupTests {
    @Test func rowGroupsAreMergedEveryEighthTime() throws {
        let folder = try TestFolder()
        let file = SegmentFile(key: SegmentKey(project: 1, day: 2), revision: 0)
        let database = try Database(path: nil)
        let connection = try database.connect()
        try connection.execute(
            """
            ATTACH '\(folder.path)/segment.db' AS \(file.alias) (ROW_GROUP_SIZE 2048);
            CREATE TABLE \(file.alias).span (number BIGINT)
            """)
        func number(_ sql: String) throws -> Int64 {
            var result = try connection.query(sql)
            return try #require(try result.next()).column(0).int64(0)
        }
        let keeper = RowGroupKeeper(try database.connect())
        var groups: [Int64] = []
        for piece in 0..<Int64(10) {
            try keeper.sealing(file) {
                try connection.execute("INSERT INTO \(file.alias).span FROM range(\(piece * 100), \(piece * 100 + 100))")
                try connection.execute("CHECKPOINT \(file.alias)")
            }
            groups.append(try number("SELECT count(DISTINCT row_group_id) FROM pragma_storage_info('\(file.alias).span')"))
        }
        #expect(groups == [1, 2, 3, 4, 5, 6, 7, 1, 2, 3])
        #expect(try number("SELECT count(DISTINCT number) FROM \(file.alias).span") == 1_000)
        // What fails leaves nothing open behind it.
        struct Failure: Error {}
        #expect(throws: Failure.self) { try keeper.sealing(file) { throw Failure() } }
        try keeper.sealing(file) { try connection.execute("CHECKPOINT \(file.alias)") }
    }
}

/// When a hot file is full.
@Suite struct RotationTests {
    private func rotation() -> Rotation { Rotation([1], StorageConfiguration(directory: "/nowhere")) }

    @Test func rowsThatDoNotFitBeginTheNextHotFile() {
        let rotation = rotation()
        let rows = Int64(SegmentLayout().hotRows)
        #expect(!rotation.shouldRotate(rows: 0, before: rows, now: .now))
        #expect(!rotation.shouldRotate(rows: rows - 500, before: 500, now: .now))
        #expect(rotation.shouldRotate(rows: rows - 500, before: 501, now: .now))
        // One that is far from full takes them all the same.
        #expect(!rotation.shouldRotate(rows: rows / 2, before: rows, now: .now))
        #expect(rotation.shouldRotate(rows: rows / 4 * 3, before: rows, now: .now))
    }

    @Test func fullByBytesOrRows() {
        let rows = Int64(SegmentLayout().hotRows)
        for (bytes, rows, isFull): (Int64, Int64, Bool) in [
            (1 << 20, rows - 1, false), (1 << 20, rows, true), (24 << 20, 1, true), (24 << 20, 0, false),
        ] {
            var rotation = rotation()
            let answer = rotation.shouldRotate(bytes: bytes, rows: rows, now: .now)
            #expect(answer == isFull, "\(bytes) bytes, \(rows) rows")
        }
    }

    @Test func nothingIsTriedRightAfterAFailure() {
        var rotation = rotation()
        let now = ContinuousClock.now
        rotation.postpone(now: now)
        let rows = Int64(SegmentLayout().hotRows)
        #expect(!rotation.shouldRotate(rows: rows, before: 1, now: now))
        #expect(rotation.shouldRotate(rows: rows, before: 1, now: now.advanced(by: .seconds(2))))
    }
}
