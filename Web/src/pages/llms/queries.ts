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
    /** Calls whose cost was computed from prices, and calls that brought it. */
    computed: number;
    sent: number;
    /** Why calls have no price: one of the reasons. */
    unpriced_note: string | null;
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
    /** Sampling has removed records: the kept ones stand for them too. */
    weighted: boolean;
}

/**
 * What is counted of a group of calls. Weighted, each call counts as many times as it stands for; percentiles and maxima are
 * those of the calls that were kept.
 */
function measures(weighted: boolean): string {
    const calls = weighted ? "coalesce(sum(sample_weight), 0)" : "count(*)";
    const where = (condition: string) => (weighted ? `coalesce(sum(sample_weight) FILTER (WHERE ${condition}), 0)` : `count(*) FILTER (WHERE ${condition})`);
    const times = weighted ? " * sample_weight" : "";
    // A share is unknown, not zero, when no call of the group says anything about it.
    const share = (column: string) => `CASE WHEN count(${column}) = 0 THEN NULL ELSE ${where(column)} * 1.0 / ${calls} END`;
    return `${calls} AS calls,
  ${where("is_error")} AS errors,
  ${weighted ? "sum(duration * sample_weight) / sum(sample_weight) FILTER (WHERE duration IS NOT NULL)" : "avg(duration)"} AS duration_avg,
  quantile_cont(duration, 0.95) AS duration_p95,
  ${share("is_truncated")} AS truncated,
  ${share("has_tool_calls")} AS tool_calls,
  sum(input_tokens${times}) AS input_tokens,
  sum(output_tokens${times}) AS output_tokens,
  sum(cost${times}) AS cost`;
}

const isUnpriced = "cost IS NULL AND NOT (coalesce(is_error, false) AND input_tokens IS NULL AND output_tokens IS NULL)";

function more(weighted: boolean): string {
    const times = weighted ? " * sample_weight" : "";
    const both = "FILTER (WHERE output_tokens IS NOT NULL AND duration > 0)";
    return `max(duration) AS duration_max,
  quantile_cont(duration, 0.5) AS duration_p50,
  quantile_cont(time_to_first_token, 0.5) AS first_token,
  sum(output_tokens${times}) ${both} / sum(duration${times}) ${both} AS speed,
  sum(cache_read_tokens${times}) AS cache_read,
  ${weighted ? `coalesce(sum(sample_weight) FILTER (WHERE ${isUnpriced}), 0)` : `count(*) FILTER (WHERE ${isUnpriced})`} AS unpriced,
  count(*) FILTER (WHERE cost_source = 'computed') AS computed,
  count(*) FILTER (WHERE cost_source = 'sent') AS sent,
  max(cost_note) FILTER (WHERE ${isUnpriced}) AS unpriced_note,
  max(start_timestamp) AS last`;
}

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
    return query<ModelRow>(`SELECT provider, model, ${measures(window.weighted)}, ${more(window.weighted)}\nFROM llm_calls WHERE ${where(window)} GROUP BY provider, model ORDER BY calls DESC LIMIT 500`, { ...window, limit: 500, signal });
}

/** All calls of the window as one row. */
export async function fetchTotals(window: Window, signal: AbortSignal, extra?: string): Promise<ModelRow | null> {
    const rows = await query<ModelRow>(`SELECT NULL AS provider, NULL AS model, ${measures(window.weighted)}, ${more(window.weighted)}\nFROM llm_calls WHERE ${where(window, extra)}`, { ...window, limit: 1, signal });
    return rows[0] ?? null;
}

export function fetchTrends(window: Window, widthSeconds: number, signal: AbortSignal): Promise<TrendRow[]> {
    return query<TrendRow>(
        `SELECT provider, model, time_bucket(INTERVAL '${widthSeconds} seconds', start_timestamp) AS t, ${measures(window.weighted)}\nFROM llm_calls WHERE ${where(window)} GROUP BY provider, model, t ORDER BY t LIMIT 10000`,
        { ...window, limit: 10000, signal },
    );
}

export function fetchModelTrend(window: Window, provider: string, model: string, widthSeconds: number, signal: AbortSignal): Promise<TrendRow[]> {
    return query<TrendRow>(
        `SELECT provider, model, time_bucket(INTERVAL '${widthSeconds} seconds', start_timestamp) AS t, ${measures(window.weighted)}\nFROM llm_calls WHERE ${where(window, only(provider, model))} GROUP BY provider, model, t ORDER BY t LIMIT 2000`,
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
    const times = window.weighted ? " * sample_weight" : "";
    const counts = window.weighted ? "sum(sample_weight) AS calls, coalesce(sum(sample_weight) FILTER (WHERE is_error), 0) AS errors" : "count(*) AS calls, count(*) FILTER (WHERE is_error) AS errors";
    return query<AgentRow>(
        `SELECT agent_name, ${counts}, sum(input_tokens${times}) AS input_tokens, sum(output_tokens${times}) AS output_tokens, sum(cost${times}) AS cost, max(start_timestamp) AS last\nFROM llm_calls WHERE ${where(window, only(provider, model))} AND agent_name IS NOT NULL GROUP BY agent_name ORDER BY calls DESC LIMIT 50`,
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
    cost_source: string | null;
    cost_note: string | null;
    price_version: string | null;
    time_to_first_token: number | null;
    finish_reasons: string[] | null;
}

export function fetchRecentCalls(window: Window, provider: string, model: string, signal: AbortSignal): Promise<CallRow[]> {
    return query<CallRow>(
        `SELECT start_timestamp, duration, trace_id, span_id, service_name, agent_name, is_error, error_type, is_truncated, has_tool_calls, input_tokens, output_tokens, cost, cost_source, cost_note, price_version, time_to_first_token, finish_reasons\nFROM llm_calls WHERE ${where(window, only(provider, model))} ORDER BY start_timestamp DESC LIMIT 50`,
        { ...window, limit: 50, signal },
    );
}
