import Dispatch
import DuckDBKit
import Logging
import Synchronization

/// How sealing a hot file ended.
struct SealOutcome: Sendable {
    var hot: Int64
    /// nil when it failed; the hot file is as it was.
    var result: SealResult?
    /// Whether a file cannot be used any more until the engine is opened again: its checkpoint failed half-way.
    var needsReopening = false
}

/// What became of a hot file.
struct SealResult: Sendable {
    /// The segments that got its rows, as they are now.
    var segments: [SegmentInfo] = []
    var filter: SealedFilter?
}

/// Moves the rows of hot files to segments, one file after the other, on a thread of its own.
final class Sealer: Sendable {
    private struct State: ~Copyable {
        var tables: SealerTables?
        var running: InterruptHandle?
        var shouldStop = false
        var isCancelled = false
    }

    private let supervisor: EngineSupervisor
    private let logger: Logger
    private let thread = DispatchQueue(label: "hearth.storage.sealer", qos: .utility)
    private let state = Mutex(State())

    private let fault: (@Sendable (SealStage) -> Bool)?

    init(supervisor: EngineSupervisor, configuration: StorageConfiguration) {
        self.supervisor = supervisor
        logger = configuration.logger
        fault = configuration.sealFault
    }

    /// Begins with a hot file that nobody writes any more.
    ///
    /// - Parameter done: called on the sealer's thread.
    func start(_ generation: StoredKeys.Generation, _ done: @escaping @Sendable (SealOutcome) -> Void) {
        thread.async { [self] in done(seal(generation)) }
    }

    /// Ends what is running and gives up the connection; nothing is begun any more.
    func cancel() {
        state.withLock { $0.isCancelled = true }
        interrupt()
    }

    /// Ends what is running and gives up the connection, because the engine is about to be closed.
    func interrupt() {
        state.withLock { state in
            state.shouldStop = true
            state.running?.interrupt()
        }
        thread.sync { release() }
        state.withLock { $0.shouldStop = false }
    }

    private func release() {
        state.withLock { state in
            state.tables = nil
            state.running = nil
        }
    }

    private func seal(_ generation: StoredKeys.Generation) -> SealOutcome {
        var outcome = SealOutcome(hot: generation.hot)
        if state.withLock({ $0.isCancelled }) { return outcome }
        do {
            let tables = try openTables()
            defer { state.withLock { $0.running = nil } }
            let run = SealRun(generation, tables, supervisor.registry, fault: fault) { [self] in state.withLock { $0.shouldStop } }
            outcome.result = try run.run()
        } catch {
            let isCancelled = state.withLock { $0.isCancelled || $0.shouldStop }
            // After a failure the connection may be in the middle of something.
            release()
            if !isCancelled { logger.error("hot file \(generation.hot) could not be sealed and will be tried again: \(error)") }
            outcome.needsReopening = !isCancelled && "\(error)".contains("has been invalidated")
        }
        return outcome
    }

    private func openTables() throws -> SealerTables {
        let known = state.withLock { state -> SealerTables? in
            state.running = state.tables?.connection.interruptHandle
            return state.tables
        }
        if let known { return known }
        let tables = try SealerTables(try supervisor.connect(), rowGroups: RowGroupKeeper(try supervisor.connect()))
        state.withLock { state in
            state.tables = tables
            state.running = tables.connection.interruptHandle
        }
        return tables
    }
}
