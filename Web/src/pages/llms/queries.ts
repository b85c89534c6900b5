import { query } from "../../api/client";
import { all, literal, oneOf } from "../../lib/sql";
import { condition, Dimension, Filter, groupExpressions, missing } from "./dimensions";

/** The figures of a group of calls. Durations in seconds, money in US dollars. */
export interface Figures {
    calls: number;
    errors: number;
    duration_avg: number | null;
    duration_max: number | null;
    duration_p50: number | null;
    duration_p95: number | null;
    first_token_avg: number | null;
    first_token: number | null;
    first_token_p95: number | null;
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
    refusals: number | null;
    parsed: number | null;
    retries: number | null;
    /** Embeddings find what an answer is made from; the rest is generation. */
    retrieval_calls: number;
    retrieval_tokens: number | null;
    retrieval_cost: number | null;
    generation_cost: number | null;
    context_tokens: number | null;
    last: string | null;
}

/** One row of the page: every call with the same key, by default of one model of one provider. */
export interface ModelRow extends Figures {
    key: (string | null)[];
}

export interface TrendFigures {
    t: string;
    calls: number;
    errors: number;
    duration_avg: number | null;
    duration_p50: number | null;
    duration_p95: number | null;
    first_token: number | null;
    truncated: number | null;
    tool_calls: number | null;
    input_tokens: number | null;
    output_tokens: number | null;
    cost: number | null;
}

export interface TrendRow extends TrendFigures {
    key: (string | null)[];
}

export interface Window {
    from: string;
    to?: string;
    environment: string | null;
    /** Sampling has removed records: the kept ones stand for them too. */
    weighted: boolean;
    filters: readonly Filter[];
}

/** Rows of a table at most. */
export const mostRows = 500;

/**
 * What is counted of a group of calls. Weighted, each call counts as many times as it stands for; percentiles and maxima are
 * those of the calls that were kept.
 */
function measures(weighted: boolean): string {
    const calls = weighted ? "coalesce(sum(sample_weight), 0)" : "count(*)";
    const times = weighted ? " * sample_weight" : "";
    return `${calls} AS calls,
  ${number("is_error", weighted)} AS errors,
  ${weighted ? "sum(duration * sample_weight) / sum(sample_weight) FILTER (WHERE duration IS NOT NULL)" : "avg(duration)"} AS duration_avg,
  quantile_cont(duration, 0.5) AS duration_p50,
  quantile_cont(duration, 0.95) AS duration_p95,
  quantile_cont(time_to_first_token, 0.5) AS first_token,
  ${share("is_truncated", weighted)} AS truncated,
  ${share("has_tool_calls", weighted)} AS tool_calls,
  sum(input_tokens${times}) AS input_tokens,
  sum(output_tokens${times}) AS output_tokens,
  sum(cost${times}) AS cost`;
}

function number(test: string, weighted: boolean): string {
    return weighted ? `coalesce(sum(sample_weight) FILTER (WHERE ${test}), 0)` : `count(*) FILTER (WHERE ${test})`;
}

/** A share is unknown, not zero, when no call of the group says anything about it. */
function share(column: string, weighted: boolean): string {
    const calls = weighted ? "coalesce(sum(sample_weight), 0)" : "count(*)";
    return `CASE WHEN count(${column}) = 0 THEN NULL ELSE ${number(column, weighted)} * 1.0 / ${calls} END`;
}

const isUnpriced = "cost IS NULL AND NOT (coalesce(is_error, false) AND input_tokens IS NULL AND output_tokens IS NULL)";
const isRetrieval = "coalesce(operation, '') = 'embeddings'";

function more(weighted: boolean): string {
    const times = weighted ? " * sample_weight" : "";
    const both = "FILTER (WHERE output_tokens IS NOT NULL AND duration > 0)";
    return `max(duration) AS duration_max,
  avg(time_to_first_token) AS first_token_avg,
  quantile_cont(time_to_first_token, 0.95) AS first_token_p95,
  sum(output_tokens${times}) ${both} / sum(duration${times}) ${both} AS speed,
  sum(cache_read_tokens${times}) AS cache_read,
  ${number(isUnpriced, weighted)} AS unpriced,
  count(*) FILTER (WHERE cost_source = 'computed') AS computed,
  count(*) FILTER (WHERE cost_source = 'sent') AS sent,
  max(cost_note) FILTER (WHERE ${isUnpriced}) AS unpriced_note,
  CASE WHEN count(refusal) = 0 THEN NULL ELSE ${number("refusal", weighted)} * 1.0 / ${number("refusal IS NOT NULL", weighted)} END AS refusals,
  CASE WHEN count(json_parse_success) = 0 THEN NULL ELSE ${number("json_parse_success", weighted)} * 1.0 / ${number("json_parse_success IS NOT NULL", weighted)} END AS parsed,
  sum(retry_count${times}) AS retries,
  ${number(isRetrieval, weighted)} AS retrieval_calls,
  sum(input_tokens${times}) FILTER (WHERE ${isRetrieval}) AS retrieval_tokens,
  sum(cost${times}) FILTER (WHERE ${isRetrieval}) AS retrieval_cost,
  sum(cost${times}) FILTER (WHERE NOT (${isRetrieval})) AS generation_cost,
  sum(retrieved_context_tokens${times}) AS context_tokens,
  max(start_timestamp) AS last`;
}

/** The condition of a window: its environment and its filters, but for those of one dimension. */
export function where(window: Window, extra?: string | null, without?: Dimension): string {
    return all(window.environment ? oneOf("deployment_environment", [window.environment]) : null, ...window.filters.filter((f) => f.dimension.id !== without?.id).map(condition), extra);
}

/** The calls of one model of one provider. */
export function only(provider: string, model: string): string {
    const is = (column: string, value: string) => (value === missing ? `${column} IS NULL` : `${column} = ${literal(value)}`);
    return `${is("provider", provider)} AND ${is("model", model)}`;
}

type Keyed = Record<string, unknown>;

function keyed<Row>(rows: readonly Keyed[], parts: number): Row[] {
    return rows.map((row) => ({ ...row, key: Array.from({ length: parts }, (_, i) => (row[`k${i}`] ?? null) as string | null) }) as unknown as Row);
}

/** The statement behind the table. */
export function modelsSQL(window: Window, groups: readonly Dimension[]): string {
    const keys = groupExpressions(groups);
    return `SELECT ${keys.map((e, i) => `${e} AS k${i}`).join(", ")}, ${measures(window.weighted)},\n  ${more(window.weighted)}\nFROM llm_calls\nWHERE ${where(window)}\nGROUP BY ${keys.map((_, i) => `k${i}`).join(", ")}\nORDER BY calls DESC LIMIT ${mostRows}`;
}

export async function fetchModels(window: Window, groups: readonly Dimension[], signal: AbortSignal): Promise<ModelRow[]> {
    return keyed(await query<Keyed>(modelsSQL(window, groups), { ...window, limit: mostRows, signal }), groupExpressions(groups).length);
}

export function totalsSQL(window: Window, extra?: string): string {
    return `SELECT ${measures(window.weighted)},\n  ${more(window.weighted)}\nFROM llm_calls\nWHERE ${where(window, extra)}`;
}

/** All calls of the window as one row. */
export async function fetchTotals(window: Window, signal: AbortSignal, extra?: string): Promise<Figures | null> {
    const rows = await query<Figures>(totalsSQL(window, extra), { ...window, limit: 1, signal });
    return rows[0] ?? null;
}

export async function fetchTrends(window: Window, groups: readonly Dimension[], widthSeconds: number, signal: AbortSignal): Promise<TrendRow[]> {
    const keys = groupExpressions(groups);
    const names = keys.map((_, i) => `k${i}`).join(", ");
    const rows = await query<Keyed>(
        // The busiest groups first, so that it is the rarest that have no trend when there are too many.
        `SELECT * FROM (SELECT ${keys.map((e, i) => `${e} AS k${i}`).join(", ")}, time_bucket(INTERVAL '${widthSeconds} seconds', start_timestamp) AS t, ${measures(window.weighted)}\nFROM llm_calls WHERE ${where(window)} GROUP BY ${names}, t) ORDER BY sum(calls) OVER (PARTITION BY ${names}) DESC, t LIMIT 10000`,
        { ...window, limit: 10000, signal },
    );
    return keyed(rows, keys.length);
}

export function fetchModelTrend(window: Window, provider: string, model: string, widthSeconds: number, signal: AbortSignal): Promise<TrendFigures[]> {
    return query<TrendFigures>(
        `SELECT time_bucket(INTERVAL '${widthSeconds} seconds', start_timestamp) AS t, ${measures(window.weighted)}\nFROM llm_calls WHERE ${where(window, only(provider, model))} GROUP BY t ORDER BY t LIMIT 2000`,
        { ...window, limit: 2000, signal },
    );
}

export interface AgentRow {
    agent_name: string;
    calls: number;
    runs: number;
    errors: number;
    input_tokens: number | null;
    output_tokens: number | null;
    cost: number | null;
    unpriced: number;
    last: string;
}

export function fetchAgents(window: Window, provider: string, model: string, signal: AbortSignal): Promise<AgentRow[]> {
    const times = window.weighted ? " * sample_weight" : "";
    const counts = `${window.weighted ? "sum(sample_weight)" : "count(*)"} AS calls, count(DISTINCT agent_span_id) AS runs, ${number("is_error", window.weighted)} AS errors, ${number(isUnpriced, window.weighted)} AS unpriced`;
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
    retry_count: number | null;
    merged_records: number | null;
}

/** Calls on one page of the table. */
export const callsPage = 50;

export function callsSQL(window: Window, provider: string, model: string, pages: number): string {
    return `SELECT start_timestamp, duration, trace_id, span_id, service_name, agent_name, is_error, error_type, is_truncated, has_tool_calls, input_tokens, output_tokens, cost, cost_source, cost_note, price_version, time_to_first_token, finish_reasons, retry_count, merged_records\nFROM llm_calls WHERE ${where(window, only(provider, model))}\nORDER BY start_timestamp DESC LIMIT ${callsPage * pages}`;
}

export function fetchRecentCalls(window: Window, provider: string, model: string, pages: number, signal: AbortSignal): Promise<CallRow[]> {
    return query<CallRow>(callsSQL(window, provider, model, pages), { ...window, limit: callsPage * pages, signal });
}
