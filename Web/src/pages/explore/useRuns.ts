import { useCallback, useEffect, useRef, useState } from "react";
import type { APIError } from "../../api/client";
import { asAPIError, Asked, isAbort, Result, run } from "./run";
import { columnsOf, ResultColumn } from "./values";

/** What became of a tab's last run. */
export interface Outcome {
    state: "running" | "done" | "failed" | "cancelled";
    asked: Asked;
    /** The whole text of the editor and where the statement begins in it, for places of errors. */
    text: string;
    statementAt: number;
    /** Milliseconds of the clock. */
    since: number;
    /** The last answer, also while the next one is under way. */
    result: Result | null;
    columns: readonly ResultColumn[];
    /** Tells answers apart. */
    serial: number;
    error: APIError | null;
}

export interface Finished {
    asked: Asked;
    text: string;
    result: Result | null;
    error: APIError | null;
}

/** Answers outlive the page: coming back to Explore shows them without asking again. */
const kept = new Map<string, Outcome>();
let serials = 0;

/** Runs statements, one for each tab at a time. */
export function useRuns(onFinished: (tab: string, finished: Finished) => void) {
    const [, setVersion] = useState(0);
    const redraw = useCallback(() => setVersion((v) => v + 1), []);
    const controllers = useRef(new Map<string, AbortController>());
    const finished = useRef(onFinished);
    finished.current = onFinished;
    const isGone = useRef(false);
    useEffect(() => {
        isGone.current = false;
        const running = controllers.current;
        return () => {
            isGone.current = true;
            // Nobody waits for them any more.
            for (const controller of running.values()) controller.abort();
        };
    }, []);

    const set = useCallback(
        (tab: string, outcome: Outcome) => {
            kept.set(tab, outcome);
            if (!isGone.current) redraw();
        },
        [redraw],
    );

    const start = useCallback(
        (tab: string, asked: Asked, text: string, statementAt: number) => {
            controllers.current.get(tab)?.abort();
            const controller = new AbortController();
            controllers.current.set(tab, controller);
            const before = kept.get(tab);
            const base: Outcome = { state: "running", asked, text, statementAt, since: Date.now(), result: before?.result ?? null, columns: before?.columns ?? [], serial: before?.serial ?? 0, error: null };
            set(tab, base);
            run(asked, controller.signal).then(
                (result) => {
                    if (controllers.current.get(tab) !== controller) return;
                    controllers.current.delete(tab);
                    serials += 1;
                    set(tab, { ...base, state: "done", result, columns: columnsOf(result.fields, result.rows), serial: serials });
                    finished.current(tab, { asked, text, result, error: null });
                },
                (reason: unknown) => {
                    if (controllers.current.get(tab) !== controller) return;
                    controllers.current.delete(tab);
                    if (isAbort(reason)) {
                        set(tab, { ...base, state: "cancelled" });
                        return;
                    }
                    const error = asAPIError(reason);
                    set(tab, { ...base, state: "failed", result: null, columns: [], error });
                    finished.current(tab, { asked, text, result: null, error });
                },
            );
        },
        [set],
    );
    const cancel = useCallback((tab: string) => controllers.current.get(tab)?.abort(), []);
    const drop = useCallback((tab: string) => {
        controllers.current.get(tab)?.abort();
        kept.delete(tab);
    }, []);
    return { outcome: (tab: string): Outcome | null => kept.get(tab) ?? null, start, cancel, drop };
}
