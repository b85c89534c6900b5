import { useEffect, useMemo, useState } from "react";
import { Async, useAsync } from "../../lib/useAsync";
import { buildTrace, TraceModel } from "./model";
import { readTrace, TraceData } from "./queries";

/** Milliseconds between looks at a trace that is still running. */
const refresh = 1500;
/** The same for a trace of which only a skeleton is read at once. */
const refreshLong = 10_000;

export interface Trace extends Async<TraceData> {
    model: TraceModel | null;
}

/** A whole trace, read again while spans of it are open. A new `version` reads it again as well. */
export function useTrace(traceId: string, version = ""): Trace {
    const [tick, setTick] = useState(0);
    const data = useAsync(`${traceId}\n${version}:${tick}`, (signal) => readTrace(traceId, signal));
    const model = useMemo(() => (data.data ? buildTrace(data.data.records, data.data.calls, data.data.at) : null), [data.data]);
    const isOpen = model?.isOpen ?? false;
    const isRecent = model !== null && data.data !== null && data.data.at - model.start < 3600e3;
    useEffect(() => {
        if (!isOpen || !isRecent) return undefined;
        const timer = setInterval(() => {
            if (!document.hidden) setTick((t) => t + 1);
        }, data.data?.isSkeleton ? refreshLong : refresh);
        return () => clearInterval(timer);
    }, [isOpen, isRecent, data.data?.isSkeleton]);
    return { ...data, model };
}
