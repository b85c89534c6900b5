import type { ExploreView } from "../../lib/explore";

export interface Example {
    title: string;
    /** What it answers. */
    note: string;
    sql: string;
    view: ExploreView;
}

/** Questions to begin with, each answered by one statement. */
export const examples: readonly Example[] = [
    {
        title: "Cost by model over time",
        note: "Dollars spent on each model, by the hour",
        view: "chart",
        sql: `SELECT time_bucket(INTERVAL '1 hour', start_timestamp) AS hour, model, sum(cost) AS cost
FROM llm_calls
GROUP BY hour, model
ORDER BY hour`,
    },
    {
        title: "Slowest model calls",
        note: "With the trace to look at",
        view: "table",
        sql: `SELECT start_timestamp, model, duration, time_to_first_token, input_tokens, output_tokens, cost, trace_id, span_id
FROM llm_calls
WHERE duration IS NOT NULL
ORDER BY duration DESC
LIMIT 50`,
    },
    {
        title: "Failing tools",
        note: "How often each tool fails, and the latest failure",
        view: "table",
        sql: `SELECT tool_name, count(*) AS calls, count_if(is_error) AS errors, round(100.0 * count_if(is_error) / count(*), 1) AS percent,
    arg_max(trace_id, start_timestamp) FILTER (WHERE is_error) AS trace_id
FROM tool_calls
GROUP BY tool_name
ORDER BY errors DESC`,
    },
    {
        title: "Latency percentiles by service",
        note: "p50, p95 and p99 of the requests that came in",
        view: "table",
        sql: `SELECT service_name, count(*) AS requests, quantile_cont(duration, 0.5) AS p50_seconds,
    quantile_cont(duration, 0.95) AS p95_seconds, quantile_cont(duration, 0.99) AS p99_seconds
FROM records
WHERE kind = 'span' AND parent_span_id IS NULL
GROUP BY service_name
ORDER BY requests DESC`,
    },
    {
        title: "Exceptions by type",
        note: "What breaks most, and since when",
        view: "table",
        sql: `SELECT exception_type, service_name, count(*) AS times, max(start_timestamp) AS latest, arg_max(trace_id, start_timestamp) AS trace_id
FROM exceptions
GROUP BY ALL
ORDER BY times DESC`,
    },
    {
        title: "Tokens by agent",
        note: "Runs, turns, tokens and dollars of each agent",
        view: "table",
        sql: `SELECT agent_name, count(*) AS runs, avg(turns) AS turns, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens, sum(cost) AS cost
FROM agent_runs
GROUP BY agent_name
ORDER BY cost DESC NULLS LAST`,
    },
    {
        title: "Records by level over time",
        note: "How loud it was",
        view: "chart",
        sql: `SELECT time_bucket(INTERVAL '5 minutes', start_timestamp) AS time,
    CASE WHEN level >= 17 THEN 'error' WHEN level >= 13 THEN 'warn' ELSE 'info' END AS severity, count(*) AS records
FROM records
GROUP BY time, severity
ORDER BY time`,
    },
    {
        title: "Attributes of one kind of span",
        note: "Any key of the attributes is a column",
        view: "table",
        sql: `SELECT start_timestamp, span_name, attributes->>'gen_ai.request.model' AS model, attributes->>'gen_ai.usage.input_tokens' AS input_tokens, attributes
FROM records
WHERE attributes->>'gen_ai.operation.name' = 'chat'
ORDER BY start_timestamp DESC
LIMIT 100`,
    },
];
