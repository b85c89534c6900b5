import CDuckDB
import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Threads that take over parts of statements which take long.
///
/// The engine's own threads are woken by every statement, take it from the thread that runs it, and let that one wait: for a statement of a few
/// milliseconds this costs more than it brings. These sleep until a statement has run for a while (``Database/connect(helpAfter:)``).
final class HelperThreads: Sendable {
    private struct State {
        /// Statements that are helped at the moment.
        var helped = 0
        /// Threads that wait for ``wake``.
        var asleep = 0
        var isClosed = false
    }

    private enum Next { case work, sleep, end }

    /// Microseconds between two looks for work while there is none: from the first to the second, twice as long each time.
    private static let pauses: ClosedRange<UInt32> = 100...2_000

    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    private let running = DispatchGroup()

    /// - Parameter database: has to stay open until ``close()`` has returned.
    init(count: Int, database: duckdb_database?) {
        for _ in 0..<count {
            let tasks = Tasks(pointer: duckdb_create_task_state(database))
            running.enter()
            // Not of the dispatch library: it has a limit for its threads, and one that never comes would be waited for.
            let isStarted = WorkerThread.start { [self] in
                run(tasks)
                duckdb_destroy_task_state(tasks.pointer)
                running.leave()
            }
            if !isStarted {
                // Statements run alone then.
                duckdb_destroy_task_state(tasks.pointer)
                running.leave()
            }
        }
    }

    /// Begins to help with statements; each call is followed by one of ``leave()``.
    func join() {
        let sleeping = state.withLock { state in
            state.helped += 1
            defer { state.asleep = 0 }
            return state.asleep
        }
        for _ in 0..<sleeping { wake.signal() }
    }

    func leave() { state.withLock { $0.helped -= 1 } }

    /// Ends the threads; returns when they are gone.
    func close() {
        let sleeping = state.withLock { state in
            state.isClosed = true
            defer { state.asleep = 0 }
            return state.asleep
        }
        for _ in 0..<sleeping { wake.signal() }
        running.wait()
    }

    private func run(_ tasks: Tasks) {
        var pause = Self.pauses.lowerBound
        while true {
            switch next() {
            case .end: return
            case .sleep:
                wake.wait()
                pause = Self.pauses.lowerBound
            case .work:
                if duckdb_execute_n_tasks_state(tasks.pointer, 1) > 0 {
                    pause = Self.pauses.lowerBound
                } else {
                    usleep(pause)
                    pause = min(pause * 2, Self.pauses.upperBound)
                }
            }
        }
    }

    private func next() -> Next {
        state.withLock { state in
            if state.isClosed { return .end }
            if state.helped > 0 { return .work }
            state.asleep += 1
            return .sleep
        }
    }

    /// Used by one thread only.
    private struct Tasks: @unchecked Sendable { let pointer: duckdb_task_state? }
}

/// The help one statement gets: none until it has run for a while.
final class StatementHelp {
    private let threads: HelperThreads
    private let patience: Duration
    private let began = ContinuousClock.now
    private var isGiven = false

    init(_ threads: HelperThreads, after patience: Duration) {
        self.threads = threads
        self.patience = patience
    }

    deinit { if isGiven { threads.leave() } }

    /// Called again and again while the statement runs.
    func askIfLong() {
        if isGiven || began.duration(to: .now) < patience { return }
        isGiven = true
        threads.join()
    }
}
