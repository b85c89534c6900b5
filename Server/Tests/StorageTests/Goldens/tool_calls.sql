SELECT
    c.start_timestamp AS start_timestamp,
    c.end_timestamp AS end_timestamp,
    c.duration AS duration,
    c.trace_id AS trace_id,
    c.span_id AS span_id,
    c.parent_span_id AS parent_span_id,
    r.service_name AS service_name,
    r.deployment_environment AS deployment_environment,
    r.service_version AS service_version,
    c.tool_name AS tool_name,
    c.tool_call_id AS tool_call_id,
    coalesce(c.agent_name, n.agent_name) AS agent_name,
    c.conversation_id AS conversation_id,
    c.is_error AS is_error,
    c.error_type AS error_type,
    CASE WHEN d.step_key IS NULL THEN c.run_span_id ELSE d.run_span_id END AS agent_span_id,
    (c.details->>'retry_count')::INTEGER AS retry_count,
    c.details->>'retry_cause' AS retry_cause,
    s.whole_attributes AS attributes,
    r.attributes AS otel_resource_attributes,
    coalesce(w.sample_weight, 1.0) AS sample_weight
FROM step c
LEFT JOIN (
    SELECT
        step_key,
        arg_max_null(run_span_id, commit_sequence) AS run_span_id,
        arg_max_null(is_nested_twin, commit_sequence) AS is_nested_twin
    FROM step_decision
    WHERE project_id = 7
    GROUP BY step_key
) d ON d.step_key = c.step_key
LEFT JOIN (
    SELECT
        trace_id,
        span_id,
        agent_name
    FROM step
    WHERE project_id = 7 AND kind = 1 AND agent_name IS NOT NULL
) n ON n.trace_id = c.trace_id AND n.span_id = CASE WHEN d.step_key IS NULL THEN c.run_span_id ELSE d.run_span_id END
LEFT JOIN resource r ON r.project_id = c.project_id AND r.resource_id = c.resource_id
LEFT JOIN trace_sample w ON w.project_id = c.project_id AND w.trace_id = c.trace_id
LEFT JOIN span s ON s.project_id = c.project_id AND s.trace_id = c.trace_id AND s.span_id = c.span_id AND s.start_timestamp = CASE c.stream_role WHEN 2 THEN c.end_timestamp ELSE c.start_timestamp END AND s.kind <> 2
WHERE c.project_id = 7 AND c.kind = 2 AND NOT (CASE WHEN d.step_key IS NULL THEN c.is_nested_twin ELSE d.is_nested_twin END)
