import { query } from "../../api/client";
import { all } from "../../lib/sql";
import { counting, RunFigures, runMeasures } from "./measures";
import { AgentRef, inEnvironment, providerOfRun, Window } from "./source";

/** One row of the list. */
export interface AgentRow extends AgentRef, RunFigures {
    last: string;
    /** The models its own calls asked for, the most used first. */
    models: AgentModel[];
}

export interface AgentModel {
    provider: string | null;
    model: string | null;
    calls: number;
}

/** One row for each agent that has a name; the runs of the others are one row without. */
export function agentsSQL(window: Window): string {
    return `SELECT agent_name AS agent, arg_max(model, start_timestamp) AS model, ${runMeasures(window.weighted)},
  max(start_timestamp) AS last
FROM agent_runs WHERE ${all(inEnvironment(window))}
GROUP BY agent_name ORDER BY runs DESC LIMIT 1000`;
}

function unnamedSQL(window: Window): string {
    return `SELECT NULL AS agent, provider, model, ${runMeasures(window.weighted)},
  max(start_timestamp) AS last
FROM (SELECT *, ${providerOfRun} AS provider FROM agent_runs WHERE ${all(inEnvironment(window), "agent_name IS NULL")})
GROUP BY provider, model ORDER BY runs DESC LIMIT 500`;
}

function modelsSQL(window: Window): string {
    return `SELECT agent_name AS agent, provider, model, ${counting(window.weighted).count} AS calls
FROM llm_calls WHERE ${all(inEnvironment(window), "agent_name IS NOT NULL AND agent_span_id IS NOT NULL")}
GROUP BY agent_name, provider, model ORDER BY calls DESC LIMIT 5000`;
}

type Named = Omit<AgentRow, "models" | "provider">;

/** Agents with runs in the window, the busiest first. */
export async function fetchAgents(window: Window, signal: AbortSignal): Promise<AgentRow[]> {
    const [named, models] = await Promise.all([
        query<Named>(agentsSQL(window), { ...window, limit: 1000, signal }),
        query<AgentModel & { agent: string }>(modelsSQL(window), { ...window, limit: 5000, signal }),
    ]);
    const hasUnnamed = named.some((row) => row.agent === null);
    const unnamed = hasUnnamed ? await query<Omit<AgentRow, "models">>(unnamedSQL(window), { ...window, limit: 500, signal }) : [];
    return [
        ...named.filter((row) => row.agent !== null).map((row) => withModels(row, models.filter((m) => m.agent === row.agent))),
        ...unnamed.map((row) => ({ ...row, models: [{ provider: row.provider, model: row.model, calls: 0 }] })),
    ];
}

/** A run may name a model that none of its calls is stored for. */
export function withModels(row: Named, models: readonly AgentModel[]): AgentRow {
    const known = models.filter((m) => m.model !== null);
    const shown = known.length > 0 ? known : row.model !== null ? [{ provider: null, model: row.model, calls: 0 }] : [];
    return { ...row, provider: shown[0]?.provider ?? null, models: shown.map(({ provider, model, calls }) => ({ provider, model, calls })) };
}

/** Agents that model calls name although none of their runs is stored. */
export interface BareAgent {
    agent: string;
    calls: number;
}

export async function fetchBareAgents(window: Window, signal: AbortSignal): Promise<BareAgent[]> {
    return query<BareAgent>(
        `SELECT agent_name AS agent, ${counting(window.weighted).count} AS calls FROM llm_calls WHERE ${all(inEnvironment(window), "agent_name IS NOT NULL AND agent_span_id IS NULL AND agent_name NOT IN (SELECT agent_name FROM agent_runs WHERE agent_name IS NOT NULL)")}
GROUP BY agent_name ORDER BY calls DESC LIMIT 20`,
        { ...window, limit: 20, signal },
    );
}

export interface AgentStep {
    agent: string | null;
    t: string;
    runs: number;
}

export function fetchUsage(window: Window, widthSeconds: number, signal: AbortSignal): Promise<AgentStep[]> {
    return query<AgentStep>(
        `SELECT agent_name AS agent, time_bucket(INTERVAL '${widthSeconds} seconds', start_timestamp) AS t, ${counting(window.weighted).count} AS runs
FROM agent_runs WHERE ${all(inEnvironment(window))} GROUP BY agent_name, t ORDER BY t LIMIT 10000`,
        { ...window, limit: 10000, signal },
    );
}

/** Runs of each step of the range, by the agent's name; steps without runs are zero. */
export function usageByAgent(rows: readonly AgentStep[], starts: readonly number[]): Map<string, number[]> {
    const index = new Map(starts.map((t, i) => [t, i]));
    const usage = new Map<string, number[]>();
    for (const row of rows) {
        const at = index.get(Date.parse(row.t));
        if (at === undefined || row.agent === null) continue;
        let values = usage.get(row.agent);
        if (!values) usage.set(row.agent, (values = starts.map(() => 0)));
        values[at] = row.runs;
    }
    return usage;
}
