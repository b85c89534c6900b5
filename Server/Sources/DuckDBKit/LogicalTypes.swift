import CDuckDB

extension Connection {
    /// The engine's form of an SQL type; to be destroyed by the caller. Every start asks for dozens, so only those of several parts are left to the engine's
    /// parser.
    ///
    /// - Throws: ``DuckDBError`` when there is no such type.
    borrowing func logicalType(_ name: String) throws(DuckDBError) -> duckdb_logical_type? {
        if let simple = Self.simpleTypes[name] { return duckdb_create_logical_type(simple) }
        var statement: duckdb_prepared_statement?
        defer { duckdb_destroy_prepare(&statement) }
        guard duckdb_prepare(try handle.connection(), "SELECT NULL::\(name)", &statement) == DuckDBSuccess else {
            throw DuckDBError(duckdb_prepare_error(statement))
        }
        return duckdb_prepared_statement_column_logical_type(statement, 0)
    }

    private static let simpleTypes: [String: duckdb_type] = [
        "BOOLEAN": DUCKDB_TYPE_BOOLEAN, "UTINYINT": DUCKDB_TYPE_UTINYINT, "SMALLINT": DUCKDB_TYPE_SMALLINT, "INTEGER": DUCKDB_TYPE_INTEGER,
        "BIGINT": DUCKDB_TYPE_BIGINT, "UBIGINT": DUCKDB_TYPE_UBIGINT, "DOUBLE": DUCKDB_TYPE_DOUBLE, "VARCHAR": DUCKDB_TYPE_VARCHAR,
        "BLOB": DUCKDB_TYPE_BLOB, "TIMESTAMPTZ": DUCKDB_TYPE_TIMESTAMP_TZ,
    ]
}
