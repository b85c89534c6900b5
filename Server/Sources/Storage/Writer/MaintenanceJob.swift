import DuckDBKit
import TelemetryModel

/// Work on rows that are already stored, waiting for the writer. Small: everything that comes in waits while it runs. It does not run
/// while a hot file is being sealed, so files stay where they are.
struct MaintenanceJob: Sendable {
    /// Called once everything is durable: corrects what the writer remembers, and gives what answers the caller.
    typealias Finish = (inout HotState) -> () -> Void

    var body: @Sendable (MaintenanceContext, inout HotState) throws -> Finish
    /// Told why the job did not happen, or not to its end.
    var fail: @Sendable (any Error) -> Void
}

/// What a job works with on the writer's thread.
///
/// A transaction can write to one file only. A job over several is one transaction per file, and must be such that running it again after it was
/// interrupted in between does what is left.
struct MaintenanceContext {
    let tables: OpenTables
    let registry: FileRegistry
    /// The sequence of its commits.
    let sequence: Int64

    /// Runs `body` in a transaction.
    func transact<Value>(_ body: (borrowing Connection) throws -> Value) throws -> Value {
        try tables.beginTransaction()
        do {
            let value = try body(tables.connection)
            try tables.commitTransaction()
            return value
        } catch {
            // A transaction that the engine has ended already has nothing to roll back.
            try? tables.connection.execute("ROLLBACK")
            throw error
        }
    }

    /// Runs `body` for one file after the other, each in a transaction, which is durable when the next one begins.
    func inEveryFile(_ files: FileLease, _ body: (FileArms.Arm, borrowing Connection) throws -> Void) throws {
        for arm in files.arms.arms {
            if arm.isSegment { registry.changed(arm.alias) }
            try transact { try body(arm, $0) }
            // Segments have no log; see SegmentLayout.
            if arm.isSegment { try tables.connection.execute("CHECKPOINT \(arm.alias)") }
        }
    }
}

extension TelemetryStore {
    /// Changes rows that are already stored, on the writer's connection, between two commits.
    ///
    /// - Parameters:
    ///   - body: should take no more than some tens of milliseconds: everything that comes in waits for it.
    ///   - remember: corrects what the writer remembers, once everything is durable.
    /// - Returns: what `body` gave.
    /// - Throws: ``StorageError``, or what `body` throws.
    func maintain<Value: Sendable>(
        _ body: @escaping @Sendable (MaintenanceContext, inout HotState) throws -> Value,
        remember: @escaping @Sendable (Value, inout HotState) -> Void
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let job = MaintenanceJob(
                body: { context, state in
                    let value = try body(context, &state)
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
