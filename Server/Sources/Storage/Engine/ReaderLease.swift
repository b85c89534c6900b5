public import DuckDBKit
import Synchronization

/// A connection for one query, given back when the value goes away. Used by one thread at a time.
///
/// The engine's supervisor may interrupt it at any moment: to free memory for a commit, to reopen after a failure, to shut down.
/// The query then fails with `DuckDBError.Code.interrupted`.
public struct ReaderLease: ~Copyable, Sendable {
    public let connection: Connection
    private let registration: ReaderRegistration
    private let hasBegun = Atomic(false)

    init(connection: consuming Connection, registration: ReaderRegistration) {
        self.connection = connection
        self.registration = registration
    }

    /// Plans and runs one statement in one transaction; see `Connection.query`.
    ///
    /// The plan leaves out conditions that all rows meet. Run in a later transaction it would let through rows that were committed in between
    /// and do not meet them: what sealing has just copied, and rows of other projects.
    public borrowing func query(_ sql: String, step: () -> Bool = { true }) throws(DuckDBError) -> QueryResult {
        let isOpen = hasBegun.exchange(true, ordering: .relaxed)
        try connection.execute(isOpen ? "ROLLBACK; BEGIN TRANSACTION READ ONLY" : "BEGIN TRANSACTION READ ONLY")
        return try connection.query(sql, step: step)
    }

    /// Whether the supervisor interrupted this lease, as opposed to the query's own deadline.
    public var wasInvalidated: Bool { registration.wasInvalidated }
}

/// The supervisor's entry of a lease.
struct ReaderRegistration: Sendable {
    private let readers: ReaderList
    private let id: UInt64

    init(readers: ReaderList, id: UInt64) {
        self.readers = readers
        self.id = id
    }

    var wasInvalidated: Bool { readers.wasInvalidated(id) }

    /// Takes the entry off the list.
    func end() { readers.remove(id) }
}
