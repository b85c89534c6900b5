import Storage
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
        var isLong = false
        var turn = ContinuousClock.now
    }

    let project: ProjectID
    let ticket: Ticket
    let arrival = ContinuousClock.now
    private let state = Mutex(State())
    private let signal = ThreadSignal()

    init(project: ProjectID, ticket: Ticket) {
        self.project = project
        self.ticket = ticket
    }

    var phase: Phase {
        get { state.withLock { $0.phase } }
        set { state.withLock { $0.phase = newValue } }
    }

    /// Whether the query is among the counted heavy ones.
    var isCounted: Bool {
        get { state.withLock { $0.isCounted } }
        set { state.withLock { $0.isCounted = newValue } }
    }

    /// Whether the query has had a whole turn as a heavy one.
    var isLong: Bool {
        get { state.withLock { $0.isLong } }
        set { state.withLock { $0.isLong = newValue } }
    }

    func startTurn() { state.withLock { $0.turn = .now } }

    func isTurnOver(_ length: Duration) -> Bool { state.withLock { $0.phase == .heavy && .now - $0.turn > length } }

    func wake() { signal.signal() }

    /// Returns false when the query was stopped, or has to end because the store needs its connection.
    func waitWhileSuspended() -> Bool {
        while phase == .suspended, ticket.stop == nil {
            if ticket.isCalledBack { return false }
            _ = signal.wait(for: .milliseconds(100))
        }
        return ticket.stop == nil
    }
}
