import Dispatch
import Synchronization
import TelemetryModel

/// A query's place in the ``QueryGate``. Its phase is changed by the gate alone, under the gate's lock.
final class QueryPermit: Sendable {
    enum Phase {
        case light, heavy
        /// Waits for the heavy place.
        case suspended
        /// Waits for its client and has no place.
        case parked
        /// There are too many heavy ones.
        case refused
        case done
    }

    private struct State {
        var phase = Phase.light
        var isCounted = false
        var turn = ContinuousClock.now
        var thread: ThreadPriority?
        var isLowered = false
    }

    let project: ProjectID
    let ticket: Ticket
    private let state = Mutex(State())
    private let signal = DispatchSemaphore(value: 0)

    init(project: ProjectID, ticket: Ticket) {
        self.project = project
        self.ticket = ticket
    }

    var phase: Phase {
        get { state.withLock { $0.phase } }
        set {
            let thread = state.withLock { state -> ThreadPriority? in
                state.phase = newValue
                guard newValue == .heavy || newValue == .suspended, !state.isLowered else { return nil }
                state.isLowered = true
                return state.thread
            }
            thread?.lower()
        }
    }

    /// Whether the query is among the counted heavy ones.
    var isCounted: Bool {
        get { state.withLock { $0.isCounted } }
        set { state.withLock { $0.isCounted = newValue } }
    }

    /// Notes the thread that runs the query.
    func started(on thread: ThreadPriority?) { state.withLock { $0.thread = thread } }

    /// Whether the thread's priority was lowered, for good.
    var isLowered: Bool { state.withLock { $0.isLowered } }

    func startTurn() { state.withLock { $0.turn = .now } }

    func isTurnOver(_ length: Duration) -> Bool { state.withLock { $0.phase == .heavy && .now - $0.turn > length } }

    func wake() { signal.signal() }

    /// Returns false when the query was stopped.
    func waitWhileSuspended() -> Bool {
        while phase == .suspended, ticket.stop == nil { _ = signal.wait(timeout: .now() + .milliseconds(100)) }
        return ticket.stop == nil
    }
}
