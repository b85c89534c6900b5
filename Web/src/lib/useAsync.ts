import { useCallback, useEffect, useRef, useState } from "react";
import { APIError, asAPIError, isAbort } from "../api/client";

export interface Async<T> {
    data: T | null;
    error: APIError | null;
    isLoading: boolean;
    reload(): void;
}

/**
 * Runs a request when its key changes; null runs nothing. While a new answer is under way the old one stays,
 * unless the key's part before the first line break (its subject) changed.
 */
export function useAsync<T>(key: string | null, run: (signal: AbortSignal) => Promise<T>): Async<T> {
    const [state, setState] = useState<{ subject: string | null; data: T | null; error: APIError | null; isLoading: boolean }>({
        subject: null,
        data: null,
        error: null,
        isLoading: key !== null,
    });
    const [turn, setTurn] = useState(0);
    const latest = useRef(run);
    latest.current = run;
    const subject = key === null ? null : key.split("\n")[0]!;
    useEffect(() => {
        if (key === null) {
            setState({ subject: null, data: null, error: null, isLoading: false });
            return undefined;
        }
        const controller = new AbortController();
        setState((s) => (s.subject === subject ? { ...s, isLoading: true } : { subject, data: null, error: null, isLoading: true }));
        latest.current(controller.signal).then(
            (data) => {
                if (!controller.signal.aborted) setState({ subject, data, error: null, isLoading: false });
            },
            (error: unknown) => {
                if (!controller.signal.aborted && !isAbort(error)) setState((s) => ({ ...s, error: asAPIError(error), isLoading: false }));
            },
        );
        return () => controller.abort();
    }, [key, turn, subject]);
    const reload = useCallback(() => setTurn((t) => t + 1), []);
    // The first render after a change still holds the answer for the old subject.
    if (state.subject !== subject) return { data: null, error: null, isLoading: key !== null, reload };
    return { data: state.data, error: state.error, isLoading: state.isLoading, reload };
}
