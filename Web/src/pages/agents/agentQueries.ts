import { query } from "../../api/client";
import { all } from "../../lib/sql";
import { counting, RunFigures, runMeasures } from "./measures";
import { AgentRef, inEnvironment, isAgent, ofAgent, Window } from "./source";

export interface AgentTotals extends RunFigures {
    duration_p50: number | null;
    duration_max: number | null;
    turns_max: number | null;
    tools_max: number | null;
    last: string | null;
}

export function totalsSQL(ref: AgentRef, window: Window): string {
    return `SELECT ${runMeasures(window.weighted)},
  quantile_cont(duration, 0.5) AS duration_p50, max(duration) AS duration_max, max(turns) AS turns_max, max(tool_calls) AS tools_max, max(start_timestamp) AS last
FROM agent_runs WHERE ${all(inEnvironment(window), isAgent(ref))}`;
}

export async function fetchTotals(ref: AgentRef, window: Window, signal: AbortSignal): Promise<AgentTotals | null> {
    const rows = await query<AgentTotals>(totalsSQL(ref, window), { ...window, limit: 1, signal });
    return rows[0] ?? null;
}

export interface AgentTrend extends RunFigures {
    t: string;
}

export function trendSQL(ref: AgentRef, window: Window, widthSeconds: number): string {
    return `SELECT time_bucket(INTERVAL '${widthSeconds} seconds', start_timestamp) AS t, ${runMeasures(window.weighted)}
FROM agent_runs WHERE ${all(inEnvironment(window), isAgent(ref))}
GROUP BY t ORDER BY t LIMIT 2000`;
}

export function fetchTrend(ref: AgentRef, window: Window, widthSeconds: number, signal: AbortSignal): Promise<AgentTrend[]> {
    return query<AgentTrend>(trendSQL(ref, window, widthSeconds), { ...window, limit: 2000, signal });
}

export interface ModelOfAgent {
    provider: string | null;
    model: string | null;
    calls: number;
    errors: number;
    input_tokens: number | null;
    output_tokens: number | null;
    cost: number | null;
    unpriced: number;
    last: string;
}

/** Traces with calls that name an agent although no run of it is stored. */
export interface BareTrace {
    trace_id: string;
    start_timestamp: string;
    calls: number;
    cost: number | null;
    errors: number;
}

export function bareTracesSQL(ref: AgentRef, window: Window): string {
    return `SELECT trace_id, min(start_timestamp) AS start_timestamp, count(*) AS calls, count(*) FILTER (WHERE is_error) AS errors, sum(cost) AS cost
FROM llm_calls WHERE ${all(inEnvironment(window), ofAgent(ref))}
GROUP BY trace_id ORDER BY start_timestamp DESC LIMIT 50`;
}

export function fetchBareTraces(ref: AgentRef, window: Window, signal: AbortSignal): Promise<BareTrace[]> {
    return query<BareTrace>(bareTracesSQL(ref, window), { ...window, limit: 50, signal });
}

/** The models that the agent's own calls went to. */
export function agentModelsSQL(ref: AgentRef, window: Window): string {
    const { count, countWhere, sum } = counting(window.weighted);
    return `SELECT provider, model, ${count} AS calls, ${countWhere("is_error")} AS errors, ${sum("input_tokens")} AS input_tokens, ${sum("output_tokens")} AS output_tokens, ${sum("cost")} AS cost,
  ${countWhere("cost IS NULL AND NOT (coalesce(is_error, false) AND input_tokens IS NULL AND output_tokens IS NULL)")} AS unpriced, max(start_timestamp) AS last
FROM llm_calls WHERE ${all(inEnvironment(window), ofAgent(ref))}
GROUP BY provider, model ORDER BY calls DESC LIMIT 100`;
}

export function fetchAgentModels(ref: AgentRef, window: Window, signal: AbortSignal): Promise<ModelOfAgent[]> {
    return query<ModelOfAgent>(agentModelsSQL(ref, window), { ...window, limit: 100, signal });
}
