import { useCallback, useEffect, useRef, useState } from "react";
import { APIError, asAPIError, fetchLive, isAbort } from "../../api/client";
import { Connection, LiveStream } from "../../api/stream";
import type { LiveBatch } from "../../api/types";
import { bounds, Range } from "../../lib/range";
import { isoTime } from "../../lib/time";
import { applyBatches, capacity, emptyLive, LiveState } from "./store";

/** Records asked for at once. */
const page = 600;
/** Batches are gathered for this long, in milliseconds, so that a full stream does not draw more often than the eye needs. */
const gather = 120;

/** Milliseconds a page in the background keeps its stream; a browser allows only six streams to one server. */
const hiddenFor = 20_000;
/** After a longer gap than this, in milliseconds, a new snapshot is cheaper than all that was missed. */
const longGap = 300_000;

export interface Live {
    state: LiveState;
    connection: Connection;
    error: APIError | null;
    isLoading: boolean;
    isLoadingOlder: boolean;
    hasOlder: boolean;
    loadOlder(): void;
    reload(): void;
}

/** The snapshot of a range and filter, then its stream, resumed by sequence over pauses and breaks. */
export function useLive(range: Range, where: string | undefined, isPaused: boolean): Live {
    const [state, setState] = useState<LiveState>(emptyLive);
    const [connection, setConnection] = useState<Connection>("connecting");
    const [error, setError] = useState<APIError | null>(null);
    const [isLoading, setLoading] = useState(true);
    const [isLoadingOlder, setLoadingOlder] = useState(false);
    const [hasOlder, setHasOlder] = useState(false);
    const [turn, setTurn] = useState(0);
    const [isReady, setReady] = useState(false);
    const latest = useRef(state);
    latest.current = state;
    const isFixed = range.kind === "custom";
    const key = JSON.stringify(range);

    useEffect(() => {
        const controller = new AbortController();
        setLoading(true);
        setError(null);
        setReady(false);
        const ends = bounds(JSON.parse(key) as Range, Date.now());
        fetchLive({ from: isoTime(ends.from), to: isFixed ? isoTime(ends.to) : undefined, where, limit: page, signal: controller.signal }).then(
            (snapshot) => {
                setState(applyBatches(emptyLive, [snapshot]));
                setHasOlder(snapshot.records.length >= page * 0.9);
                setLoading(false);
                setReady(true);
            },
            (problem: unknown) => {
                if (isAbort(problem)) return;
                setError(asAPIError(problem));
                setLoading(false);
            },
        );
        return () => controller.abort();
    }, [key, isFixed, where, turn]);

    const isAway = useIsAway();
    const reload = useCallback(() => setTurn((t) => t + 1), []);
    const isStreaming = isReady && !isPaused && !isFixed && !isAway;
    const closedAt = useRef<number | null>(null);
    useEffect(() => {
        if (!isStreaming) {
            setConnection("closed");
            return undefined;
        }
        const gap = closedAt.current === null ? 0 : Date.now() - closedAt.current;
        closedAt.current = null;
        if (gap > longGap) {
            reload();
            return undefined;
        }
        let waiting: LiveBatch[] = [];
        let timer: ReturnType<typeof setTimeout> | undefined;
        const flush = () => {
            timer = undefined;
            const batches = waiting;
            waiting = [];
            setState((s) => applyBatches(s, batches));
        };
        const stream = new LiveStream(latest.current.sequence, where, {
            onBatch(batch) {
                waiting.push(batch);
                timer ??= setTimeout(flush, gather);
            },
            onState: setConnection,
        });
        return () => {
            stream.close();
            closedAt.current = Date.now();
            clearTimeout(timer);
            // What came in is kept, so that the next stream goes on after it.
            if (waiting.length > 0) flush();
        };
    }, [isStreaming, where, reload]);

    const isBusy = useRef(false);
    const loadOlder = useCallback(() => {
        const { order, held } = latest.current;
        const oldest = order[order.length - 1];
        if (isBusy.current || !oldest || held >= capacity) return;
        isBusy.current = true;
        setLoadingOlder(true);
        const from = isoTime(bounds(JSON.parse(key) as Range, Date.now()).from);
        fetchLive({ from, to: isoTime(oldest.start), where, limit: page })
            .then((batch) => {
                const before = latest.current.held;
                // The sequence of an older page says nothing about the stream.
                const next = applyBatches(latest.current, [{ ...batch, sequence: 0 }]);
                setState((s) => applyBatches(s, [{ ...batch, sequence: 0 }]));
                setHasOlder(next.held > before && batch.records.length >= page * 0.9 && next.held < capacity);
            })
            .catch((problem: unknown) => setError(asAPIError(problem)))
            .finally(() => {
                isBusy.current = false;
                setLoadingOlder(false);
            });
    }, [key, where]);

    return { state, connection, error, isLoading, isLoadingOlder, hasOlder, loadOlder, reload };
}

/** True once the page has been in the background for a while. */
function useIsAway(): boolean {
    const [isAway, setAway] = useState(false);
    useEffect(() => {
        let timer: ReturnType<typeof setTimeout> | undefined;
        const listener = () => {
            clearTimeout(timer);
            if (document.hidden) timer = setTimeout(() => setAway(true), hiddenFor);
            else setAway(false);
        };
        document.addEventListener("visibilitychange", listener);
        return () => {
            clearTimeout(timer);
            document.removeEventListener("visibilitychange", listener);
        };
    }, []);
    return isAway;
}
