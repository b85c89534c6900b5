import Synchronization

/// What the writer tells other threads about itself.
final class StatusBoard: Sendable {
    private struct State {
        var statistics = StorageStatistics()
        var projectsWithSpanEvents: Set<Int32> = []
        var hotParts: [Int64: StoredPart?] = [:]
    }

    private let state = Mutex(State())

    var statistics: StorageStatistics { state.withLock { $0.statistics } }

    func hasSpanEvents(_ project: Int32) -> Bool { state.withLock { $0.projectsWithSpanEvents.contains(project) } }

    /// Times and numbers of the records of hot files that are not sealed; nil for a file without any.
    var hotParts: [Int64: StoredPart?] { state.withLock { $0.hotParts } }

    func opened(_ hot: borrowing HotState) { update(hot) { _ in } }

    func reopened(_ hot: borrowing HotState) { update(hot) { $0.reopens += 1 } }

    /// Called before the batches are answered, so that nobody sees an acknowledged row missing from the counters.
    func committed(_ plan: GroupPlan, _ hot: borrowing HotState) {
        update(hot) { statistics in
            if !plan.isEmpty {
                statistics.commits += 1
                // Until the writer has looked whether the file is full: whoever waits for sealing must not miss that it is to come.
                statistics.isSettled = false
            }
            statistics.repeatsDropped += Int64(plan.repeated)
        }
    }

    func maintained(_ hot: borrowing HotState) { update(hot) { $0.commits += 1 } }

    func working(_ backlog: SealingBacklog) {
        state.withLock { state in
            state.statistics.waitingHotFiles = backlog.waiting
            state.statistics.isSealing = backlog.isSealing
            state.statistics.isSettled = backlog.isSettled
        }
    }

    private func update(_ hot: borrowing HotState, _ change: (inout StorageStatistics) -> Void) {
        let (records, points, sequence, projects) = (hot.records, hot.metricPoints, hot.lastSequence, hot.projectsWithSpanEvents)
        let parts = hot.keys.hotParts
        state.withLock { state in
            state.statistics.records = records
            state.statistics.metricPoints = points
            state.statistics.lastSequence = sequence
            state.projectsWithSpanEvents = projects
            state.hotParts = parts
            change(&state.statistics)
        }
    }
}
