import CDuckDB
import Synchronization

/// The engine's connection with everything that must be destroyed before it.
///
/// A prepared statement that outlives its connection would keep the database open after its last visible owner is gone,
/// without the final checkpoint; so the connection keeps a list of its statements and takes them with it.
final class ConnectionHandle: Sendable {
    private struct State: @unchecked Sendable {
        /// nil once somebody has taken it to destroy it.
        var connection: duckdb_connection?
        var statements: Set<UnsafeMutablePointer<_duckdb_prepared_statement>> = []
        /// Results that are still being read: they use the connection.
        var results = 0
        var interrupts = 0
        var isClosing = false
        var isClosed = false
        var whenClosed: [@Sendable () -> Void] = []
    }

    private let state: Mutex<State>
    private let helpers: HelperThreads?
    private let patience: Duration

    init(_ connection: duckdb_connection, helpers: HelperThreads? = nil, helpAfter patience: Duration = .zero) {
        self.helpers = helpers
        self.patience = patience
        let initial = State(connection: connection)
        state = Mutex(initial)
    }

    deinit { close() }

    /// The engine's handle.
    ///
    /// - Throws: ``DuckDBError/Code/closed`` after ``close()``.
    func connection() throws(DuckDBError) -> duckdb_connection {
        guard let open = state.withLock({ Borrowed(pointer: $0.isClosing ? nil : $0.connection) }).pointer else {
            throw DuckDBError(code: .closed, message: "the connection is closed")
        }
        return open
    }

    /// Ends the running statement, if any; does nothing once the connection is closed.
    func interrupt() {
        // Under the lock, so that the connection cannot be closed while the engine looks at it.
        state.withLock { state in
            guard let connection = state.connection else { return }
            state.interrupts += 1
            duckdb_interrupt(connection)
        }
    }

    /// Help for a statement that begins now; nil when those of this connection get none.
    func help() -> StatementHelp? { helpers.map { StatementHelp($0, after: patience) } }

    var interrupts: Int { state.withLock { $0.interrupts } }

    func add(_ statement: duckdb_prepared_statement) {
        let statement = Borrowed(pointer: statement)
        state.withLock { _ = $0.statements.insert(statement.pointer.unsafelyUnwrapped) }
    }

    /// Whether `statement` was not yet destroyed.
    func isAlive(_ statement: duckdb_prepared_statement) -> Bool {
        let statement = Borrowed(pointer: statement)
        return state.withLock { $0.statements.contains(statement.pointer.unsafelyUnwrapped) }
    }

    func destroy(_ statement: duckdb_prepared_statement) {
        let statement = Borrowed(pointer: statement)
        state.withLock { state in
            var open = state.statements.remove(statement.pointer.unsafelyUnwrapped)
            if open != nil { duckdb_destroy_prepare(&open) }
        }
    }

    func beginResult() { state.withLock { $0.results += 1 } }

    func endResult() {
        finish { $0.results -= 1 }
    }

    /// Destroys the statements, and the connection as soon as no result is being read from it.
    func close() {
        finish { state in
            state.isClosing = true
            for statement in state.statements {
                var open: duckdb_prepared_statement? = statement
                duckdb_destroy_prepare(&open)
            }
            state.statements = []
        }
    }

    /// Calls `action` once the connection is destroyed.
    func whenClosed(_ action: @escaping @Sendable () -> Void) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.whenClosed.append(action) }
            return state.isClosed
        }
        if isClosed { action() }
    }

    /// Ends the statement and the transaction that may be open, and destroys the connection.
    private static func destroy(_ connection: duckdb_connection) {
        // Rolling back waits for what the engine's threads do for the statement. They look for an interrupt between two pieces of work, but not
        // whether somebody waits for them, and a piece can take minutes.
        duckdb_interrupt(connection)
        // Left to the engine's closing of the connection, a database of the transaction whose checkpoint has failed in the meantime would end
        // the process. Fails when no transaction is open, or in such a database; both are well then.
        var result = duckdb_result()
        duckdb_query(connection, "ROLLBACK", &result)
        duckdb_destroy_result(&result)
        var open: duckdb_connection? = connection
        duckdb_disconnect(&open)
    }

    private func finish(_ change: (inout State) -> Void) {
        let taken = state.withLock { state -> Borrowed<_duckdb_connection>? in
            change(&state)
            guard state.isClosing, state.results == 0, let connection = state.connection else { return nil }
            state.connection = nil
            return Borrowed(pointer: connection)
        }
        guard let connection = taken?.pointer else { return }
        // Not under the lock: ``interrupt()`` would wait for as long as the engine takes.
        Self.destroy(connection)
        let actions = state.withLock { state in
            state.isClosed = true
            defer { state.whenClosed = [] }
            return state.whenClosed
        }
        for action in actions { action() }
    }
}

/// A pointer carried into or out of a lock. The engine's own locks make its handles usable from any thread.
private struct Borrowed<Pointee>: @unchecked Sendable {
    var pointer: UnsafeMutablePointer<Pointee>?
}

/// Ends the statement that a ``Connection`` is running, from any thread. Safe to keep after the connection is gone.
public struct InterruptHandle: Sendable {
    let handle: ConnectionHandle

    /// The running statement fails with ``DuckDBError/Code/interrupted``; the connection stays usable. Without a running
    /// statement, the next one is not affected.
    public func interrupt() { handle.interrupt() }

    /// How often ``interrupt()`` was called. A statement that fails with ``DuckDBError/Code/interrupted`` although this has not grown was
    /// ended by the engine: one of its threads failed, and the one that fetches saw that it had to stop before it saw why.
    public var count: Int { handle.interrupts }
}
