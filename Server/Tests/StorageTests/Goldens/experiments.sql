SELECT
    s.start_timestamp AS start_timestamp,
    s.end_timestamp AS end_timestamp,
    s.duration AS duration,
    s.trace_id AS trace_id,
    s.span_id AS span_id,
    s.parent_span_id AS parent_span_id,
    s.attributes->>'name' AS name,
    s.attributes->>'dataset_name' AS dataset_name,
    s.attributes->>'task_name' AS task_name,
    TRY_CAST(s.attributes->>'n_cases' AS BIGINT) AS n_cases,
    coalesce(TRY_CAST(s.attributes->>'logfire.experiment.repeat' AS BIGINT), 1) AS repeat,
    coalesce(k.cases, 0) AS case_runs,
    coalesce(k.results, 0) AS case_results,
    coalesce(k.errors, 0) AS task_errors,
    coalesce(f.failures, 0) AS evaluator_errors,
    TRY_CAST(s.attributes->>'assertion_pass_rate' AS DOUBLE) AS assertion_pass_rate,
    coalesce(s.attributes->'logfire.experiment.metadata'->'averages', s.attributes->'averages')->'scores' AS average_scores,
    coalesce(s.attributes->'logfire.experiment.metadata'->'averages', s.attributes->'averages')->'labels' AS label_shares,
    coalesce(s.attributes->'logfire.experiment.metadata'->'averages', s.attributes->'averages')->'metrics' AS average_metrics,
    TRY_CAST(coalesce(s.attributes->'logfire.experiment.metadata'->'averages', s.attributes->'averages')->>'task_duration' AS DOUBLE) AS average_task_duration,
    TRY_CAST(coalesce(s.attributes->'logfire.experiment.metadata'->'averages', s.attributes->'averages')->>'total_duration' AS DOUBLE) AS average_total_duration,
    coalesce(s.attributes->'logfire.experiment.metadata'->'metadata', s.attributes->'metadata') AS metadata,
    s.attributes->'logfire.experiment.analyses' AS analyses,
    s.attributes->'logfire.experiment.report_evaluator_failures' AS report_evaluator_failures,
    s.status_code = 2 OR s.is_exception AS is_error,
    r.service_name AS service_name,
    r.service_version AS service_version,
    r.deployment_environment AS deployment_environment,
    r.attributes AS otel_resource_attributes,
    s.whole_attributes AS attributes
FROM span s
LEFT JOIN resource r ON r.project_id = s.project_id AND r.resource_id = s.resource_id
LEFT JOIN (
    SELECT trace_id, parent_span_id, count(*) AS cases, count_if(status_code = 2 OR is_exception) AS errors,
        count_if(status_code <> 2 AND NOT is_exception) AS results
    FROM span s
    WHERE project_id = 7 AND kind = 0 AND span_name = 'case: {case_name}'
        AND s.scope_id IN (SELECT scope_id FROM scope WHERE project_id = 7 AND name IN ('pydantic-evals'))
    GROUP BY trace_id, parent_span_id
) k ON k.trace_id = s.trace_id AND k.parent_span_id = s.span_id
LEFT JOIN (
    SELECT c.trace_id, c.parent_span_id, count(*) AS failures
    FROM span s JOIN span c ON c.project_id = s.project_id AND c.trace_id = s.trace_id AND c.span_id = s.parent_span_id
    WHERE s.project_id = 7 AND s.kind = 0 AND s.span_name = 'evaluator: {evaluator_name}'
        AND (s.status_code = 2 OR s.is_exception) AND s.scope_id IN (SELECT scope_id FROM scope WHERE project_id = 7 AND name IN ('pydantic-evals'))
        AND c.kind = 0 AND c.span_name = 'case: {case_name}'
    GROUP BY c.trace_id, c.parent_span_id
) f ON f.trace_id = s.trace_id AND f.parent_span_id = s.span_id
WHERE s.project_id = 7 AND s.kind = 0 AND s.span_name = 'evaluate {name}' AND s.scope_id IN (SELECT scope_id FROM scope WHERE project_id = 7 AND name IN ('pydantic-evals'))
