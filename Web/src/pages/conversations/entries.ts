import type { Message } from "../../panel/llm/message";
import { addUsage, noUsage, Usage, usageOf } from "../../lib/usage";
import { parseTime } from "../../lib/time";
import type { RunCall } from "../runs/queries";
import { messageKey, messagesOfRun, newMessages, repeated } from "../runs/turns";
import type { ConversationData, ConversationRun } from "./queries";

/** One step of a conversation: a run, or the calls of a trace that no run of it encloses. */
export interface Entry {
    key: string;
    traceId: string;
    /** The run's span; without a run the root of the trace. */
    spanId: string;
    run: ConversationRun | null;
    start: string;
    calls: RunCall[];
    messages: { message: Message; call: RunCall | null }[];
    usage: Usage;
    isError: boolean;
    /** Type and message of the failure. */
    error: string | null;
    /** Why there are no messages. */
    note: string | null;
}

const key = (trace: string, span: string) => `${trace}:${span}`;

/** Runs within another run of the same conversation are part of it. */
export function outermost(runs: readonly ConversationRun[]): ConversationRun[] {
    const span = (r: ConversationRun) => [parseTime(r.start_timestamp), r.end_timestamp === null ? Infinity : parseTime(r.end_timestamp)] as const;
    return runs.filter((run) => {
        const [from, to] = span(run);
        return !runs.some((other) => {
            if (other === run || other.trace_id !== run.trace_id) return false;
            const [start, end] = span(other);
            return start <= from && end >= to && (start < from || end > to);
        });
    });
}

/** The conversation in the order of time; every message once, with the run that brought it. */
export function entriesOf(data: ConversationData): Entry[] {
    const known = new Set(data.runs.map((r) => key(r.trace_id, r.span_id)));
    const calls = new Map<string, RunCall[]>();
    const orphans = new Map<string, RunCall[]>();
    for (const call of data.calls) {
        const owner = call.agent_span_id === null ? null : key(call.trace_id, call.agent_span_id);
        const [map, at] = owner !== null && known.has(owner) ? ([calls, owner] as const) : ([orphans, call.trace_id] as const);
        map.set(at, [...(map.get(at) ?? []), call]);
    }
    const sum = (list: readonly RunCall[]) => list.reduce((total, call) => addUsage(total, usageOf(call)), noUsage);
    const failures = new Map(data.errors.map((e) => [e.span_id, [e.exception_type, e.exception_message].filter(Boolean).join(": ")]));
    const roots = new Map(data.roots.map((r) => [r.trace_id, r.span_id]));
    const raw = [
        ...outermost(data.runs).map((run) => {
            const own = calls.get(key(run.trace_id, run.span_id)) ?? [];
            return { run, traceId: run.trace_id, spanId: run.span_id, start: run.start_timestamp, calls: own, read: messagesOfRun(run.attributes ?? {}, [], own, data.contents) };
        }),
        ...[...orphans].map(([traceId, own]) => ({ run: null, traceId, spanId: roots.get(traceId) ?? own[0]!.span_id, start: own[0]!.start_timestamp, calls: own, read: messagesOfRun({}, [], own, data.contents) })),
    ].sort((a, b) => parseTime(a.start) - parseTime(b.start));

    const shown: string[] = [];
    const instructions = new Set<string>();
    return raw.map(({ run, traceId, spanId, start, calls: own, read }) => {
        let messages = newMessages(read);
        if (read.newFrom === null) messages = messages.slice(repeated(messages.map((m) => m.message), shown));
        // Instructions stand once, where they first hold; with a history index they were cut with the history.
        const system = read.newFrom === null ? [] : read.messages.slice(0, read.newFrom).filter((m) => m.role === "system").map((message) => ({ message, call: null }));
        messages = [...system, ...messages].filter(({ message }) => {
            if (message.role !== "system") return true;
            const text = messageKey(message);
            if (instructions.has(text)) return false;
            instructions.add(text);
            return true;
        });
        for (const { message } of messages) shown.push(messageKey(message));
        const failedCall = own.find((c) => c.is_error);
        const isError = run ? run.is_error : failedCall !== undefined;
        return {
            key: key(traceId, spanId),
            traceId,
            spanId,
            run,
            start,
            calls: own,
            messages,
            usage: sum(own),
            isError,
            error: isError ? failures.get(spanId) || (run?.error_type ?? failedCall?.error_type ?? "failed") : null,
            note: messages.length === 0 ? read.note : null,
        };
    });
}
