SELECT
    c.start_timestamp AS start_timestamp,
    c.end_timestamp AS end_timestamp,
    coalesce(c.duration, d.patch_duration) AS duration,
    c.trace_id AS trace_id,
    c.span_id AS span_id,
    c.parent_span_id AS parent_span_id,
    r.service_name AS service_name,
    r.deployment_environment AS deployment_environment,
    c.operation AS operation,
    coalesce(c.provider, d.patch_provider) AS provider,
    c.model AS model,
    coalesce(c.response_model, d.patch_response_model) AS response_model,
    c.is_error AS is_error,
    c.error_type AS error_type,
    coalesce(d.patch_input_tokens, c.input_tokens) AS input_tokens,
    coalesce(d.patch_output_tokens, c.output_tokens) AS output_tokens,
    coalesce(d.patch_cache_read_tokens, c.cache_read_tokens) AS cache_read_tokens,
    coalesce(d.patch_cache_write_tokens, c.cache_write_tokens) AS cache_write_tokens,
    coalesce(d.patch_reasoning_tokens, c.reasoning_tokens) AS reasoning_tokens,
    coalesce(d.patch_cost, c.cost) AS cost,
    CASE WHEN d.patch_cost IS NULL THEN c.input_cost ELSE d.patch_input_cost END AS input_cost,
    CASE WHEN d.patch_cost IS NULL THEN c.output_cost ELSE d.patch_output_cost END AS output_cost,
    CASE CASE WHEN d.patch_cost IS NULL THEN coalesce(c.cost_source, CASE WHEN c.cost IS NULL THEN 0 ELSE 2 END) ELSE d.patch_cost_source END WHEN 2 THEN 'sent' WHEN 1 THEN 'computed' ELSE 'unpriced' END AS cost_source,
    coalesce(CASE WHEN d.patch_cost IS NULL THEN c.cost_note ELSE d.patch_cost_note END, CASE WHEN coalesce(d.patch_cost, c.cost) IS NULL THEN 'the sender reported no cost' END) AS cost_note,
    CASE WHEN d.patch_cost IS NULL THEN c.price_version ELSE d.patch_price_version END AS price_version,
    coalesce(c.time_to_first_token, d.patch_time_to_first_token) AS time_to_first_token,
    from_json(coalesce(c.finish_reasons, d.patch_finish_reasons), '["VARCHAR"]') AS finish_reasons,
    coalesce(c.is_truncated, d.patch_is_truncated) AS is_truncated,
    coalesce(c.has_tool_calls, d.patch_has_tool_calls) AS has_tool_calls,
    coalesce(c.agent_name, n.agent_name) AS agent_name,
    c.conversation_id AS conversation_id,
    c.user_id AS user_id,
    c.prompt_name AS prompt_name,
    c.prompt_version AS prompt_version,
    coalesce((c.details->>'retry_count')::INTEGER, CASE WHEN d.step_key IS NULL THEN c.retry_count ELSE d.patch_retry_count END) AS retry_count,
    coalesce((c.details->>'retry_cause')::VARCHAR, CASE WHEN d.step_key IS NULL THEN c.retry_cause ELSE d.patch_retry_cause END) AS retry_cause,
    coalesce(c.refusal, d.patch_refusal) AS refusal,
    coalesce(c.json_parse_success, d.patch_json_parse_success) AS json_parse_success,
    coalesce(c.tool_call_count, d.patch_tool_call_count) AS tool_call_count,
    r.service_version AS service_version,
    s.whole_attributes AS attributes,
    r.attributes AS otel_resource_attributes,
    CASE WHEN d.step_key IS NULL THEN c.merged_records ELSE d.merged_records END AS merged_records,
    CASE WHEN d.step_key IS NULL THEN c.run_span_id ELSE d.run_span_id END AS agent_span_id,
    coalesce((c.details->>'prompt_build_time')::DOUBLE, CASE WHEN d.step_key IS NULL THEN c.prompt_build_time ELSE d.patch_prompt_build_time END) AS prompt_build_time,
    coalesce(c.is_streaming, d.patch_is_streaming) AS is_streaming,
    (c.details->>'cache_hit')::BOOLEAN AS cache_hit,
    (c.details->>'region')::VARCHAR AS region,
    (c.details->>'deployment')::VARCHAR AS deployment,
    (c.details->>'model_version')::VARCHAR AS model_version,
    (c.details->>'service_tier')::VARCHAR AS service_tier,
    (c.details->>'experiment_bucket')::VARCHAR AS experiment_bucket,
    (c.details->>'eval_bucket')::VARCHAR AS eval_bucket,
    (c.details->>'task_type')::VARCHAR AS task_type,
    (c.details->>'tenant_id')::VARCHAR AS tenant_id,
    (c.details->>'user_segment')::VARCHAR AS user_segment,
    (c.details->>'system_message_tokens')::BIGINT AS system_message_tokens,
    (c.details->>'retrieved_context_tokens')::BIGINT AS retrieved_context_tokens,
    (c.details->>'tool_result_tokens')::BIGINT AS tool_result_tokens,
    (c.details->>'temperature')::DOUBLE AS temperature,
    (c.details->>'top_p')::DOUBLE AS top_p,
    (c.details->>'max_tokens')::BIGINT AS max_tokens,
    (c.details->>'seed')::BIGINT AS seed,
    coalesce(w.sample_weight, 1.0) AS sample_weight
FROM step c
LEFT JOIN (
    SELECT * EXCLUDE (patch), (patch->>'duration')::DOUBLE AS patch_duration, (patch->>'provider')::VARCHAR AS patch_provider, (patch->>'response_model')::VARCHAR AS patch_response_model, (patch->>'input_tokens')::BIGINT AS patch_input_tokens, (patch->>'output_tokens')::BIGINT AS patch_output_tokens, (patch->>'cache_read_tokens')::BIGINT AS patch_cache_read_tokens, (patch->>'cache_write_tokens')::BIGINT AS patch_cache_write_tokens, (patch->>'reasoning_tokens')::BIGINT AS patch_reasoning_tokens, (patch->>'cost')::DOUBLE AS patch_cost, (patch->>'input_cost')::DOUBLE AS patch_input_cost, (patch->>'output_cost')::DOUBLE AS patch_output_cost, (patch->>'cost_source')::UTINYINT AS patch_cost_source, (patch->>'cost_note')::VARCHAR AS patch_cost_note, (patch->>'price_version')::VARCHAR AS patch_price_version, (patch->>'time_to_first_token')::DOUBLE AS patch_time_to_first_token, (patch->>'is_truncated')::BOOLEAN AS patch_is_truncated, (patch->>'has_tool_calls')::BOOLEAN AS patch_has_tool_calls, (patch->>'tool_call_count')::INTEGER AS patch_tool_call_count, (patch->>'refusal')::BOOLEAN AS patch_refusal, (patch->>'json_parse_success')::BOOLEAN AS patch_json_parse_success, (patch->>'is_streaming')::BOOLEAN AS patch_is_streaming, (patch->>'retry_count')::INTEGER AS patch_retry_count, (patch->>'retry_cause')::VARCHAR AS patch_retry_cause, (patch->>'prompt_build_time')::DOUBLE AS patch_prompt_build_time, patch->'finish_reasons' AS patch_finish_reasons
    FROM (
    SELECT
        step_key,
        arg_max_null(winner_trace_id = trace_id AND winner_span_id = span_id, commit_sequence) AS stands,
        arg_max_null(merged_records, commit_sequence) AS merged_records,
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
LEFT JOIN trace_sample w ON w.project_id = c.project_id AND w.trace_id = c.trace_id
LEFT JOIN span s ON s.project_id = c.project_id AND s.trace_id = c.trace_id AND s.span_id = c.span_id AND s.start_timestamp = CASE c.stream_role WHEN 2 THEN c.end_timestamp ELSE c.start_timestamp END AND s.kind <> 2
WHERE c.project_id = 7 AND c.kind = 0 AND (CASE WHEN d.step_key IS NULL THEN c.winner_span_id IS NULL ELSE d.stands END)
