import CDuckDB

/// An open database instance. The file is released when this value and every ``Connection`` made from it are gone.
///
/// The engine locks inside: connections may be opened from any thread.
public struct Database: ~Copyable, @unchecked Sendable {
    private var handle: duckdb_database?
    private let helpers: HelperThreads?

    /// Opens or creates a database.
    ///
    /// - Parameters:
    ///   - path: file path; nil for a database in memory.
    ///   - options: engine settings that hold from the first moment on (`memory_limit`, …).
    ///   - threads: how many threads may work on one statement, at least 1: the one that runs it, and others that help when it takes long and its
    ///     connection wants that. nil leaves it to the engine, whose own threads take part in every statement.
    /// - Throws: ``DuckDBError`` with the engine's message: unknown option, file locked by another process, unreadable file or log.
    public init(path: String?, options: [(name: String, value: String)] = [], threads: Int? = nil) throws(DuckDBError) {
        var options = options
        // As many threads of the engine's own are left as are not external: none.
        if let threads { options += [("threads", "\(threads)"), ("external_threads", "\(threads)")] }
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
        helpers = threads.map { [handle] in HelperThreads(count: $0 - 1, database: handle) }
    }

    deinit {
        helpers?.close()
        var handle = handle
        duckdb_close(&handle)
    }

    /// Opens another connection.
    ///
    /// - Parameter patience: how long a statement runs alone before other threads help with it; nil: they never do. Means nothing in a database that
    ///   was opened without `threads`.
    /// - Throws: ``DuckDBError`` when the instance was invalidated by an earlier fatal failure.
    public borrowing func connect(helpAfter patience: Duration? = nil) throws(DuckDBError) -> Connection {
        var connection: duckdb_connection?
        guard duckdb_connect(handle, &connection) == DuckDBSuccess, let connection else {
            throw .init(code: .fatal, message: "the engine refused a new connection")
        }
        return Connection(handle: ConnectionHandle(connection, helpers: patience == nil ? nil : helpers, helpAfter: patience ?? .zero))
    }

    /// The engine's version, such as `v1.5.5`.
    public static var engineVersion: String { String(cString: duckdb_library_version()) }
}
