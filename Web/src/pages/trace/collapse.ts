import type { TraceModel } from "./model";

/** Which rows are closed so that only so many levels show. */
export function closedBelow(model: TraceModel, depth: number): Set<string> {
    const closed = new Set<string>();
    for (const node of model.nodes) if (node.depth >= depth && node.children.length > 0) closed.add(node.item.id);
    return closed;
}

export type CollapseKey = "service_name" | "otel_scope_name";

/** The rows of a service or scope that have something below them. */
export function withValue(model: TraceModel, key: CollapseKey, value: string): string[] {
    const ids: string[] = [];
    for (const { item, children } of model.nodes) if (children.length > 0 && item.record[key] === value) ids.push(item.id);
    return ids;
}
