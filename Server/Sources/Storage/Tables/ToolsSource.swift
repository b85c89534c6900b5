/// `tool_calls` over `step`: tool executions without those seen again further in.
enum ToolsSource {
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
        SourceColumn("tool_name", "c.tool_name"),
        SourceColumn("tool_call_id", "c.tool_call_id"),
        SourceColumn("agent_name", CallsSource.agentName, join: .agent),
        SourceColumn("conversation_id", "c.conversation_id"),
        SourceColumn("is_error", "c.is_error"),
        SourceColumn("error_type", "c.error_type"),
        SourceColumn("agent_span_id", CallsSource.run),
        SourceColumn("retry_count", "(c.details->>'retry_count')::INTEGER"),
        SourceColumn("retry_cause", "c.details->>'retry_cause'"),
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
        let isTwin = "(CASE WHEN d.step_key IS NULL THEN c.is_nested_twin ELSE d.is_nested_twin END)"
        var joins = columns.joins.contains(.agent) ? CallsSource.runJoin(query) : ""
        joins = DecisionColumns.join(project: query.project, for: columns.selectList + isTwin + joins) + joins
        joins += SourceSQL.joinClauses(columns.joins, alias: "c")
        let conditions =
            SourceSQL.conditions("c", query, time: "start_timestamp")
            + ["c.kind = 2", "NOT \(isTwin)"]
        return """
            SELECT
                \(columns.selectList)
            FROM step c\(joins)
            WHERE \(conditions.joined(separator: " AND "))
            """
    }
}
