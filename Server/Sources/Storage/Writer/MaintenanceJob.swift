/// Work on rows that are already stored, waiting for the writer. Small: everything that comes in waits while it runs.
struct MaintenanceJob: Sendable {
    /// Called once the transaction is durable: corrects what the writer remembers, and gives what answers the caller.
    typealias Finish = (inout HotState) -> () -> Void

    /// Runs inside a transaction of its own, whose commit sequence is given.
    var body: @Sendable (OpenTables, inout HotState, Int64) throws -> Finish
    /// Told why the transaction did not happen.
    var fail: @Sendable (any Error) -> Void
}

extension TelemetryStore {
    /// Changes rows that are already stored, in a transaction of its own on the writer's connection, between two commits.
    ///
    /// - Parameters:
    ///   - body: runs inside the transaction, with the sequence of the commit. It should take no more than some tens of milliseconds:
    ///     everything that comes in waits for it. A job that throws changes nothing.
    ///   - remember: corrects what the writer remembers, once the transaction is durable.
    /// - Returns: what `body` gave.
    /// - Throws: ``StorageError``, or what `body` throws.
    func maintain<Value: Sendable>(
        _ body: @escaping @Sendable (OpenTables, inout HotState, Int64) throws -> Value,
        remember: @escaping @Sendable (Value, inout HotState) -> Void
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let job = MaintenanceJob(
                body: { tables, state, sequence in
                    let value = try body(tables, &state, sequence)
                    return { state in
                        remember(value, &state)
                        return { continuation.resume(returning: value) }
                    }
                },
                fail: { continuation.resume(throwing: $0) })
            if let refusal = queue.offer(job) { job.fail(refusal) }
        }
    }
}
