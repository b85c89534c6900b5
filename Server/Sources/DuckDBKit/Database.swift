import CDuckDB

/// An open database instance. The file is released when this value and every ``Connection`` made from it are gone.
///
/// The engine locks inside: connections may be opened from any thread.
public struct Database: ~Copyable, @unchecked Sendable {
    private var handle: duckdb_database?

    /// Opens or creates a database.
    ///
    /// - Parameters:
    ///   - path: file path; nil for a database in memory.
    ///   - options: engine settings that hold from the first moment on (`memory_limit`, `threads`, …).
    /// - Throws: ``DuckDBError`` with the engine's message: unknown option, file locked by another process, unreadable file or log.
    public init(path: String?, options: [(name: String, value: String)] = []) throws(DuckDBError) {
        var config: duckdb_config?
        guard duckdb_create_config(&config) == DuckDBSuccess else {
            throw .init(code: .other, message: "the engine could not make a configuration")
        }
        defer { duckdb_destroy_config(&config) }
        for option in options where duckdb_set_config(config, option.name, option.value) != DuckDBSuccess {
            throw .init(code: .invalidInput, message: "the engine refused the option \(option.name) = \(option.value)")
        }
        var handle: duckdb_database?
        var message: UnsafeMutablePointer<CChar>?
        guard duckdb_open_ext(path ?? ":memory:", &handle, config, &message) == DuckDBSuccess else {
            defer { duckdb_free(message) }
            throw .init(message)
        }
        self.handle = handle
    }

    deinit {
        var handle = handle
        duckdb_close(&handle)
    }

    /// Opens another connection.
    ///
    /// - Throws: ``DuckDBError`` when the instance was invalidated by an earlier fatal failure.
    public borrowing func connect() throws(DuckDBError) -> Connection {
        var connection: duckdb_connection?
        guard duckdb_connect(handle, &connection) == DuckDBSuccess, let connection else {
            throw .init(code: .fatal, message: "the engine refused a new connection")
        }
        return Connection(handle: ConnectionHandle(connection))
    }

    /// The engine's version, such as `v1.5.5`.
    public static var engineVersion: String { String(cString: duckdb_library_version()) }
}
