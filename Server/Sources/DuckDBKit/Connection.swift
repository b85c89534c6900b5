import CDuckDB

/// A connection: one transaction and one running statement at a time. Used by one thread at a time; may move between threads.
public struct Connection: ~Copyable, Sendable {
    let handle: ConnectionHandle

    init(handle: ConnectionHandle) { self.handle = handle }

    deinit { handle.close() }

    /// Ends this connection's running statement from another thread.
    public var interruptHandle: InterruptHandle { InterruptHandle(handle: handle) }

    /// Calls `action` once this connection no longer uses its database: after the value is gone and every ``QueryResult`` of it.
    public func whenClosed(_ action: @escaping @Sendable () -> Void) { handle.whenClosed(action) }

    /// Runs one or several statements and drops their results.
    ///
    /// - Throws: ``DuckDBError`` of the first statement that failed; those before it have taken effect.
    public borrowing func execute(_ sql: String) throws(DuckDBError) {
        try Self.checkText(sql)
        var result = duckdb_result()
        defer { duckdb_destroy_result(&result) }
        guard duckdb_query(try handle.connection(), sql, &result) == DuckDBSuccess else {
            throw .init(duckdb_result_error(&result))
        }
    }

    /// Runs one statement; rows are produced while they are fetched.
    ///
    /// - Parameters:
    ///   - sql: one statement, with `?` or `$1` for parameters.
    ///   - parameters: values in order.
    ///   - step: called between two pieces of work until the first rows are there, see ``PreparedStatement/execute(_:step:)``.
    /// - Returns: the rows. Only one result of a connection can be read at a time: starting another statement ends it.
    public borrowing func query(
        _ sql: String, _ parameters: [Value] = [], step: () -> Bool = { true }
    ) throws(DuckDBError) -> QueryResult {
        try prepare(sql).execute(parameters, step: step)
    }

    /// Parses and plans one statement.
    ///
    /// - Returns: a statement that is destroyed with this connection at the latest.
    public borrowing func prepare(_ sql: String) throws(DuckDBError) -> PreparedStatement {
        try Self.checkText(sql)
        var statement: duckdb_prepared_statement?
        let state = duckdb_prepare(try handle.connection(), sql, &statement)
        guard state == DuckDBSuccess, let open = statement else {
            defer { duckdb_destroy_prepare(&statement) }
            throw .init(duckdb_prepare_error(statement))
        }
        handle.add(open)
        return PreparedStatement(statement: open, handle: handle)
    }

    /// The C interface takes NUL-terminated text and would run only what stands before a NUL.
    private static func checkText(_ sql: String) throws(DuckDBError) {
        if sql.utf8.contains(0) { throw .init(code: .parser, message: "Parser Error: the statement contains a NUL character") }
    }
}
