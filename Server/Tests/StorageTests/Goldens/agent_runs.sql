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
    c.agent_name AS agent_name,
    c.conversation_id AS conversation_id,
    c.user_id AS user_id,
    coalesce(c.model, k.model) AS model,
    coalesce(k.calls, 0) AS turns,
    coalesce(t.tools, 0) AS tool_calls,
    coalesce(k.input_tokens, c.input_tokens) AS input_tokens,
    coalesce(k.output_tokens, c.output_tokens) AS output_tokens,
    coalesce(k.cache_read_tokens, c.cache_read_tokens) AS cache_read_tokens,
    coalesce(k.cost, c.cost) AS cost,
    coalesce(k.priced = k.calls OR (k.cost IS NULL AND c.cost IS NOT NULL), true) AS is_cost_complete,
    c.is_error AS is_error,
    c.error_type AS error_type,
    c.input AS input,
    c.output AS output,
    s.whole_attributes AS attributes,
    r.attributes AS otel_resource_attributes,
    coalesce(w.sample_weight, 1.0) AS sample_weight
FROM step c
LEFT JOIN resource r ON r.project_id = c.project_id AND r.resource_id = c.resource_id
LEFT JOIN trace_sample w ON w.project_id = c.project_id AND w.trace_id = c.trace_id
LEFT JOIN span s ON s.project_id = c.project_id AND s.trace_id = c.trace_id AND s.span_id = c.span_id AND s.start_timestamp = CASE c.stream_role WHEN 2 THEN c.end_timestamp ELSE c.start_timestamp END AND s.kind <> 2
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
        SELECT
            c.start_timestamp AS start_timestamp,
            c.trace_id AS trace_id,
            c.model AS model,
            coalesce(d.patch_input_tokens, c.input_tokens) AS input_tokens,
            coalesce(d.patch_output_tokens, c.output_tokens) AS output_tokens,
            coalesce(d.patch_cache_read_tokens, c.cache_read_tokens) AS cache_read_tokens,
            coalesce(d.patch_cost, c.cost) AS cost,
            CASE WHEN d.step_key IS NULL THEN c.run_span_id ELSE d.run_span_id END AS agent_span_id
        FROM step c
        LEFT JOIN (
            SELECT * EXCLUDE (patch), (patch->>'input_tokens')::BIGINT AS patch_input_tokens, (patch->>'output_tokens')::BIGINT AS patch_output_tokens, (patch->>'cache_read_tokens')::BIGINT AS patch_cache_read_tokens, (patch->>'cost')::DOUBLE AS patch_cost
            FROM (
            SELECT
                step_key,
                arg_max_null(winner_trace_id = trace_id AND winner_span_id = span_id, commit_sequence) AS stands,
                arg_max_null(run_span_id, commit_sequence) AS run_span_id,
                arg_max_null(patch, commit_sequence) AS patch
            FROM step_decision
            WHERE project_id = 7
            GROUP BY step_key
            )
        ) d ON d.step_key = c.step_key
        WHERE c.project_id = 7 AND c.kind = 0 AND (CASE WHEN d.step_key IS NULL THEN c.winner_span_id IS NULL ELSE d.stands END)
    )
    WHERE agent_span_id IS NOT NULL
    GROUP BY trace_id, agent_span_id
) k ON k.trace_id = c.trace_id AND k.agent_span_id = c.span_id
LEFT JOIN (
    SELECT
        trace_id,
        agent_span_id,
        count(*) AS tools
    FROM (
        SELECT
            c.trace_id AS trace_id,
            CASE WHEN d.step_key IS NULL THEN c.run_span_id ELSE d.run_span_id END AS agent_span_id
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
        WHERE c.project_id = 7 AND c.kind = 2 AND NOT (CASE WHEN d.step_key IS NULL THEN c.is_nested_twin ELSE d.is_nested_twin END)
    )
    WHERE agent_span_id IS NOT NULL
    GROUP BY trace_id, agent_span_id
) t ON t.trace_id = c.trace_id AND t.agent_span_id = c.span_id
WHERE c.project_id = 7 AND c.kind = 1
