import { useEffect, useMemo, useRef, useState } from "react";
import { Async, useAsync } from "../../lib/useAsync";
import { fetchEvaluations } from "../detail/evaluations";
import { buildRun, RunData, RunModel } from "./model";
import { CallContent, fetchCalls, fetchContents, fetchInnerRuns, fetchRecord, fetchRun, fetchSteps, fetchTools } from "./queries";
import { hasWholeHistory, messagesOfRun, RunMessages } from "./turns";

/** Milliseconds between looks at a run that is still under way. */
const refresh = 2000;

export interface LoadedRun extends Async<RunData> {
    model: RunModel | null;
}

export function useRun(traceId: string, spanId: string): LoadedRun {
    const [tick, setTick] = useState(0);
    const answer = useAsync(`run:${traceId}:${spanId}\n${tick}`, async (signal): Promise<RunData> => {
        const [run, record, calls, tools, runs, steps, evaluations] = await Promise.all([
            fetchRun(traceId, spanId, signal),
            fetchRecord(traceId, spanId, signal),
            fetchCalls(traceId, signal),
            fetchTools(traceId, signal),
            fetchInnerRuns(traceId, signal),
            fetchSteps(traceId, signal),
            fetchEvaluations(traceId, spanId, signal),
        ]);
        return { run, record, calls, tools, runs, steps, evaluations };
    });
    const model = useMemo(() => (answer.data ? buildRun(spanId, answer.data) : null), [answer.data, spanId]);
    const isOpen = model?.isOpen ?? false;
    useEffect(() => {
        if (!isOpen) return undefined;
        const timer = setInterval(() => {
            if (!document.hidden) setTick((t) => t + 1);
        }, refresh);
        return () => clearInterval(timer);
    }, [isOpen]);
    return { ...answer, model };
}

export interface LoadedContents {
    contents: Async<CallContent[]>;
    messages: RunMessages;
}

/** Messages and settings of the run's calls: read when a tab first needs them, and once for all tabs. */
export function useContents(data: RunData, model: RunModel, isWanted: boolean): LoadedContents {
    const attributes = data.record?.attributes ?? {};
    // Noted while drawing: a tab that is left at once must not give up what it has asked for.
    const hasWanted = useRef(false);
    if (isWanted) hasWanted.current = true;
    const needs = hasWanted.current || !hasWholeHistory(attributes);
    const ids = model.calls.map((c) => c.span_id);
    const traceId = data.record?.trace_id ?? model.calls[0]?.trace_id;
    const contents = useAsync(needs && traceId ? `contents:${traceId}:${model.spanId}\n${ids.length}` : null, (signal) => fetchContents(traceId!, ids, signal));
    const messages = useMemo(() => messagesOfRun(attributes, data.record?.otel_events ?? [], model.calls, contents.data ?? []), [data, model, contents.data]);
    return { contents, messages };
}
