import type { FullRecord } from "../../api/types";
import { descendants } from "../../lib/tree";
import { addUsage, noUsage, Usage, usageOf } from "../../lib/usage";
import type { Evaluation } from "../detail/evaluations";
import type { InnerRun, RunCall, RunTool, StepRecord, WholeRun } from "./queries";

export interface RunData {
    /** Null when the span is not one of an agent: a graph or another root is shown like a run then. */
    run: WholeRun | null;
    record: FullRecord | null;
    calls: RunCall[];
    tools: RunTool[];
    runs: InnerRun[];
    steps: StepRecord[];
    evaluations: Evaluation[];
}

/** A run with what belongs to it, each thing counted once. */
export interface RunModel {
    spanId: string;
    title: string;
    isAgent: boolean;
    isOpen: boolean;
    isError: boolean;
    /** Model calls and tools whose nearest enclosing run this is. */
    calls: RunCall[];
    tools: RunTool[];
    /** Runs inside of this one, at any depth. */
    inner: InnerRun[];
    own: Usage;
    /** Own calls and those of the runs inside. */
    whole: Usage;
    cacheRead: number | null;
    /** Failed attempts of calls that were tried again, and why. */
    retries: number;
    retryCauses: string[];
    /** Failed executions of a tool that were followed by another of the same tool. */
    toolRetries: number;
    providers: string[];
    models: string[];
    conversationId: string | null;
    userId: string | null;
}

function unique(values: readonly (string | null)[]): string[] {
    return [...new Set(values.filter((v): v is string => v !== null))];
}

export function buildRun(spanId: string, data: RunData): RunModel {
    const below = descendants(
        data.steps.map((s) => ({ id: s.span_id, parent: s.parent_span_id })),
        spanId,
    );
    const inside = data.calls.filter((c) => below.has(c.span_id) || c.span_id === spanId);
    const insideTools = data.tools.filter((t) => below.has(t.span_id));
    const isAgent = data.run !== null;
    // A root that is no run owns what no run inside of it owns.
    const isOwn = (agent: string | null) => (isAgent ? agent === spanId : agent === null || !below.has(agent));
    const calls = isAgent ? data.calls.filter((c) => c.agent_span_id === spanId) : inside.filter((c) => isOwn(c.agent_span_id));
    const tools = isAgent ? data.tools.filter((t) => t.agent_span_id === spanId) : insideTools.filter((t) => isOwn(t.agent_span_id));
    const inner = data.runs.filter((r) => below.has(r.span_id));
    const sum = (list: readonly RunCall[]) => list.reduce((total, call) => addUsage(total, usageOf(call)), noUsage);
    const cached = calls.flatMap((c) => (c.cache_read_tokens === null ? [] : [c.cache_read_tokens]));
    const agentName = data.run?.agent_name ?? calls.find((c) => c.agent_name !== null)?.agent_name ?? null;
    return {
        spanId,
        title: agentName ?? data.record?.message ?? data.record?.span_name ?? "run",
        isAgent,
        isOpen: data.record?.kind === "pending_span",
        isError: data.run?.is_error ?? (data.record?.is_exception === true || data.record?.otel_status_code === "ERROR"),
        calls,
        tools,
        inner,
        own: sum(calls),
        whole: sum(unite(calls, inside)),
        cacheRead: cached.length === 0 ? null : cached.reduce((a, b) => a + b, 0),
        retries: calls.reduce((total, c) => total + (c.retry_count ?? 0), 0),
        retryCauses: unique(calls.map((c) => c.retry_cause)),
        toolRetries: toolRetries(tools),
        providers: unique(calls.map((c) => c.provider)),
        models: unique(calls.map((c) => c.model)).length > 0 ? unique(calls.map((c) => c.model)) : unique([data.run?.model ?? null]),
        conversationId: data.run?.conversation_id ?? calls.find((c) => c.conversation_id !== null)?.conversation_id ?? null,
        userId: data.run?.user_id ?? calls.find((c) => c.user_id !== null)?.user_id ?? null,
    };
}

/** Calls of the run and those below it, none twice. */
function unite(own: readonly RunCall[], inside: readonly RunCall[]): RunCall[] {
    return [...new Map([...own, ...inside].map((c) => [c.span_id, c])).values()];
}

export function toolRetries(tools: readonly Pick<RunTool, "tool_name" | "is_error" | "start_timestamp">[]): number {
    return tools.filter((tool, index) => tool.is_error && tools.slice(index + 1).some((later) => later.tool_name === tool.tool_name)).length;
}

/** The executed tools that an answer asked for: those between it and the next call. */
export function toolsOfTurn(calls: readonly RunCall[], tools: readonly RunTool[], index: number): RunTool[] {
    const from = Date.parse(calls[index]!.start_timestamp);
    const to = index + 1 < calls.length ? Date.parse(calls[index + 1]!.start_timestamp) : Infinity;
    return tools.filter((t) => {
        const start = Date.parse(t.start_timestamp);
        return start >= from && start < to;
    });
}
