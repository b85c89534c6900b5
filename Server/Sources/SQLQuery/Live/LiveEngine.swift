import DuckDBKit
import Storage
public import TelemetryModel

/// Records and call states for Live, ready to be sent.
public struct LiveBatch: Sendable {
    /// The batch holds everything committed up to this sequence that it was asked for.
    public var sequence: Int64
    /// `{"sequence":…,"records":[…],"calls":[…]}`, the form of `/ui/live` and of the events of `/ui/live/stream`.
    public var body: [UInt8]
    public var recordCount: Int
    public var callCount: Int

    /// Whether there is nothing to show.
    public var isEmpty: Bool { recordCount == 0 && callCount == 0 }
}

extension QueryEngine {
    /// What was committed after `after`: records that match `filter`, in order of commit, and changed call states.
    ///
    /// Commits are never split: when there is more than `limit` records, the batch ends with the last commit that fits, of which there is at
    /// least one. Ask again with the batch's ``LiveBatch/sequence`` until it is ``LiveBatch/isEmpty``.
    ///
    /// - Parameters:
    ///   - after: sequence of the last batch.
    ///   - filter: a condition over `records_all`, as ``validateFilter(_:project:)`` accepts it.
    public func live(after: Int64, filter: String? = nil, limit: Int = 1_000, project: ProjectID) async throws(QueryError) -> LiveBatch {
        // Read before the query, so that every commit up to it is seen.
        let newest = store.statistics.lastSequence
        guard newest > after else { return Self.batch(sequence: max(after, newest), records: nil, calls: nil) }
        return try await live(filter, project: project) { queries, execution throws(QueryError) in
            var sequence = newest
            var total = 0
            let counts = queries.counts(after: after, upTo: newest)
            let parts = try Self.commits(execution, counts, queries.filter)
            for (index, part) in parts.enumerated() {
                total += part.count
                if total > limit {
                    sequence = index > 0 ? parts[index - 1].sequence : part.sequence
                    break
                }
            }
            var records: ResultEncoder?
            if total > 0 { records = try Self.rows(execution, queries.records(after: after, upTo: sequence), queries.filter) }
            var traces = Set<String>()
            var calls = try execution.rows(queries.calls(after: after, upTo: sequence), format: .rows) {
                Self.collect($0, 0, into: &traces)
            }
            if queries.filter != nil, !traces.isEmpty {
                let matching = queries.matchingCalls(after: after, upTo: sequence, traces: traces)
                calls = try Self.rows(execution, matching, queries.filter)
            }
            return Self.batch(sequence: sequence, records: records, calls: calls)
        }
    }

    /// The newest records, for the first paint: without a filter those of whole traces that fit `limit`, with one the newest that match.
    ///
    /// Records are those that start within the window (microseconds since the epoch, UTC, inclusive), newest first; ``LiveBatch/sequence``
    /// is where ``live(after:filter:limit:project:)`` goes on.
    public func liveSnapshot(
        limit: Int = 300, minTimestamp: Int64? = nil, maxTimestamp: Int64? = nil, filter: String? = nil, project: ProjectID
    ) async throws(QueryError) -> LiveBatch {
        guard (1...LiveQueries.maximumRecords).contains(limit) else {
            throw QueryError(code: .invalidRequest, message: "limit must be between 1 and \(LiveQueries.maximumRecords), not \(limit)")
        }
        let sequence = store.statistics.lastSequence
        let window = TimeWindow(minimum: minTimestamp, maximum: maxTimestamp)
        return try await live(filter, project: project) { queries, execution throws(QueryError) in
            let statement =
                queries.filter == nil
                ? queries.newestTraces(window: window, upTo: sequence, limit: limit)
                : queries.newestRecords(window: window, upTo: sequence, limit: limit)
            var traces = Set<String>()
            var spans = Set<String>()
            let records = try Self.rows(execution, statement, queries.filter) { chunk in
                Self.collect(chunk, LiveQueries.traceIndex, into: &traces)
                if queries.filter != nil { Self.collect(chunk, LiveQueries.spanIndex, into: &spans) }
            }
            var calls: ResultEncoder?
            if !traces.isEmpty {
                let sql = queries.calls(traces: traces, spans: queries.filter == nil ? nil : spans, upTo: sequence)
                calls = try execution.rows(sql, format: .rows)
            }
            return Self.batch(sequence: sequence, records: records, calls: calls)
        }
    }

    private func live(
        _ condition: String?, project: ProjectID,
        _ body: @escaping @Sendable (LiveQueries, borrowing Execution) throws(QueryError) -> LiveBatch
    ) async throws(QueryError) -> LiveBatch {
        let hasSpanEvents = store.hasSpanEvents(project)
        let (store, configuration, cache) = (store, configuration, compiled)
        return try await performLive { worker, ticket throws(QueryError) in
            let select = TableSelect(files: try Execution.files(store, project), project: project, hasSpanEvents: hasSpanEvents)
            defer { withExtendedLifetime(select.files) {} }
            var filter: LiveFilter?
            if let condition { filter = try LiveFilter(condition, select: select, worker: worker, cache: cache) }
            let execution = try Execution(store: store, ticket: ticket, maximumBytes: configuration.maximumBytes)
            return try body(
                LiveQueries(files: select.files, project: project, hasSpanEvents: select.hasSpanEvents, filter: filter), execution)
        }
    }

    private static func rows(
        _ execution: borrowing Execution, _ statement: LiveQueries.Statement, _ filter: LiveFilter?, read: (DataChunk) -> Void = { _ in }
    ) throws(QueryError) -> ResultEncoder {
        let place = statement.filterOffset.flatMap { offset in filter.map { (query: $0.query, offset: offset) } }
        return try execution.rows(statement.sql, format: .rows, userText: place, read: read)
    }

    /// Number of records per commit, in order.
    private static func commits(
        _ execution: borrowing Execution, _ statement: LiveQueries.Statement, _ filter: LiveFilter?
    ) throws(QueryError) -> [(sequence: Int64, count: Int)] {
        var parts: [(sequence: Int64, count: Int)] = []
        _ = try rows(execution, statement, filter) { chunk in
            let (sequence, count) = (chunk.column(0), chunk.column(1))
            for row in 0..<chunk.rowCount { parts.append((sequence.int64(row), Int(count.int64(row)))) }
        }
        return parts
    }

    private static func collect(_ chunk: DataChunk, _ column: Int, into ids: inout Set<String>) {
        let reader = chunk.column(column)
        for row in 0..<chunk.rowCount where !reader.isNull(row) { ids.insert(reader.string(row)) }
    }

    private static func batch(sequence: Int64, records: ResultEncoder?, calls: ResultEncoder?) -> LiveBatch {
        let (recordCount, callCount) = (records?.rowCount ?? 0, calls?.rowCount ?? 0)
        var json = JSONText()
        json.raw("{\"sequence\":\(sequence),\"records\":")
        json.bytes.append(contentsOf: records?.array() ?? Array("[]".utf8))
        json.raw(",\"calls\":")
        json.bytes.append(contentsOf: calls?.array() ?? Array("[]".utf8))
        json.raw("}")
        return LiveBatch(sequence: sequence, body: json.bytes, recordCount: recordCount, callCount: callCount)
    }
}
