import Dispatch
import DuckDBKit
import Logging
import Synchronization
import TelemetryModel

/// Commits batches in groups on a thread of its own: everything that was queued while the last commit ran becomes one transaction of the hot
/// file. When that is full, the next one is written, and the sealer moves its rows to segments.
///
/// Order within a group: look for repeats, decide, append, commit, remember, answer, publish. Everything mutable here is touched by the
/// writer's thread only, once ``start(_:)`` was called.
final class Writer: @unchecked Sendable {
    private let configuration: StorageConfiguration
    private let supervisor: EngineSupervisor
    private let queue: WriteQueue
    private let board: StatusBoard
    private let subscriptions: Subscriptions
    private let thread = DispatchQueue(label: "hearth.storage.writer", qos: .userInitiated)

    /// Commits take less; what maintenance does to many rows takes longer.
    private static let patience = Duration.milliseconds(20)

    /// nil while the engine is unusable.
    private var tables: OpenTables?
    private var state: HotState
    private var lastReopenFailure: ContinuousClock.Instant?
    private var attempts = 0
    private let sealer: Sealer
    private var rotation: Rotation
    private var recorder: HotLogRecorder

    init(
        configuration: StorageConfiguration, supervisor: EngineSupervisor, queue: WriteQueue, board: StatusBoard,
        subscriptions: Subscriptions
    ) throws(StorageError) {
        self.configuration = configuration
        self.supervisor = supervisor
        self.queue = queue
        self.board = board
        self.subscriptions = subscriptions
        do {
            let connection = try supervisor.connect(helpAfter: Self.patience)
            let files = supervisor.registry.current
            state = try HotState(connection, files)
            supervisor.registry.hotTraces.reset(state.keys.generations)
            tables = try OpenTables(connection, hot: files.hots.last ?? 1, supervisor.registry.pages)
            supervisor.registry.identityKey = state.key
            rotation = Rotation(files.hots, configuration)
            sealer = Sealer(supervisor: supervisor, configuration: configuration)
            recorder = HotLogRecorder(path: supervisor.folder.hotRecord(files.hots.last ?? 1))
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(code: .openFailed, message: "\(error)")
        }
        board.opened(state)
        board.working(rotation.backlog(bytes: hotBytes, rows: hotRows))
    }

    /// Runs until the queue is closed and empty, checkpoints, closes the engine, then calls `ended`.
    func start(_ ended: @escaping @Sendable () -> Void) {
        thread.async { [self] in
            run()
            ended()
        }
    }

    private func run() {
        while true {
            let work = queue.take(
                byteLimit: configuration.groupByteLimit, rowLimit: configuration.groupRowLimit, timeout: configuration.idleSeconds / 10,
                withJobs: rotation.sealing == nil)
            switch work {
            case .group(let group):
                rotation.isIdle = false
                makeRoom(for: group)
                process(group)
                if rotation.delay > 0 { Platform.sleep(milliseconds: rotation.delay) }
            case .job(let job):
                maintain(job)
            case .sealed(let outcome): sealed(outcome)
            case .idle:
                // Queries need an open engine also when nobody sends anything.
                if tables == nil { _ = reopen() }
            case .end:
                finish()
                return
            }
            rotate()
        }
    }

    // MARK: Groups

    private func process(_ group: [PendingWrite]) {
        defer { queue.finish(group) }
        if tables == nil, !reopen() {
            refuse(group, trouble)
            return
        }
        do {
            try commitMakingRoom(group)
        } catch {
            configuration.logger.error("a commit failed: \(error.message)")
            recover(from: error, group)
        }
    }

    /// Commits a group; while there is no memory for it, ends queries and tries again.
    private func commitMakingRoom(_ group: [PendingWrite]) throws(DuckDBError) {
        var triesLeft = 20
        while true {
            do throws(DuckDBError) {
                return try commit(group)
            } catch {
                guard case .memory = Failure(error), triesLeft > 0, let tables else { throw error }
                triesLeft -= 1
                guarded(tables, { 0 }).makeRoom()
            }
        }
    }

    /// Commits a group, with one attempt after reopening when the engine failed.
    private func recover(from error: DuckDBError, _ group: [PendingWrite]) {
        switch Failure(error) {
        case .engine:
            guard reopen() else { return refuse(group, trouble) }
            // Whether the failed commit is durable is unknown; the repeats were read back, so committing again is safe.
            do {
                try commit(group)
            } catch {
                configuration.logger.error("a commit failed again after the storage engine was reopened: \(error.message)")
                giveUpTables()
                trouble = explain(error)
                refuse(group, trouble)
            }
        case .memory:
            refuse(group, Self.noMemory)
        case .rows:
            // One batch is bad: find out which.
            guard group.count > 1 else { return refuse(group, StorageError(.invalidBatch, error)) }
            for write in group {
                do {
                    try commit([write])
                } catch {
                    if case .rows = Failure(error) {
                        refuse([write], StorageError(.invalidBatch, error))
                    } else {
                        recover(from: error, [write])
                    }
                }
            }
        }
    }

    private func refuse(_ group: [PendingWrite], _ error: StorageError) {
        for write in group { write.answer(.failure(error)) }
    }

    /// Stores what is new in a group in one transaction, and answers every batch of it.
    ///
    /// - Throws: the failure of the transaction, after it was rolled back; nothing has been answered then.
    private func commit(_ group: [PendingWrite]) throws(DuckDBError) {
        let batches = group.map(\.batch)
        try recall(batches)
        let plan = GroupPlan(batches, state)
        var sequence: Int64 = 0
        if !plan.isEmpty {
            sequence = max(state.lastSequence + 1, Platform.microseconds())
            let decisions = try decide(plan, batches)
            do {
                try intern(plan, batches, sequence)
                try transact(plan, decisions, batches, sequence)
            } catch {
                decisions.forget(&state)
                throw error
            }
            remember(plan, sequence)
            recordLog()
        }
        board.committed(plan, state)
        for batch in plan.batches {
            let receipt = WriteReceipt(sequence: batch.stored > 0 ? sequence : 0, stored: batch.stored, repeated: batch.repeated)
            group[batch.index].answer(.success(receipt))
        }
        for (index, error) in plan.refused { group[index].answer(.failure(error)) }
        if sequence > 0 { subscriptions.publish(sequence) }
    }

    private func decide(_ plan: GroupPlan, _ group: [IngestBatch]) throws(DuckDBError) -> GroupDecisions {
        let tables = try open()
        do {
            return try GroupDecisions.make(plan, group, &state, supervisor.registry, tables, configuration.pricing)
        } catch {
            // What was remembered of this group's traces is only part of it.
            state.steps = [:]
            throw (error as? DuckDBError) ?? DuckDBError(code: .other, message: "\(error)")
        }
    }

    /// Reads back which rows of the group's traces are in segments.
    private func recall(_ group: [IngestBatch]) throws(DuckDBError) {
        let tables = try open()
        do {
            try Recall.run(group, &state, supervisor.registry, tables.connection)
        } catch {
            throw (error as? DuckDBError) ?? DuckDBError(code: .other, message: "\(error)")
        }
    }

    /// Stores new resources and scopes, durably and before the rows that refer to them: they are in another file.
    private func intern(_ plan: GroupPlan, _ group: [IngestBatch], _ sequence: Int64) throws(DuckDBError) {
        if plan.interned.isEmpty { return }
        let tables = try open()
        let log = supervisor.folder.catalogLog
        let transaction = guarded(tables) { [folder = supervisor.folder] in folder.size(log) }
        try transaction.run(sequence, in: ["resource", "scope"]) { () throws(DuckDBError) in
            try GroupAppender.intern(plan, group, sequence, tables)
        }
        GroupAppender.remember(plan, group, supervisor.registry.names)
        // Also when the group fails now: they are there.
        state.interned.formUnion(plan.interned)
    }

    private func remember(_ plan: GroupPlan, _ sequence: Int64) {
        for hash in plan.identities { state.keys.current.identities.insert(hash) }
        for hash in plan.points { state.keys.current.points.insert(hash) }
        for hash in plan.traces { state.keys.current.traces.insert(hash) }
        supervisor.registry.hotTraces.insert(plan.traces, state.keys.current.hot)
        for hash in plan.responses { state.keys.current.responses.insert(hash) }
        for hash in plan.streamKeys { state.keys.current.streamKeys.insert(hash) }
        state.keys.current.records += Int64(plan.storedRecords)
        if let new = plan.starts {
            let old = state.keys.current.starts ?? new
            state.keys.current.starts = min(old.lowerBound, new.lowerBound)...max(old.upperBound, new.upperBound)
        }
        state.keys.current.metricPoints += Int64(plan.storedPoints)
        state.projectsWithSpanEvents.formUnion(plan.projectsWithSpanEvents)
        state.lastSequence = sequence
        state.records += Int64(plan.storedRecords)
        state.metricPoints += Int64(plan.storedPoints)
        state.shrinkSteps(to: configuration.stepCacheBytes)
    }

    /// Runs the transaction of a group.
    private func transact(_ plan: GroupPlan, _ decisions: GroupDecisions, _ group: [IngestBatch], _ sequence: Int64) throws(DuckDBError) {
        let tables = try open()
        attempts += 1
        let fault = configuration.commitFault?(attempts)
        let hot = tables.hot
        let log = supervisor.folder.hotLog(hot.number)
        var transaction = guarded(tables) { [folder = supervisor.folder] in folder.size(log) }
        // Before the rows that refer to them can be seen, and once for all attempts.
        let pages = HeldGroup(plan, group, hot)
        if let fault, fault.afterCommit { transaction.failureAfterCommit = DuckDBError(message: fault.message) }
        try transaction.run(sequence, in: ["\(hot.alias).span", "\(hot.alias).metric_point"]) { () throws(DuckDBError) in
            try GroupAppender.append(plan, decisions, group, pages, sequence, hot)
            if let fault, !fault.afterCommit { throw DuckDBError(message: fault.message) }
        }
    }

    private func guarded(_ tables: OpenTables, _ logBytes: @escaping () -> Int64) -> GuardedTransaction {
        GuardedTransaction(tables: tables, readers: supervisor.readers, logger: configuration.logger, logBytes: logBytes)
    }

    private func open() throws(DuckDBError) -> OpenTables {
        guard let tables else { throw DuckDBError(code: .closed, message: "the storage engine is closed") }
        return tables
    }

    // MARK: Maintenance

    /// Runs a job. What failed is told to whoever asked; an engine that failed is opened again by the next group.
    private func maintain(_ job: MaintenanceJob) {
        if tables == nil, !reopen() { return job.fail(trouble) }
        let sequence = max(state.lastSequence + 1, Platform.microseconds())
        do {
            let tables = try open()
            // Also when it fails: some of its transactions may be durable.
            state.lastSequence = sequence
            let finish = try job.body(MaintenanceContext(tables: tables, registry: supervisor.registry, sequence: sequence), &state)
            let answer = finish(&state)
            recordLog()
            state.shrinkSteps(to: configuration.stepCacheBytes)
            board.maintained(state)
            answer()
        } catch {
            // What is remembered of calls may be that of the failed transaction.
            state.steps = [:]
            if let failure = error as? DuckDBError, case .engine = Failure(failure) { giveUpTables() }
            return job.fail((error as? DuckDBError).map { StorageError(.unavailable, $0) } ?? error)
        }
        subscriptions.publish(sequence)
    }

    // MARK: Rotation and sealing

    /// Begins the next hot file when the present one is full or nobody has sent anything for a while, and lets the sealer work.
    private func rotate() {
        guard let tables else { return }
        if rotation.shouldRotate(bytes: hotBytes, rows: hotRows, now: .now) { beginHot(tables) }
        if let hot = rotation.next(hasJobs: queue.hasJobs, now: .now) { seal(hot) }
        board.working(rotation.backlog(bytes: hotBytes, rows: hotRows))
    }

    /// Begins the next hot file when the rows of a group do not fit into the present one.
    private func makeRoom(for group: [PendingWrite]) {
        guard let tables else { return }
        let new = group.reduce(0) { $0 + Int64($1.batch.rowCount) }
        if rotation.shouldRotate(rows: hotRows, before: new, now: .now) { beginHot(tables) }
    }

    private func beginHot(_ tables: OpenTables) {
        do {
            let next = try supervisor.createHot()
            try tables.rotate(to: next)
            state.keys.begin(hot: next)
            supervisor.registry.hotTraces.begin(next)
            rotation.rotated(to: next, now: .now)
            recorder = HotLogRecorder(path: supervisor.folder.hotRecord(next))
        } catch {
            configuration.logger.error("the next hot file cannot be created: \(error)")
            rotation.postpone(now: .now)
        }
    }

    private func seal(_ hot: Int64) {
        guard let generation = state.keys.generations.first(where: { $0.hot == hot }) else { return }
        let folder = supervisor.folder
        let needed = 2 * (folder.size(folder.hotLog(hot)) + folder.size(folder.hotFile(hot))) + Self.sealingReserve
        if let free = Platform.freeBytes(of: folder.path), free < needed {
            // A checkpoint that runs out of space makes its file unusable until the engine is opened again.
            if !isWaitingForSpace {
                configuration.logger.warning("hot file \(hot) is sealed when the disk has \(needed) free bytes; it has \(free)")
            }
            isWaitingForSpace = true
            rotation.ended(hot, succeeded: false, now: .now)
            return
        }
        isWaitingForSpace = false
        sealer.start(generation) { [queue] outcome in queue.offer(outcome) }
    }

    private static let sealingReserve: Int64 = 1 << 20
    private var isWaitingForSpace = false

    /// Bytes and rows of the hot file that is written.
    private var hotBytes: Int64 {
        guard let number = tables?.hot.number else { return 0 }
        return supervisor.folder.size(supervisor.folder.hotLog(number)) + supervisor.folder.size(supervisor.folder.hotFile(number))
    }

    /// Notes how long the log of the hot file is now that a commit is durable.
    private func recordLog() {
        guard let number = tables?.hot.number else { return }
        recorder.note(HotLogRecord(bytes: supervisor.folder.size(supervisor.folder.hotLog(number)), rows: hotRows))
    }

    private var hotRows: Int64 { state.keys.current.records + state.keys.current.metricPoints }

    private func sealed(_ outcome: SealOutcome) {
        rotation.ended(outcome.hot, succeeded: outcome.result != nil, now: .now)
        if outcome.needsReopening { giveUpTables() }
        guard let result = outcome.result else { return }
        supervisor.registry.sealed(outcome.hot, result.segments, result.filter)
        state.keys.sealed(outcome.hot, result.filter)
        // Pending rows of spans that have ended are no longer there.
        state.records = supervisor.registry.current.segments.values.reduce(state.keys.hotRecords) { $0 + $1.records }
        board.maintained(state)
    }

    // MARK: Failures

    /// Why requests are refused while the engine cannot be used.
    private var trouble = Writer.unavailable

    /// What senders are told of a failure that lasts.
    private func explain(_ error: any Error) -> StorageError {
        let reason = "\(error)"
        if ["No space left", "Disk quota exceeded", "File too large"].contains(where: reason.contains) {
            return StorageError(code: .unavailable, message: Self.diskFull)
        }
        if ["Read-only file system", "Permission denied"].contains(where: reason.contains) {
            return StorageError(code: .unavailable, message: Self.notWritable)
        }
        return Self.unavailable
    }

    private static let diskFull = """
        the disk of the server's data folder is full, or its files may not grow; nothing was stored, send it again later. It goes on by itself when there \
        is space: free some, or set a disk budget (hearth serve --disk-budget-bytes)
        """
    private static let notWritable = """
        the server's data folder is not writable; nothing was stored, send it again later. It goes on by itself when the folder can be written to
        """

    private static let noMemory = StorageError(
        code: .unavailable, message: "the storage engine has no memory for this commit at the moment; nothing was stored, send it again")
    private static let unavailable = StorageError(code: .unavailable, message: "the storage engine is being reopened")

    private func giveUpTables() { tables = nil }

    /// Closes the engine, opens it again and makes sure that it can commit.
    private func reopen() -> Bool {
        if let last = lastReopenFailure, last.duration(to: .now) < .seconds(1) { return false }
        tables = nil
        sealer.interrupt()
        do {
            try supervisor.reopen()
            let connection = try supervisor.connect(helpAfter: Self.patience)
            try probe(connection)
            let files = supervisor.registry.current
            state = try HotState(connection, files)
            supervisor.registry.hotTraces.reset(state.keys.generations)
            tables = try OpenTables(connection, hot: files.hots.last ?? 1, supervisor.registry.pages)
            rotation = Rotation(files.hots, configuration, sealing: rotation.sealing)
            recorder = HotLogRecorder(path: supervisor.folder.hotRecord(files.hots.last ?? 1))
        } catch {
            configuration.logger.error("the storage engine cannot be reopened: \(error)")
            tables = nil
            trouble = explain(error)
            lastReopenFailure = .now
            return false
        }
        lastReopenFailure = nil
        board.reopened(state)
        configuration.logger.notice("the storage engine was reopened")
        return true
    }

    /// Commits something harmless: a full disk shows only in a commit.
    private func probe(_ connection: borrowing Connection) throws(DuckDBError) {
        try connection.execute("BEGIN; DELETE FROM meta WHERE name = 'probe'; INSERT INTO meta VALUES ('probe', now()::VARCHAR); COMMIT")
    }

    // MARK: The end

    /// The logs of hot files stay: the next start reads them faster than they could be sealed now.
    private func finish() {
        sealer.cancel()
        do {
            try tables?.connection.execute("CHECKPOINT")
        } catch {
            configuration.logger.warning("the final checkpoint of the catalog failed: \(error.message)")
        }
        tables = nil
        supervisor.close()
    }
}
