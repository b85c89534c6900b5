import CDuckDB

/// Up to 2048 rows of a result. Reference-counted, so that a ``ColumnReader`` cannot outlive the memory it reads.
public final class DataChunk {
    private let chunk: duckdb_data_chunk
    private let types: [ColumnType]
    public let rowCount: Int

    init(_ chunk: duckdb_data_chunk, types: [ColumnType]) {
        self.chunk = chunk
        self.types = types
        rowCount = Int(duckdb_data_chunk_get_size(chunk))
    }

    deinit {
        var chunk: duckdb_data_chunk? = chunk
        duckdb_destroy_data_chunk(&chunk)
    }

    public var columnCount: Int { types.count }

    /// A reader of the column at `index`, counted from 0.
    public func column(_ index: Int) -> ColumnReader {
        ColumnReader(owner: self, vector: duckdb_data_chunk_get_vector(chunk, idx_t(index)), type: types[index])
    }
}
