SELECT
    c.trace_id AS trace_id,
    c.span_id AS span_id,
    NOT (CASE WHEN d.decision IS NULL THEN c.winner_span_id IS NULL ELSE d.decision.stands END) AS is_duplicate,
    coalesce(c.provider, (d.decision.patch->>'provider')::VARCHAR) AS provider,
    c.model AS model,
    coalesce((d.decision.patch->>'input_tokens')::BIGINT, c.input_tokens) AS input_tokens,
    coalesce((d.decision.patch->>'output_tokens')::BIGINT, c.output_tokens) AS output_tokens,
    coalesce((d.decision.patch->>'cost')::DOUBLE, c.cost) AS cost,
    c.is_error AS is_error,
    greatest(c.commit_sequence, d.commit_sequence) AS commit_sequence
FROM step c
LEFT JOIN (
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
    WHERE project_id = 7
    GROUP BY step_key
) d ON d.step_key = c.step_key
WHERE c.kind = 0 AND c.project_id = 7
