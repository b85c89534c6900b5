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
            SourceColumn("kind", "CASE s.kind WHEN 0 THEN 'span' WHEN 1 THEN 'log' ELSE 'pending_span' END"),
            SourceColumn("level", "s.level"),
            SourceColumn("is_exception", "s.is_exception"),
            SourceColumn("exception_type", "s.exception_type"),
            SourceColumn("exception_message", "s.exception_message"),
            SourceColumn("exception_stacktrace", "s.exception_stacktrace"),
            SourceColumn("attributes", SourceSQL.attributes),
            SourceColumn("tags", "from_json(s.tags, '[\"VARCHAR\"]')"),
            SourceColumn("otel_scope_name", "o.name", join: .scope),
            SourceColumn("otel_scope_version", "o.version", join: .scope),
            SourceColumn("otel_scope_attributes", "o.attributes", join: .scope),
            SourceColumn("otel_status_code", "CASE s.status_code WHEN 0 THEN 'UNSET' WHEN 1 THEN 'OK' ELSE 'ERROR' END"),
            SourceColumn("otel_status_message", "s.status_message"),
            SourceColumn("otel_events", "coalesce(s.events, '[]'::JSON)"),
            SourceColumn("otel_links", "coalesce(s.links, '[]'::JSON)"),
            SourceColumn("otel_span_kind", spanKind),
        ] + SourceSQL.resourceColumns + [
            SourceColumn("http_response_status_code", "s.http_status_code"),
            SourceColumn("url_full", "coalesce(\(SourceSQL.rare("url.full")), \(SourceSQL.rare("http.url")))"),
            SourceColumn("http_route", "s.http_route"),
            SourceColumn("http_method", "s.http_method"),
            SourceColumn("url_path", SourceSQL.rare("url.path")),
            SourceColumn("url_query", SourceSQL.rare("url.query")),
            SourceColumn("log_body", "s.log_body"),
            SourceColumn("attributes_json_schema", jsonSchema),
            SourceColumn("created_at", "make_timestamptz(s.commit_sequence)"),
            SourceSQL.sampleWeight,
            SourceColumn("project_id", "s.project_id", isPublic: false),
            SourceColumn("commit_sequence", "s.commit_sequence", isPublic: false),
            SourceColumn("start_nanosecond", "s.start_nanosecond", isPublic: false),
            SourceColumn("msg_template", "s.attributes->>'logfire.msg_template'", isPublic: false),
            SourceColumn("_attributes", "s.attributes", isPublic: false),
            SourceColumn("_bodies", "s.bodies", isPublic: false),
        ]

    private static let spanKind = """
        CASE s.span_kind WHEN 1 THEN 'INTERNAL' WHEN 2 THEN 'SERVER' WHEN 3 THEN 'CLIENT' WHEN 4 THEN 'PRODUCER' WHEN 5 THEN 'CONSUMER' \
        ELSE 'UNSPECIFIED' END
        """

    private static let jsonSchema = """
        CASE WHEN \(BodyFunctions.names)(s.attributes, 'logfire.json_schema') \
        THEN CASE WHEN json_valid(s.attributes->>'logfire.json_schema') THEN (s.attributes->>'logfire.json_schema')::JSON END END
        """

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
        // How conditions on message bodies are answered is up to each file.
        let file = query.conditions.isEmpty ? query.traits.onlyFile : nil
        var conditions = (file?.conditions ?? []) + SourceSQL.conditions("s", query, time: "start_timestamp")
        if !withPending { conditions.append("s.kind <> 2") }
        if let after = query.after { conditions.append("s.commit_sequence > \(after)") }
        var sql = """
            SELECT
                \(columns.read(from: file).selectList)
            FROM \(file?.table ?? "span") s\(SourceSQL.joinClauses(columns.joins, alias: "s"))
            WHERE \(conditions.joined(separator: " AND "))
            """
        if query.spanEvents { sql += "\nUNION ALL\n" + spanEvents(query, columns) }
        return sql
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
