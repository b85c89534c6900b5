import CDuckDB
import Synchronization

/// Inserts rows into one table from memory, inside the transaction of its connection: a prepared `INSERT … SELECT` whose rows a closure
/// writes straight into the engine's chunks.
///
/// The engine's own appender plans a new statement at every flush, which costs more than the rows of a small transaction do; this plans once.
/// Text is not checked for being UTF-8, JSON columns are not checked for being JSON: write only what is known to be valid.
public struct InsertFeed: ~Copyable {
    private let statement: PreparedStatement
    private let source: FeedSource

    /// - Parameter table: a table of the connection's database; all of its columns are written, in order.
    public init(table: String, connection: borrowing Connection) throws(DuckDBError) {
        let handle = try connection.handle.connection()
        let source = FeedSource(columns: try Self.columns(of: table, handle))
        // The engine has no temporary functions: the name must be free in the whole instance.
        let name = "insert_feed_\(Self.counter.wrappingAdd(1, ordering: .relaxed).newValue)"
        try Self.register(source, name, handle)
        let statement = try connection.prepare("INSERT INTO \(table) SELECT * FROM \(name)()")
        self.source = source
        self.statement = statement
    }

    private static let counter = Atomic<Int>(0)

    /// Inserts rows.
    ///
    /// - Parameter fill: called with an empty chunk again and again until it leaves it empty; perhaps on a thread of the engine, while the
    ///   calling one waits.
    /// - Throws: what `fill` throws, or what the engine reports; the transaction has to be rolled back then.
    public borrowing func insert(_ fill: (inout FeedChunk) throws(DuckDBError) -> Void) throws(DuckDBError) {
        try source.run(statement, fill)
    }

    private static func columns(of table: String, _ handle: duckdb_connection) throws(DuckDBError) -> [FeedSource.Column] {
        var statement: duckdb_prepared_statement?
        defer { duckdb_destroy_prepare(&statement) }
        guard duckdb_prepare(handle, "SELECT * FROM \(table)", &statement) == DuckDBSuccess else {
            throw DuckDBError(duckdb_prepare_error(statement))
        }
        return (0..<duckdb_prepared_statement_column_count(statement)).map { index in
            let name = duckdb_prepared_statement_column_name(statement, index)
            defer { duckdb_free(UnsafeMutableRawPointer(mutating: name)) }
            return FeedSource.Column(
                name: name.map { String(cString: $0) } ?? "",
                type: duckdb_prepared_statement_column_logical_type(statement, index)
            )
        }
    }

    private static func register(_ source: FeedSource, _ name: String, _ handle: duckdb_connection) throws(DuckDBError) {
        var function = duckdb_create_table_function()
        defer { duckdb_destroy_table_function(&function) }
        duckdb_table_function_set_name(function, name)
        duckdb_table_function_set_extra_info(function, Unmanaged.passRetained(source).toOpaque()) { source in
            if let source { Unmanaged<FeedSource>.fromOpaque(source).release() }
        }
        duckdb_table_function_set_bind(function) { info in
            for column in FeedSource.of(duckdb_bind_get_extra_info(info))?.columns ?? [] {
                duckdb_bind_add_result_column(info, column.name, column.type)
            }
        }
        duckdb_table_function_set_init(function) { duckdb_init_set_max_threads($0, 1) }
        duckdb_table_function_set_function(function) { info, chunk in
            FeedSource.of(duckdb_function_get_extra_info(info))?.fill(chunk, info)
        }
        guard duckdb_register_table_function(handle, function) == DuckDBSuccess else {
            throw DuckDBError(code: .other, message: "the engine refused the table function \(name)")
        }
    }
}

/// What the engine's callbacks need of an ``InsertFeed``. Lives as long as the engine knows the function.
///
/// Only one thread at a time touches it: the one that runs the insert, or the engine's that runs it for the waiting one.
private final class FeedSource: @unchecked Sendable {
    struct Column {
        var name: String
        var type: duckdb_logical_type?
    }

    let columns: [Column]
    private var current: ((inout FeedChunk) throws(DuckDBError) -> Void)?
    private var failure: DuckDBError?

    init(columns: [Column]) { self.columns = columns }

    deinit {
        for column in columns {
            var type = column.type
            duckdb_destroy_logical_type(&type)
        }
    }

    static func of(_ pointer: UnsafeMutableRawPointer?) -> FeedSource? {
        pointer.map { Unmanaged<FeedSource>.fromOpaque($0).takeUnretainedValue() }
    }

    private let filling = Mutex(())

    func run(_ statement: borrowing PreparedStatement, _ fill: (inout FeedChunk) throws(DuckDBError) -> Void) throws(DuckDBError) {
        failure = nil
        defer {
            failure = nil
            current = nil
        }
        let outcome = withoutActuallyEscaping(fill) { fill -> DuckDBError? in
            current = fill
            // A statement that failed may leave a thread of the engine inside of `fill`: it has to be out before the closure goes away. No exception of
            // the engine passes through `fill` (see CDuckDBGuard): it would leave the lock taken and the closure in use.
            defer { filling.withLock { _ in current = nil } }
            do throws(DuckDBError) {
                var result = try statement.execute()
                try result.drain()
                return nil
            } catch {
                return failure ?? error
            }
        }
        if let outcome { throw outcome }
    }

    /// Outside of an insert the function has no rows.
    func fill(_ chunk: duckdb_data_chunk?, _ info: duckdb_function_info?) {
        filling.withLock { _ in fillAlone(chunk, info) }
    }

    private func fillAlone(_ chunk: duckdb_data_chunk?, _ info: duckdb_function_info?) {
        guard let current else { return duckdb_data_chunk_set_size(chunk, 0) }
        var target = FeedChunk(chunk: chunk)
        do throws(DuckDBError) {
            try current(&target)
            duckdb_data_chunk_set_size(chunk, idx_t(target.rowCount))
        } catch {
            failure = error
            duckdb_function_set_error(info, error.message)
        }
    }
}
