import CDuckDB

/// A reusable chunk of at most ``capacity`` rows that is filled column by column and handed to an ``Appender``.
public struct AppendChunk: ~Copyable {
    let chunk: duckdb_data_chunk?
    public let columnCount: Int

    /// Rows that fit into one chunk.
    public static var capacity: Int { Int(duckdb_vector_size()) }

    init(chunk: duckdb_data_chunk?, columnCount: Int) {
        self.chunk = chunk
        self.columnCount = columnCount
    }

    deinit {
        var chunk = chunk
        duckdb_destroy_data_chunk(&chunk)
    }

    /// Empties the chunk. Column writers made before must not be used afterwards.
    public borrowing func reset() { duckdb_data_chunk_reset(chunk) }

    borrowing func setRowCount(_ count: Int) { duckdb_data_chunk_set_size(chunk, idx_t(count)) }

    /// Calls `body` with a writer of the column at `index`, counted from 0. Every row that is appended must be written.
    public borrowing func write<R, E: Error>(_ index: Int, _ body: (inout ColumnWriter) throws(E) -> R) throws(E) -> R {
        var writer = ColumnWriter(vector: duckdb_data_chunk_get_vector(chunk, idx_t(index)))
        return try body(&writer)
    }
}
