/// `agent_runs` over `step`: sums over the calls and tools whose nearest enclosing run it is (`acceptance.md` A5); where none of its calls
/// reports any, what the run itself reports.
enum RunsSource {
    static let columns: [SourceColumn] = [
        SourceColumn("start_timestamp", "c.start_timestamp"),
        SourceColumn("end_timestamp", "c.end_timestamp"),
        SourceColumn("duration", "c.duration"),
        SourceColumn("trace_id", "c.trace_id"),
        SourceColumn("span_id", "c.span_id"),
        SourceColumn("parent_span_id", "c.parent_span_id"),
        SourceColumn("service_name", "r.service_name", join: .resource),
        SourceColumn("deployment_environment", "r.deployment_environment", join: .resource),
        SourceColumn("service_version", "r.service_version", join: .resource),
        SourceColumn("agent_name", "c.agent_name"),
        SourceColumn("conversation_id", "c.conversation_id"),
        SourceColumn("user_id", "c.user_id"),
        SourceColumn("model", "coalesce(c.model, k.model)", join: .calls),
        SourceColumn("turns", "coalesce(k.calls, 0)", join: .calls),
        SourceColumn("tool_calls", "coalesce(t.tools, 0)", join: .tools),
        SourceColumn("input_tokens", "coalesce(k.input_tokens, c.input_tokens)", join: .calls),
        SourceColumn("output_tokens", "coalesce(k.output_tokens, c.output_tokens)", join: .calls),
        SourceColumn("cache_read_tokens", "coalesce(k.cache_read_tokens, c.cache_read_tokens)", join: .calls),
        SourceColumn("cost", "coalesce(k.cost, c.cost)", join: .calls),
        SourceColumn("is_cost_complete", "coalesce(k.priced = k.calls OR (k.cost IS NULL AND c.cost IS NOT NULL), true)", join: .calls),
        SourceColumn("is_error", "c.is_error"),
        SourceColumn("error_type", "c.error_type"),
        SourceColumn("input", "c.input"),
        SourceColumn("output", "c.output"),
        SourceColumn("attributes", SourceSQL.attributes, join: .record),
        SourceColumn("otel_resource_attributes", "r.attributes", join: .resource),
        SourceSQL.sampleWeight,
        SourceColumn("project_id", "c.project_id", isPublic: false),
        SourceColumn("commit_sequence", "c.commit_sequence", isPublic: false),
        SourceColumn("_attributes", "s.attributes", join: .record, isPublic: false),
        SourceColumn("_bodies", "s.bodies", join: .record, isPublic: false),
    ]

    static func sql(_ query: TableSource.Query) -> String {
        let columns = columns.selected(query, join: .record)
        var joins = SourceSQL.joinClauses(columns.joins, alias: "c")
        if columns.joins.contains(.calls) { joins += calls(query) }
        if columns.joins.contains(.tools) { joins += tools(query) }
        let conditions = SourceSQL.conditions("c", query, time: "start_timestamp")
        return """
            SELECT
                \(columns.selectList)
            FROM step c\(joins)
            WHERE \((conditions + ["c.kind = 1"]).joined(separator: " AND "))
            """
    }

    /// What happens in a run does not start before it, and certainly not an hour before it.
    private static func inner(_ query: TableSource.Query) -> TimeWindow {
        TimeWindow(minimum: query.window.minimum.map { $0 - 3_600_000_000 })
    }

    private static func calls(_ query: TableSource.Query) -> String {
        let needed: Set<String> = [
            "trace_id", "agent_span_id", "start_timestamp", "model", "input_tokens", "output_tokens", "cache_read_tokens", "cost",
        ]
        let calls = CallsSource.sql(.init(project: query.project, window: inner(query), columns: needed))
        return """

            LEFT JOIN (
                SELECT
                    trace_id,
                    agent_span_id,
                    count(*) AS calls,
                    arg_min(model, start_timestamp) AS model,
                    sum(input_tokens)::BIGINT AS input_tokens,
                    sum(output_tokens)::BIGINT AS output_tokens,
                    sum(cache_read_tokens)::BIGINT AS cache_read_tokens,
                    sum(cost) AS cost,
                    count(cost) AS priced
                FROM (
            \(calls.indented(8))
                )
                WHERE agent_span_id IS NOT NULL
                GROUP BY trace_id, agent_span_id
            ) k ON k.trace_id = c.trace_id AND k.agent_span_id = c.span_id
            """
    }

    private static func tools(_ query: TableSource.Query) -> String {
        let needed: Set<String> = ["trace_id", "agent_span_id"]
        let tools = ToolsSource.sql(.init(project: query.project, window: inner(query), columns: needed))
        return """

            LEFT JOIN (
                SELECT
                    trace_id,
                    agent_span_id,
                    count(*) AS tools
                FROM (
            \(tools.indented(8))
                )
                WHERE agent_span_id IS NOT NULL
                GROUP BY trace_id, agent_span_id
            ) t ON t.trace_id = c.trace_id AND t.agent_span_id = c.span_id
            """
    }
}

extension String {
    /// The text with every line moved in.
    fileprivate func indented(_ spaces: Int) -> String {
        let margin = String(repeating: " ", count: spaces)
        return split(separator: "\n", omittingEmptySubsequences: false).map { margin + $0 }.joined(separator: "\n")
    }
}
