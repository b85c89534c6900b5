import DuckDBKit
import Synchronization

/// A batch waiting for its commit, with the caller to be answered.
struct PendingWrite: Sendable {
    var batch: IngestBatch
    var bytes: Int
    var waiter: CheckedContinuation<WriteReceipt, any Error>

    func answer(_ result: Result<WriteReceipt, StorageError>) {
        waiter.resume(with: result.mapError { $0 as any Error })
    }
}

/// Batches and maintenance on their way to the writer's thread; batches are bounded by bytes.
final class WriteQueue: Sendable {
    fileprivate struct State {
        var waiting: [PendingWrite] = []
        var jobs: [MaintenanceJob] = []
        var sealed: [SealOutcome] = []
        /// Maintenance waits for one group of batches after the other, not for all of them.
        var isJobsTurn = true
        /// Bytes waiting or being committed.
        var bytes = 0
        var inFlight = 0
        var overloads: Int64 = 0
        var isClosed = false
        var gathering = GroupGathering()
    }

    private let budget: Int
    private let state = Mutex(State())
    private let wakeUp = ThreadSignal()

    /// - Parameter budget: bytes that may be in flight; a single batch above it is accepted when nothing else is.
    init(budget: Int) { self.budget = budget }

    var overloads: Int64 { state.withLock { $0.overloads } }
    var bytes: Int { state.withLock { $0.bytes } }
    var count: Int { state.withLock { $0.inFlight } }

    /// Queues a batch.
    ///
    /// - Returns: why it cannot be queued, nil when it was.
    func offer(_ write: PendingWrite) -> StorageError? {
        let refusal = state.withLock { state -> StorageError? in
            if state.isClosed { return StorageError(code: .closed, message: "the store is closed") }
            if state.bytes > 0, state.bytes + write.bytes > budget {
                state.overloads += 1
                return StorageError(code: .overloaded, message: "\(state.bytes) bytes are waiting to be stored; try again")
            }
            state.waiting.append(write)
            state.bytes += write.bytes
            state.inFlight += 1
            return nil
        }
        if refusal == nil { wakeUp.signal() }
        return refusal
    }

    /// Queues maintenance.
    ///
    /// - Returns: why it cannot be queued, nil when it was.
    func offer(_ job: MaintenanceJob) -> StorageError? {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.jobs.append(job) }
            return state.isClosed
        }
        if isClosed { return StorageError(code: .closed, message: "the store is closed") }
        wakeUp.signal()
        return nil
    }

    /// Whether maintenance is waiting.
    var hasJobs: Bool { state.withLock { !$0.jobs.isEmpty } }

    /// Tells the writer how sealing ended.
    func offer(_ outcome: SealOutcome) {
        state.withLock { $0.sealed.append(outcome) }
        wakeUp.signal()
    }

    /// What the writer finds.
    enum Work {
        case sealed(SealOutcome)
        case group([PendingWrite])
        case job(MaintenanceJob)
        /// Nothing came for as long as asked.
        case idle
        /// Closed and empty.
        case end
    }

    /// Waits for batches and takes as many as the limits allow, at least one.
    ///
    /// - Parameter withJobs: whether maintenance may run now.
    func take(byteLimit: Int, rowLimit: Int, timeout seconds: Double, withJobs: Bool = true) -> Work {
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        state.withLock { $0.gathering.returned(waiting: $0.waiting.count, now: .now) }
        while true {
            switch state.withLock({ $0.next(byteLimit: byteLimit, rowLimit: rowLimit, withJobs: withJobs) }) {
            case .work(let work): return work
            case .gather(let pause):
                // Whether more have come or the time is over, the next look decides.
                _ = wakeUp.wait(for: pause)
            case .nothing:
                // Signals left over from batches that were taken together only cause another look.
                if !wakeUp.wait(for: ContinuousClock.now.duration(to: deadline)) {
                    state.withLock { $0.gathering.idled() }
                    return .idle
                }
            }
        }
    }

    /// Gives back the room of answered batches.
    func finish(_ group: [PendingWrite]) {
        state.withLock { state in
            for write in group { state.bytes -= write.bytes }
            state.inFlight -= group.count
        }
    }

    /// Accepts nothing more; what is waiting is still taken.
    func close() {
        state.withLock { $0.isClosed = true }
        wakeUp.signal()
    }
}

extension WriteQueue.State {
    enum Look {
        case work(WriteQueue.Work)
        /// There are batches, but more are likely to come within this time.
        case gather(Duration)
        case nothing
    }

    mutating func next(byteLimit: Int, rowLimit: Int, withJobs: Bool) -> Look {
        if !sealed.isEmpty { return .work(.sealed(sealed.removeFirst())) }
        if withJobs, let job = jobs.first, isJobsTurn || waiting.isEmpty {
            jobs.removeFirst()
            isJobsTurn = false
            return .work(.job(job))
        }
        isJobsTurn = true
        if waiting.isEmpty { return isClosed && jobs.isEmpty ? .work(.end) : .nothing }
        var bytes = 0
        var rows = 0
        var count = 0
        for write in waiting {
            bytes += write.bytes
            rows += write.batch.rowCount
            if count > 0, bytes > byteLimit || rows > rowLimit { break }
            count += 1
        }
        if !isClosed, let pause = gathering.wait(waiting: waiting.count, rows: rows, now: .now) { return .gather(pause) }
        let group = Array(waiting[..<count])
        waiting.removeFirst(count)
        gathering.took(batches: count, now: .now)
        return .work(.group(group))
    }
}
