import DuckDBKit
import GenAI
import Logging
import Synchronization
public import TelemetryModel

/// The telemetry of all projects in one data folder.
///
/// Opening recovers and migrates the folder. Writing is durable when it is answered; reading goes through ``reader()`` with the SELECT
/// texts of ``TableSource``. One process at a time may have the folder open.
public final class TelemetryStore: TelemetryWriter {
    let supervisor: EngineSupervisor
    /// Prices calls whose tokens come from several records.
    let pricing: (any CallPricing)?
    let queue: WriteQueue
    let retentionFault: (@Sendable (RetentionStage) -> Bool)?
    let board = StatusBoard()
    private let subscriptions = Subscriptions()
    private let shutdownState = Mutex(ShutdownState())

    private struct ShutdownState {
        var hasEnded = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// Opens the data folder, creating it when missing, and starts the writer.
    ///
    /// - Throws: ``StorageError`` with ``StorageError/Code/openFailed`` or ``StorageError/Code/newerSchema``.
    public convenience init(configuration: StorageConfiguration) throws(StorageError) {
        try self.init(opened: OpenedFolder(configuration: configuration), configuration: configuration)
    }

    /// Starts the writer on an opened data folder.
    ///
    /// - Parameter configuration: the one that the folder was opened with; only ``StorageConfiguration/pricing`` may have been added.
    /// - Throws: ``StorageError`` with ``StorageError/Code/openFailed``.
    public init(opened: OpenedFolder, configuration: StorageConfiguration) throws(StorageError) {
        pricing = configuration.pricing
        retentionFault = configuration.retentionFault
        supervisor = opened.supervisor
        queue = WriteQueue(budget: configuration.inFlightBudgetBytes)
        let writer = try Writer(
            configuration: configuration,
            supervisor: supervisor,
            queue: queue,
            board: board,
            subscriptions: subscriptions
        )
        writer.start { [weak self] in self?.writerEnded() }
    }

    deinit { queue.close() }

    public func write(_ batch: IngestBatch) async throws -> WriteReceipt {
        var batch = batch
        try batch.packBodies()
        let bytes = batch.byteCount
        return try await withCheckedThrowingContinuation { [batch] continuation in
            let write = PendingWrite(batch: batch, bytes: bytes, waiter: continuation)
            if let refusal = queue.offer(write) { write.answer(.failure(refusal)) }
        }
    }

    /// A connection for one query. It sees every commit answered before its first statement starts.
    ///
    /// - Throws: ``StorageError/Code/unavailable`` while the engine is being reopened, ``StorageError/Code/closed`` after shutdown.
    public func reader() throws(StorageError) -> ReaderLease { try supervisor.reader() }

    /// The files with rows of a project in a window, for the texts of ``TableSource``. They stay there until the value goes away: keep it
    /// until the statement runs. Plan and run the statement in one transaction: ``ReaderLease/query(_:step:)`` does.
    ///
    /// - Parameters:
    ///   - window: some tables look a day further to both sides, and so does this.
    ///   - traces: only files that may have rows of these traces; nil for all.
    ///   - isExact: whether only records are read whose own time is in the window.
    /// - Throws: ``StorageError/Code/unavailable`` while the engine is being reopened.
    public func files(
        _ project: ProjectID, _ window: TimeWindow = .all, traces: [TraceID]? = nil, isExact: Bool = false
    ) throws(StorageError) -> FileLease {
        let wide =
            isExact
            ? window
            : TimeWindow(
                minimum: window.minimum.map { $0 < .min + Self.margin ? .min : $0 - Self.margin },
                maximum: window.maximum.map { $0 > .max - Self.margin ? .max : $0 + Self.margin })
        var wanted: WantedHashes?
        if let traces, let key = supervisor.registry.identityKey { wanted = .traces(traces.map { key.trace(project.value, $0) }) }
        return try supervisor.registry.lease(
            project: project.value, window: wide, wanted: wanted, isOneTransaction: true, hotParts: board.hotParts)
    }

    /// The folder with the files of telemetry.
    public var folderPath: String { supervisor.folder.path }

    /// The files of all projects.
    func allFiles() throws(StorageError) -> FileLease { try supervisor.registry.lease(project: nil) }

    /// A day and an hour in microseconds.
    private static let margin: Int64 = 90_000_000_000

    /// Sequences of commits from now on, newest only for those who are slow; ends at shutdown.
    public func subscribe() -> AsyncStream<Int64> { subscriptions.subscribe() }

    /// Whether the project has spans with span events: when not, ``TableSource`` texts can do without them.
    public func hasSpanEvents(_ project: ProjectID) -> Bool { board.hasSpanEvents(project.value) }

    public var statistics: StorageStatistics {
        var statistics = board.statistics
        statistics.unreadableSegments = supervisor.registry.unreadable.map(\.reason).sorted()
        statistics.unreadableMessages = supervisor.registry.unreadableMessages
        statistics.bytesOnDisk = supervisor.folder.totalSize()
        statistics.overloads = queue.overloads
        statistics.queuedBatches = queue.count
        statistics.queuedBytes = queue.bytes
        statistics.recoveryReport = supervisor.recoveryReport
        return statistics
    }

    /// Commits what is waiting, ends the running queries, checkpoints and closes the file.
    public func shutdown() async {
        queue.close()
        await withCheckedContinuation { continuation in
            let hasEnded = shutdownState.withLock { state in
                if !state.hasEnded { state.waiters.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    private func writerEnded() {
        subscriptions.finish()
        let waiters = shutdownState.withLock { state in
            state.hasEnded = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
