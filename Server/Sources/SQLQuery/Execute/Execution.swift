import DuckDBKit
import Storage
import TelemetryModel

/// Statements of one job on one connection of the store.
struct Execution: ~Copyable {
    private let store: TelemetryStore
    private let lease: ReaderLease
    private let ticket: Ticket
    private let maximumBytes: Int
    private let step: @Sendable () -> Bool

    /// - Parameter step: called between two pieces of a statement's work; may block, and ends the statement by returning false.
    init(
        store: TelemetryStore, ticket: Ticket, maximumBytes: Int, step: @escaping @Sendable () -> Bool = { true }
    ) throws(QueryError) {
        let lease = try Self.lease(of: store)
        try ticket.run(lease.connection.interruptHandle)
        self.store = store
        self.lease = lease
        self.ticket = ticket
        self.maximumBytes = maximumBytes
        self.step = step
    }

    /// The files that a query reads, which stay while the value is held.
    static func files(
        _ store: TelemetryStore, _ project: ProjectID, _ window: TimeWindow = .all, traces: [TraceID]? = nil, isExact: Bool = false
    ) throws(QueryError) -> FileLease {
        do throws(StorageError) {
            return try store.files(project, window, traces: traces, isExact: isExact)
        } catch {
            throw QueryError(code: .unavailable, message: error.message, retryAfter: 1)
        }
    }

    private static func lease(of store: TelemetryStore) throws(QueryError) -> ReaderLease {
        do throws(StorageError) {
            return try store.reader()
        } catch {
            throw QueryError(code: .unavailable, message: error.message, retryAfter: 1)
        }
    }

    /// A time from which about so many records start, see ``TelemetryStore/startOfNewest(_:_:_:_:)``.
    borrowing func startOfNewest(_ rows: Int, _ store: TelemetryStore, _ project: ProjectID, _ window: TimeWindow) -> Int64? {
        store.startOfNewest(rows, project, window, lease)
    }

    /// Runs a statement and encodes its rows.
    ///
    /// - Parameters:
    ///   - userText: what the user wrote of it and where it begins in `sql`, for places in errors.
    ///   - plan: goes into answers that explain.
    ///   - layout: how the statement's rows become those of the answer; nil when they are.
    ///   - order: lets the encoder sort the rows; see ``ResultEncoder/isSorted``.
    ///   - read: sees every chunk before it is encoded.
    ///   - progress: sees the encoder after every chunk, and may take its bytes.
    borrowing func rows(
        _ sql: String, format: ResultFormat, limit: Int = .max, userText: (query: ExecutableQuery, offset: Int)? = nil,
        plan: QueryPlan? = nil, layout: RowLayout? = nil, order: UnorderedQuery? = nil, read: (DataChunk) -> Void = { _ in },
        progress: (inout ResultEncoder) throws(QueryError) -> Void = { _ throws(QueryError) in }
    ) throws(QueryError) -> ResultEncoder {
        let interrupts = lease.connection.interruptHandle.count
        do {
            try ticket.check()
            var result = try lease.query(sql, step: step)
            let columns =
                layout.map { OutputColumn.all($0, result.columnTypes) } ?? OutputColumn.all(result.columnNames, result.columnTypes)
            var encoder = try ResultEncoder(columns, format: format, plan: plan)
            if let order { encoder.sort(by: UnorderedQuery.column, descending: order.descending) }
            while encoder.rowCount < limit, order == nil || encoder.byteCount <= UnorderedQuery.maximumBytes {
                guard step() else { throw DuckDBError(code: .interrupted, message: "the query was stopped while it waited") }
                guard let chunk = try result.next() else { break }
                try ticket.check()
                read(chunk)
                var row = 0
                while row < chunk.rowCount {
                    row = try encoder.append(chunk, from: row, limit: limit)
                    guard encoder.byteCount <= maximumBytes else {
                        throw QueryError(code: .tooLarge, message: "the result has more than \(maximumBytes) bytes; ask for less of it")
                    }
                    try progress(&encoder)
                }
            }
            try ticket.check()
            return encoder
        } catch let error as QueryError {
            throw error
        } catch let error as DuckDBError {
            throw translate(reason(of: error, sql, interrupts), sql, userText)
        } catch {
            throw QueryError(code: .unavailable, message: "\(error)")
        }
    }

    /// Plans a statement without running it.
    borrowing func plan(_ sql: String, userText: (query: ExecutableQuery, offset: Int)) throws(QueryError) {
        do throws(DuckDBError) {
            _ = try lease.connection.prepare(sql)
        } catch {
            throw translate(error, sql, userText)
        }
    }

    /// Why a statement failed. When it failed on one thread of the engine, the fetching one may have seen only that all had to stop; running
    /// it again then tells the reason.
    private borrowing func reason(of error: DuckDBError, _ sql: String, _ interrupts: Int) -> DuckDBError {
        for _ in 0..<3 where error.code == .interrupted && ticket.stop == nil && lease.connection.interruptHandle.count == interrupts {
            do throws(DuckDBError) {
                var result = try lease.query(sql)
                try result.drain()
            } catch {
                if error.code != .interrupted { return error }
            }
        }
        return error
    }

    private borrowing func translate(_ error: DuckDBError, _ sql: String, _ user: (query: ExecutableQuery, offset: Int)?) -> QueryError {
        if let stop = ticket.stop { return Ticket.error(of: stop) }
        var message = EngineMessage.text(of: error)
        if let nonce = user?.query.compiled.nonce { message = message.replacing(nonce + "table_", with: "").replacing(nonce, with: "") }
        message = MetricCalls.explanation(of: message) ?? message
        let code: QueryError.Code
        switch error.code {
        case .interrupted:
            return QueryError(code: .unavailable, message: "the store needed to end the query; try again", retryAfter: 1)
        case .outOfMemory: code = .outOfMemory
        case .fatal, .closed, .io, .serialization: code = .unavailable
        case _ where message.contains(StorageError.shortage): code = .unavailable
        default: code = .execution
        }
        if message.contains("No space left on device") || message.contains("Disk quota exceeded") {
            return QueryError(
                code: .unavailable,
                message: "the query needs space on the server's disk, which is full; ask for less rows or columns, or later",
                retryAfter: 5)
        }
        if code == .unavailable { message = message.replacing(store.folderPath + "/", with: "") }
        if code == .unavailable { return QueryError(code: code, message: "the store could not answer: \(message)", retryAfter: 1) }
        let place = EngineMessage.position(of: error, in: Array(sql.utf8))
        let position = place.flatMap { place in user.flatMap { $0.query.position(at: place - $0.offset) } }
        return QueryError(code: code, message: message, position: position)
    }
}
