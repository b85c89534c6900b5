import DuckDBKit
import Synchronization

/// One job's way through the pool: whether it was stopped, and what to interrupt when it is.
final class Ticket: Sendable {
    /// Why a job ends early.
    enum Stop: Sendable { case deadline, cancelled, waitedTooLong, tooManyHeavy, tooManyHeavyInAll, shortOfMemory, memory }

    private struct State {
        var stop: Stop?
        var running: InterruptHandle?
        /// Interrupts of the handle before the job.
        var interrupts = 0
        var hasStarted = false
        var isDone = false
        /// When the clock stopped, and for how long it has stood still before.
        var pausedAt: ContinuousClock.Instant?
        var paused = Duration.zero
    }

    private let state = Mutex(State())

    /// Why the job was stopped, if it was.
    var stop: Stop? { state.withLock { $0.stop } }

    /// Stops the job for `reason`, unless it was stopped or is done.
    func stop(_ reason: Stop) {
        state.withLock { state in
            if !state.isDone, state.stop == nil { state.stop = reason }
        }
        interrupt()
    }

    /// Stops the job only if no thread has taken it yet.
    func stopWaiting() {
        state.withLock { state in
            if !state.hasStarted, state.stop == nil { state.stop = .waitedTooLong }
        }
    }

    func start() { state.withLock { $0.hasStarted = true } }

    func finish() {
        state.withLock { state in
            state.isDone = true
            state.running = nil
        }
    }

    /// Stops the clock while the job waits for its client.
    func pause() { state.withLock { $0.pausedAt = .now } }

    func resume() {
        state.withLock { state in
            if let since = state.pausedAt { state.paused += .now - since }
            state.pausedAt = nil
        }
    }

    /// Whether the store wants the job's connection back. A job that waits between two pieces of work would not notice.
    var isCalledBack: Bool {
        let (handle, interrupts) = state.withLock { ($0.running, $0.interrupts) }
        return handle.map { $0.count != interrupts } ?? false
    }

    /// For how long the clock has stood still.
    var pausedTime: Duration { state.withLock { state in state.paused + (state.pausedAt.map { .now - $0 } ?? .zero) } }

    var isDone: Bool { state.withLock { $0.isDone } }

    /// Notes what the job runs; fails when the job was stopped before.
    func run(_ handle: InterruptHandle) throws(QueryError) {
        let interrupts = handle.count
        state.withLock { state in
            state.running = handle
            state.interrupts = interrupts
        }
        try check()
    }

    /// - Throws: the error of a stopped job.
    func check() throws(QueryError) {
        if let stop { throw Self.error(of: stop) }
    }

    /// Interrupts a stopped job's statement. An interrupt that comes just before a statement starts is lost, so callers repeat it.
    ///
    /// - Returns: false once nothing is left to interrupt.
    @discardableResult
    func interrupt() -> Bool {
        let (handle, isDone) = state.withLock { ($0.stop == nil ? nil : $0.running, $0.isDone) }
        handle?.interrupt()
        return !isDone
    }

    static func error(of stop: Stop) -> QueryError {
        switch stop {
        case .deadline: QueryError(code: .deadline, message: "the query ran into its time limit and was ended")
        case .cancelled: QueryError(code: .cancelled, message: "the query was cancelled")
        case .waitedTooLong: QueryError(code: .tooMany, message: "too many queries are running; this one waited too long", retryAfter: 2)
        case .memory:
            QueryError(
                code: .outOfMemory, message: "the query needs more memory than queries may use; ask for less rows, groups or columns")
        case .tooManyHeavy: QueryGate.tooMany("long queries of this project are running")
        case .tooManyHeavyInAll: QueryGate.tooMany("long queries are running")
        case .shortOfMemory:
            QueryError(
                code: .tooMany, message: "a long query has most of the memory, so no other one can run long; try again in a moment",
                retryAfter: 2)
        }
    }
}
