import type { Category } from "./categories";
import type { TraceModel, TraceNode } from "./model";

/** A stretch of time in milliseconds. */
export interface Segment {
    from: number;
    to: number;
}

const known = new WeakMap<TraceNode, Segment[]>();

/** The parts of a span during which none of its children runs. */
export function selfSegments(node: TraceNode): Segment[] {
    let segments = known.get(node);
    if (!segments) known.set(node, (segments = freeSegments(node)));
    return segments;
}

function freeSegments(node: TraceNode): Segment[] {
    const { start, end } = node.item;
    if (node.item.isPoint || end <= start) return [];
    const free: Segment[] = [];
    let at = start;
    // Children are in order of start, but for those whose start was moved back.
    const busy = node.children.filter((c) => !c.item.isPoint && c.item.end > start && c.item.start < end);
    if (busy.some((c, i) => i > 0 && c.item.start < busy[i - 1]!.item.start)) busy.sort((a, b) => a.item.start - b.item.start);
    for (const { item } of busy) {
        if (item.start > at) free.push({ from: at, to: item.start });
        if (item.end > at) at = item.end;
        if (at >= end) break;
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

/**
 * Milliseconds of every category, each instant counted once: an instant belongs to the deepest span running then
 * (of several equally deep ones, the one that began last). Instants at which nothing runs are `idle`, so the sum is the
 * duration of the trace. The requests a model call makes, and reading their answers, are time spent waiting for the model;
 * what a step of prompt building does is prompt building.
 */
export function timeByCategory(model: TraceModel): Map<Category, number> {
    const effective = effectiveCategories(model);
    const spans = model.nodes.filter((n) => !n.item.isPoint && n.item.end > n.item.start);
    const opens = [...spans].sort((a, b) => a.item.start - b.item.start || a.item.index - b.item.index);
    const closes = [...spans].sort((a, b) => a.item.end - b.item.end);
    const totals = new Map<Category, number>();
    const add = (category: Category, ms: number) => {
        if (ms > 0) totals.set(category, (totals.get(category) ?? 0) + ms);
    };
    const running = new Heap();
    let [i, j] = [0, 0];
    let before = model.start;
    while (j < closes.length) {
        const next = opens[i];
        const at = next !== undefined && next.item.start < closes[j]!.item.end ? next.item.start : closes[j]!.item.end;
        const top = running.top(before);
        add(top ? effective[top.item.index]! : "idle", at - before);
        before = Math.max(before, at);
        if (next !== undefined && at === next.item.start) {
            running.push(next, i);
            i += 1;
        } else j += 1;
    }
    add("idle", model.end - before);
    return totals;
}

/** The category of every node in the order of the waterfall, as it counts for the time spent. */
function effectiveCategories(model: TraceModel): Category[] {
    const effective: Category[] = [];
    for (const { item, parent } of model.nodes) {
        const above = parent ? effective[parent.item.index]! : "own";
        const { category } = item;
        if (category === "own" && (above === "model" || above === "retrieval" || above === "guardrail")) effective.push(above);
        else if (category === "http" && above === "model") effective.push("model");
        else effective.push(category);
    }
    return effective;
}

/** Running spans, deepest on top, of equals the one that began last; spans that have ended leave when they come to the top. */
class Heap {
    private readonly list: { node: TraceNode; order: number }[] = [];

    push(node: TraceNode, order: number): void {
        const { list } = this;
        list.push({ node, order });
        for (let i = list.length - 1; i > 0; ) {
            const parent = (i - 1) >> 1;
            if (!this.isAbove(i, parent)) break;
            this.swap(i, parent);
            i = parent;
        }
    }

    top(at: number): TraceNode | null {
        while (this.list.length > 0 && this.list[0]!.node.item.end <= at) this.pop();
        return this.list[0]?.node ?? null;
    }

    private pop(): void {
        const { list } = this;
        const last = list.pop()!;
        if (list.length === 0) return;
        list[0] = last;
        for (let i = 0; ; ) {
            const left = i * 2 + 1;
            let best = i;
            if (left < list.length && this.isAbove(left, best)) best = left;
            if (left + 1 < list.length && this.isAbove(left + 1, best)) best = left + 1;
            if (best === i) return;
            this.swap(i, best);
            i = best;
        }
    }

    private isAbove(a: number, b: number): boolean {
        const [x, y] = [this.list[a]!, this.list[b]!];
        return x.node.depth !== y.node.depth ? x.node.depth > y.node.depth : x.order > y.order;
    }

    private swap(a: number, b: number): void {
        [this.list[a], this.list[b]] = [this.list[b]!, this.list[a]!];
    }
}
