import CDuckDB

/// The rows of one statement, fetched chunk by chunk (at most 2048 rows each).
public struct QueryResult: ~Copyable {
    private var result: duckdb_result
    private let handle: ConnectionHandle
    private let help: StatementHelp?
    /// Column names as the statement gives them; not necessarily unique.
    public let columnNames: [String]
    public let columnTypes: [ColumnType]

    init(_ result: consuming duckdb_result, handle: ConnectionHandle, _ help: StatementHelp?) {
        self.result = result
        self.handle = handle
        self.help = help
        handle.beginResult()
        var names: [String] = []
        var types: [ColumnType] = []
        for index in 0..<duckdb_column_count(&self.result) {
            names.append(duckdb_column_name(&self.result, index).map { String(cString: $0) } ?? "")
            var type = duckdb_column_logical_type(&self.result, index)
            types.append(ColumnType(type))
            duckdb_destroy_logical_type(&type)
        }
        columnNames = names
        columnTypes = types
    }

    deinit {
        var result = result
        duckdb_destroy_result(&result)
        handle.endResult()
    }

    public var columnCount: Int { columnNames.count }

    /// Rows that an INSERT, UPDATE or DELETE touched; 0 for other statements.
    public mutating func rowsChanged() -> Int { Int(duckdb_rows_changed(&result)) }

    /// The next chunk, never empty; nil after the last.
    ///
    /// - Throws: ``DuckDBError`` when the statement fails while it runs; ``DuckDBError/Code/interrupted`` when it was ended.
    public mutating func next() throws(DuckDBError) -> DataChunk? {
        while true {
            help?.askIfLong()
            guard let chunk = duckdb_fetch_chunk(result) else {
                if let message = duckdb_result_error(&result) { throw .init(message) }
                return nil
            }
            let owner = DataChunk(chunk, types: columnTypes)
            if owner.rowCount > 0 { return owner }
        }
    }

    /// Reads and drops what is left, so that the statement has run to its end.
    public mutating func drain() throws(DuckDBError) {
        while try next() != nil {}
    }
}
