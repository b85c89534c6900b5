import GenAI

/// `llm_calls` and `live_calls` over `step` and its newest decisions.
enum CallsSource {
    static let columns: [SourceColumn] =
        [
            SourceColumn("start_timestamp", "c.start_timestamp"),
            SourceColumn("end_timestamp", "c.end_timestamp"),
            SourceColumn("duration", patched("duration")),
            SourceColumn("trace_id", "c.trace_id"),
            SourceColumn("span_id", "c.span_id"),
            SourceColumn("parent_span_id", "c.parent_span_id"),
            SourceColumn("service_name", "r.service_name", join: .resource),
            SourceColumn("deployment_environment", "r.deployment_environment", join: .resource),
            SourceColumn("operation", "c.operation"),
            SourceColumn("provider", patched("provider")),
            SourceColumn("model", "c.model"),
            SourceColumn("response_model", patched("response_model")),
            SourceColumn("is_error", "c.is_error"),
            SourceColumn("error_type", "c.error_type"),
            SourceColumn("input_tokens", tokens("input_tokens")),
            SourceColumn("output_tokens", tokens("output_tokens")),
            SourceColumn("cache_read_tokens", tokens("cache_read_tokens")),
            SourceColumn("cache_write_tokens", tokens("cache_write_tokens")),
            SourceColumn("reasoning_tokens", tokens("reasoning_tokens")),
            SourceColumn("cost", cost),
            SourceColumn("input_cost", ofCost("input_cost")),
            SourceColumn("output_cost", ofCost("output_cost")),
            SourceColumn("cost_source", "CASE \(costSource) WHEN 2 THEN 'sent' WHEN 1 THEN 'computed' ELSE 'unpriced' END"),
            SourceColumn(
                "cost_note",
                "coalesce(\(ofCost("cost_note")), CASE WHEN \(cost) IS NULL THEN 'the sender reported no cost' END)"
            ),
            SourceColumn("price_version", ofCost("price_version")),
            SourceColumn("time_to_first_token", patched("time_to_first_token")),
            SourceColumn("finish_reasons", "from_json(coalesce(c.finish_reasons, d.patch_finish_reasons), '[\"VARCHAR\"]')"),
            SourceColumn("is_truncated", patched("is_truncated")),
            SourceColumn("has_tool_calls", patched("has_tool_calls")),
            SourceColumn("agent_name", agentName, join: .agent),
            SourceColumn("conversation_id", "c.conversation_id"),
            SourceColumn("user_id", "c.user_id"),
            SourceColumn("prompt_name", "c.prompt_name"),
            SourceColumn("prompt_version", "c.prompt_version"),
            SourceColumn("retry_count", surrounding(.retryCount, "INTEGER")),
            SourceColumn("retry_cause", surrounding(.retryCause, "VARCHAR")),
            SourceColumn("refusal", patched("refusal")),
            SourceColumn("json_parse_success", patched("json_parse_success")),
            SourceColumn("tool_call_count", patched("tool_call_count")),
            SourceColumn("service_version", "r.service_version", join: .resource),
            SourceColumn("attributes", SourceSQL.attributes, join: .record),
            SourceColumn("otel_resource_attributes", "r.attributes", join: .resource),
            SourceColumn("merged_records", "CASE WHEN d.step_key IS NULL THEN c.merged_records ELSE d.merged_records END"),
            SourceColumn("agent_span_id", run),
            SourceColumn("prompt_build_time", surrounding(.promptBuildTime, "DOUBLE")),
            SourceColumn("is_streaming", patched("is_streaming")),
        ] + details + [
            SourceColumn("response_id", "c.response_id", isPublic: false),
            SourceSQL.sampleWeight,
            SourceColumn("project_id", "c.project_id", isPublic: false),
            SourceColumn("commit_sequence", "c.commit_sequence", isPublic: false),
            SourceColumn("_attributes", "s.attributes", join: .record, isPublic: false),
            SourceColumn("_bodies", "s.bodies", join: .record, isPublic: false),
        ]

    static let liveColumns: [SourceColumn] = [
        SourceColumn("trace_id", "c.trace_id"),
        SourceColumn("span_id", "c.span_id"),
        SourceColumn("is_duplicate", "NOT \(stands)"),
        SourceColumn("provider", patched("provider")),
        SourceColumn("model", "c.model"),
        SourceColumn("input_tokens", tokens("input_tokens")),
        SourceColumn("output_tokens", tokens("output_tokens")),
        SourceColumn("cost", cost),
        SourceColumn("is_error", "c.is_error"),
        SourceColumn("commit_sequence", "greatest(c.commit_sequence, d.commit_sequence)"),
    ]

    /// The record's own value, else the one it takes from a duplicate.
    private static func patched(_ column: String) -> String {
        "coalesce(c.\(column), d.patch_\(column))"
    }

    /// A patch has tokens where the record has none and where the provider's own package counted otherwise.
    private static func tokens(_ column: String) -> String {
        "coalesce(d.patch_\(column), c.\(column))"
    }

    /// A patch has a cost only where it is better than the record's own; source, parts and remarks come with it.
    private static let cost = "coalesce(d.patch_cost, c.cost)"
    private static let costSource = ofCost(
        "cost_source", own: "coalesce(c.cost_source, CASE WHEN c.cost IS NULL THEN 0 ELSE 2 END)")

    private static func ofCost(_ column: String, own: String? = nil) -> String {
        "CASE WHEN d.patch_cost IS NULL THEN \(own ?? "c.\(column)") ELSE d.patch_\(column) END"
    }

    /// What the record says itself, else what was decided last about the spans around it.
    private static func surrounding(_ detail: StepDetail, _ type: String) -> String {
        let name = detail.rawValue
        return """
            coalesce((c.details->>'\(name)')::\(type), \
            CASE WHEN d.step_key IS NULL THEN c.\(name) ELSE d.patch_\(name) END)
            """
    }

    /// Members of `details` as columns.
    private static let details = StepDetail.allCases.filter { ![.retryCount, .retryCause, .promptBuildTime].contains($0) }.map { detail in
        SourceColumn(detail.rawValue, "(c.details->>'\(detail.rawValue)')::\(type(of: detail))")
    }

    private static func type(of detail: StepDetail) -> String {
        switch detail.kind {
        case .text: "VARCHAR"
        case .integer: "BIGINT"
        case .number: "DOUBLE"
        case .boolean: "BOOLEAN"
        }
    }

    /// Nearest enclosing agent run of a step.
    static let run = "CASE WHEN d.step_key IS NULL THEN c.run_span_id ELSE d.run_span_id END"

    /// The agent as the step names it, else the name of its run.
    static let agentName = "coalesce(c.agent_name, n.agent_name)"

    /// Joins the steps with alias `c` and their decisions to the runs that they belong to. A run starts before what happens in it, but
    /// hardly a day before.
    static func runJoin(_ query: TableSource.Query) -> String {
        let window = TimeWindow(minimum: query.window.minimum.map { $0 - 86_400_000_000 }, maximum: query.window.maximum)
        let conditions =
            ["project_id = \(query.project)", "kind = 1", "agent_name IS NOT NULL"] + SourceSQL.bounds(window, of: "start_timestamp")
        return """

            LEFT JOIN (
                SELECT
                    trace_id,
                    span_id,
                    agent_name
                FROM step
                WHERE \(conditions.joined(separator: " AND "))
            ) n ON n.trace_id = c.trace_id AND n.span_id = \(run)
            """
    }

    /// Whether the record is the one that stands for its call.
    private static let stands = "(CASE WHEN d.step_key IS NULL THEN c.winner_span_id IS NULL ELSE d.stands END)"

    /// The newest decision of every step that has any: `decision` and its `commit_sequence`.
    static func decisions(project: Int32) -> String {
        """
        (
            SELECT
                step_key,
                max(commit_sequence) AS commit_sequence,
                arg_max(
                    struct_pack(
                        stands := winner_trace_id = trace_id AND winner_span_id = span_id,
                        merged_records := merged_records,
                        run_span_id := run_span_id,
                        is_nested_twin := is_nested_twin,
                        patch := patch
                    ),
                    commit_sequence
                ) AS decision
            FROM step_decision
            WHERE project_id = \(project)
            GROUP BY step_key
        ) d
        """
    }

    /// Joins the steps with alias `c` to their newest decisions.
    static func decisionJoin(project: Int32) -> String {
        "\nLEFT JOIN \(decisions(project: project)) ON d.step_key = c.step_key"
    }

    static func sql(_ query: TableSource.Query) -> String {
        let columns = columns.selected(query, join: .record)
        var joins = columns.joins.contains(.agent) ? runJoin(query) : ""
        joins = DecisionColumns.join(project: query.project, for: columns.selectList + stands + joins) + joins
        joins += SourceSQL.joinClauses(columns.joins, alias: "c")
        let conditions = SourceSQL.conditions("c", query, time: "start_timestamp")
        return """
            SELECT
                \(columns.selectList)
            FROM step c\(joins)
            WHERE \((conditions + ["c.kind = 0", stands]).joined(separator: " AND "))
            """
    }

    static func live(_ query: TableSource.Query) -> String {
        let select = liveColumns.selected(query.columns).selectList
        let conditions = ["c.kind = 0"] + SourceSQL.conditions("c", query, time: "start_timestamp")
        let text = select + " d.commit_sequence"
        let from = "FROM step c\(DecisionColumns.join(project: query.project, for: text))"
        guard let after = query.after else {
            return "SELECT\n    \(select)\n\(from)\nWHERE \(conditions.joined(separator: " AND "))"
        }
        // Two arms, so that the engine can skip old steps by their commits unless a new decision names them.
        let new = conditions + ["c.commit_sequence > \(after)"]
        let changed = conditions + ["c.commit_sequence <= \(after)", "d.commit_sequence > \(after)"]
        return """
            SELECT
                \(select)
            \(from)
            WHERE \(new.joined(separator: " AND "))
            UNION ALL
            SELECT
                \(select)
            FROM step c
            JOIN \(DecisionColumns.table(project: query.project, for: text)) ON d.step_key = c.step_key
            WHERE \(changed.joined(separator: " AND "))
            """
    }
}
