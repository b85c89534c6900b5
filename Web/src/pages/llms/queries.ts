import { query } from "../../api/client";
import { all, literal, oneOf } from "../../lib/sql";

/** One row of the page: every call of one model of one provider. Durations in seconds, money in US dollars. */
export interface ModelRow {
    provider: string | null;
    model: string | null;
    calls: number;
    errors: number;
    duration_avg: number | null;
    duration_max: number | null;
    duration_p50: number | null;
    duration_p95: number | null;
    first_token: number | null;
    speed: number | null;
    input_tokens: number | null;
    output_tokens: number | null;
    cache_read: number | null;
    cost: number | null;
    unpriced: number;
    truncated: number | null;
    tool_calls: number | null;
    last: string | null;
}

export interface TrendRow {
    provider: string | null;
    model: string | null;
    t: string;
    calls: number;
    errors: number;
    duration_avg: number | null;
    duration_p95: number | null;
    truncated: number | null;
    tool_calls: number | null;
    input_tokens: number | null;
    output_tokens: number | null;
    cost: number | null;
}

export interface Window {
    from: string;
    to?: string;
    environment: string | null;
}

// A share is unknown, not zero, when no call of the group says anything about it.
const share = (column: string) => `CASE WHEN count(${column}) = 0 THEN NULL ELSE count(*) FILTER (WHERE ${column}) * 1.0 / count(*) END`;

const measures = `count(*) AS calls,
  count(*) FILTER (WHERE is_error) AS errors,
  avg(duration) AS duration_avg,
  quantile_cont(duration, 0.95) AS duration_p95,
  ${share("is_truncated")} AS truncated,
  ${share("has_tool_calls")} AS tool_calls,
  sum(input_tokens) AS input_tokens,
  sum(output_tokens) AS output_tokens,
  sum(cost) AS cost`;

const more = `max(duration) AS duration_max,
  quantile_cont(duration, 0.5) AS duration_p50,
  quantile_cont(time_to_first_token, 0.5) AS first_token,
  sum(output_tokens) FILTER (WHERE output_tokens IS NOT NULL AND duration > 0) / sum(duration) FILTER (WHERE output_tokens IS NOT NULL AND duration > 0) AS speed,
  sum(cache_read_tokens) AS cache_read,
  count(*) FILTER (WHERE cost IS NULL AND NOT (coalesce(is_error, false) AND input_tokens IS NULL AND output_tokens IS NULL)) AS unpriced,
  max(start_timestamp) AS last`;

function where(window: Window, extra?: string): string {
    return all(window.environment ? oneOf("deployment_environment", [window.environment]) : null, extra);
}

function only(provider: string, model: string): string {
    const is = (column: string, value: string) => (value === missing ? `${column} IS NULL` : `${column} = ${literal(value)}`);
    return `${is("provider", provider)} AND ${is("model", model)}`;
}

/** Stands for a value that no sender named, in addresses. */
export const missing = "(unknown)";

export function fetchModels(window: Window, signal: AbortSignal): Promise<ModelRow[]> {
    return query<ModelRow>(`SELECT provider, model, ${measures}, ${more}\nFROM llm_calls WHERE ${where(window)} GROUP BY provider, model ORDER BY calls DESC LIMIT 500`, { ...window, limit: 500, signal });
}

/** All calls of the window as one row. */
export async function fetchTotals(window: Window, signal: AbortSignal, extra?: string): Promise<ModelRow | null> {
    const rows = await query<ModelRow>(`SELECT NULL AS provider, NULL AS model, ${measures}, ${more}\nFROM llm_calls WHERE ${where(window, extra)}`, { ...window, limit: 1, signal });
    return rows[0] ?? null;
}

export function fetchTrends(window: Window, widthSeconds: number, signal: AbortSignal): Promise<TrendRow[]> {
    return query<TrendRow>(
        `SELECT provider, model, time_bucket(INTERVAL '${widthSeconds} seconds', start_timestamp) AS t, ${measures}\nFROM llm_calls WHERE ${where(window)} GROUP BY provider, model, t ORDER BY t LIMIT 10000`,
        { ...window, limit: 10000, signal },
    );
}

export function fetchModelTrend(window: Window, provider: string, model: string, widthSeconds: number, signal: AbortSignal): Promise<TrendRow[]> {
    return query<TrendRow>(
        `SELECT provider, model, time_bucket(INTERVAL '${widthSeconds} seconds', start_timestamp) AS t, ${measures}\nFROM llm_calls WHERE ${where(window, only(provider, model))} GROUP BY provider, model, t ORDER BY t LIMIT 2000`,
        { ...window, limit: 2000, signal },
    );
}

export function fetchModel(window: Window, provider: string, model: string, signal: AbortSignal): Promise<ModelRow | null> {
    return fetchTotals(window, signal, only(provider, model));
}

export interface AgentRow {
    agent_name: string;
    calls: number;
    errors: number;
    input_tokens: number | null;
    output_tokens: number | null;
    cost: number | null;
    last: string;
}

export function fetchAgents(window: Window, provider: string, model: string, signal: AbortSignal): Promise<AgentRow[]> {
    return query<AgentRow>(
        `SELECT agent_name, count(*) AS calls, count(*) FILTER (WHERE is_error) AS errors, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens, sum(cost) AS cost, max(start_timestamp) AS last\nFROM llm_calls WHERE ${where(window, only(provider, model))} AND agent_name IS NOT NULL GROUP BY agent_name ORDER BY calls DESC LIMIT 50`,
        { ...window, limit: 50, signal },
    );
}

export interface CallRow {
    start_timestamp: string;
    duration: number | null;
    trace_id: string;
    span_id: string;
    service_name: string | null;
    agent_name: string | null;
    is_error: boolean | null;
    error_type: string | null;
    is_truncated: boolean | null;
    has_tool_calls: boolean | null;
    input_tokens: number | null;
    output_tokens: number | null;
    cost: number | null;
    time_to_first_token: number | null;
    finish_reasons: string[] | null;
}

export function fetchRecentCalls(window: Window, provider: string, model: string, signal: AbortSignal): Promise<CallRow[]> {
    return query<CallRow>(
        `SELECT start_timestamp, duration, trace_id, span_id, service_name, agent_name, is_error, error_type, is_truncated, has_tool_calls, input_tokens, output_tokens, cost, time_to_first_token, finish_reasons\nFROM llm_calls WHERE ${where(window, only(provider, model))} ORDER BY start_timestamp DESC LIMIT 50`,
        { ...window, limit: 50, signal },
    );
}
