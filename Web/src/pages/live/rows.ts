import type { LiveCall } from "../../api/types";
import { buildForest, Tree, walk } from "../../lib/tree";
import { addUsage, noUsage, Usage, usageOf } from "../../lib/usage";
import type { LiveItem, LiveState, LiveTrace } from "./store";

/** What a row says about everything below it. */
export interface Summary {
    /** Records below. */
    count: number;
    /** Highest level of the record and everything below. */
    level: number;
    /** Its own model call, when it is one and the call is counted here. */
    own: LiveCall | null;
    /** Calls below it. */
    below: Usage;
}

export type LiveNode = Tree<LiveItem>;

export interface TraceForest {
    roots: LiveNode[];
    summaries: Map<LiveNode, Summary>;
}

const forests = new WeakMap<LiveTrace, TraceForest>();

/** The tree of a trace; kept for as long as the trace does not change. */
export function forestOf(trace: LiveTrace): TraceForest {
    const known = forests.get(trace);
    if (known) return known;
    const roots = buildForest(trace.items.values());
    const forest = { roots, summaries: summarise(roots, trace.calls) };
    forests.set(trace, forest);
    return forest;
}

function summarise(roots: LiveNode[], calls: ReadonlyMap<string, LiveCall>): Map<LiveNode, Summary> {
    const nodes = [...walk(roots)];
    const summaries = new Map<LiveNode, Summary>();
    // Children come after their parents, so from the end every child is ready before its parent.
    for (let i = nodes.length - 1; i >= 0; i -= 1) {
        const node = nodes[i]!;
        const call = calls.get(node.item.id);
        const summary: Summary = { count: 0, level: node.item.record.level, own: call && !call.is_duplicate ? call : null, below: noUsage };
        for (const child of node.children) {
            const s = summaries.get(child)!;
            summary.count += s.count + 1;
            summary.level = Math.max(summary.level, s.level);
            summary.below = addUsage(summary.below, s.own ? addUsage(usageOf(s.own), s.below) : s.below);
        }
        summaries.set(node, summary);
    }
    return summaries;
}

/** The calls below a node, for the card behind its Σ. */
export function callsBelow(node: LiveNode, summaries: Map<LiveNode, Summary>): LiveCall[] {
    const calls: LiveCall[] = [];
    for (const below of walk(node.children)) {
        const own = summaries.get(below)?.own;
        if (own) calls.push(own);
    }
    return calls;
}

export interface LiveRow {
    key: string;
    trace: LiveTrace;
    node: LiveNode;
    depth: number;
    isOpen: boolean;
    summary: Summary;
}

export function rowKey(traceId: string, spanId: string): string {
    return `${traceId}:${spanId}`;
}

/** Nodes with more children than this start closed even inside an open trace. */
const wide = 60;

export function isOpenByDefault(node: LiveNode): boolean {
    return node.depth > 0 && node.children.length <= wide;
}

interface Root {
    trace: LiveTrace;
    node: LiveNode;
}

/**
 * The rows that are on the list; `open` holds what the reader toggled. Whole traces stand newest first, each a tree in order of
 * start. Of a filtered list the parents are mostly missing: there every tree stands for itself, newest first.
 */
export function visibleRows(state: LiveState, open: ReadonlyMap<string, boolean>, isFiltered = false): LiveRow[] {
    const roots: Root[] = [];
    for (const trace of state.order) for (const node of forestOf(trace).roots) roots.push({ trace, node });
    if (isFiltered) roots.sort((a, b) => b.node.item.start - a.node.item.start);
    const rows: LiveRow[] = [];
    for (const { trace, node: root } of roots) {
        const { summaries } = forestOf(trace);
        const stack = [root];
        for (let node = stack.pop(); node; node = stack.pop()) {
            const key = rowKey(trace.id, node.item.id);
            const isOpen = node.children.length > 0 && (open.get(key) ?? isOpenByDefault(node));
            rows.push({ key, trace, node, depth: node.depth, isOpen, summary: summaries.get(node)! });
            if (isOpen) for (let i = node.children.length - 1; i >= 0; i -= 1) stack.push(node.children[i]!);
        }
    }
    return rows;
}
