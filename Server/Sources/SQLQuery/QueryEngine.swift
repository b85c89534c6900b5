public import Storage
public import TelemetryModel

/// Runs the SQL of users on the store: UI, API, dashboards, alerts and MCP all come through here.
///
/// Text is repaired, parsed by the engine's own parser, checked against an allow-list, rewritten and run with a deadline on one of a few
/// dedicated threads. Integer division with `/` gives a decimal number as in the engine (`//` is the whole-number one).
public final class QueryEngine: Sendable {
    let store: TelemetryStore
    let configuration: QueryConfiguration
    let compiled = CompiledQueries()
    /// Counts of the queries of users; Live has none.
    public let activity = QueryActivity()
    private let gate: QueryGate
    private let spool: AnswerSpool
    private let queries: WorkerPool
    /// Live has threads of its own, so that heavy queries do not delay it.
    private let lives: WorkerPool

    public init(store: TelemetryStore, configuration: QueryConfiguration = QueryConfiguration()) {
        self.store = store
        self.configuration = configuration
        var limits = QueryGate.Limits()
        limits.light = max(1, configuration.lightQueries)
        limits.heavy = max(1, configuration.heavyQueries)
        limits.waitingPerProject = configuration.maximumWaiting
        limits.heavyPerProject = configuration.maximumHeavy
        limits.heavyInAll = max(limits.heavyInAll, configuration.maximumHeavy)
        let memory = MemoryWatch(limit: configuration.maximumMemory)
        gate = QueryGate(limits) { memory.isExceeded }
        var room = AnswerSpool.Limits()
        room.fileBytes = max(0, configuration.spoolBytes)
        spool = AnswerSpool(folder: store.folderPath, room)
        let parser = ParserDatabase()
        // Every query with a place has a thread, also one that waits for the heavy place. Lowering the system's priority of long ones was
        // tried: short ones then wait for locks of the engine that a thread holds which the system leaves waiting.
        let threads = limits.light + limits.heavyInAll + 8
        queries = WorkerPool(threads: threads, maximumWaiting: threads, spare: limits.light + limits.heavy, parser: parser)
        lives = WorkerPool(threads: configuration.liveThreads, maximumWaiting: 256, parser: parser)
    }

    /// Most rows that a request may ask for.
    public var maximumRows: Int { configuration.maximumRows }

    /// Refuses further queries and ends the threads once the running ones are done.
    public func shutdown() {
        gate.close()
        queries.close()
        lives.close()
    }

    // MARK: Queries

    /// Runs one query to its end. Cancelling the task ends it.
    ///
    /// - Throws: ``QueryError``, with its position in the text as sent where the parser or the engine tells one.
    public func run(_ request: QueryRequest, format: ResultFormat) async throws(QueryError) -> QueryOutput {
        let start = ContinuousClock.now
        let job = try self.job(request, format: format)
        return try await perform(project: request.project, deadline: request.deadline) { worker, ticket, step, _ throws(QueryError) in
            let end = try job.run(worker, ticket, step) { _ throws(QueryError) in }
            return QueryOutput(end, ContinuousClock.now - start)
        }
    }

    /// Runs one query; large answers in formats that are streamed come while it runs. Cancelling the task before it returns ends the query.
    ///
    /// - Throws: ``QueryError`` of everything that fails before the first bytes are there.
    public func answer(_ request: QueryRequest, format: ResultFormat) async throws(QueryError) -> QueryAnswer {
        let start = ContinuousClock.now
        var job = try self.job(request, format: format)
        job.pushes = true
        return format.isStreamed ? try await stream(job, start) : try await store(job, start)
    }

    private func stream(_ job: QueryJob, _ start: ContinuousClock.Instant) async throws(QueryError) -> QueryAnswer {
        let (gate, spool, project) = (gate, spool, job.request.project)
        return try await perform(project: project, deadline: job.request.deadline) { worker, ticket, step, reply throws(QueryError) in
            var pipe: ResultPipe?
            func push(_ bytes: [UInt8]) throws(QueryError) {
                let open: ResultPipe
                if let pipe {
                    open = pipe
                } else {
                    open = try ResultPipe(ticket: ticket, spool: spool, project: project)
                    pipe = open
                    reply.early(.stream(QueryStream(open)))
                }
                try open.push(
                    bytes, park: { gate.park(reply.permit) },
                    unpark: { () throws(QueryError) in if !gate.unpark(reply.permit) { try ticket.check() } })
            }
            do throws(QueryError) {
                let end = try job.run(worker, ticket, step, push)
                guard let pipe else { return .whole(QueryOutput(end, ContinuousClock.now - start)) }
                try push(end.rest)
                pipe.finish(nil)
            } catch {
                guard let pipe else { throw error }
                reply.noteFailure(error)
                pipe.end(error, format: job.format)
            }
            return nil
        }
    }

    /// Runs a query whose answer is sent when it is complete: a failure still changes its status.
    private func store(_ job: QueryJob, _ start: ContinuousClock.Instant) async throws(QueryError) -> QueryAnswer {
        let (spool, project) = (spool, job.request.project)
        return try await perform(project: project, deadline: job.request.deadline) { worker, ticket, step, _ throws(QueryError) in
            var pipe: ResultPipe?
            var byteCount = 0
            func keep(_ bytes: ArraySlice<UInt8>) throws(QueryError) {
                let open: ResultPipe
                if let pipe { open = pipe } else { open = try ResultPipe(ticket: ticket, spool: spool, project: project) }
                pipe = open
                byteCount += bytes.count
                try open.keep(bytes)
            }
            let end = try job.run(worker, ticket, step) { bytes throws(QueryError) in try keep(bytes[...]) }
            let elapsed = ContinuousClock.now - start
            if pipe == nil, end.rest.count <= ResultPipe.capacity { return .whole(QueryOutput(end, elapsed)) }
            try keep(end.rest[...])
            guard let pipe else { throw QueryError(code: .unavailable, message: "the answer has no bytes") }
            pipe.finish(nil)
            return .stored(QueryStream(pipe), byteCount: byteCount, QueryFigures(elapsed: elapsed, scannedRecords: end.scannedRecords))
        }
    }

    private func job(_ request: QueryRequest, format: ResultFormat) throws(QueryError) -> QueryJob {
        try request.validate(maximumRows: configuration.maximumRows)
        return QueryJob(request: request, format: format, store: store, cache: compiled, maximumBytes: configuration.maximumBytes)
    }

    /// Checks the condition of a WHERE clause over `records_all`, names and types included.
    ///
    /// - Throws: ``QueryError`` with its position in `condition`.
    public func validateFilter(_ condition: String, project: ProjectID) async throws(QueryError) {
        let hasSpanEvents = store.hasSpanEvents(project)
        let (store, configuration, cache) = (store, configuration, compiled)
        try await performLive { worker, ticket throws(QueryError) in
            let select = TableSelect(files: try Execution.files(store, project), project: project, hasSpanEvents: hasSpanEvents)
            let filter = try LiveFilter(condition, select: select, worker: worker, cache: cache)
            let execution = try Execution(store: store, ticket: ticket, maximumBytes: configuration.maximumBytes)
            let source = select.sql(for: .recordsAll, columns: filter.columns)
            let head = "SELECT 1 FROM (\(source)) AS records_all WHERE ("
            try execution.plan(head + filter.query.sql + ")", userText: (filter.query, head.utf8.count))
        }
    }

    // MARK: Threads

    /// Waits for a place, then runs `body` on a query thread with a deadline, counted from now. `body` returns the value, or nil when it has
    /// given it early and has gone on.
    private func perform<Value: Sendable>(
        project: ProjectID, deadline: Duration?,
        _ body: @escaping @Sendable (WorkerPool.Worker, Ticket, @escaping @Sendable () -> Bool, Reply<Value>) throws(QueryError) -> Value?
    ) async throws(QueryError) -> Value {
        let ticket = Ticket()
        let visit = activity.arrive()
        let (gate, pool) = (gate, queries)
        let memory = configuration.maximumMemory
        let deadline = deadline ?? configuration.deadline
        let maximumWait = min(configuration.maximumWait, deadline)
        let clock = Task { try await Self.watch(ticket, gate, maximumWait: maximumWait, deadline: deadline) }
        let result: Result<Value, QueryError> = await withTaskCancellationHandler {
            let permit: QueryPermit
            do throws(QueryError) {
                permit = try await gate.enter(project, ticket)
            } catch {
                clock.cancel()
                visit.end(error)
                return .failure(error)
            }
            ticket.start()
            visit.start()
            return await withCheckedContinuation { continuation in
                let reply = Reply(continuation, permit: permit)
                pool.submit(ticket) { worker in
                    let thread = ThreadClock.current
                    let timer = Task { try await Self.promote(permit, gate, MemoryWatch(limit: memory), thread) }
                    do throws(QueryError) {
                        try ticket.check()
                        let value = try body(worker, ticket, { gate.step(permit) }, reply)
                        Self.end(permit, gate, timer, clock)
                        visit.end(reply.failure)
                        if let value { reply.send(.success(value)) }
                    } catch {
                        Self.end(permit, gate, timer, clock)
                        visit.end(error)
                        reply.send(.failure(error))
                    }
                } refuse: { error in
                    gate.leave(permit)
                    clock.cancel()
                    visit.end(error)
                    reply.send(.failure(error))
                }
            }
        } onCancel: {
            ticket.stop(.cancelled)
            gate.drop(ticket)
            Task { await Self.end(ticket, .cancelled) }
        }
        return try result.get()
    }

    private static func end(_ permit: QueryPermit, _ gate: QueryGate, _ timer: Task<Void, any Error>, _ clock: Task<Void, any Error>) {
        timer.cancel()
        clock.cancel()
        permit.ticket.finish()
        gate.leave(permit)
    }

    /// Ends a query that waits or runs too long.
    private static func watch(_ ticket: Ticket, _ gate: QueryGate, maximumWait: Duration, deadline: Duration) async throws {
        let start = ContinuousClock.now
        try await Task.sleep(for: maximumWait)
        ticket.stopWaiting()
        gate.drop(ticket)
        while true {
            let rest = deadline + ticket.pausedTime - (ContinuousClock.now - start)
            if rest <= .zero { break }
            try await Task.sleep(for: rest)
        }
        await end(ticket, .deadline)
    }

    /// Makes a query heavy when its time has come, and ends one that takes too much memory.
    private static func promote(
        _ permit: QueryPermit, _ gate: QueryGate, _ memory: MemoryWatch, _ thread: ThreadClock
    ) async throws {
        let (start, before) = (ContinuousClock.now, thread.time ?? .zero)
        while let rest = gate.limits.rest(elapsed: .now - start, used: thread.time.map { $0 - before }) {
            try await Task.sleep(for: rest)
        }
        gate.promote(permit)
        if permit.phase == .refused { return await end(permit.ticket, permit.ticket.stop ?? .tooManyHeavy) }
        while !permit.ticket.isDone {
            if permit.phase == .heavy, memory.isExceeded { return await end(permit.ticket, .memory) }
            try await Task.sleep(for: MemoryWatch.interval)
        }
    }

    /// Runs `body` on a thread for Live.
    func performLive<Value: Sendable>(
        _ body: @escaping @Sendable (WorkerPool.Worker, Ticket) throws(QueryError) -> Value
    ) async throws(QueryError) -> Value {
        let ticket = Ticket()
        let (pool, deadline) = (lives, configuration.liveDeadline)
        let clock = Task {
            try await Task.sleep(for: deadline)
            pool.dropStopped(ticket)
            await Self.end(ticket, .deadline)
        }
        defer { clock.cancel() }
        let result: Result<Value, QueryError> = await withTaskCancellationHandler {
            do throws(QueryError) {
                return .success(try await pool.run(ticket) { worker throws(QueryError) in try body(worker, ticket) })
            } catch {
                return .failure(error)
            }
        } onCancel: {
            ticket.stop(.cancelled)
            pool.dropStopped(ticket)
            Task { await Self.end(ticket, .cancelled) }
        }
        return try result.get()
    }

    /// Interrupts until the job is over: an interrupt that comes before a statement has started is lost.
    private static func end(_ ticket: Ticket, _ reason: Ticket.Stop) async {
        ticket.stop(reason)
        while ticket.interrupt() {
            do { try await Task.sleep(for: .milliseconds(20)) } catch { return }
        }
    }
}
