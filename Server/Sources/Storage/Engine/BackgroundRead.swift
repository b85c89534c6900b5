import Dispatch
import DuckDBKit

extension TelemetryStore {
    /// The engine blocks, so jobs over stored rows read here and not on the cooperative pool; one after the other, to leave the cores to
    /// ingest and to queries.
    private static let background = DispatchQueue(label: "hearth.storage.background", qos: .utility)

    /// Runs `body` with a reading connection on a thread that may block, in one transaction, so that its statements see the same rows and are planned for
    /// those they see.
    ///
    /// - Parameter inTransaction: false for bodies with transactions of their own.
    /// - Throws: ``StorageError`` when there is no connection, or what `body` throws.
    func backgroundRead<Value: Sendable>(
        inTransaction: Bool = true, _ body: @escaping @Sendable (borrowing Connection) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Self.background.async {
                continuation.resume(
                    with: Result {
                        let lease = try self.reader()
                        // Ends with the connection.
                        if inTransaction { try lease.connection.execute("BEGIN TRANSACTION READ ONLY") }
                        return try body(lease.connection)
                    })
            }
        }
    }
}
