SELECT
    c.trace_id AS trace_id,
    c.span_id AS span_id,
    NOT (CASE WHEN d.step_key IS NULL THEN c.winner_span_id IS NULL ELSE d.stands END) AS is_duplicate,
    coalesce(c.provider, d.patch_provider) AS provider,
    c.model AS model,
    coalesce(d.patch_input_tokens, c.input_tokens) AS input_tokens,
    coalesce(d.patch_output_tokens, c.output_tokens) AS output_tokens,
    coalesce(d.patch_cost, c.cost) AS cost,
    c.is_error AS is_error,
    greatest(c.commit_sequence, d.commit_sequence) AS commit_sequence
FROM step c
LEFT JOIN (
    SELECT * EXCLUDE (patch), (patch->>'provider')::VARCHAR AS patch_provider, (patch->>'input_tokens')::BIGINT AS patch_input_tokens, (patch->>'output_tokens')::BIGINT AS patch_output_tokens, (patch->>'cost')::DOUBLE AS patch_cost
    FROM (
    SELECT
        step_key,
        arg_max_null(winner_trace_id = trace_id AND winner_span_id = span_id, commit_sequence) AS stands,
        max(commit_sequence) AS commit_sequence,
        arg_max_null(patch, commit_sequence) AS patch
    FROM step_decision
    WHERE project_id = 7
    GROUP BY step_key
    )
) d ON d.step_key = c.step_key
WHERE c.kind = 0 AND c.project_id = 7 AND c.commit_sequence > 12
UNION ALL
SELECT
    c.trace_id AS trace_id,
    c.span_id AS span_id,
    NOT (CASE WHEN d.step_key IS NULL THEN c.winner_span_id IS NULL ELSE d.stands END) AS is_duplicate,
    coalesce(c.provider, d.patch_provider) AS provider,
    c.model AS model,
    coalesce(d.patch_input_tokens, c.input_tokens) AS input_tokens,
    coalesce(d.patch_output_tokens, c.output_tokens) AS output_tokens,
    coalesce(d.patch_cost, c.cost) AS cost,
    c.is_error AS is_error,
    greatest(c.commit_sequence, d.commit_sequence) AS commit_sequence
FROM step c
JOIN (
    SELECT * EXCLUDE (patch), (patch->>'provider')::VARCHAR AS patch_provider, (patch->>'input_tokens')::BIGINT AS patch_input_tokens, (patch->>'output_tokens')::BIGINT AS patch_output_tokens, (patch->>'cost')::DOUBLE AS patch_cost
    FROM (
    SELECT
        step_key,
        arg_max_null(winner_trace_id = trace_id AND winner_span_id = span_id, commit_sequence) AS stands,
        max(commit_sequence) AS commit_sequence,
        arg_max_null(patch, commit_sequence) AS patch
    FROM step_decision
    WHERE project_id = 7
    GROUP BY step_key
    )
) d ON d.step_key = c.step_key
WHERE c.kind = 0 AND c.project_id = 7 AND c.commit_sequence <= 12 AND d.commit_sequence > 12
