import type { LiveBatch, LiveCall, LiveRecord } from "../../api/types";
import { parseTime } from "../../lib/time";

/** A record with its start as a number, so that rows sort without parsing again. */
export interface LiveItem {
    id: string;
    parent: string | null;
    start: number;
    record: LiveRecord;
}

export interface LiveTrace {
    readonly id: string;
    /** Earliest start of its records, in milliseconds. */
    readonly start: number;
    readonly items: ReadonlyMap<string, LiveItem>;
    readonly calls: ReadonlyMap<string, LiveCall>;
}

/** Everything the live list holds. A batch gives a new state; traces that it does not touch keep their identity. */
export interface LiveState {
    readonly sequence: number;
    readonly traces: ReadonlyMap<string, LiveTrace>;
    /** Newest first. */
    readonly order: readonly LiveTrace[];
    /** Records held. */
    readonly held: number;
    /** Traces dropped because the list was full. */
    readonly dropped: number;
}

export const emptyLive: LiveState = { sequence: 0, traces: new Map(), order: [], held: 0, dropped: 0 };

/** Most records held; older traces go first. */
export const capacity = 20000;

interface Draft {
    id: string;
    start: number;
    items: Map<string, LiveItem>;
    calls: Map<string, LiveCall>;
}

export function applyBatches(state: LiveState, batches: readonly LiveBatch[], most = capacity): LiveState {
    const drafts = new Map<string, Draft>();
    const draft = (traceId: string): Draft => {
        let found = drafts.get(traceId);
        if (!found) {
            const old = state.traces.get(traceId);
            found = { id: traceId, start: old?.start ?? Infinity, items: new Map(old?.items), calls: new Map(old?.calls) };
            drafts.set(traceId, found);
        }
        return found;
    };
    let sequence = state.sequence;
    for (const batch of batches) {
        sequence = Math.max(sequence, batch.sequence);
        for (const record of batch.records) addRecord(draft(record.trace_id), record);
        for (const call of batch.calls) {
            // A call without its record would be a trace without rows.
            if (state.traces.has(call.trace_id) || drafts.has(call.trace_id)) draft(call.trace_id).calls.set(call.span_id, call);
        }
    }
    if (drafts.size === 0) return sequence === state.sequence ? state : { ...state, sequence };

    const traces = new Map(state.traces);
    let held = state.held;
    for (const changed of drafts.values()) {
        held += changed.items.size - (state.traces.get(changed.id)?.items.size ?? 0);
        traces.set(changed.id, changed);
    }
    const order = [...traces.values()].sort((a, b) => b.start - a.start || (a.id < b.id ? 1 : -1));
    let dropped = state.dropped;
    while (held > most && order.length > 1) {
        const oldest = order.pop()!;
        traces.delete(oldest.id);
        held -= oldest.items.size;
        dropped += 1;
    }
    return { sequence, traces, order, held, dropped };
}

function addRecord(draft: Draft, record: LiveRecord): void {
    const known = draft.items.get(record.span_id);
    // A final record always stands above the announcement of its span, in whatever order the two arrive.
    if (known && record.kind === "pending_span" && known.record.kind !== "pending_span") return;
    const start = parseTime(record.start_timestamp);
    draft.items.set(record.span_id, { id: record.span_id, parent: record.parent_span_id, start, record });
    if (start < draft.start) draft.start = start;
}
