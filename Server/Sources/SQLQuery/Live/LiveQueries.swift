import Storage
import TelemetryModel

/// The statements of Live: rows of `live_records` and `live_calls` as the UI reads them.
struct LiveQueries {
    /// Most records of one answer.
    static let maximumRecords = 10_000

    let files: FileLease
    let project: ProjectID
    let hasSpanEvents: Bool
    let filter: LiveFilter?

    /// Members of a live record in order; `sequence` comes first.
    static let recordColumns = [
        "start_timestamp", "end_timestamp", "duration", "trace_id", "span_id", "parent_span_id", "kind", "level", "span_name", "message",
        "msg_template", "tags", "otel_scope_name", "service_name", "deployment_environment", "is_exception", "exception_type",
        "otel_status_code", "otel_status_message", "http_response_status_code", "http_method",
    ]
    /// Places of the ids among the columns of records, `sequence` being 0.
    static let traceIndex = 4
    static let spanIndex = 5
    /// Members of a live call.
    static let callColumns = [
        "trace_id", "span_id", "is_duplicate", "provider", "model", "input_tokens", "output_tokens", "cost", "is_error",
    ]

    /// A statement, with the place of the filter in it.
    struct Statement {
        var sql: String
        var filterOffset: Int?
    }

    /// `FROM … WHERE …` over the records of a window or after a commit, with the filter.
    private func from(
        columns: [String], window: TimeWindow = .all, after: Int64? = nil, upTo: Int64, head: String, join: String = "", tail: String
    ) -> Statement {
        var needed: Set<String>? = Set(columns + ["commit_sequence"])
        if let filter {
            let visible = TableSource.columns(of: .liveRecords)
            needed = filter.columns.needsAll ? Set(visible) : needed?.union(filter.columns.names.intersection(visible))
            needed?.formUnion(filter.columns.hidden)
            needed?.formUnion(filter.columns.conditions.map(\.name))
        }
        let source = files.sql(
            for: .liveRecords,
            project: project,
            window: window,
            columns: needed,
            spanEvents: hasSpanEvents,
            after: after,
            conditions: filter?.columns.conditions ?? []
        )
        var sql = "\(head) FROM (\(source)) AS records_all\(join) WHERE commit_sequence <= \(upTo)"
        guard let filter else { return Statement(sql: sql + tail, filterOffset: nil) }
        sql += " AND ("
        return Statement(sql: sql + filter.query.sql + ")" + tail, filterOffset: sql.utf8.count)
    }

    private static let selectRecords = "SELECT commit_sequence AS sequence, " + recordColumns.joined(separator: ", ")

    /// Rows per commit after `after`.
    func counts(after: Int64, upTo: Int64) -> Statement {
        from(
            columns: [],
            after: after,
            upTo: upTo,
            head: "SELECT commit_sequence, count(*)",
            tail: " GROUP BY commit_sequence ORDER BY commit_sequence"
        )
    }

    /// Records of the commits after `after`, in order of commit.
    func records(after: Int64, upTo: Int64) -> Statement {
        from(
            columns: Self.recordColumns,
            after: after,
            upTo: upTo,
            head: Self.selectRecords,
            tail: " ORDER BY commit_sequence, start_timestamp, span_id"
        )
    }

    /// Newest matching records.
    func newestRecords(window: TimeWindow, upTo: Int64, limit: Int) -> Statement {
        from(
            columns: Self.recordColumns,
            window: window,
            upTo: upTo,
            head: Self.selectRecords,
            tail: " ORDER BY start_timestamp DESC, span_id LIMIT \(limit)"
        )
    }

    /// Every record in the window of the newest traces that have at most `limit` records together, of one trace at least.
    func newestTraces(window: TimeWindow, upTo: Int64, limit: Int) -> Statement {
        let ids = ["trace_id", "start_timestamp"]
        let newest = from(
            columns: ids,
            window: window,
            upTo: upTo,
            head: "SELECT trace_id, max(start_timestamp) AS newest",
            tail: " GROUP BY trace_id ORDER BY newest DESC LIMIT \(limit)"
        )
        let counted = from(
            columns: ids,
            window: window,
            upTo: upTo,
            head: "SELECT trace_id, newest, count(*) AS size",
            join: " JOIN newest USING (trace_id)",
            tail: " GROUP BY trace_id, newest"
        ).sql
        let rows = from(
            columns: Self.recordColumns,
            window: window,
            upTo: upTo,
            head: Self.selectRecords,
            tail:
                " AND trace_id IN (SELECT trace_id FROM fitting WHERE total <= \(limit) OR place = 1) ORDER BY start_timestamp DESC, span_id"
        )
        return Statement(
            sql: """
                WITH newest AS MATERIALIZED (\(newest.sql)),
                counted AS (\(counted)),
                fitting AS MATERIALIZED (
                    SELECT trace_id, sum(size) OVER (ORDER BY newest DESC, trace_id ROWS UNBOUNDED PRECEDING) AS total,
                        row_number() OVER (ORDER BY newest DESC, trace_id) AS place
                    FROM counted
                )
                \(rows.sql)
                """,
            filterOffset: nil
        )
    }

    private static let selectCalls = "SELECT " + callColumns.joined(separator: ", ")

    /// States of calls that changed after `after`.
    func calls(after: Int64, upTo: Int64) -> String {
        let source = files.sql(for: .liveCalls, project: project, after: after)
        return "\(Self.selectCalls) FROM (\(source)) WHERE commit_sequence <= \(upTo) ORDER BY commit_sequence, span_id"
    }

    /// States of the calls in these traces, of these spans only when `spans` is given.
    func calls(traces: Set<String>, spans: Set<String>?, upTo: Int64) -> String {
        let source = files.sql(for: .liveCalls, project: project)
        var conditions = "commit_sequence <= \(upTo) AND trace_id IN (\(Self.list(traces)))"
        if let spans { conditions += " AND span_id IN (\(Self.list(spans)))" }
        return "\(Self.selectCalls) FROM (\(source)) WHERE \(conditions) ORDER BY commit_sequence, span_id"
    }

    /// States of calls that changed after `after` and whose records match the filter; `traces` are all that can be meant.
    func matchingCalls(after: Int64, upTo: Int64, traces: Set<String>) -> Statement {
        let source = files.sql(for: .liveCalls, project: project, after: after)
        let matching = from(
            columns: ["trace_id", "span_id"], upTo: upTo, head: "SELECT trace_id, span_id", tail: " AND trace_id IN (\(Self.list(traces)))")
        let head = "\(Self.selectCalls) FROM (\(source)) AS calls SEMI JOIN ("
        return Statement(
            sql:
                "\(head)\(matching.sql)) AS matching USING (trace_id, span_id) WHERE commit_sequence <= \(upTo) ORDER BY commit_sequence, span_id",
            filterOffset: matching.filterOffset.map { $0 + head.utf8.count }
        )
    }

    private static func list(_ ids: Set<String>) -> String { ids.sorted().map { "'\($0)'" }.joined(separator: ", ") }
}
