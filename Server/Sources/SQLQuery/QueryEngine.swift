import DuckDBKit
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
    private let queries: WorkerPool
    /// Live has threads of its own, so that heavy queries do not delay it.
    private let lives: WorkerPool

    public init(store: TelemetryStore, configuration: QueryConfiguration = QueryConfiguration()) {
        self.store = store
        self.configuration = configuration
        let parser = ParserDatabase()
        queries = WorkerPool(threads: configuration.threads, maximumWaiting: configuration.maximumWaiting, parser: parser)
        lives = WorkerPool(threads: configuration.liveThreads, maximumWaiting: 256, parser: parser)
    }

    /// Refuses further queries and ends the threads once the running ones are done.
    public func shutdown() {
        queries.close()
        lives.close()
    }

    /// Runs one query. Cancelling the task ends it.
    ///
    /// - Throws: ``QueryError``, with its position in the text as sent where the parser or the engine tells one.
    public func run(_ request: QueryRequest, format: ResultFormat) async throws(QueryError) -> QueryOutput {
        let start = ContinuousClock.now
        try request.validate()
        let hasSpanEvents = store.hasSpanEvents(request.project)
        let select = TableSelect(
            project: request.project,
            window: TimeWindow(minimum: request.minTimestamp, maximum: request.maxTimestamp),
            environments: request.deploymentEnvironment,
            hasSpanEvents: hasSpanEvents
        )
        let (store, configuration, cache) = (store, configuration, compiled)
        let key = CompiledQueries.Key(
            sql: request.sql,
            limit: request.limit,
            timezone: request.timezone,
            hasSpanEvents: hasSpanEvents
        )
        return try await perform(deadline: request.deadline) { worker, ticket throws(QueryError) in
            let compiled = try cache.query(for: key) { () throws(QueryError) in
                try worker.compiler().compile(key.sql, limit: key.limit, timezone: key.timezone, hasSpanEvents: key.hasSpanEvents)
            }
            let query = try compiled.executable { select.sql(for: $0, columns: compiled.columns) }
            let execution = try Execution(store: store, ticket: ticket, maximumBytes: configuration.maximumBytes)
            let encoder = try execution.rows(query.sql, format: format, limit: request.limit, userText: (query, 0))
            var plan: [(key: String, text: String)] = []
            if request.explain { plan = try Self.plan(of: query, execution) }
            let rowCount = encoder.rowCount
            return QueryOutput(body: encoder.finish(plan: plan), rowCount: rowCount, elapsed: ContinuousClock.now - start)
        }
    }

    /// Checks the condition of a WHERE clause over `records_all`, names and types included.
    ///
    /// - Throws: ``QueryError`` with its position in `condition`.
    public func validateFilter(_ condition: String, project: ProjectID) async throws(QueryError) {
        let select = TableSelect(project: project, hasSpanEvents: store.hasSpanEvents(project))
        let (store, configuration, cache) = (store, configuration, compiled)
        try await performLive { worker, ticket throws(QueryError) in
            let filter = try LiveFilter(condition, select: select, worker: worker, cache: cache)
            let execution = try Execution(store: store, ticket: ticket, maximumBytes: configuration.maximumBytes)
            let source = select.sql(for: .recordsAll, columns: filter.columns)
            let head = "SELECT 1 FROM (\(source)) AS records_all WHERE ("
            try execution.plan(head + filter.query.sql + ")", userText: (filter.query, head.utf8.count))
        }
    }

    private static func plan(
        of query: ExecutableQuery, _ execution: borrowing Execution
    ) throws(QueryError) -> [(key: String, text: String)] {
        var lines: [String] = []
        try execution.read("EXPLAIN " + query.sql) { chunk in
            let text = chunk.column(chunk.columnCount - 1)
            for row in 0..<chunk.rowCount where !text.isNull(row) { lines.append(text.string(row)) }
        }
        let nonce = query.compiled.nonce
        let logical = query.compiled.sql.replacing(nonce + "table_", with: "").replacing(nonce, with: "")
        return [("logical_plan", logical), ("physical_plan", lines.joined(separator: "\n").replacing(nonce, with: ""))]
    }

    // MARK: Threads

    /// Runs `body` on a query thread with a deadline, counted from now.
    func perform<Value: Sendable>(
        deadline: Duration?, _ body: @escaping @Sendable (WorkerPool.Worker, Ticket) throws(QueryError) -> Value
    ) async throws(QueryError) -> Value {
        let visit = activity.arrive()
        do throws(QueryError) {
            let value = try await perform(on: queries, deadline: deadline ?? configuration.deadline) { worker, ticket throws(QueryError) in
                visit.start()
                return try body(worker, ticket)
            }
            visit.end(nil)
            return value
        } catch {
            visit.end(error)
            throw error
        }
    }

    /// Runs `body` on a thread for Live.
    func performLive<Value: Sendable>(
        _ body: @escaping @Sendable (WorkerPool.Worker, Ticket) throws(QueryError) -> Value
    ) async throws(QueryError) -> Value {
        try await perform(on: lives, deadline: configuration.liveDeadline, body)
    }

    private func perform<Value: Sendable>(
        on pool: WorkerPool, deadline: Duration, _ body: @escaping @Sendable (WorkerPool.Worker, Ticket) throws(QueryError) -> Value
    ) async throws(QueryError) -> Value {
        let ticket = Ticket()
        let maximumWait = min(configuration.maximumWait, deadline)
        let clock = Task {
            try await Task.sleep(for: maximumWait)
            ticket.stopWaiting()
            pool.dropStopped(ticket)
            try await Task.sleep(for: deadline - maximumWait)
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
