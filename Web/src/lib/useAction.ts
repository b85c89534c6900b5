import { useCallback, useEffect, useRef, useState } from "react";
import { APIError, asAPIError, isAbort } from "../api/client";

export interface Action<Arguments extends unknown[]> {
    isBusy: boolean;
    error: APIError | null;
    /** True for a moment after it went well. */
    isDone: boolean;
    run(...values: Arguments): Promise<boolean>;
    clear(): void;
}

/** Something that the reader starts: one at a time, with its error kept until the next try. */
export function useAction<Arguments extends unknown[]>(act: (...values: Arguments) => Promise<void>): Action<Arguments> {
    const [state, setState] = useState<{ isBusy: boolean; error: APIError | null; isDone: boolean }>({ isBusy: false, error: null, isDone: false });
    const latest = useRef(act);
    latest.current = act;
    const isAlive = useRef(true);
    const isBusy = useRef(false);
    useEffect(() => {
        isAlive.current = true;
        return () => {
            isAlive.current = false;
        };
    }, []);
    useEffect(() => {
        if (!state.isDone) return undefined;
        const timer = setTimeout(() => setState((s) => ({ ...s, isDone: false })), 2500);
        return () => clearTimeout(timer);
    }, [state.isDone]);
    const run = useCallback(async (...values: Arguments) => {
        if (isBusy.current) return false;
        isBusy.current = true;
        setState({ isBusy: true, error: null, isDone: false });
        try {
            await latest.current(...values);
            if (isAlive.current) setState({ isBusy: false, error: null, isDone: true });
            return true;
        } catch (error) {
            if (isAlive.current) setState({ isBusy: false, error: isAbort(error) ? null : asAPIError(error), isDone: false });
            return false;
        } finally {
            isBusy.current = false;
        }
    }, []);
    const clear = useCallback(() => setState({ isBusy: false, error: null, isDone: false }), []);
    return { ...state, run, clear };
}
