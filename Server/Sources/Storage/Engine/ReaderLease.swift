public import DuckDBKit

/// A connection for one query, given back when the value goes away. Used by one thread at a time.
///
/// The engine's supervisor may interrupt it at any moment: to free memory for a commit, to reopen after a failure, to shut down.
/// The query then fails with `DuckDBError.Code.interrupted`.
public struct ReaderLease: ~Copyable, Sendable {
    public let connection: Connection
    private let registration: ReaderRegistration

    init(connection: consuming Connection, registration: ReaderRegistration) {
        self.connection = connection
        self.registration = registration
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
