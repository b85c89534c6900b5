import type { LLMCall, LiveRecord } from "../../api/types";
import { parseTime } from "../../lib/time";
import { buildForest, Tree, walk } from "../../lib/tree";
import { addUsage, noUsage, Usage, usageOf } from "../../lib/usage";

/** The columns of a record that the waterfall needs. */
export interface TraceRecord extends LiveRecord {
    operation: string | null;
    db_system: string | null;
    otel_span_kind: string | null;
}

export interface TraceItem {
    id: string;
    parent: string | null;
    start: number;
    /** Milliseconds; equal to start for logs and events, the present for open spans. */
    end: number;
    isOpen: boolean;
    isPoint: boolean;
    isError: boolean;
    record: TraceRecord;
    call: LLMCall | null;
}

export type TraceNode = Tree<TraceItem>;

export interface TraceModel {
    roots: TraceNode[];
    /** Parents before children, in the order of the waterfall. */
    nodes: TraceNode[];
    byId: Map<string, TraceNode>;
    start: number;
    end: number;
    spans: number;
    errors: number;
    services: string[];
    usage: Usage;
    /** Calls below each node, its own call not included. */
    below: Map<TraceNode, Usage>;
    descendants: Map<TraceNode, number>;
    retries: number;
    isOpen: boolean;
}

export function buildTrace(records: readonly TraceRecord[], calls: readonly LLMCall[], now: number): TraceModel {
    const callBySpan = new Map(calls.map((c) => [c.span_id, c]));
    const items = new Map<string, TraceItem>();
    for (const record of records) {
        const known = items.get(record.span_id);
        if (known && record.kind === "pending_span") continue;
        items.set(record.span_id, itemOf(record, callBySpan.get(record.span_id) ?? null, now));
    }
    const roots = buildForest(items.values());
    const nodes = [...walk(roots)];
    let start = Infinity;
    let end = -Infinity;
    let spans = 0;
    let errors = 0;
    let isOpen = false;
    const services = new Map<string, number>();
    for (const { item } of nodes) {
        start = Math.min(start, item.start);
        end = Math.max(end, item.end);
        if (!item.isPoint) spans += 1;
        if (item.isError) errors += 1;
        if (item.isOpen) isOpen = true;
        const service = item.record.service_name;
        if (service) services.set(service, (services.get(service) ?? 0) + 1);
    }
    if (nodes.length === 0) start = end = now;

    const below = new Map<TraceNode, Usage>();
    const descendants = new Map<TraceNode, number>();
    for (let i = nodes.length - 1; i >= 0; i -= 1) {
        const node = nodes[i]!;
        let usage = noUsage;
        let count = 0;
        for (const child of node.children) {
            const own = child.item.call;
            usage = addUsage(usage, addUsage(own ? usageOf(own) : noUsage, below.get(child)!));
            count += descendants.get(child)! + 1;
        }
        below.set(node, usage);
        descendants.set(node, count);
    }
    return {
        roots,
        nodes,
        byId: new Map(nodes.map((n) => [n.item.id, n])),
        start,
        end: end > start ? end : start + 0.001,
        spans,
        errors,
        services: [...services.entries()].sort((a, b) => b[1] - a[1]).map(([name]) => name),
        usage: calls.reduce((sum, call) => addUsage(sum, usageOf(call)), noUsage),
        below,
        descendants,
        retries: calls.reduce((sum, call) => sum + (call.retry_count ?? 0), 0),
        isOpen,
    };
}

function itemOf(record: TraceRecord, call: LLMCall | null, now: number): TraceItem {
    const start = parseTime(record.start_timestamp);
    const isOpen = record.kind === "pending_span";
    const isPoint = record.kind === "log" || record.kind === "span_event";
    let end = start;
    if (isOpen) end = Math.max(start, now);
    else if (!isPoint) end = record.duration !== null ? start + record.duration * 1000 : record.end_timestamp ? parseTime(record.end_timestamp) : start;
    const isError = record.otel_status_code === "ERROR" || record.is_exception;
    return { id: record.span_id, parent: record.parent_span_id, start, end, isOpen, isPoint, isError, record, call };
}

/** The rows to draw: everything whose ancestors are all open. */
export function visibleNodes(model: TraceModel, closed: ReadonlySet<string>): TraceNode[] {
    if (closed.size === 0) return model.nodes;
    const rows: TraceNode[] = [];
    const stack = [...model.roots].reverse();
    for (let node = stack.pop(); node; node = stack.pop()) {
        rows.push(node);
        if (closed.has(node.item.id)) continue;
        for (let i = node.children.length - 1; i >= 0; i -= 1) stack.push(node.children[i]!);
    }
    return rows;
}
