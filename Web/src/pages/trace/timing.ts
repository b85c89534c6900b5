import type { TraceModel, TraceNode } from "./model";

/** A stretch of time in milliseconds. */
export interface Segment {
    from: number;
    to: number;
}

/** The parts of a span during which none of its children runs. */
export function selfSegments(node: TraceNode): Segment[] {
    const { start, end } = node.item;
    if (node.item.isPoint || end <= start) return [];
    const busy: Segment[] = [];
    for (const child of node.children) {
        if (child.item.isPoint) continue;
        const from = Math.max(start, child.item.start);
        const to = Math.min(end, child.item.end);
        if (to > from) busy.push({ from, to });
    }
    // Children are in order of start, but clipping can change nothing about that.
    const free: Segment[] = [];
    let at = start;
    for (const b of busy) {
        if (b.from > at) free.push({ from: at, to: b.from });
        at = Math.max(at, b.to);
    }
    if (at < end) free.push({ from: at, to: end });
    return free;
}

export function selfTime(node: TraceNode): number {
    return selfSegments(node).reduce((sum, s) => sum + (s.to - s.from), 0);
}

/**
 * When which span determined when the trace ended: from the end of the longest root backwards, always into the child that
 * finished last before the point reached. Segments are in order of time.
 */
export function criticalPath(model: TraceModel): Map<string, Segment[]> {
    const path = new Map<string, Segment[]>();
    let root: TraceNode | null = null;
    for (const node of model.roots) {
        if (node.item.isPoint) continue;
        if (!root || node.item.end - node.item.start > root.item.end - root.item.start) root = node;
    }
    if (!root) return path;
    const stack: { node: TraceNode; until: number }[] = [{ node: root, until: root.item.end }];
    for (let top = stack.pop(); top; top = stack.pop()) {
        const { node, until } = top;
        const own: Segment[] = [];
        let at = Math.min(until, node.item.end);
        const byEnd = node.children.filter((c) => !c.item.isPoint && c.item.end > c.item.start).sort((a, b) => b.item.end - a.item.end);
        for (const child of byEnd) {
            if (at <= node.item.start) break;
            if (child.item.start >= at) continue;
            // A child that outlives its parent counts up to the parent's end; one that ends after the point reached did not hold it up.
            if (child.item.end > at + tolerance && at < Math.min(until, node.item.end)) continue;
            const end = Math.min(child.item.end, at);
            if (at - end > 0) own.push({ from: end, to: at });
            stack.push({ node: child, until: end });
            at = Math.max(node.item.start, child.item.start);
        }
        if (at > node.item.start) own.push({ from: node.item.start, to: at });
        path.set(node.item.id, own.reverse());
    }
    return path;
}

/** Clocks of two processes agree no better than this, in milliseconds. */
const tolerance = 0.0005;

export type Category = "model" | "tool" | "retrieval" | "http" | "database" | "own";

export const categoryLabels: Record<Category, string> = {
    model: "model",
    tool: "tools",
    retrieval: "prompt and retrieval",
    http: "HTTP",
    database: "database",
    own: "own code",
};

/** Spans of the second record of a call have no call of their own, but their time is the model's. */
const inference = new Set(["chat", "generate_content", "text_completion"]);

/** What kind of work a span does, by what it says about itself. */
export function categoryOf(node: TraceNode): Category {
    const { record, call } = node.item;
    const operation = record.operation ?? "";
    if (call || inference.has(operation)) return "model";
    if (operation === "execute_tool") return "tool";
    if (operation === "retrieval" || operation === "embeddings" || /^(prompt\.|retriev|inject\.|load\.)/i.test(record.span_name)) return "retrieval";
    if (record.db_system) return "database";
    if (record.http_method && record.otel_span_kind !== "SERVER") return "http";
    return "own";
}

/**
 * Milliseconds of every category, each instant counted once: an instant belongs to the deepest span running then
 * (of several equally deep ones, the one that began last). The sum is the time during which anything ran. The requests a
 * model call makes, and reading their answers, are time spent waiting for the model.
 */
export function timeByCategory(model: TraceModel): Map<Category, number> {
    interface Edge {
        at: number;
        opens: boolean;
        node: TraceNode;
    }
    const edges: Edge[] = [];
    const waiting = new Set<TraceNode>();
    for (const node of model.nodes) {
        const category = categoryOf(node);
        const belowModel = node.parent !== null && waiting.has(node.parent) && (category === "http" || category === "own");
        if (category === "model" || belowModel) waiting.add(node);
        if (node.item.isPoint || node.item.end <= node.item.start) continue;
        edges.push({ at: node.item.start, opens: true, node }, { at: node.item.end, opens: false, node });
    }
    edges.sort((a, b) => a.at - b.at || Number(a.opens) - Number(b.opens));
    const byDepth: Set<TraceNode>[] = [];
    const totals = new Map<Category, number>();
    let deepest = -1;
    let before = 0;
    for (const edge of edges) {
        if (deepest >= 0 && edge.at > before) {
            const running = [...byDepth[deepest]!];
            const top = running[running.length - 1]!;
            const category = waiting.has(top) ? "model" : categoryOf(top);
            totals.set(category, (totals.get(category) ?? 0) + edge.at - before);
        }
        before = edge.at;
        const depth = edge.node.depth;
        const level = (byDepth[depth] ??= new Set());
        if (edge.opens) {
            level.add(edge.node);
            deepest = Math.max(deepest, depth);
        } else {
            level.delete(edge.node);
            while (deepest >= 0 && !byDepth[deepest]?.size) deepest -= 1;
        }
    }
    return totals;
}
