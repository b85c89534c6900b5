import CDuckDB

/// Room for at most ``capacity`` rows that an ``InsertFeed`` asks for. Filled in blocks of rows: ``begin()``, then one ``column(_:)`` per
/// column in table order, then ``end(_:)``.
public struct FeedChunk: ~Copyable {
    private let chunk: duckdb_data_chunk?
    public let columnCount: Int
    /// Rows of the blocks ended so far.
    public private(set) var rowCount = 0
    private var nextColumn = 0
    private var hasFailed = false

    /// Rows that fit into one chunk.
    public static var capacity: Int { Int(duckdb_vector_size()) }

    init(chunk: duckdb_data_chunk?) {
        self.chunk = chunk
        columnCount = Int(duckdb_data_chunk_get_column_count(chunk))
    }

    /// Rows that can still be added.
    public var room: Int { Self.capacity - rowCount }

    /// Starts a block.
    ///
    /// - Returns: the chunk row of the block's first row.
    public mutating func begin() -> Int {
        nextColumn = 0
        return rowCount
    }

    /// Writes the next column of the block; every row of the block must be written.
    public mutating func column<E: Error>(_ body: (inout ColumnWriter) throws(E) -> Void) throws(E) {
        var writer = ColumnWriter(vector: duckdb_data_chunk_get_vector(chunk, idx_t(nextColumn)))
        nextColumn += 1
        defer { hasFailed = hasFailed || writer.hasFailed }
        try body(&writer)
    }

    /// Ends a block of `count` rows, at most ``room``.
    ///
    /// - Throws: ``DuckDBError`` when not every column was written; ``DuckDBError/Code/outOfMemory`` when the engine had no room for a value.
    public mutating func end(_ count: Int) throws(DuckDBError) {
        if hasFailed { throw DuckDBError(code: .outOfMemory, message: "the engine has no memory for the rows of an insert") }
        guard nextColumn == columnCount, count <= room else {
            throw DuckDBError(code: .other, message: "\(count) rows with \(nextColumn) of \(columnCount) columns were written")
        }
        rowCount += count
    }
}
