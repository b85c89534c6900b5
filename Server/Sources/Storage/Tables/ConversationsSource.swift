/// `conversations` over model calls and agent runs: one row per conversation id.
enum ConversationsSource {
    static let columns: [SourceColumn] = [
        SourceColumn("conversation_id", "c.conversation_id"),
        SourceColumn("start_timestamp", "c.start_timestamp"),
        SourceColumn("end_timestamp", "c.end_timestamp"),
        SourceColumn("duration", "epoch_us(c.end_timestamp - c.start_timestamp) / 1e6"),
        SourceColumn("calls", "c.calls"),
        SourceColumn("agent_runs", "c.agent_runs"),
        SourceColumn("traces", "c.traces"),
        SourceColumn("errors", "c.errors"),
        SourceColumn("input_tokens", "c.input_tokens"),
        SourceColumn("output_tokens", "c.output_tokens"),
        SourceColumn("cost", "c.cost"),
        SourceColumn("is_cost_complete", "c.is_cost_complete"),
        SourceColumn("models", "c.models"),
        SourceColumn("agent_names", "c.agent_names"),
        SourceColumn("user_id", "c.user_id"),
        SourceColumn("service_name", "c.service_name"),
        SourceColumn("deployment_environment", "c.deployment_environment"),
        SourceColumn("project_id", "c.project_id", isPublic: false),
    ]

    static func sql(_ query: TableSource.Query) -> String {
        let needed: Set<String> = [
            "conversation_id", "start_timestamp", "end_timestamp", "trace_id", "is_error", "input_tokens", "output_tokens", "cost", "model",
            "agent_name", "user_id", "service_name", "deployment_environment",
        ]
        let inner = TableSource.Query(project: query.project, window: query.window, columns: needed)
        return """
            SELECT
                \(columns.selected(query.columns).selectList)
            FROM (
                SELECT
                    conversation_id,
                    \(query.project) AS project_id,
                    min(start_timestamp) AS start_timestamp,
                    max(end_timestamp) AS end_timestamp,
                    count(*) FILTER (WHERE is_call) AS calls,
                    count(*) FILTER (WHERE NOT is_call) AS agent_runs,
                    count(DISTINCT trace_id) AS traces,
                    count(*) FILTER (WHERE is_call AND is_error) AS errors,
                    sum(input_tokens) FILTER (WHERE is_call)::BIGINT AS input_tokens,
                    sum(output_tokens) FILTER (WHERE is_call)::BIGINT AS output_tokens,
                    sum(cost) FILTER (WHERE is_call) AS cost,
                    count(cost) FILTER (WHERE is_call) = count(*) FILTER (WHERE is_call) AS is_cost_complete,
                    list_sort(list(DISTINCT model) FILTER (WHERE is_call AND model IS NOT NULL)) AS models,
                    list_sort(list(DISTINCT agent_name) FILTER (WHERE agent_name IS NOT NULL)) AS agent_names,
                    any_value(user_id) AS user_id,
                    any_value(service_name) AS service_name,
                    any_value(deployment_environment) AS deployment_environment
                FROM (
                    SELECT *, true AS is_call FROM (
            \(CallsSource.sql(inner))
                    )
                    UNION ALL BY NAME
                    SELECT *, false AS is_call FROM (
            \(RunsSource.sql(inner))
                    )
                )
                WHERE conversation_id IS NOT NULL
                GROUP BY conversation_id
            ) c
            """
    }
}
