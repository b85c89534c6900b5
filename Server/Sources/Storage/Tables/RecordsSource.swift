import TelemetryModel

/// `records`, `records_all` and `live_records` over `span`.
enum RecordsSource {
    /// Columns of spans, logs and pending spans.
    static let columns: [SourceColumn] =
        [
            SourceColumn("start_timestamp", "s.start_timestamp"),
            SourceColumn("end_timestamp", "s.end_timestamp"),
            SourceColumn("duration", "s.duration"),
            SourceColumn("trace_id", "s.trace_id"),
            SourceColumn("span_id", "s.span_id"),
            SourceColumn("parent_span_id", "s.parent_span_id"),
            SourceColumn("span_name", "s.span_name"),
            SourceColumn("message", "s.message"),
            SourceColumn("kind", of: "s.kind", words: ["span", "log"], other: "pending_span"),
            SourceColumn("level", "s.level"),
            SourceColumn("is_exception", "s.is_exception"),
            SourceColumn("exception_type", "s.exception_type"),
            SourceColumn("exception_message", "s.exception_message"),
            SourceColumn("exception_stacktrace", "s.exception_stacktrace"),
            SourceColumn(document: "attributes", SourceSQL.attributes),
            SourceColumn("tags", ofTexts: "s.tags"),
            SourceColumn("otel_scope_name", "o.name", join: .scope),
            SourceColumn("otel_scope_version", "o.version", join: .scope),
            SourceColumn("otel_scope_attributes", "o.attributes", join: .scope),
            SourceColumn("otel_status_code", of: "s.status_code", words: ["UNSET", "OK"], other: "ERROR"),
            SourceColumn("otel_status_message", "s.status_message"),
            SourceColumn("otel_events", of: "s.events", ifNull: "[]"),
            SourceColumn("otel_links", of: "s.links", ifNull: "[]"),
            SourceColumn("otel_span_kind", of: "s.span_kind", words: spanKinds, first: 1, other: "UNSPECIFIED"),
        ] + SourceSQL.resourceColumns + [
            SourceColumn("http_response_status_code", "s.http_status_code"),
            SourceColumn("url_full", rare: ["url.full", "http.url"]),
            SourceColumn("http_route", "s.http_route"),
            SourceColumn("http_method", "s.http_method"),
            SourceColumn("url_path", rare: ["url.path"]),
            SourceColumn("url_query", rare: ["url.query"]),
            SourceColumn("log_body", "s.log_body"),
            SourceColumn("attributes_json_schema", jsonSchema),
            SourceColumn("created_at", ofMicroseconds: "s.commit_sequence"),
            SourceSQL.sampleWeight,
            SourceColumn("project_id", "s.project_id", isPublic: false),
            SourceColumn("commit_sequence", "s.commit_sequence", isPublic: false),
            SourceColumn("start_nanosecond", "s.start_nanosecond", isPublic: false),
            SourceColumn("msg_template", "s.attributes->>'logfire.msg_template'", isPublic: false),
            SourceColumn("_attributes", "s.attributes", isPublic: false),
            SourceColumn("_bodies", "s.bodies", isPublic: false),
        ]

    private static let spanKinds = ["INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"]

    private static let jsonSchema = {
        let text = SourceSQL.rare("logfire.json_schema")
        return "CASE WHEN json_valid(\(text)) THEN \(text)::JSON END"
    }()

    /// What the columns of a span event are instead; those not named here are taken from the span or are NULL.
    private static let spanEventExpressions: [String: String] = [
        "start_timestamp": "s.event_time",
        "end_timestamp": "s.event_time",
        "duration": "NULL::DOUBLE",
        "span_id": "s.event_id",
        "parent_span_id": "s.span_id",
        "span_name": "s.event->>'event_name'",
        "message": "s.event->>'event_name'",
        "kind": "'span_event'",
        "level": "coalesce(try_cast((s.event->'attributes')->>'logfire.level_num' AS SMALLINT), 9::SMALLINT)",
        "is_exception": "false",
        "exception_type": "NULL::VARCHAR",
        "exception_message": "NULL::VARCHAR",
        "exception_stacktrace": "NULL::VARCHAR",
        "attributes": "s.event->'attributes'",
        "tags": "NULL::VARCHAR[]",
        "otel_status_code": "'UNSET'",
        "otel_status_message": "NULL::VARCHAR",
        "otel_events": "'[]'::JSON",
        "otel_links": "'[]'::JSON",
        "otel_span_kind": "'UNSPECIFIED'",
        "http_response_status_code": "NULL::SMALLINT",
        "url_full": "NULL::VARCHAR",
        "http_route": "NULL::VARCHAR",
        "http_method": "NULL::VARCHAR",
        "url_path": "NULL::VARCHAR",
        "url_query": "NULL::VARCHAR",
        "log_body": "NULL::JSON",
        "attributes_json_schema": "NULL::JSON",
        "msg_template": "NULL::VARCHAR",
        "start_nanosecond": "NULL::SMALLINT",
        "_attributes": "s.event->'attributes'",
        "_bodies": "NULL::JSON",
    ]

    static func sql(_ query: TableSource.Query, withPending: Bool) -> String {
        let columns = columns.selected(query).lookedUp(query, alias: "s")
        let sql = select(columns, query, withPending: withPending)
        return query.spanEvents ? sql + "\nUNION ALL\n" + spanEvents(query, columns) : sql
    }

    /// The rows of some traces as they are stored.
    static func sql(_ layout: RowLayout, of traces: [TraceID], _ query: TableSource.Query, withPending: Bool) -> String {
        let ids = traces.map { "'\($0)'" }
        let condition = ids.count == 1 ? "s.trace_id = \(ids[0])" : "s.trace_id IN (\(ids.joined(separator: ", ")))"
        return select(layout.selected, query, withPending: withPending, condition)
    }

    private static func select(
        _ columns: [SourceColumn], _ query: TableSource.Query, withPending: Bool, _ condition: String? = nil
    ) -> String {
        // How conditions on message bodies are answered is up to each file.
        let file = query.conditions.isEmpty ? query.traits.onlyFile : nil
        var conditions = (file?.conditions ?? []) + SourceSQL.conditions("s", query, time: "start_timestamp")
        if !withPending { conditions.append("s.kind <> 2") }
        if let after = query.after { conditions.append("s.commit_sequence > \(after)") }
        if let condition { conditions.append(condition) }
        return """
            SELECT
                \(columns.read(from: file).selectList)
            FROM \(file?.table ?? "span") s\(SourceSQL.joinClauses(columns.joins, alias: "s"))
            WHERE \(conditions.joined(separator: " AND "))
            """
    }

    /// Every event but exceptions, of spans that are no longer pending.
    private static func spanEvents(_ query: TableSource.Query, _ columns: [SourceColumn]) -> String {
        let columns = columns.map { column in
            var column = column
            if let expression = spanEventExpressions[column.name] { column.expression = expression }
            if let condition = query.conditions.first(where: { $0.name == column.name }) {
                column.expression = condition.onJSON("s.event->'attributes'")
            }
            return column
        }
        var conditions = ["s.project_id = \(query.project)", "s.span_event_count > 0", "s.kind <> 2"]
        // An event lies within its span, so the span's own times already tell which spans to look at.
        if let maximum = query.window.maximum { conditions.append("s.start_timestamp <= make_timestamptz(\(maximum))") }
        if let minimum = query.window.minimum { conditions.append("s.end_timestamp >= make_timestamptz(\(minimum))") }
        if let after = query.after { conditions.append("s.commit_sequence > \(after)") }
        let bounds = SourceSQL.bounds(query.window, of: "s.event_time")
        let eventConditions = bounds.isEmpty ? "" : "\nWHERE " + bounds.joined(separator: " AND ")
        return """
            SELECT
                \(columns.selectList)
            FROM (
                SELECT
                    *,
                    (event->>'event_timestamp')::TIMESTAMPTZ AS event_time,
                    left(md5(trace_id || span_id || event_position), 16) AS event_id
                FROM (
                    SELECT
                        s.*,
                        unnest(from_json(s.events, '["JSON"]')) AS event,
                        generate_subscripts(from_json(s.events, '["JSON"]'), 1) - 1 AS event_position
                    FROM span s
                    WHERE \(conditions.joined(separator: " AND "))
                )
                WHERE (event->>'event_name') <> 'exception'
            ) s\(SourceSQL.joinClauses(columns.joins, alias: "s"))\(eventConditions)
            """
    }
}
