import DuckDBKit
import Synchronization

/// The leases that are out.
final class ReaderList: Sendable {
    private struct Entry {
        var interrupt: InterruptHandle
        var since: ContinuousClock.Instant
        var isInvalidated = false
    }

    private struct State {
        var entries: [UInt64: Entry] = [:]
        var next: UInt64 = 1
    }

    private let state = Mutex(State())

    var isEmpty: Bool { state.withLock { $0.entries.isEmpty } }

    func add(_ interrupt: InterruptHandle) -> ReaderRegistration {
        let id = state.withLock { state in
            let id = state.next
            state.next += 1
            state.entries[id] = Entry(interrupt: interrupt, since: .now)
            return id
        }
        return ReaderRegistration(readers: self, id: id)
    }

    func remove(_ id: UInt64) {
        // The handle is released outside the lock: it may be the last owner of a closed connection.
        _ = state.withLock { $0.entries.removeValue(forKey: id) }
    }

    func wasInvalidated(_ id: UInt64) -> Bool { state.withLock { $0.entries[id]?.isInvalidated ?? false } }

    /// Interrupts the query that has been running longest: the likeliest to hold much memory, as the engine does not say who does.
    ///
    /// - Returns: false when no query is running.
    func interruptOldest() -> Bool {
        let oldest = state.withLock { state -> InterruptHandle? in
            guard let id = state.entries.filter({ !$0.value.isInvalidated }).min(by: { $0.value.since < $1.value.since })?.key else {
                return nil
            }
            state.entries[id]?.isInvalidated = true
            return state.entries[id]?.interrupt
        }
        oldest?.interrupt()
        return oldest != nil
    }

    /// Interrupts every query. One that is between two statements goes on; call again until ``isEmpty``.
    func interruptAll() {
        let handles = state.withLock { state in
            for id in state.entries.keys { state.entries[id]?.isInvalidated = true }
            return state.entries.values.map(\.interrupt)
        }
        for handle in handles { handle.interrupt() }
    }
}
