/// `evaluations` over `span`: what evaluators and people said about records, whoever sent it.
///
/// Nothing is written for it at ingest: senders mark their records by scope or name, which the engine finds in a million records within
/// milliseconds. Only OpenInference puts results among the attributes of any span, so that part reads attributes; a condition on `source`
/// leaves it out.
enum EvaluationsSource {
    /// Scopes whose spans are experiments, cases and evaluators.
    static let experimentScopes = ["pydantic-evals"]

    static let columns: [SourceColumn] = [
        SourceColumn("start_timestamp", "e.start_timestamp"),
        SourceColumn("source", "e.source"),
        SourceColumn("name", "e.name"),
        SourceColumn("result_type", "e.result_type"),
        SourceColumn("value", "e.value"),
        SourceColumn("label", "e.label"),
        SourceColumn("passed", "e.passed"),
        SourceColumn("explanation", "e.explanation"),
        SourceColumn("error_type", "e.error_type"),
        SourceColumn("evaluator_name", "e.evaluator_name"),
        SourceColumn("evaluator_source", "e.evaluator_source"),
        SourceColumn("evaluator_version", "e.evaluator_version"),
        SourceColumn("target", "e.target"),
        SourceColumn("experiment_name", "x.experiment_name", join: .experiment),
        SourceColumn("dataset_name", "x.dataset_name", join: .experiment),
        SourceColumn("case_name", "e.case_name"),
        SourceColumn("source_case_name", "e.source_case_name"),
        SourceColumn("trace_id", "e.trace_id"),
        SourceColumn("span_id", "e.span_id"),
        SourceColumn("experiment_span_id", "e.experiment_span_id"),
        SourceColumn("judged_trace_id", "coalesce(e.judged_trace_id, q.trace_id)", join: .response),
        SourceColumn("judged_span_id", "coalesce(e.judged_span_id, u.span_id, q.span_id)", join: .judged),
        SourceColumn("response_id", "e.response_id"),
        SourceColumn("agent_name", "coalesce(e.agent_name, g.agent_name)", join: .agent),
        SourceColumn("conversation_id", "coalesce(e.conversation_id, g.conversation_id)", join: .agent),
        SourceColumn("service_name", "r.service_name", join: .resource),
        SourceColumn("service_version", "r.service_version", join: .resource),
        SourceColumn("deployment_environment", "r.deployment_environment", join: .resource),
        SourceColumn("otel_resource_attributes", "r.attributes", join: .resource),
        SourceColumn("attributes", "\(BodyFunctions.joined)(e.bodies, e.attributes)"),
        SourceColumn("project_id", "e.project_id", isPublic: false),
        SourceColumn("commit_sequence", "e.commit_sequence", isPublic: false),
        SourceColumn("_attributes", "e.attributes", isPublic: false),
        SourceColumn("_bodies", "e.bodies", isPublic: false),
    ]

    static func sql(_ query: TableSource.Query) -> String {
        let columns = columns.selected(query.columns)
        let arms = [cases(query), failures(query), events(query), feedback(query), openInference(query)]
        return """
            SELECT
                \(columns.selectList)
            FROM (
            \(arms.joined(separator: "\nUNION ALL\n"))
            ) e\(joins(columns.joins, query))
            """
    }

    // MARK: Arms

    /// What every arm says of its record `s`.
    private static let record = """
        s.project_id, s.commit_sequence, s.resource_id, s.start_timestamp, s.trace_id, s.span_id, s.attributes, s.bodies
        """

    /// One row per entry of a case's assertions, scores and labels.
    private static func cases(_ query: TableSource.Query) -> String {
        """
        SELECT
            \(record),
            'experiment' AS source,
            coalesce(j.value->>'name', j.key) AS name,
            k.result_type,
            CASE k.result_type WHEN 'assertion' THEN TRY_CAST(j.value->>'value' AS BOOLEAN)::INTEGER::DOUBLE \
        WHEN 'score' THEN TRY_CAST(j.value->>'value' AS DOUBLE) END AS value,
            CASE k.result_type WHEN 'assertion' THEN CASE TRY_CAST(j.value->>'value' AS BOOLEAN) WHEN true THEN 'pass' WHEN false THEN 'fail' END \
        WHEN 'label' THEN (j.value->>'value') END AS label,
            CASE k.result_type WHEN 'assertion' THEN TRY_CAST(j.value->>'value' AS BOOLEAN) END AS passed,
            (j.value->>'reason') AS explanation,
            NULL::VARCHAR AS error_type,
            j.value->'source'->>'name' AS evaluator_name,
            nullif(j.value->'source', 'null') AS evaluator_source,
            (j.value->>'evaluator_version') AS evaluator_version,
            (s.attributes->>'task_name') AS target,
            (s.attributes->>'case_name') AS case_name,
            (s.attributes->>'logfire.experiment.source_case_name') AS source_case_name,
            s.span_id AS case_span_id,
            s.parent_span_id AS experiment_span_id,
            s.trace_id AS judged_trace_id,
            NULL::VARCHAR AS judged_span_id,
            NULL::VARCHAR AS response_id,
            NULL::VARCHAR AS agent_name,
            NULL::VARCHAR AS conversation_id
        FROM span s, (VALUES ('assertion', 'assertions'), ('score', 'scores'), ('label', 'labels')) k(result_type, list),
            json_each(CASE json_type(s.attributes, '/' || k.list) WHEN 'OBJECT' THEN json_extract(s.attributes, '/' || k.list) ELSE '{}'::JSON END) j
        WHERE \(conditions(query, name: "case: {case_name}"))
        """
    }

    /// Evaluators that failed: they leave nothing in their case.
    private static func failures(_ query: TableSource.Query) -> String {
        """
        SELECT
            \(record),
            'experiment',
            (s.attributes->>'evaluator_name'),
            'failure',
            NULL,
            NULL,
            NULL,
            s.exception_message,
            coalesce(s.exception_type, (s.attributes->>'error.type'), 'unknown'),
            (s.attributes->>'evaluator_name'),
            NULL,
            NULL,
            (p.attributes->>'task_name'),
            (p.attributes->>'case_name'),
            (p.attributes->>'logfire.experiment.source_case_name'),
            p.span_id,
            p.parent_span_id,
            s.trace_id,
            NULL,
            NULL,
            NULL,
            NULL
        FROM span s
        LEFT JOIN (
            SELECT trace_id, span_id, parent_span_id, attributes FROM span
            WHERE project_id = \(query.project) AND kind = 0 AND span_name = 'case: {case_name}'
        ) p ON p.trace_id = s.trace_id AND p.span_id = s.parent_span_id
        WHERE \(conditions(query, name: "evaluator: {evaluator_name}")) AND (s.status_code = 2 OR s.is_exception)
        """
    }

    /// `gen_ai.evaluation.result` (`genai-conventions.md` §1.5).
    private static func events(_ query: TableSource.Query) -> String {
        let conditions = SourceSQL.conditions("s", query, time: "start_timestamp")
        return """
            SELECT
                \(record),
                'online',
                (s.attributes->>'gen_ai.evaluation.name'),
                CASE
                    WHEN (s.attributes->>'error.type') IS NOT NULL THEN 'failure'
                    WHEN lower(s.attributes->>'gen_ai.evaluation.score.label') IN ('pass', 'fail') THEN 'assertion'
                    WHEN (s.attributes->>'gen_ai.evaluation.score.value') IS NOT NULL THEN 'score'
                    WHEN (s.attributes->>'gen_ai.evaluation.score.label') IS NOT NULL THEN 'label'
                END,
                TRY_CAST(s.attributes->>'gen_ai.evaluation.score.value' AS DOUBLE),
                (s.attributes->>'gen_ai.evaluation.score.label'),
                CASE lower(s.attributes->>'gen_ai.evaluation.score.label') WHEN 'pass' THEN true WHEN 'fail' THEN false END,
                (s.attributes->>'gen_ai.evaluation.explanation'),
                (s.attributes->>'error.type'),
                coalesce(
                    CASE WHEN json_valid(s.attributes->>'gen_ai.evaluation.evaluator.source') THEN
                        (s.attributes->>'gen_ai.evaluation.evaluator.source')::JSON->>'name'
                    END,
                    (s.attributes->>'gen_ai.evaluation.name')
                ),
                CASE WHEN json_valid(s.attributes->>'gen_ai.evaluation.evaluator.source') THEN
                    (s.attributes->>'gen_ai.evaluation.evaluator.source')::JSON
                ELSE s.attributes->'gen_ai.evaluation.evaluator.source' END,
                (s.attributes->>'gen_ai.evaluation.evaluator.version'),
                (s.attributes->>'gen_ai.evaluation.target'),
                NULL,
                NULL,
                NULL,
                NULL,
                CASE WHEN s.parent_span_id IS NOT NULL THEN s.trace_id END,
                s.parent_span_id,
                (s.attributes->>'gen_ai.response.id'),
                (s.attributes->>'gen_ai.agent.name'),
                (s.attributes->>'gen_ai.conversation.id')
            FROM span s
            WHERE \((conditions + ["s.kind = 1", "s.span_name = 'gen_ai.evaluation.result'"]).joined(separator: " AND "))
            """
    }

    /// `record_feedback` of the logfire SDK (`logfire-contract.md` §1.7): the attribute that `logfire.feedback.name` names has the value.
    private static func feedback(_ query: TableSource.Query) -> String {
        let value = "json_extract(s.attributes, '/' || replace(replace(s.attributes->>'logfire.feedback.name', '~', '~0'), '/', '~1'))"
        let conditions = SourceSQL.conditions("s", query, time: "start_timestamp")
        let text = "(\(value)->>'$')"
        return """
            SELECT
                \(record),
                'feedback',
                (s.attributes->>'logfire.feedback.name'),
                CASE json_type(\(value)) WHEN 'BOOLEAN' THEN 'assertion' WHEN 'VARCHAR' THEN 'label' \
            WHEN 'BIGINT' THEN 'score' WHEN 'UBIGINT' THEN 'score' WHEN 'DOUBLE' THEN 'score' END,
                CASE json_type(\(value)) WHEN 'BOOLEAN' THEN \(text)::BOOLEAN::INTEGER::DOUBLE WHEN 'VARCHAR' THEN NULL ELSE TRY_CAST(\(text) AS DOUBLE) END,
                CASE json_type(\(value)) WHEN 'BOOLEAN' THEN CASE \(text)::BOOLEAN WHEN true THEN 'pass' ELSE 'fail' END WHEN 'VARCHAR' THEN \(text) END,
                CASE json_type(\(value)) WHEN 'BOOLEAN' THEN \(text)::BOOLEAN END,
                (s.attributes->>'logfire.feedback.comment'),
                NULL,
                NULL,
                NULL,
                NULL,
                NULL,
                NULL,
                NULL,
                NULL,
                NULL,
                CASE WHEN s.parent_span_id IS NOT NULL THEN s.trace_id END,
                s.parent_span_id,
                NULL,
                NULL,
                NULL
            FROM span s
            WHERE \((conditions + [scope(query, ["logfire.feedback"]), "s.kind <> 2", "(s.attributes->>'logfire.feedback.name') IS NOT NULL"]).joined(separator: " AND "))
            """
    }

    /// `evaluations.<i>.evaluation.*` and `annotations.<i>.annotation.*` of OpenInference, of the span, its trace or its session.
    private static func openInference(_ query: TableSource.Query) -> String {
        func field(_ name: String) -> String { "json_extract_string(s.attributes, '/' || f.prefix || '\(name)')" }
        let conditions = SourceSQL.conditions("s", query, time: "start_timestamp")
        return """
            SELECT
                \(record),
                'annotation',
                \(field("name")),
                CASE WHEN \(field("score")) IS NOT NULL THEN 'score' WHEN \(field("label")) IS NOT NULL THEN 'label' END,
                TRY_CAST(\(field("score")) AS DOUBLE),
                \(field("label")),
                CASE lower(\(field("label"))) WHEN 'pass' THEN true WHEN 'fail' THEN false END,
                \(field("explanation")),
                NULL,
                NULL,
                CASE WHEN \(field("annotator_kind")) IS NOT NULL THEN json_object('annotator_kind', \(field("annotator_kind"))) END,
                NULL,
                CASE WHEN f.prefix LIKE 'trace.%' THEN 'trace' WHEN f.prefix LIKE 'session.%' THEN 'session' END,
                NULL,
                NULL,
                NULL,
                NULL,
                CASE WHEN f.prefix NOT LIKE 'session.%' THEN s.trace_id END,
                CASE WHEN f.prefix NOT LIKE 'session.%' AND f.prefix NOT LIKE 'trace.%' THEN s.span_id END,
                NULL,
                coalesce(s.attributes->>'agent.name', (s.attributes->>'gen_ai.agent.name')),
                coalesce(s.attributes->>'session.id', (s.attributes->>'gen_ai.conversation.id'))
            FROM span s, LATERAL (
                SELECT DISTINCT unnest(list_transform(
                    list_filter(json_keys(s.attributes), lambda key: regexp_full_match(key, '\(keyPattern)')),
                    lambda key: regexp_extract(key, '^(.*[.])[a-z_]+$', 1)
                )) AS prefix
            ) f
            WHERE \((conditions + ["s.kind = 0", "(contains(s.attributes, '.evaluation.') OR contains(s.attributes, '.annotation.'))"]).joined(separator: " AND "))
            """
    }

    private static let keyPattern =
        "((trace|session)[.])?(evaluations[.][0-9]+[.]evaluation|annotations[.][0-9]+[.]annotation)[.](name|score|label|explanation)"

    // MARK: Pieces

    static func scope(_ query: TableSource.Query, _ names: [String]) -> String {
        let list = names.map { "'\($0)'" }.joined(separator: ", ")
        return "s.scope_id IN (SELECT scope_id FROM scope WHERE project_id = \(query.project) AND name IN (\(list)))"
    }

    /// Spans with a name in the scopes of experiments.
    private static func conditions(_ query: TableSource.Query, name: String) -> String {
        let window = SourceSQL.conditions("s", query, time: "start_timestamp")
        return (window + ["s.kind = 0", "s.span_name = '\(name)'", scope(query, experimentScopes)]).joined(separator: " AND ")
    }

    private static func joins(_ joins: Set<SourceColumn.Join>, _ query: TableSource.Query) -> String {
        var clauses = SourceSQL.joinClauses(joins.intersection([.resource]), alias: "e")
        if joins.contains(.experiment) {
            clauses += """

                LEFT JOIN (
                    SELECT trace_id, span_id, attributes->>'name' AS experiment_name, attributes->>'dataset_name' AS dataset_name FROM span s
                    WHERE project_id = \(query.project) AND kind <> 1 AND span_name = 'evaluate {name}' AND \(scope(query, experimentScopes))
                    QUALIFY row_number() OVER (PARTITION BY trace_id, span_id ORDER BY kind) = 1
                ) x ON x.trace_id = e.trace_id AND x.span_id = e.experiment_span_id
                """
        }
        let needsJudged = joins.contains(.judged) || joins.contains(.agent)
        if needsJudged {
            clauses += """

                LEFT JOIN (
                    SELECT trace_id, parent_span_id, min(span_id) AS span_id FROM span s
                    WHERE project_id = \(query.project) AND kind = 0 AND span_name = 'execute {task}' AND \(scope(query, experimentScopes))
                    GROUP BY trace_id, parent_span_id
                ) u ON u.trace_id = e.trace_id AND u.parent_span_id = e.case_span_id
                """
        }
        if needsJudged || joins.contains(.response) {
            // Several records can report one call; the earliest is the one that counts.
            clauses += """

                LEFT JOIN (
                    SELECT
                        response_id,
                        arg_min(trace_id, (start_timestamp, trace_id, span_id)) AS trace_id,
                        arg_min(span_id, (start_timestamp, trace_id, span_id)) AS span_id
                    FROM step
                    WHERE project_id = \(query.project) AND kind = 0 AND response_id IN (
                        SELECT attributes->>'gen_ai.response.id' FROM span
                        WHERE project_id = \(query.project) AND kind = 1 AND span_name = 'gen_ai.evaluation.result' AND parent_span_id IS NULL
                    )
                    GROUP BY response_id
                ) q ON q.response_id = e.response_id AND e.judged_span_id IS NULL
                """
        }
        if joins.contains(.agent) {
            clauses += """

                LEFT JOIN step g ON g.project_id = \(query.project) AND g.trace_id = coalesce(e.judged_trace_id, q.trace_id) \
                AND g.span_id = coalesce(e.judged_span_id, q.span_id)
                """
        }
        return clauses
    }
}
