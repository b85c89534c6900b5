import Storage

/// A user's condition over `records_all`, ready to be put after WHERE.
struct LiveFilter {
    let query: ExecutableQuery
    /// What the condition reads.
    var columns: ColumnUse { query.compiled.columns }

    init(
        _ condition: String, select: TableSelect, worker: WorkerPool.Worker, cache: CompiledQueries
    ) throws(QueryError) {
        let key = CompiledQueries.Key(sql: condition, isFilter: true, hasSpanEvents: select.hasSpanEvents)
        let compiled = try cache.query(for: key) { () throws(QueryError) in
            try worker.compiler().compileFilter(condition, hasSpanEvents: key.hasSpanEvents)
        }
        query = try compiled.executable { select.sql(for: $0, columns: compiled.columns) }
    }
}
