import DuckDBKit
import Storage
import TelemetryModel

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// One query from its text to the bytes of its answer.
struct QueryJob: Sendable {
    let request: QueryRequest
    let format: ResultFormat
    let store: TelemetryStore
    let cache: CompiledQueries
    let maximumBytes: Int
    /// Whether parts of the answer may be pushed before it is complete.
    var pushes = false

    /// The end of an answer.
    struct Output {
        /// The bytes that were not pushed.
        var rest: [UInt8]
        var rowCount: Int
        /// Records of the files that were read.
        var scannedRecords: Int64
    }

    /// Bytes that go out at once.
    private static let block = 256 << 10
    /// Rows are not held back for longer.
    private static let hold: Duration = .milliseconds(500)

    /// Runs the query on a thread that may block. A short query that fails because a long one has taken the engine's memory is tried again.
    ///
    /// - Parameter push: takes bytes while the query runs.
    func run(
        _ worker: WorkerPool.Worker, _ ticket: Ticket, _ step: @escaping @Sendable () -> Bool,
        _ push: ([UInt8]) throws(QueryError) -> Void
    ) throws(QueryError) -> Output {
        var attempts = 1
        while true {
            let start = ContinuousClock.now
            var hasPushed = false
            do throws(QueryError) {
                return try attempt(worker, ticket, step) { (bytes: [UInt8]) throws(QueryError) in
                    hasPushed = true
                    try push(bytes)
                }
            } catch {
                let isVictim = error.code == .outOfMemory || error.code == .unavailable
                guard isVictim, !hasPushed, ticket.stop == nil, attempts < Self.attempts, .now - start < Self.short else { throw error }
            }
            attempts += 1
            usleep(150_000)
            if !step() { try ticket.check() }
        }
    }

    private static let attempts = 5
    private static let short: Duration = .milliseconds(250)

    private func attempt(
        _ worker: WorkerPool.Worker, _ ticket: Ticket, _ step: @escaping @Sendable () -> Bool,
        _ push: ([UInt8]) throws(QueryError) -> Void
    ) throws(QueryError) -> Output {
        let hasSpanEvents = store.hasSpanEvents(request.project)
        let key = CompiledQueries.Key(
            sql: request.sql, limit: request.limit, timezone: request.timezone, hasSpanEvents: hasSpanEvents)
        let compiled = try cache.query(for: key) { () throws(QueryError) in
            try worker.compiler().compile(key.sql, limit: key.limit, timezone: key.timezone, hasSpanEvents: key.hasSpanEvents)
        }
        let window = TimeWindow(minimum: request.minTimestamp, maximum: request.maxTimestamp)
        let execution = try Execution(store: store, ticket: ticket, maximumBytes: maximumBytes, step: step)
        if let answer = try newest(compiled, window, hasSpanEvents, execution) { return answer }
        // Evaluations refer to records of any time.
        let isBounded = compiled.placeholders.values.allSatisfy { $0 != .evaluations && $0 != .experiments }
        let files = try Execution.files(store, request.project, isBounded ? window : .all, traces: compiled.shape.traces)
        defer { withExtendedLifetime(files) {} }
        if let answer = try unordered(compiled, files, window, hasSpanEvents, execution) { return answer }
        let chosen = try chosen(compiled, files, window, hasSpanEvents, execution)
        defer { withExtendedLifetime(chosen) {} }
        let query = try executable(
            compiled, chosen?.files ?? files, window, hasSpanEvents, traces: chosen?.traces,
            isForFewRows: compiled.shape.traces != nil || chosen != nil)
        let plan = request.explain ? try Self.plan(of: query, execution) : nil
        var last = ContinuousClock.now
        var encoder = try execution.rows(
            query.sql, format: format, limit: request.limit, userText: (query, 0), plan: plan,
            progress: { (encoder: inout ResultEncoder) throws(QueryError) in
                guard pushes, encoder.readyBytes > 0 else { return }
                guard encoder.readyBytes >= Self.block || format.isStreamed && .now - last >= Self.hold else { return }
                try push(encoder.take())
                last = .now
            })
        let rowCount = encoder.rowCount
        let metrics = request.explain ? try Self.text("EXPLAIN ANALYZE " + query.sql, query, execution) : nil
        let rest = try encoder.finish(metrics: metrics, warnings: files.warnings(for: query.sql))
        return Output(rest: rest, rowCount: rowCount, scannedRecords: compiled.placeholders.isEmpty ? 0 : files.records)
    }

    /// Answers a query for the rows of few traces by time, sorted by the encoder.
    ///
    /// - Returns: nil when the query or the format is of another kind, or the rows are too many.
    private func unordered(
        _ compiled: CompiledQuery, _ files: FileLease, _ window: TimeWindow, _ hasSpanEvents: Bool, _ execution: borrowing Execution
    ) throws(QueryError) -> Output? {
        guard let unordered = compiled.unordered, format == .rows || format == .rowsV1, !request.explain else { return nil }
        var encoder: ResultEncoder
        let sql: String
        if let traces = unordered.wholeTraces, request.deploymentEnvironment == nil, !hasSpanEvents {
            let rows = files.wholeRows(
                of: traces, project: request.project, window: window, withPending: compiled.shape.table != .records)
            sql = rows.sql
            encoder = try execution.rows(sql, format: format, limit: unordered.limit + 1, layout: rows.layout, order: unordered)
        } else {
            let query = try executable(compiled, files, window, hasSpanEvents, isForFewRows: true, sql: unordered.sql)
            sql = query.sql
            encoder = try execution.rows(sql, format: format, userText: (query, 0), order: unordered)
        }
        let rowCount = encoder.rowCount
        guard encoder.isSorted, rowCount <= unordered.limit, encoder.byteCount <= UnorderedQuery.maximumBytes else { return nil }
        return Output(
            rest: try encoder.finish(warnings: files.warnings(for: sql)), rowCount: rowCount,
            scannedRecords: compiled.placeholders.isEmpty ? 0 : files.records)
    }

    private func executable(
        _ compiled: CompiledQuery, _ files: FileLease, _ window: TimeWindow, _ hasSpanEvents: Bool, traces: [String]? = nil,
        isForFewRows: Bool, sql: String? = nil
    ) throws(QueryError) -> ExecutableQuery {
        let select = TableSelect(
            files: files, project: request.project, window: window, environments: request.deploymentEnvironment,
            hasSpanEvents: hasSpanEvents, traces: traces, isForFewRows: isForFewRows)
        return try compiled.executable(sql) { select.sql(for: $0, columns: compiled.columns) }
    }

    /// Fewer rows are read as fast as it can be asked which of them are wanted.
    private static let manyRecords = 20_000
    /// Bytes of a statement that names traces for each of its files.
    private static let longestStatement = 4 << 20

    /// Which traces the query's rows are of, and the files that have them; see ``ChosenTraces``.
    ///
    /// - Returns: nil when the query has to be run as it is.
    private func chosen(
        _ compiled: CompiledQuery, _ files: FileLease, _ window: TimeWindow, _ hasSpanEvents: Bool, _ execution: borrowing Execution
    ) throws(QueryError) -> (traces: [String], files: FileLease)? {
        guard let choosing = compiled.choosing.first, files.segmentRecords > Self.manyRecords else { return nil }
        let query = try executable(choosing, files, window, hasSpanEvents, isForFewRows: false)
        var names: Set<String> = []
        var isComplete = true
        _ = try execution.rows(
            query.sql, format: .rows, userText: (query, 0),
            read: { chunk in
                let column = chunk.column(0)
                for row in 0..<chunk.rowCount {
                    if column.isNull(row) { isComplete = false } else { names.insert(column.string(row)) }
                }
            })
        let traces = names.sorted()
        guard isComplete else { return nil }
        if traces.count <= QueryShape.traceLimit {
            let ids = traces.compactMap(TraceID.init(hexadecimal:))
            guard ids.count == traces.count else { return nil }
            return (traces, try Execution.files(store, request.project, window, traces: ids))
        }
        return traces.count * 40 * files.fileCount * 4 <= Self.longestStatement ? (traces, files) : nil
    }

    /// Rows of the first look for the newest, and how many times more every further look takes.
    private static let firstLook = 8_192
    private static let nextLook = 16
    /// Rows that it is not worth joining two tables for.
    private static let fewRows = 50_000

    /// Answers a query for the newest rows from the newest part of what is stored: when that has enough rows that meet its condition, all others
    /// are older. So it takes no longer when there is more.
    ///
    /// - Returns: nil when the query is of another kind, or everything has to be read.
    private func newest(
        _ compiled: CompiledQuery, _ window: TimeWindow, _ hasSpanEvents: Bool, _ execution: borrowing Execution
    ) throws(QueryError) -> Output? {
        guard let wanted = compiled.shape.newestRows, compiled.shape.traces == nil, !request.explain else { return nil }
        // What joins records to other rows joins too many even of the newest.
        let joins = compiled.placeholders.values.contains { ![.records, .recordsAll, .recordsFull, .metrics].contains($0) }
        guard !joins || compiled.choosing.isEmpty else { return nil }
        var rows = max(Self.firstLook, wanted * 32)
        // Span events are found by their spans, and what other tables join is not all of the same time.
        let isExact = !hasSpanEvents && compiled.placeholders.values.allSatisfy { [.records, .recordsAll, .recordsFull].contains($0) }
        while let start = execution.startOfNewest(rows, store, request.project, window), start > window.minimum ?? .min {
            let part = TimeWindow(minimum: start, maximum: window.maximum)
            let files = try Execution.files(store, request.project, part, isExact: isExact)
            defer { withExtendedLifetime(files) {} }
            let query = try executable(compiled, files, part, hasSpanEvents, isForFewRows: rows <= Self.fewRows)
            var encoder = try execution.rows(query.sql, format: format, limit: request.limit, userText: (query, 0))
            let rowCount = encoder.rowCount
            if rowCount >= min(wanted, request.limit) {
                let rest = try encoder.finish(warnings: files.warnings(for: query.sql))
                return Output(rest: rest, rowCount: rowCount, scannedRecords: compiled.placeholders.isEmpty ? 0 : files.records)
            }
            rows *= Self.nextLook
        }
        return nil
    }

    private static func plan(of query: ExecutableQuery, _ execution: borrowing Execution) throws(QueryError) -> QueryPlan {
        let nonce = query.compiled.nonce
        let logical = query.compiled.sql.replacing(nonce + "table_", with: "").replacing(nonce, with: "")
        return QueryPlan(logical: logical, physical: try text("EXPLAIN " + query.sql, query, execution))
    }

    /// The lines of an EXPLAIN.
    private static func text(
        _ sql: String, _ query: ExecutableQuery, _ execution: borrowing Execution
    ) throws(QueryError) -> String {
        var lines: [String] = []
        _ = try execution.rows(
            sql, format: .rows,
            read: { chunk in
                let text = chunk.column(chunk.columnCount - 1)
                for row in 0..<chunk.rowCount where !text.isNull(row) { lines.append(text.string(row)) }
            })
        return lines.joined(separator: "\n").replacing(query.compiled.nonce, with: "")
    }
}
