import { query } from "../../api/client";
import type { JsonObject } from "../../api/types";
import { all } from "../../lib/sql";
import { counting } from "./measures";
import { AgentRef, inEnvironment, isAgent, ofAgent, Window } from "./source";

/** What a tool of the agent did in the window. */
export interface ToolOfAgent {
    tool_name: string | null;
    calls: number;
    errors: number;
    duration_avg: number | null;
    last: string;
}

export function agentToolsSQL(ref: AgentRef, window: Window): string {
    const { count, countWhere, avg } = counting(window.weighted);
    return `SELECT tool_name, ${count} AS calls, ${countWhere("is_error")} AS errors, ${avg("duration")} AS duration_avg, max(start_timestamp) AS last
FROM tool_calls WHERE ${all(inEnvironment(window), ofAgent(ref))}
GROUP BY tool_name ORDER BY calls DESC LIMIT 200`;
}

/** One wording of the agent's instructions, as its runs carried it. */
export interface Instructions {
    instructions: string | null;
    description: string | null;
    runs: number;
    first: string;
    last: string;
}

export function instructionsSQL(ref: AgentRef, window: Window): string {
    return `SELECT attributes->>'gen_ai.system_instructions' AS instructions, attributes->>'gen_ai.agent.description' AS description,
  ${counting(window.weighted).count} AS runs, min(start_timestamp) AS first, max(start_timestamp) AS last
FROM agent_runs WHERE ${all(inEnvironment(window), isAgent(ref))}
GROUP BY instructions, description ORDER BY last DESC LIMIT 20`;
}

/** Where the agent runs. */
export interface Deployment {
    service_name: string | null;
    service_version: string | null;
    deployment_environment: string | null;
    runs: number;
    first: string;
    last: string;
}

export function deploymentsSQL(ref: AgentRef, window: Window): string {
    return `SELECT service_name, service_version, deployment_environment, ${counting(window.weighted).count} AS runs, min(start_timestamp) AS first, max(start_timestamp) AS last
FROM agent_runs WHERE ${all(inEnvironment(window), isAgent(ref))}
GROUP BY service_name, service_version, deployment_environment ORDER BY last DESC LIMIT 50`;
}

export interface AgentInfo {
    tools: ToolOfAgent[];
    instructions: Instructions[];
    deployments: Deployment[];
    /** Attributes of its latest model call, which say what tools and settings it had. */
    latestCall: JsonObject | null;
    /** Attributes of its latest run: metadata, id, description. */
    latestRun: JsonObject | null;
}

export async function fetchInfo(ref: AgentRef, window: Window, signal: AbortSignal): Promise<AgentInfo> {
    const options = { ...window, limit: 200, signal };
    const newest = (table: string, where: string) => query<{ attributes: JsonObject | null }>(`SELECT attributes FROM ${table} WHERE ${all(inEnvironment(window), where)} ORDER BY start_timestamp DESC LIMIT 1`, { ...options, limit: 1 });
    const [tools, instructions, deployments, calls, runs] = await Promise.all([
        query<ToolOfAgent>(agentToolsSQL(ref, window), options),
        query<Instructions>(instructionsSQL(ref, window), options),
        query<Deployment>(deploymentsSQL(ref, window), options),
        newest("llm_calls", ofAgent(ref)),
        newest("agent_runs", isAgent(ref)),
    ]);
    return { tools, instructions, deployments, latestCall: calls[0]?.attributes ?? null, latestRun: runs[0]?.attributes ?? null };
}
