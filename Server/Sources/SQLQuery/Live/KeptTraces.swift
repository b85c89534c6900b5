public import Storage
public import TelemetryModel

/// A condition over `records_all`, ready to find the traces with records that meet it.
public struct KeptTraces: Sendable {
    private let compiled: CompiledQuery
    private let project: ProjectID
    private let hasSpanEvents: Bool

    init(_ compiled: CompiledQuery, _ project: ProjectID, hasSpanEvents: Bool) {
        self.compiled = compiled
        self.project = project
        self.hasSpanEvents = hasSpanEvents
    }

    /// A SELECT of one column `trace_id`: the traces with records that start in the window and meet the condition. Run it in one transaction while the
    /// files are held.
    public func select(_ files: FileLease, _ window: TimeWindow) throws(QueryError) -> String {
        let tables = TableSelect(files: files, project: project, window: window, hasSpanEvents: hasSpanEvents)
        let filter = try compiled.executable { tables.sql(for: $0, columns: compiled.columns) }
        var columns = compiled.columns
        columns.hidden.insert("trace_id")
        let source = tables.sql(for: .recordsAll, columns: columns)
        return "SELECT DISTINCT trace_id FROM (\(source)) AS records_all WHERE (\(filter.sql)\n)"
    }
}

extension QueryEngine {
    /// Checks a condition of a WHERE clause over `records_all` and makes it ready.
    ///
    /// - Throws: ``QueryError`` with its position in `condition`.
    public func keptTraces(where condition: String, project: ProjectID) async throws(QueryError) -> KeptTraces {
        let hasSpanEvents = store.hasSpanEvents(project)
        let cache = compiled
        let query = try await performLive { worker, _ throws(QueryError) in
            let key = CompiledQueries.Key(sql: condition, isFilter: true, hasSpanEvents: hasSpanEvents)
            return try cache.query(for: key) { () throws(QueryError) in
                try worker.compiler().compileFilter(condition, hasSpanEvents: hasSpanEvents)
            }
        }
        return KeptTraces(query, project, hasSpanEvents: hasSpanEvents)
    }
}
