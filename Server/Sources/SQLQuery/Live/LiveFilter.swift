import Storage

/// A user's condition over `records_all`, ready to be put after WHERE.
struct LiveFilter {
    let query: ExecutableQuery
    /// What the condition reads.
    var columns: ColumnUse { query.compiled.columns }

    init(_ condition: String, select: TableSelect, compiler: QueryCompiler) throws(QueryError) {
        let compiled = try compiler.compileFilter(condition, hasSpanEvents: select.hasSpanEvents)
        query = try compiled.executable { select.sql(for: $0, columns: compiled.columns) }
    }
}
