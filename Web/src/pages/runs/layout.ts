import type { GraphEdge, GraphNode, RunGraph } from "./graph";

// Layers from top to bottom: what comes first stands above; edges that lead back run beside.

export const nodeWidth = 176;
export const nodeHeight = 48;
const gapX = 34;
const gapY = 58;
const edgeRoom = 26;

export interface Placed {
    node: GraphNode;
    /** Upper left corner. */
    x: number;
    y: number;
}

export interface Route {
    edge: GraphEdge;
    path: string;
    isBack: boolean;
    /** Where the count stands. */
    label: { x: number; y: number };
}

export interface Layout {
    width: number;
    height: number;
    nodes: Placed[];
    routes: Route[];
}

interface Slot {
    id: string;
    layer: number;
    /** Null for the bend of an edge that passes through. */
    node: GraphNode | null;
    x: number;
}

/** Edges that close a circle, found by walking from the start. */
export function backEdges(graph: RunGraph): Set<GraphEdge> {
    const out = new Map<string, GraphEdge[]>();
    for (const edge of graph.edges) {
        const list = out.get(edge.from);
        if (list) list.push(edge);
        else out.set(edge.from, [edge]);
    }
    const back = new Set<GraphEdge>();
    const state = new Map<string, "open" | "done">();
    for (const root of graph.nodes) {
        if (state.has(root.id)) continue;
        const stack: { id: string; next: number }[] = [{ id: root.id, next: 0 }];
        state.set(root.id, "open");
        while (stack.length > 0) {
            const top = stack[stack.length - 1]!;
            const edge = (out.get(top.id) ?? [])[top.next];
            top.next += 1;
            if (!edge) {
                state.set(top.id, "done");
                stack.pop();
            } else if (state.get(edge.to) === "open") back.add(edge);
            else if (!state.has(edge.to)) {
                state.set(edge.to, "open");
                stack.push({ id: edge.to, next: 0 });
            }
        }
    }
    return back;
}

/** The layer of each node: one below the lowest of those that lead to it. */
export function layers(graph: RunGraph, back: ReadonlySet<GraphEdge>): Map<string, number> {
    const layer = new Map(graph.nodes.map((n) => [n.id, 0]));
    const forward = graph.edges.filter((e) => !back.has(e));
    for (let round = 0; round < graph.nodes.length; round += 1) {
        let isStill = true;
        for (const edge of forward) {
            const wanted = layer.get(edge.from)! + 1;
            if (layer.get(edge.to)! < wanted) {
                layer.set(edge.to, wanted);
                isStill = false;
            }
        }
        if (isStill) break;
    }
    // The end stands below everything.
    if (layer.has("end")) layer.set("end", Math.max(layer.get("end")!, 1, ...[...layer].filter(([id]) => id !== "end").map(([, l]) => l + 1)));
    return layer;
}

export function layoutGraph(graph: RunGraph): Layout {
    const back = backEdges(graph);
    const layer = layers(graph, back);
    const rows: Slot[][] = [];
    const slots = new Map<string, Slot>();
    const put = (slot: Slot) => {
        (rows[slot.layer] ??= []).push(slot);
        slots.set(slot.id, slot);
        return slot;
    };
    for (const node of graph.nodes) put({ id: node.id, layer: layer.get(node.id)!, node, x: 0 });
    // Long edges bend once in every layer that they pass.
    const chains = new Map<GraphEdge, Slot[]>();
    const neighbours = new Map<string, string[]>();
    const join = (a: string, b: string) => {
        neighbours.set(a, [...(neighbours.get(a) ?? []), b]);
        neighbours.set(b, [...(neighbours.get(b) ?? []), a]);
    };
    graph.edges.forEach((edge, index) => {
        if (back.has(edge)) return;
        const chain: Slot[] = [slots.get(edge.from)!];
        for (let l = layer.get(edge.from)! + 1; l < layer.get(edge.to)!; l += 1) chain.push(put({ id: `bend:${index}:${l}`, layer: l, node: null, x: 0 }));
        chain.push(slots.get(edge.to)!);
        chains.set(edge, chain);
        for (let i = 1; i < chain.length; i += 1) join(chain[i - 1]!.id, chain[i]!.id);
    });
    order(rows, neighbours);
    const width = place(rows, neighbours);
    const routes = graph.edges.map((edge) => (back.has(edge) ? backRoute(edge, slots, width) : forwardRoute(edge, chains.get(edge)!, graph.edges)));
    const reach = Math.max(width, ...routes.map((r) => r.label.x + 18));
    return {
        width: reach + 2,
        height: rows.length * (nodeHeight + gapY) - gapY,
        nodes: graph.nodes.map((node) => ({ node, x: slots.get(node.id)!.x, y: top(slots.get(node.id)!) })),
        routes,
    };
}

const top = (slot: Slot) => slot.layer * (nodeHeight + gapY);
const widthOf = (slot: Slot) => (slot.node ? nodeWidth : edgeRoom);
const middle = (slot: Slot) => slot.x + widthOf(slot) / 2;

/** Slots near those that they are joined with: a few sweeps down and up. */
function order(rows: Slot[][], neighbours: ReadonlyMap<string, string[]>): void {
    const position = new Map<string, number>();
    const number = (row: Slot[]) => row.forEach((slot, i) => position.set(slot.id, (i + 0.5) / row.length));
    rows.forEach(number);
    for (let sweep = 0; sweep < 6; sweep += 1) {
        const list = sweep % 2 === 0 ? rows : [...rows].reverse();
        for (const row of list) {
            const weight = new Map(
                row.map((slot) => {
                    const near = (neighbours.get(slot.id) ?? []).map((id) => position.get(id)!);
                    return [slot.id, near.length === 0 ? position.get(slot.id)! : near.reduce((a, b) => a + b, 0) / near.length];
                }),
            );
            row.sort((a, b) => weight.get(a.id)! - weight.get(b.id)!);
            number(row);
        }
    }
}

/** Columns: each row centred, then slots drawn towards their neighbours as far as the others allow. */
function place(rows: Slot[][], neighbours: ReadonlyMap<string, string[]>): number {
    const rowWidth = (row: Slot[]) => row.reduce((sum, slot) => sum + widthOf(slot) + gapX, -gapX);
    const width = Math.max(...rows.map(rowWidth));
    const all = new Map(rows.flat().map((slot) => [slot.id, slot]));
    for (const row of rows) {
        let x = (width - rowWidth(row)) / 2;
        for (const slot of row) {
            slot.x = x;
            x += widthOf(slot) + gapX;
        }
    }
    for (let sweep = 0; sweep < 4; sweep += 1) {
        for (const row of sweep % 2 === 0 ? rows : [...rows].reverse()) {
            row.forEach((slot, i) => {
                const near = (neighbours.get(slot.id) ?? []).map((id) => middle(all.get(id)!));
                if (near.length === 0) return;
                const wanted = near.reduce((a, b) => a + b, 0) / near.length - widthOf(slot) / 2;
                const least = i === 0 ? 0 : row[i - 1]!.x + widthOf(row[i - 1]!) + gapX;
                const greatest = (i === row.length - 1 ? width : row[i + 1]!.x - gapX) - widthOf(slot);
                slot.x = Math.max(least, Math.min(greatest, wanted));
            });
        }
    }
    return width;
}

const round = (value: number) => Math.round(value * 10) / 10;

function forwardRoute(edge: GraphEdge, chain: readonly Slot[], edges: readonly GraphEdge[]): Route {
    // Where an edge leads back between the same two, both keep to their own side.
    const shift = edges.some((e) => e.from === edge.to && e.to === edge.from) ? -16 : 0;
    const points = chain.map((slot, i) => ({ x: middle(slot) + (slot.node ? shift : 0), y: i === 0 ? top(slot) + nodeHeight : i === chain.length - 1 ? top(slot) : top(slot) + nodeHeight / 2 }));
    let path = `M${round(points[0]!.x)} ${round(points[0]!.y)}`;
    for (let i = 1; i < points.length; i += 1) {
        const a = points[i - 1]!;
        const b = points[i]!;
        const half = (b.y - a.y) / 2;
        path += `C${round(a.x)} ${round(a.y + half)} ${round(b.x)} ${round(b.y - half)} ${round(b.x)} ${round(b.y)}`;
    }
    const a = points[0]!;
    const b = points[1]!;
    return { edge, path, isBack: false, label: { x: (a.x + b.x) / 2 + (shift || 0) / 2, y: (a.y + b.y) / 2 } };
}

function backRoute(edge: GraphEdge, slots: ReadonlyMap<string, Slot>, width: number): Route {
    const from = slots.get(edge.from)!;
    const to = slots.get(edge.to)!;
    if (from === to) {
        const x = from.x + nodeWidth;
        const y = top(from) + nodeHeight / 2;
        return { edge, path: `M${round(x)} ${round(y - 9)}C${round(x + 30)} ${round(y - 22)} ${round(x + 30)} ${round(y + 22)} ${round(x)} ${round(y + 9)}`, isBack: true, label: { x: x + 24, y } };
    }
    if (from.layer === to.layer + 1) {
        const a = { x: middle(from) + 16, y: top(from) };
        const b = { x: middle(to) + 16, y: top(to) + nodeHeight };
        const half = (a.y - b.y) / 2;
        return { edge, path: `M${round(a.x)} ${round(a.y)}C${round(a.x)} ${round(a.y - half)} ${round(b.x)} ${round(b.y + half)} ${round(b.x)} ${round(b.y)}`, isBack: true, label: { x: (a.x + b.x) / 2 + 8, y: (a.y + b.y) / 2 } };
    }
    // Around everything on the right.
    const a = { x: from.x + nodeWidth, y: top(from) + nodeHeight / 2 };
    const b = { x: to.x + nodeWidth, y: top(to) + nodeHeight / 2 };
    const side = Math.max(a.x, b.x, width * 0.75) + 30;
    return { edge, path: `M${round(a.x)} ${round(a.y)}C${round(side + 14)} ${round(a.y)} ${round(side + 14)} ${round(b.y)} ${round(b.x)} ${round(b.y)}`, isBack: true, label: { x: a.x + (side - a.x) * 0.75, y: (a.y + b.y) / 2 } };
}
