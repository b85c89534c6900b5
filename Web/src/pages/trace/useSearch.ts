import { useDeferredValue, useMemo } from "react";
import { useAsync } from "../../lib/useAsync";
import type { TraceModel, TraceNode } from "./model";
import { searchTrace } from "./queries";

export interface Found {
    /** In the order of the waterfall; null while nothing is searched. */
    nodes: TraceNode[] | null;
    isLoading: boolean;
    /** What `nodes` is for what is typed at this moment, which may be ahead of what is drawn. */
    now(): TraceNode[];
}

/** Spans whose name, message, service, scope or exception contains the text; those whose attributes do come from the server. */
export function useSearch(model: TraceModel, traceId: string, text: string): Found {
    const typed = text.trim().toLowerCase();
    const needle = useDeferredValue(typed);
    const stored = useAsync(needle.length < 2 ? null : `${traceId}:${needle}`, async (signal) => {
        await new Promise((resolve) => setTimeout(resolve, 200));
        return signal.aborted ? [] : searchTrace(traceId, needle, signal);
    });
    const nodes = useMemo(() => {
        if (needle === "") return null;
        const ids = new Set(stored.data ?? []);
        return model.nodes.filter(({ item }) => ids.has(item.id) || saysSo(item.record, needle));
    }, [model, needle, stored.data]);
    const now = () => (typed === needle ? nodes ?? [] : model.nodes.filter((n) => saysSo(n.item.record, typed)));
    return { nodes, isLoading: stored.isLoading, now };
}

function saysSo(record: TraceNode["item"]["record"], needle: string): boolean {
    const texts = [record.span_name, record.message, record.service_name, record.otel_scope_name, record.exception_type];
    return texts.some((t) => t !== null && t.toLowerCase().includes(needle));
}
