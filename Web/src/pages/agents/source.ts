import { all, literal, oneOf } from "../../lib/sql";

/** An agent as the pages know it: by its name, or, without one, by the provider and the model of its first call. */
export interface AgentRef {
    agent: string | null;
    provider: string | null;
    model: string | null;
}

/** What a page looks at. `to` is left out while the end is now. */
export interface Window {
    from: string;
    to?: string;
    environment: string | null;
    /** Sampling has removed records: the kept ones stand for them too. */
    weighted: boolean;
}

/** Stands for a value that no sender named, in addresses. */
export const missing = "(unknown)";

/** The provider of a run's first call; only needed for runs whose agent has no name. */
export const providerOfRun =
    "(SELECT arg_min(c.provider, c.start_timestamp) FROM llm_calls c WHERE c.trace_id = agent_runs.trace_id AND c.agent_span_id = agent_runs.span_id)";

export function inEnvironment(window: Window): string | null {
    return window.environment ? oneOf("deployment_environment", [window.environment]) : null;
}

function same(expression: string, value: string | null): string {
    return value === null ? `${expression} IS NULL` : `${expression} = ${literal(value)}`;
}

/** The condition on `agent_runs` that picks the runs of one agent. */
export function isAgent(ref: AgentRef): string {
    if (ref.agent !== null) return same("agent_name", ref.agent);
    return all("agent_name IS NULL", same("model", ref.model), same(providerOfRun, ref.provider));
}

/** The same on `llm_calls` and `tool_calls`, which carry the name of their agent; those of a nameless one are found by their run. */
export function ofAgent(ref: AgentRef): string {
    if (ref.agent !== null) return same("agent_name", ref.agent);
    return `agent_span_id IN (SELECT span_id FROM agent_runs WHERE ${isAgent(ref)})`;
}

export function agentTitle(ref: AgentRef): string {
    return ref.agent ?? `${ref.provider ?? missing} / ${ref.model ?? missing}`;
}

export function agentKey(ref: AgentRef): string {
    return ref.agent !== null ? `n:${ref.agent}` : `u:${ref.provider ?? ""}\u0000${ref.model ?? ""}`;
}

/** `weather_agent` → `WA`, `support-bot` → `SB`, `scout` → `SC`: two letters for the mark beside the name. */
export function initials(name: string): string {
    const words = name
        .replace(/([a-z\d])([A-Z])/g, "$1 $2")
        .split(/[^\p{L}\p{N}]+/u)
        .filter(Boolean);
    const first = [...(words[0] ?? "?")];
    const second = words.length > 1 ? [...words[1]!][0]! : first[1] ?? "";
    return `${first[0]}${second}`.toUpperCase();
}
