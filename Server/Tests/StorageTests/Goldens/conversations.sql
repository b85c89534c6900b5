SELECT
    c.conversation_id AS conversation_id,
    c.start_timestamp AS start_timestamp,
    c.end_timestamp AS end_timestamp,
    epoch_us(c.end_timestamp - c.start_timestamp) / 1e6 AS duration,
    c.calls AS calls,
    c.agent_runs AS agent_runs,
    c.traces AS traces,
    c.errors AS errors,
    c.input_tokens AS input_tokens,
    c.output_tokens AS output_tokens,
    c.cost AS cost,
    c.is_cost_complete AS is_cost_complete,
    c.models AS models,
    c.agent_names AS agent_names,
    c.user_id AS user_id,
    c.service_name AS service_name,
    c.deployment_environment AS deployment_environment
FROM (
    SELECT
        conversation_id,
        7 AS project_id,
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
SELECT
    c.start_timestamp AS start_timestamp,
    c.end_timestamp AS end_timestamp,
    c.trace_id AS trace_id,
    r.service_name AS service_name,
    r.deployment_environment AS deployment_environment,
    c.model AS model,
    c.is_error AS is_error,
    coalesce(d.patch_input_tokens, c.input_tokens) AS input_tokens,
    coalesce(d.patch_output_tokens, c.output_tokens) AS output_tokens,
    coalesce(d.patch_cost, c.cost) AS cost,
    coalesce(c.agent_name, n.agent_name) AS agent_name,
    c.conversation_id AS conversation_id,
    c.user_id AS user_id
FROM step c
LEFT JOIN (
    SELECT * EXCLUDE (patch), (patch->>'input_tokens')::BIGINT AS patch_input_tokens, (patch->>'output_tokens')::BIGINT AS patch_output_tokens, (patch->>'cost')::DOUBLE AS patch_cost
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
LEFT JOIN (
    SELECT
        trace_id,
        span_id,
        agent_name
    FROM step
    WHERE project_id = 7 AND kind = 1 AND agent_name IS NOT NULL
) n ON n.trace_id = c.trace_id AND n.span_id = CASE WHEN d.step_key IS NULL THEN c.run_span_id ELSE d.run_span_id END
LEFT JOIN resource r ON r.project_id = c.project_id AND r.resource_id = c.resource_id
WHERE c.project_id = 7 AND c.kind = 0 AND (CASE WHEN d.step_key IS NULL THEN c.winner_span_id IS NULL ELSE d.stands END)
        )
        UNION ALL BY NAME
        SELECT *, false AS is_call FROM (
SELECT
    c.start_timestamp AS start_timestamp,
    c.end_timestamp AS end_timestamp,
    c.trace_id AS trace_id,
    r.service_name AS service_name,
    r.deployment_environment AS deployment_environment,
    c.agent_name AS agent_name,
    c.conversation_id AS conversation_id,
    c.user_id AS user_id,
    coalesce(c.model, k.model) AS model,
    coalesce(k.input_tokens, c.input_tokens) AS input_tokens,
    coalesce(k.output_tokens, c.output_tokens) AS output_tokens,
    coalesce(k.cost, c.cost) AS cost,
    c.is_error AS is_error
FROM step c
LEFT JOIN resource r ON r.project_id = c.project_id AND r.resource_id = c.resource_id
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
WHERE c.project_id = 7 AND c.kind = 1
        )
    )
    WHERE conversation_id IS NOT NULL
    GROUP BY conversation_id
) c
