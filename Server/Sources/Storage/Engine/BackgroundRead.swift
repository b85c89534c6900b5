import Dispatch
import DuckDBKit

extension TelemetryStore {
    /// The engine blocks, so jobs over stored rows read here and not on the cooperative pool; one after the other, to leave the cores to
    /// ingest and to queries.
    private static let background = DispatchQueue(label: "hearth.storage.background", qos: .utility)

    /// Runs `body` with a reading connection on a thread that may block.
    ///
    /// - Throws: ``StorageError`` when there is no connection, or what `body` throws.
    func backgroundRead<Value: Sendable>(_ body: @escaping @Sendable (borrowing Connection) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Self.background.async {
                continuation.resume(
                    with: Result {
                        let lease = try self.reader()
                        return try body(lease.connection)
                    })
            }
        }
    }
}
