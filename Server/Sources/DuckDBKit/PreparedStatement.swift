import CDuckDB

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A planned statement. It never keeps a database open: closing its connection destroys it, after which it only throws.
public struct PreparedStatement: ~Copyable {
    private let statement: duckdb_prepared_statement
    private let handle: ConnectionHandle

    init(statement: duckdb_prepared_statement, handle: ConnectionHandle) {
        self.statement = statement
        self.handle = handle
    }

    deinit { handle.destroy(statement) }

    /// Number of parameters the statement takes.
    public var parameterCount: Int { handle.isAlive(statement) ? Int(duckdb_nparams(statement)) : 0 }

    /// Runs the statement; rows are produced while they are fetched.
    ///
    /// - Parameters:
    ///   - parameters: values in order; their number must be ``parameterCount``.
    ///   - step: called between two pieces of work; may block. The statement ends as interrupted when it returns false.
    /// - Throws: ``DuckDBError``; ``DuckDBError/Code/closed`` after the connection was closed.
    public borrowing func execute(_ parameters: [Value] = [], step: () -> Bool = { true }) throws(DuckDBError) -> QueryResult {
        guard handle.isAlive(statement) else { throw .init(code: .closed, message: "the connection is closed") }
        let expected = duckdb_nparams(statement)
        guard expected == parameters.count else {
            throw .init(code: .invalidInput, message: "the statement takes \(expected) parameters, \(parameters.count) were given")
        }
        for (index, parameter) in parameters.enumerated() {
            guard bind(parameter, at: idx_t(index + 1)) == DuckDBSuccess else { throw .init(duckdb_prepare_error(statement)) }
        }
        var pending: duckdb_pending_result?
        defer { duckdb_destroy_pending(&pending) }
        guard duckdb_pending_prepared_streaming(statement, &pending) == DuckDBSuccess else { throw .init(duckdb_pending_error(pending)) }
        let help = handle.help()
        try Self.work(on: pending, help, step)
        var result = duckdb_result()
        guard duckdb_execute_pending(pending, &result) == DuckDBSuccess else {
            defer { duckdb_destroy_result(&result) }
            throw .init(duckdb_result_error(&result))
        }
        return QueryResult(result, handle: handle, help)
    }

    /// Works on the statement until its first rows are there. While other threads have all of the work, this one sleeps: the engine's loop would
    /// spin, which for a commit means all the time the disk takes.
    private static func work(on pending: duckdb_pending_result?, _ help: StatementHelp?, _ step: () -> Bool) throws(DuckDBError) {
        var idle: UInt32 = 0
        while true {
            guard step() else { throw .init(code: .interrupted, message: "INTERRUPT Error: the statement was ended") }
            switch duckdb_pending_execute_task(pending) {
            case DUCKDB_PENDING_RESULT_READY: return
            case DUCKDB_PENDING_RESULT_NOT_READY:
                idle = 0
                help?.askIfLong()
            case DUCKDB_PENDING_NO_TASKS_AVAILABLE:
                // Longer for what takes longer anyway: at most a tenth of the time waited so far.
                usleep(max(50, min(1_000, idle / 10)))
                idle += max(50, min(1_000, idle / 10))
            default: throw .init(duckdb_pending_error(pending))
            }
        }
    }

    private borrowing func bind(_ value: Value, at index: idx_t) -> duckdb_state {
        switch value {
        case .null: duckdb_bind_null(statement, index)
        case .bool(let value): duckdb_bind_boolean(statement, index, value)
        case .int64(let value): duckdb_bind_int64(statement, index, value)
        case .uint64(let value): duckdb_bind_uint64(statement, index, value)
        case .double(let value): duckdb_bind_double(statement, index, value)
        case .timestampTZ(let micros): duckdb_bind_timestamp_tz(statement, index, duckdb_timestamp(micros: micros))
        case .blob(let bytes): bytes.withUnsafeBytes { duckdb_bind_blob(statement, index, $0.baseAddress, idx_t($0.count)) }
        case .text(var text):
            text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { duckdb_bind_varchar_length(statement, index, $0.baseAddress, idx_t($0.count)) }
            }
        }
    }
}
