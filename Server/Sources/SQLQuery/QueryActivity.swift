public import SelfMetrics
import Synchronization

/// What the queries of a ``QueryEngine`` do: how many run and wait, how they ended, how long they took.
public final class QueryActivity: Sendable {
    /// Counts at one moment.
    public struct Counts: Sendable, Hashable {
        public var running = 0
        public var waiting = 0
        public var answered: Int64 = 0
        /// Wrong SQL and failures of the engine.
        public var failed: Int64 = 0
        public var timedOut: Int64 = 0
        public var cancelled: Int64 = 0
        /// Not begun, because too many were running.
        public var refused: Int64 = 0
    }

    private let state = Mutex(Counts())
    private let histogram = DurationHistogram()

    public init() {}

    public var counts: Counts { state.withLock { $0 } }

    /// From the arrival to the last row of queries that were answered, failed or timed out.
    public var durations: DurationHistogram.Snapshot { histogram.snapshot }

    /// A query on its way. ``end(_:)`` is called once.
    final class Visit: Sendable {
        private let activity: QueryActivity
        private let arrival = ContinuousClock.now
        private let hasStarted = Mutex(false)

        fileprivate init(_ activity: QueryActivity) { self.activity = activity }

        /// A thread has taken it.
        func start() {
            hasStarted.withLock { $0 = true }
            activity.state.withLock { state in
                state.waiting -= 1
                state.running += 1
            }
        }

        func end(_ error: QueryError?) {
            let ran = hasStarted.withLock { $0 }
            activity.state.withLock { state in
                if ran { state.running -= 1 } else { state.waiting -= 1 }
                switch error?.code {
                case nil: state.answered += 1
                case QueryError.Code.tooMany: state.refused += 1
                case QueryError.Code.deadline: state.timedOut += 1
                case QueryError.Code.cancelled: state.cancelled += 1
                default: state.failed += 1
                }
            }
            if ran || error == nil { activity.histogram.record(ContinuousClock.now - arrival) }
        }
    }

    func arrive() -> Visit {
        state.withLock { $0.waiting += 1 }
        return Visit(self)
    }
}
