/// `experiments` over `span`: one row per run of an offline evaluation, with what its report says and what became of its cases.
enum ExperimentsSource {
    private static let report = "s.attributes->'logfire.experiment.metadata'"
    /// Older versions sent the averages by themselves.
    private static let averages = "coalesce(\(report)->'averages', s.attributes->'averages')"

    static let columns: [SourceColumn] = [
        SourceColumn("start_timestamp", "s.start_timestamp"),
        SourceColumn("end_timestamp", "s.end_timestamp"),
        SourceColumn("duration", "s.duration"),
        SourceColumn("trace_id", "s.trace_id"),
        SourceColumn("span_id", "s.span_id"),
        SourceColumn("parent_span_id", "s.parent_span_id"),
        SourceColumn("name", "s.attributes->>'name'"),
        SourceColumn("dataset_name", "s.attributes->>'dataset_name'"),
        SourceColumn("task_name", "s.attributes->>'task_name'"),
        SourceColumn("n_cases", "TRY_CAST(s.attributes->>'n_cases' AS BIGINT)"),
        SourceColumn("repeat", "coalesce(TRY_CAST(s.attributes->>'logfire.experiment.repeat' AS BIGINT), 1)"),
        SourceColumn("case_runs", "coalesce(k.cases, 0)", join: .cases),
        SourceColumn("case_results", "coalesce(k.results, 0)", join: .cases),
        SourceColumn("task_errors", "coalesce(k.errors, 0)", join: .cases),
        SourceColumn("evaluator_errors", "coalesce(f.failures, 0)", join: .failures),
        SourceColumn("assertion_pass_rate", "TRY_CAST(s.attributes->>'assertion_pass_rate' AS DOUBLE)"),
        SourceColumn("average_scores", "\(averages)->'scores'"),
        SourceColumn("label_shares", "\(averages)->'labels'"),
        SourceColumn("average_metrics", "\(averages)->'metrics'"),
        SourceColumn("average_task_duration", "TRY_CAST(\(averages)->>'task_duration' AS DOUBLE)"),
        SourceColumn("average_total_duration", "TRY_CAST(\(averages)->>'total_duration' AS DOUBLE)"),
        SourceColumn("metadata", "coalesce(\(report)->'metadata', s.attributes->'metadata')"),
        SourceColumn("analyses", "s.attributes->'logfire.experiment.analyses'"),
        SourceColumn("report_evaluator_failures", "s.attributes->'logfire.experiment.report_evaluator_failures'"),
        SourceColumn("is_error", "s.status_code = 2 OR s.is_exception"),
        SourceColumn("service_name", "r.service_name", join: .resource),
        SourceColumn("service_version", "r.service_version", join: .resource),
        SourceColumn("deployment_environment", "r.deployment_environment", join: .resource),
        SourceColumn("otel_resource_attributes", "r.attributes", join: .resource),
        SourceColumn("attributes", SourceSQL.attributes),
        SourceColumn("project_id", "s.project_id", isPublic: false),
        SourceColumn("commit_sequence", "s.commit_sequence", isPublic: false),
        SourceColumn("_attributes", "s.attributes", isPublic: false),
        SourceColumn("_bodies", "s.bodies", isPublic: false),
    ]

    static func sql(_ query: TableSource.Query) -> String {
        let columns = columns.selected(query.columns)
        var joins = SourceSQL.joinClauses(columns.joins.intersection([.resource]), alias: "s")
        if columns.joins.contains(.cases) { joins += cases(query) }
        if columns.joins.contains(.failures) { joins += failures(query) }
        let conditions =
            SourceSQL.conditions("s", query, time: "start_timestamp") + [
                "s.kind = 0", "s.span_name = 'evaluate {name}'", EvaluationsSource.scope(query, EvaluationsSource.experimentScopes),
            ]
        return """
            SELECT
                \(columns.selectList)
            FROM span s\(joins)
            WHERE \(conditions.joined(separator: " AND "))
            """
    }

    /// The cases of an experiment: a case whose task failed ends in an error, and has no result.
    private static func cases(_ query: TableSource.Query) -> String {
        """

        LEFT JOIN (
            SELECT trace_id, parent_span_id, count(*) AS cases, count_if(status_code = 2 OR is_exception) AS errors,
                count_if(status_code <> 2 AND NOT is_exception) AS results
            FROM span s
            WHERE project_id = \(query.project) AND kind = 0 AND span_name = 'case: {case_name}'
                AND \(EvaluationsSource.scope(query, EvaluationsSource.experimentScopes))
            GROUP BY trace_id, parent_span_id
        ) k ON k.trace_id = s.trace_id AND k.parent_span_id = s.span_id
        """
    }

    /// Evaluators that failed, by the experiment of their case.
    private static func failures(_ query: TableSource.Query) -> String {
        """

        LEFT JOIN (
            SELECT c.trace_id, c.parent_span_id, count(*) AS failures
            FROM span s JOIN span c ON c.project_id = s.project_id AND c.trace_id = s.trace_id AND c.span_id = s.parent_span_id
            WHERE s.project_id = \(query.project) AND s.kind = 0 AND s.span_name = 'evaluator: {evaluator_name}'
                AND (s.status_code = 2 OR s.is_exception) AND \(EvaluationsSource.scope(query, EvaluationsSource.experimentScopes))
                AND c.kind = 0 AND c.span_name = 'case: {case_name}'
            GROUP BY c.trace_id, c.parent_span_id
        ) f ON f.trace_id = s.trace_id AND f.parent_span_id = s.span_id
        """
    }
}
