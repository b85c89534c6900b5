import Synchronization
import TelemetryModel

/// Decides which queries run (`acceptance.md` D5).
///
/// A query starts as a light one. When it has run for a quarter of a second it becomes heavy: it gives its light place to the next one and
/// goes on in the only heavy place, or waits for it. Projects take turns at both, so that a flood of queries of one delays the others by
/// one query at most. A heavy query gives way to those of other projects every second.
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
        /// After which a query is heavy.
        var lightTime: Duration = .milliseconds(250)
        /// After which a heavy query lets one of another project go on.
        var turn: Duration = .seconds(1)
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
    private let state = Mutex(State())

    init(_ limits: Limits) { self.limits = limits }

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
        guard state.heavies[permit.project, default: 0] < limits.heavyPerProject, state.heavyCount < limits.heavyInAll else {
            permit.phase = .refused
            permit.ticket.stop(.tooManyHeavy)
            return
        }
        state.heavies[permit.project, default: 0] += 1
        state.heavyCount += 1
        permit.isCounted = true
        permit.phase = .suspended
        state.suspended.append(permit, permit.project)
    }

    /// Called by the query's thread between two pieces of work; waits while others have the turn.
    ///
    /// - Returns: false when the query was stopped.
    func step(_ permit: QueryPermit) -> Bool {
        if permit.isTurnOver(limits.turn) {
            change { state in
                guard permit.phase == .heavy, state.suspended.hasOther(than: permit.project) else { return permit.startTurn() }
                state.heavy -= 1
                permit.phase = .suspended
                state.suspended.prepend(permit, permit.project)
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

    /// Changes the state and gives away the places that became free.
    private func change(_ body: (inout State) -> Void) {
        let (admitted, resumed) = state.withLock { state in
            body(&state)
            var resumed: [QueryPermit] = []
            while state.heavy < limits.heavy, let (permit, _) = state.suspended.next() {
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

/// First come, first served within a project; projects take turns.
struct TurnQueue<Element> {
    private var queues: [ProjectID: [Element]] = [:]
    private var order: [ProjectID] = []
    private(set) var count = 0

    func count(_ project: ProjectID) -> Int { queues[project]?.count ?? 0 }

    func hasOther(than project: ProjectID) -> Bool { order.contains { $0 != project } }

    mutating func append(_ element: Element, _ project: ProjectID) { insert(element, project, isFirst: false) }

    /// Puts an element before the others of its project, whose turn is the last.
    mutating func prepend(_ element: Element, _ project: ProjectID) { insert(element, project, isFirst: true) }

    private mutating func insert(_ element: Element, _ project: ProjectID, isFirst: Bool) {
        if queues[project] == nil { order.append(project) }
        if isFirst {
            order.removeAll { $0 == project }
            order.append(project)
        }
        queues[project, default: []].insert(element, at: isFirst ? 0 : count(project))
        count += 1
    }

    /// Takes the first of the project whose turn it is.
    mutating func next() -> (Element, ProjectID)? {
        guard let project = order.first, var queue = queues[project] else { return nil }
        order.removeFirst()
        let element = queue.removeFirst()
        queues[project] = queue.isEmpty ? nil : queue
        if !queue.isEmpty { order.append(project) }
        count -= 1
        return (element, project)
    }

    @discardableResult
    mutating func remove(where isWanted: (Element) -> Bool) -> Element? {
        for project in order {
            guard let index = queues[project]?.firstIndex(where: isWanted) else { continue }
            let element = queues[project]?.remove(at: index)
            if queues[project]?.isEmpty == true {
                queues[project] = nil
                order.removeAll { $0 == project }
            }
            count -= 1
            return element
        }
        return nil
    }

    mutating func removeAll() -> [Element] {
        defer { self = TurnQueue() }
        return order.flatMap { queues[$0] ?? [] }
    }
}
