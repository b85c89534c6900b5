import DuckDBKit
import Foundation
import GenAI
import TelemetryModel
import Testing

@testable import Storage

/// The SQL of every table and the schema as committed texts, so that a change of them is seen in review.
/// Run with `HEARTH_UPDATE_GOLDENS=1` to write them anew.
@Suite struct GoldenTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens")

    private func check(_ text: String, _ name: String) throws {
        let file = Self.folder.appending(path: name)
        if ProcessInfo.processInfo.environment["HEARTH_UPDATE_GOLDENS"] != nil {
            try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
            try (text + "\n").write(to: file, atomically: true, encoding: .utf8)
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        #expect(text + "\n" == expected, "\(name) differs; if that is meant, run with HEARTH_UPDATE_GOLDENS=1 and review the difference")
    }

    @Test(arguments: LogicalTable.allCases)
    func tableSource(table: LogicalTable) throws {
        try check(TableSource.sql(for: table, project: ProjectID(7)), "\(table.rawValue).sql")
    }

    @Test func narrowWindowedRestricted() throws {
        let window = TimeWindow(minimum: 1_000_000, maximum: 2_000_000)
        let columns: Set<String> = ["span_id", "service_name", "no_such_column"]
        let sql = TableSource.sql(
            for: .records,
            project: ProjectID(7),
            window: window,
            columns: columns,
            spanEvents: true
        )
        try check(sql, "records-restricted.sql")
        let points: Set<String> = ["value", "service_name", TableSource.previousPoints]
        try check(TableSource.sql(for: .metrics, project: ProjectID(7), window: window, columns: points), "metrics-previous.sql")
        try check(TableSource.sql(for: .liveCalls, project: ProjectID(7), after: 12), "live_calls-after.sql")
    }

    @Test func schema() async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        let rows = try store.rows(
            """
            SELECT database_name, table_name, column_name, data_type FROM duckdb_columns()
            WHERE NOT internal ORDER BY database_name, table_name, column_index
            """
        )
        await store.shutdown()
        try check(rows.map { $0.compactMap { $0 }.joined(separator: " ") }.joined(separator: "\n"), "schema-v\(Schema.version).txt")
    }

    /// Every text is valid SQL, also with only hidden columns, and gives the columns that are promised.
    @Test(arguments: LogicalTable.allCases)
    func runsWithEveryColumn(table: LogicalTable) async throws {
        let folder = try TestFolder()
        let store = try folder.open()
        var builder = BatchBuilder()
        builder.add(span: 1)
        builder.step(.modelCall)
        _ = try await store.write(builder.ingest())
        let window = TimeWindow(minimum: 0, maximum: BatchBuilder.time(100) / 1000)
        for columns in [nil, Set(TableSource.hiddenColumns(of: table)), Set(TableSource.columns(of: table)), []] as [Set<String>?] {
            let files = try store.files(ProjectID(1))
            let sql = files.sql(for: table, project: ProjectID(1), window: window, columns: columns)
            let lease = try store.reader()
            let result = try lease.connection.query("SELECT * FROM (\(sql))")
            if let columns, !columns.isEmpty {
                #expect(Set(result.columnNames) == columns)
            } else if columns == nil {
                #expect(result.columnNames == TableSource.columns(of: table))
            }
        }
        await store.shutdown()
    }
}
