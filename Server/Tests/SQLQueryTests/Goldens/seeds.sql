-- # agent performance
SELECT
    span_name,
    COUNT(*) as runs,
    AVG(duration) as avg_duration_ms,
    AVG(CAST(attributes->>'gen_ai.usage.input_tokens' AS INT)) as avg_input_tokens,
    AVG(CAST(attributes->>'gen_ai.usage.output_tokens' AS INT)) as avg_output_tokens
FROM records
WHERE otel_scope_name = 'pydantic-ai'
  AND span_name = 'agent run'
  AND start_timestamp > NOW() - INTERVAL '24 hours'
GROUP BY span_name
-- =>
SELECT span_name, count_star() AS runs, avg(duration) AS avg_duration_ms, avg(CAST((_attributes ->> 'gen_ai.usage.input_tokens') AS INTEGER)) AS avg_input_tokens, avg(CAST((_attributes ->> 'gen_ai.usage.output_tokens') AS INTEGER)) AS avg_output_tokens FROM h_table_records AS records WHERE ((otel_scope_name = 'pydantic-ai') AND (span_name = 'agent run') AND (start_timestamp > (now() - CAST('24 hours' AS INTERVAL)))) GROUP BY span_name LIMIT 100

-- # slowest tool calls
SELECT
    message,
    duration,
    start_timestamp,
    attributes->>'tool_arguments' as args
FROM records
WHERE span_name LIKE 'running tool%'
ORDER BY duration DESC
LIMIT 20
-- =>
SELECT message, duration, start_timestamp, (attributes ->> 'tool_arguments') AS args FROM h_table_records AS records WHERE (span_name ~~ 'running tool%') ORDER BY duration DESC LIMIT 20

-- # error rate by agent
SELECT
    attributes->>'gen_ai.request.model' as model,
    COUNT(*) as total,
    SUM(CASE WHEN is_exception THEN 1 ELSE 0 END) as errors,
    ROUND(100.0 * SUM(CASE WHEN is_exception THEN 1 ELSE 0 END) / COUNT(*), 2) as error_pct
FROM records
WHERE otel_scope_name = 'pydantic-ai'
  AND start_timestamp > NOW() - INTERVAL '7 days'
GROUP BY model
ORDER BY error_pct DESC
-- =>
SELECT (_attributes ->> 'gen_ai.request.model') AS model, count_star() AS total, sum(CASE  WHEN (is_exception) THEN (1) ELSE 0 END) AS errors, round(((100.0 * sum(CASE  WHEN (is_exception) THEN (1) ELSE 0 END)) / count_star()), 2) AS error_pct FROM h_table_records AS records WHERE ((otel_scope_name = 'pydantic-ai') AND (start_timestamp > (now() - CAST('7 days' AS INTERVAL)))) GROUP BY model ORDER BY error_pct DESC LIMIT 100

-- # runs per hour
-- Chart: Agent runs per hour (time-series)
SELECT
    time_bucket('1 hour', start_timestamp) as ts,
    COUNT(*) as runs
FROM records
WHERE span_name = 'agent run'
GROUP BY ts
ORDER BY ts
-- =>
SELECT time_bucket('1 hour', start_timestamp) AS ts, count_star() AS runs FROM h_table_records AS records WHERE (span_name = 'agent run') GROUP BY ts ORDER BY ts LIMIT 100

-- # tool call distribution
-- Chart: Tool call distribution (bar chart)
SELECT
    message as tool_name,
    COUNT(*) as invocations
FROM records
WHERE span_name LIKE 'running tool%'
  AND start_timestamp > NOW() - INTERVAL '24 hours'
GROUP BY message
ORDER BY invocations DESC
-- =>
SELECT message AS tool_name, count_star() AS invocations FROM h_table_records AS records WHERE ((span_name ~~ 'running tool%') AND (start_timestamp > (now() - CAST('24 hours' AS INTERVAL)))) GROUP BY message ORDER BY invocations DESC LIMIT 100

-- # export through the API
SELECT
    trace_id,
    span_name,
    duration,
    attributes->>'gen_ai.request.model' as model,
    attributes->>'gen_ai.usage.input_tokens' as input_tokens,
    attributes->>'gen_ai.usage.output_tokens' as output_tokens
FROM records
WHERE otel_scope_name = 'pydantic-ai'
ORDER BY start_timestamp DESC
LIMIT 100
-- =>
SELECT trace_id, span_name, duration, (_attributes ->> 'gen_ai.request.model') AS model, (_attributes ->> 'gen_ai.usage.input_tokens') AS input_tokens, (_attributes ->> 'gen_ai.usage.output_tokens') AS output_tokens FROM h_table_records AS records WHERE (otel_scope_name = 'pydantic-ai') ORDER BY start_timestamp DESC LIMIT 100
