import type { Kind, LLMCall } from "../../api/types";
import { buildTree, Tree } from "../../lib/tree";
import { addUsage, noUsage, Usage, usageOf } from "../../lib/usage";
import { Category, categoryOf } from "./categories";

/** The columns of a record that the waterfall needs. Texts of long traces come later, for the rows in sight. */
export interface TraceRecord {
    trace_id: string;
    span_id: string;
    parent_span_id: string | null;
    /** Milliseconds, with the microseconds as a fraction. */
    start: number;
    /** Seconds; null for logs, span events and open spans. */
    duration: number | null;
    kind: Kind;
    level: number;
    span_name: string;
    message: string | null;
    msg_template: string | null;
    otel_scope_name: string | null;
    service_name: string | null;
    is_exception: boolean;
    exception_type: string | null;
    otel_status_code: string | null;
    http_response_status_code: number | null;
    http_method: string | null;
    operation: string | null;
    step: string | null;
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
    category: Category;
    record: TraceRecord;
    call: LLMCall | null;
    /** Place in the order of the waterfall. */
    index: number;
    /** Records below. */
    descendants: number;
    /** Calls below, its own not included. */
    below: Usage;
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
    /** Most spans first, with their number. */
    services: { name: string; spans: number }[];
    scopes: { name: string; spans: number }[];
    /** Depth of the deepest record; roots have 0. */
    deepest: number;
    usage: Usage;
    retries: number;
    isOpen: boolean;
}

export function buildTrace(records: readonly TraceRecord[], calls: readonly LLMCall[], now: number): TraceModel {
    const callBySpan = new Map(calls.map((c) => [c.span_id, c]));
    const { roots, nodes: byId } = buildTree(itemsOf(records, callBySpan, now));
    const nodes: TraceNode[] = [];
    const services = new Map<string, number>();
    const scopes = new Map<string, number>();
    let [start, end, spans, errors, deepest, isOpen] = [Infinity, -Infinity, 0, 0, 0, false];
    const stack = [...roots].reverse();
    for (let node = stack.pop(); node; node = stack.pop()) {
        const { item } = node;
        item.index = nodes.length;
        nodes.push(node);
        if (item.start < start) start = item.start;
        if (item.end > end) end = item.end;
        if (item.record.kind === "span" || item.isOpen) spans += 1;
        if (item.isError) errors += 1;
        if (item.isOpen) isOpen = true;
        if (node.depth > deepest) deepest = node.depth;
        const { service_name: service, otel_scope_name: scope } = item.record;
        if (service !== null) services.set(service, (services.get(service) ?? 0) + 1);
        if (scope !== null) scopes.set(scope, (scopes.get(scope) ?? 0) + 1);
        for (let i = node.children.length - 1; i >= 0; i -= 1) stack.push(node.children[i]!);
    }
    if (nodes.length === 0) start = end = now;
    // Children come after their parents, so from the end every child is whole before its parent counts it.
    for (let i = nodes.length - 1; i >= 0; i -= 1) {
        const { item, parent } = nodes[i]!;
        if (!parent) continue;
        parent.item.descendants += item.descendants + 1;
        if (item.call) parent.item.below = addUsage(parent.item.below, usageOf(item.call));
        if (item.below !== noUsage) parent.item.below = addUsage(parent.item.below, item.below);
    }
    return {
        roots,
        nodes,
        byId,
        start,
        end: end > start ? end : start + 0.001,
        spans,
        errors,
        services: byCount(services),
        scopes: byCount(scopes),
        deepest,
        usage: calls.reduce((sum, call) => addUsage(sum, usageOf(call)), noUsage),
        retries: calls.reduce((sum, call) => sum + (call.retry_count ?? 0), 0),
        isOpen,
    };
}

/** One item for each span: a final record stands before the announcement of its span. */
function itemsOf(records: readonly TraceRecord[], calls: ReadonlyMap<string, LLMCall>, now: number): TraceItem[] {
    const finals = records.some((r) => r.kind === "pending_span") ? new Set(records.flatMap((r) => (r.kind === "pending_span" ? [] : [r.span_id]))) : null;
    const items: TraceItem[] = [];
    for (const record of records) {
        if (finals && record.kind === "pending_span" && finals.has(record.span_id)) continue;
        items.push(itemOf(record, calls.size === 0 ? null : calls.get(record.span_id) ?? null, now));
    }
    return items;
}

function byCount(map: Map<string, number>): { name: string; spans: number }[] {
    return [...map.entries()].map(([name, spans]) => ({ name, spans })).sort((a, b) => b.spans - a.spans || (a.name < b.name ? -1 : 1));
}

function itemOf(record: TraceRecord, call: LLMCall | null, now: number): TraceItem {
    const isOpen = record.kind === "pending_span";
    const isInstant = record.kind === "log" || record.kind === "span_event";
    let { start } = record;
    let end = start;
    let isPoint = isInstant;
    if (isOpen) end = Math.max(start, now);
    else if (!isInstant) end = start + (record.duration ?? 0) * 1000;
    else if (call?.duration != null && call.duration > 0) {
        // The record of a streamed answer is written when the stream has ended: it stands for the time before.
        start -= call.duration * 1000;
        isPoint = false;
    }
    return {
        id: record.span_id,
        parent: record.parent_span_id,
        start,
        end,
        isOpen,
        isPoint,
        isError: record.otel_status_code === "ERROR" || record.is_exception,
        category: categoryOf({
            span_name: record.span_name,
            operation: record.operation,
            step: record.step,
            db_system: record.db_system,
            http_method: record.http_method,
            otel_span_kind: record.otel_span_kind,
            isCall: call !== null,
        }),
        record,
        call,
        index: 0,
        descendants: 0,
        below: noUsage,
    };
}

/** The rows to draw: everything whose ancestors are all open. */
export function visibleNodes(model: TraceModel, closed: ReadonlySet<string>): TraceNode[] {
    if (closed.size === 0) return model.nodes;
    const rows: TraceNode[] = [];
    // In the order of the waterfall everything below a closed row follows it at once.
    for (let i = 0; i < model.nodes.length; i += 1) {
        const node = model.nodes[i]!;
        rows.push(node);
        if (closed.has(node.item.id)) i += node.item.descendants;
    }
    return rows;
}
