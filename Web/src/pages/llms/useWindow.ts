import { useEffect, useMemo, useState } from "react";
import { useApp } from "../../app/context";
import { navigate, setParams, withParams } from "../../app/router";
import { useEnvironment } from "../../app/TopBar";
import { useWeighted } from "../../components/Weighted";
import { bounds, Range, readRange } from "../../lib/range";
import { isoTime } from "../../lib/time";
import { readFilters } from "./dimensions";
import type { Window } from "./queries";

export const defaultRange = "1d";
/** Seconds between two looks while a page is open. */
export const refreshSeconds = 15;

export interface View {
    range: Range;
    /** The window as it is now, and the one of the same length before it. */
    at(now: number): { window: Window; before: Window; from: number; to: number };
    /** Changes when the view does. */
    subject: string;
    /** Changes when the view does, or when it is time to look again. */
    key: string;
    isRefreshing: boolean;
}

/** What the address says about the calls to look at: range, environment, filters. */
export function useView(): View {
    const { params } = useApp();
    const environment = useEnvironment();
    const weighted = useWeighted();
    const isRefreshing = params.get("refresh") !== "off";
    const range = useMemo(() => readRange(params, defaultRange), [params]);
    const filters = useMemo(() => readFilters(params), [params]);
    const tick = useTick(range.kind === "last" && isRefreshing);
    const at = (now: number) => {
        const { from, to } = bounds(range, now);
        const shared = { environment, weighted, filters };
        return {
            from,
            to,
            window: { from: isoTime(from), to: range.kind === "custom" ? isoTime(to) : undefined, ...shared },
            before: { from: isoTime(from - (to - from)), to: isoTime(from), ...shared },
        };
    };
    const subject = JSON.stringify([range, environment, filters.map((f) => [f.dimension.id, f.isExcluded, f.values])]);
    return { range, at, subject, key: `${subject}\n${tick}`, isRefreshing };
}

function useTick(isOn: boolean): number {
    const [tick, setTick] = useState(0);
    useEffect(() => {
        if (!isOn) return undefined;
        const timer = setInterval(() => {
            if (!document.hidden) setTick((t) => t + 1);
        }, refreshSeconds * 1000);
        return () => clearInterval(timer);
    }, [isOn]);
    return tick;
}

export function setRange(next: Range): void {
    if (next.kind === "custom") setParams({ range: null, from: new Date(next.from).toISOString(), to: new Date(next.to).toISOString() });
    else setParams({ range: next.id === defaultRange ? null : next.id, from: null, to: null });
}

/** Shows the present page with other parameters. */
export function show(params: URLSearchParams): void {
    navigate(withParams(window.location.pathname, params));
}
