import CDuckDB

/// Appends chunks of rows to one table, inside the transaction of its connection.
///
/// The engine neither checks UTF-8 here nor that JSON columns hold JSON: append only text that is known to be valid.
public struct Appender: ~Copyable {
    private let appender: duckdb_appender
    /// Keeps the connection's handle alive; the appender refers to it.
    private let handle: ConnectionHandle

    init(handle: ConnectionHandle, table: String, columns: [String]?) throws(DuckDBError) {
        appender = try Self.open(connection: handle.connection(), table: table, columns: columns ?? [])
        self.handle = handle
    }

    private static func open(connection: duckdb_connection, table: String, columns: [String]) throws(DuckDBError) -> duckdb_appender {
        var appender: duckdb_appender?
        var state = duckdb_appender_create(connection, nil, table, &appender)
        for column in columns where state == DuckDBSuccess { state = duckdb_appender_add_column(appender, column) }
        guard state == DuckDBSuccess, let open = appender else {
            let error = DuckDBError(duckdb_appender_error(appender))
            duckdb_appender_destroy(&appender)
            throw error
        }
        return open
    }

    deinit {
        // Destroying would write what is still buffered; a value that is dropped has either been flushed or has failed.
        _ = duckdb_appender_clear(appender)
        var appender: duckdb_appender? = appender
        duckdb_appender_destroy(&appender)
    }

    /// An empty chunk whose columns have the types of the appended ones.
    public borrowing func makeChunk() -> AppendChunk {
        var types = (0..<duckdb_appender_column_count(appender)).map { duckdb_appender_column_type(appender, $0) }
        defer { for index in types.indices { duckdb_destroy_logical_type(&types[index]) } }
        return AppendChunk(chunk: duckdb_create_data_chunk(&types, idx_t(types.count)), columnCount: types.count)
    }

    /// Takes over the first `rowCount` rows of `chunk`; the chunk can be reset and filled again at once.
    public borrowing func append(_ chunk: borrowing AppendChunk, rowCount: Int) throws(DuckDBError) {
        chunk.setRowCount(rowCount)
        guard duckdb_append_data_chunk(appender, chunk.chunk) == DuckDBSuccess else {
            throw .init(duckdb_appender_error(appender))
        }
    }

    /// Writes what was appended into the transaction.
    public borrowing func flush() throws(DuckDBError) {
        guard duckdb_appender_flush(appender) == DuckDBSuccess else { throw .init(duckdb_appender_error(appender)) }
    }

    /// Drops what was appended and not flushed, so that the appender can be used after a failure.
    public borrowing func clear() {
        _ = duckdb_appender_clear(appender)
    }
}
