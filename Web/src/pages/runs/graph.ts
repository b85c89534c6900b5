import { parseTime } from "../../lib/time";
import type { InnerRun, RunCall, RunTool, StepRecord } from "./queries";

// What happened in a run as a graph: agents, models, tools and nodes of a graph, and how often one followed another.

export type NodeKind = "agent" | "model" | "tool" | "node" | "retrieval" | "guardrail" | "end";

/** One execution of a node. */
export interface Execution {
    spanId: string;
    /** Milliseconds. */
    start: number;
    /** Seconds. */
    duration: number | null;
    isError: boolean;
    error: string | null;
}

export interface GraphNode {
    id: string;
    kind: NodeKind;
    label: string;
    executions: Execution[];
    /** Executions that failed by themselves, not because something inside of them did. */
    failed: number;
    /** Executions with something inside that failed. */
    failedWithin: number;
    /** Models and tools used inside of a graph's node, with how often. */
    inside: Map<string, number>;
    cost: number | null;
    tokens: number | null;
}

export interface GraphEdge {
    from: string;
    to: string;
    count: number;
    /** Into something that runs inside of the first one, not after it. */
    isInto: boolean;
}

export interface RunGraph {
    nodes: GraphNode[];
    edges: GraphEdge[];
}

interface Step {
    kind: NodeKind;
    label: string;
    execution: Execution;
    end: number;
    order: number | null;
    hasFailedInside: boolean;
    inside: Step[];
    call: RunCall | null;
}

export interface GraphInput {
    rootId: string;
    rootLabel: string;
    isRootError: boolean;
    steps: readonly StepRecord[];
    calls: readonly RunCall[];
    tools: readonly RunTool[];
    runs: readonly InnerRun[];
}

const failedStep = (s: StepRecord) => s.is_exception || s.otel_status_code === "ERROR";

export function buildGraph(input: GraphInput): RunGraph {
    const reader = makeReader(input);
    const nodes = new Map<string, GraphNode>();
    const edges = new Map<string, GraphEdge>();

    const node = (id: string, kind: NodeKind, label: string): GraphNode => {
        let found = nodes.get(id);
        if (!found) nodes.set(id, (found = { id, kind, label, executions: [], failed: 0, failedWithin: 0, inside: new Map(), cost: null, tokens: null }));
        return found;
    };
    const edge = (from: string, to: string, isInto: boolean) => {
        const key = `${from}\u0000${to}`;
        const found = edges.get(key);
        if (found) found.count += 1;
        else edges.set(key, { from, to, count: 1, isInto });
    };

    /** Draws what happened inside of one execution, and returns the nodes it ended with. */
    const draw = (steps: readonly Step[], ownerId: string, scope: string, isRoot: boolean): string[] => {
        let before = [ownerId];
        let isFirst = true;
        for (const wave of waves(steps)) {
            const drawn: string[] = [];
            for (const step of wave) {
                const id = `${scope}/${step.kind}:${step.label}`;
                const target = node(id, step.kind, step.label);
                record(target, step);
                for (const from of before) edge(from, id, isFirst && !isRoot);
                drawn.push(id);
                if (step.kind === "node") absorb(target, step);
                const expanded = step.kind === "node" ? agentsIn(step.inside) : step.inside;
                // Runs of one agent share their nodes, wherever they were started from.
                if (expanded.length > 0) draw(expanded, id, step.kind === "agent" ? `agent:${step.label}` : scope, false);
            }
            before = drawn;
            isFirst = false;
        }
        return before;
    };

    const root = input.steps.find((s) => s.span_id === input.rootId);
    const inside = reader(input.rootId);
    const start = node("start", "agent", input.rootLabel);
    const within = inside.some(hasFailed);
    start.executions.push({
        spanId: input.rootId,
        start: root ? parseTime(root.start_timestamp) : 0,
        duration: root?.duration ?? null,
        isError: input.isRootError,
        error: root?.exception_type ?? null,
    });
    if (input.isRootError && within) start.failedWithin = 1;
    else if (input.isRootError) start.failed = 1;
    const last = draw(inside, "start", `agent:${input.rootLabel}`, true);
    if (inside.length > 0 && root?.kind !== "pending_span") {
        const end = node("end", "end", input.isRootError ? "failed" : "answer");
        if (input.isRootError) end.failedWithin = 1;
        for (const from of last) edge(from, "end", false);
    }
    return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

function hasFailed(step: Step): boolean {
    return step.execution.isError || step.inside.some(hasFailed);
}

function record(target: GraphNode, step: Step): void {
    target.executions.push(step.execution);
    if (step.execution.isError) {
        if (step.hasFailedInside) target.failedWithin += 1;
        else target.failed += 1;
    }
    if (step.call) add(target, step.call);
}

function add(target: GraphNode, call: RunCall): void {
    if (call.cost !== null) target.cost = (target.cost ?? 0) + call.cost;
    const tokens = call.input_tokens === null && call.output_tokens === null ? null : (call.input_tokens ?? 0) + (call.output_tokens ?? 0);
    if (tokens !== null) target.tokens = (target.tokens ?? 0) + tokens;
}

/** A graph's node stands for what it does: its models and tools are named in it. */
function absorb(target: GraphNode, step: Step): void {
    for (const inner of step.inside) {
        if (inner.kind === "agent") continue;
        target.inside.set(inner.label, (target.inside.get(inner.label) ?? 0) + 1);
        if (inner.call) add(target, inner.call);
        absorb(target, inner);
    }
}

function agentsIn(steps: readonly Step[]): Step[] {
    return steps.flatMap((s) => (s.kind === "agent" || s.kind === "node" ? [s] : agentsIn(s.inside)));
}

/** Steps that ran at the same time form one wave; a graph that numbers its steps says so itself. */
export function waves<T extends Pick<Step, "execution" | "end" | "order">>(steps: readonly T[]): T[][] {
    const result: T[][] = [];
    let until = -Infinity;
    let order: number | null = null;
    for (const step of [...steps].sort((a, b) => (a.order ?? 0) - (b.order ?? 0) || a.execution.start - b.execution.start)) {
        const isBeside = step.order !== null ? order === step.order : order === null && step.execution.start < until;
        if (isBeside && result.length > 0) {
            result[result.length - 1]!.push(step);
            until = Math.min(until, step.end);
        } else {
            result.push([step]);
            until = step.end;
        }
        order = step.order;
    }
    return result;
}

/** Reads the steps inside of a span: spans that are none are looked through. */
function makeReader(input: GraphInput): (spanId: string) => Step[] {
    const calls = new Map(input.calls.map((c) => [c.span_id, c]));
    const tools = new Map(input.tools.map((t) => [t.span_id, t]));
    const runs = new Map(input.runs.map((r) => [r.span_id, r]));
    const byId = new Map(input.steps.map((s) => [s.span_id, s]));
    const children = new Map<string, StepRecord[]>();
    for (const s of byId.values()) {
        if (s.parent_span_id === null) continue;
        const list = children.get(s.parent_span_id);
        if (list) list.push(s);
        else children.set(s.parent_span_id, [s]);
    }

    const classify = (s: StepRecord): { kind: NodeKind; label: string; error: string | null; isError: boolean } | null => {
        const call = calls.get(s.span_id);
        if (call) return { kind: "model", label: call.model ?? s.span_name, isError: call.is_error ?? false, error: call.error_type };
        const tool = tools.get(s.span_id);
        if (tool) return { kind: "tool", label: tool.tool_name ?? s.span_name, isError: tool.is_error, error: tool.error_type };
        const run = runs.get(s.span_id);
        if (run) return { kind: "agent", label: run.agent_name ?? run.model ?? s.span_name, isError: run.is_error, error: run.error_type };
        const isError = failedStep(s);
        if (s.node !== null && byId.get(s.parent_span_id ?? "")?.node !== s.node) return { kind: "node", label: s.node, isError, error: s.exception_type };
        if (s.operation === "retrieval" || s.openinference === "RETRIEVER" || s.openinference === "RERANKER") return { kind: "retrieval", label: s.span_name, isError, error: s.exception_type };
        if (s.openinference === "GUARDRAIL" || s.operation === "guardrail") return { kind: "guardrail", label: s.span_name, isError, error: s.exception_type };
        return null;
    };

    const read = (spanId: string, depth: number): Step[] => {
        if (depth > 64) return [];
        return (children.get(spanId) ?? []).flatMap((s) => {
            const found = classify(s);
            const inside = found?.kind === "model" ? [] : read(s.span_id, depth + 1);
            if (!found) return inside;
            const start = parseTime(s.start_timestamp);
            const order = found.kind === "node" && s.node_step !== null && Number.isFinite(Number(s.node_step)) ? Number(s.node_step) : null;
            return [
                {
                    kind: found.kind,
                    label: found.label,
                    execution: { spanId: s.span_id, start, duration: s.duration, isError: found.isError, error: found.error },
                    end: s.end_timestamp === null ? start : parseTime(s.end_timestamp),
                    order,
                    hasFailedInside: inside.some(hasFailed),
                    inside,
                    call: calls.get(s.span_id) ?? null,
                },
            ];
        });
    };
    return (spanId) => read(spanId, 0).sort((a, b) => a.execution.start - b.execution.start);
}
