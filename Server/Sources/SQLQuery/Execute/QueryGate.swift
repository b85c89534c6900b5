import Synchronization
import TelemetryModel

/// Decides which queries run (`acceptance.md` D5).
///
/// A query starts as a light one. When it has run for a quarter of a second, not counting what it waits, it becomes heavy: it gives its light place to the next one and
/// goes on in the only heavy place, or waits for it. Projects take turns at both, so that a flood of queries of one delays the others by
/// one query at most. After half a second a heavy query lets those of other projects go on, and those that have just become heavy: most
/// of them end soon. The others of its project wait until it ends, for by sharing the time none of them would end before its deadline.
final class QueryGate: Sendable {
    struct Limits: Sendable {
        var light = 2
        var heavy = 1
        /// Queries of a project that may wait for a light place, and of all projects.
        var waitingPerProject = 32
        var waiting = 256
        /// Heavy queries of a project, and of all, that run, wait, or wait for their clients to read.
        var heavyPerProject = 8
        var heavyInAll = 16
        /// Time of a processor after which a query is heavy.
        var lightTime: Duration = .milliseconds(250)
        /// After which it is heavy even if it has waited, for a processor, the disk or memory.
        var lightWait: Duration = .seconds(1)
        /// After which a heavy query lets others go on.
        var turn: Duration = .milliseconds(500)

        /// When to look again whether a query has become heavy: a short one is not to blame for long ones beside it.
        ///
        /// - Parameters:
        ///   - elapsed: since it began.
        ///   - used: time of a processor that it has had; nil when that is not known.
        /// - Returns: nil when it is heavy.
        func rest(elapsed: Duration, used: Duration?) -> Duration? {
            let rest = min(lightTime - (used ?? elapsed), lightWait - elapsed)
            return rest > .zero ? max(rest, .milliseconds(10)) : nil
        }
    }

    private struct State {
        var light = 0
        var heavy = 0
        var waiting = TurnQueue<Entrance>()
        var suspended = TurnQueue<QueryPermit>()
        var heavies: [ProjectID: Int] = [:]
        var heavyCount = 0
        var isClosed = false
    }

    /// A query that waits for its light place.
    private struct Entrance {
        let ticket: Ticket
        let continuation: CheckedContinuation<Result<QueryPermit, QueryError>, Never>
    }

    let limits: Limits
    private let isShortOfMemory: @Sendable () -> Bool
    private let state = Mutex(State())

    /// - Parameter isShortOfMemory: asked when a query becomes heavy. Those that wait for the heavy place keep what they have, so while there is
    ///   little left no other one joins them.
    init(_ limits: Limits, isShortOfMemory: @escaping @Sendable () -> Bool = { false }) {
        self.limits = limits
        self.isShortOfMemory = isShortOfMemory
    }

    /// Queries that wait for a light place.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    // MARK: Light places

    /// Waits for a light place.
    ///
    /// - Throws: ``QueryError`` `tooMany` when too many wait already; the reason why `ticket` was stopped.
    func enter(_ project: ProjectID, _ ticket: Ticket) async throws(QueryError) -> QueryPermit {
        let result: Result<QueryPermit, QueryError> = await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Result<QueryPermit, QueryError>? in
                if state.isClosed { return .failure(QueryError(code: .unavailable, message: "the server is shutting down")) }
                if let stop = ticket.stop { return .failure(Ticket.error(of: stop)) }
                if state.light < limits.light {
                    state.light += 1
                    return .success(QueryPermit(project: project, ticket: ticket))
                }
                guard state.waiting.count(project) < limits.waitingPerProject, state.waiting.count < limits.waiting else {
                    let isOwn = state.waiting.count(project) >= limits.waitingPerProject
                    return .failure(Self.tooMany(isOwn ? "queries of this project are waiting" : "queries are waiting"))
                }
                state.waiting.append(Entrance(ticket: ticket, continuation: continuation), project)
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
        return try result.get()
    }

    static func tooMany(_ what: String) -> QueryError {
        QueryError(code: .tooMany, message: "too many \(what); try again in a moment", retryAfter: 2)
    }

    /// Answers a query that was stopped before it got a place.
    func drop(_ ticket: Ticket) {
        guard let stop = ticket.stop else { return }
        let entrance = state.withLock { $0.waiting.remove { $0.ticket === ticket } }
        entrance?.continuation.resume(returning: .failure(Ticket.error(of: stop)))
    }

    private func admit(_ state: inout State) -> [(Entrance, QueryPermit)] {
        var admitted: [(Entrance, QueryPermit)] = []
        while state.light < limits.light, let (entrance, project) = state.waiting.next() {
            state.light += 1
            admitted.append((entrance, QueryPermit(project: project, ticket: entrance.ticket)))
        }
        return admitted
    }

    // MARK: Heavy places

    /// Makes a query heavy that has run for ``Limits/lightTime``; without effect on others.
    func promote(_ permit: QueryPermit) {
        change { state in
            guard permit.phase == .light else { return }
            state.light -= 1
            enterHeavy(permit, &state)
        }
    }

    private func enterHeavy(_ permit: QueryPermit, _ state: inout State) {
        if let refusal = refusal(of: permit, state) {
            permit.phase = .refused
            permit.ticket.stop(refusal)
            return
        }
        state.heavies[permit.project, default: 0] += 1
        state.heavyCount += 1
        permit.isCounted = true
        permit.phase = .suspended
        state.suspended.append(permit, permit.project)
    }

    /// Why a query cannot become heavy now.
    private func refusal(of permit: QueryPermit, _ state: State) -> Ticket.Stop? {
        if state.heavies[permit.project, default: 0] >= limits.heavyPerProject { return .tooManyHeavy }
        if state.heavyCount >= limits.heavyInAll { return .tooManyHeavyInAll }
        return state.heavyCount > 0 && isShortOfMemory() ? .shortOfMemory : nil
    }

    /// Called by the query's thread between two pieces of work; waits while others have the turn.
    ///
    /// - Returns: false when the query was stopped.
    func step(_ permit: QueryPermit) -> Bool {
        if permit.isTurnOver(limits.turn) {
            change { state in
                permit.isLong = true
                let mustYield = state.suspended.contains { $0.project != permit.project || !$0.isLong }
                guard permit.phase == .heavy, mustYield else { return permit.startTurn() }
                state.heavy -= 1
                permit.phase = .suspended
                state.suspended.append(permit, permit.project)
            }
        }
        return permit.waitWhileSuspended()
    }

    /// Takes the query's place away while it waits for its client.
    func park(_ permit: QueryPermit) {
        change { state in
            switch permit.phase {
            case .light:
                state.light -= 1
                enterHeavy(permit, &state)
                if permit.phase == .suspended { state.suspended.remove { $0 === permit } }
            case .heavy: state.heavy -= 1
            case .suspended: state.suspended.remove { $0 === permit }
            case .parked, .refused, .done: return
            }
            if permit.phase != .refused { permit.phase = .parked }
        }
    }

    /// Lets a parked query wait for its turn again.
    ///
    /// - Returns: false when the query was stopped.
    func unpark(_ permit: QueryPermit) -> Bool {
        change { state in
            guard permit.phase == .parked else { return }
            permit.phase = .suspended
            state.suspended.append(permit, permit.project)
        }
        return permit.waitWhileSuspended()
    }

    /// Gives back what the query has.
    func leave(_ permit: QueryPermit) {
        change { state in
            switch permit.phase {
            case .light: state.light -= 1
            case .heavy: state.heavy -= 1
            case .suspended: state.suspended.remove { $0 === permit }
            case .parked, .refused, .done: break
            }
            if permit.isCounted {
                state.heavyCount -= 1
                let rest = (state.heavies[permit.project] ?? 1) - 1
                state.heavies[permit.project] = rest == 0 ? nil : rest
                permit.isCounted = false
            }
            permit.phase = .done
        }
    }

    /// Refuses those that wait and all that come.
    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            return state.waiting.removeAll()
        }
        for entrance in waiting {
            entrance.continuation.resume(
                returning: .failure(QueryError(code: .unavailable, message: "the server is shutting down")))
        }
    }

    /// Those that have just become heavy come first, then the oldest one.
    private static func first(of permits: [QueryPermit]) -> Int {
        permits.firstIndex { !$0.isLong } ?? permits.indices.min { permits[$0].arrival < permits[$1].arrival } ?? 0
    }

    /// Changes the state and gives away the places that became free.
    private func change(_ body: (inout State) -> Void) {
        let (admitted, resumed) = state.withLock { state in
            body(&state)
            var resumed: [QueryPermit] = []
            while state.heavy < limits.heavy, let (permit, _) = state.suspended.next(pick: Self.first) {
                state.heavy += 1
                permit.phase = .heavy
                permit.startTurn()
                resumed.append(permit)
            }
            return (admit(&state), resumed)
        }
        for permit in resumed { permit.wake() }
        for (entrance, permit) in admitted { entrance.continuation.resume(returning: .success(permit)) }
    }
}
