import { useEffect, useMemo, useState } from "react";
import { useApp } from "../../app/context";
import { setParams } from "../../app/router";
import { useEnvironment } from "../../app/TopBar";
import { useWeighted } from "../../components/Weighted";
import { bounds, Range, readRange } from "../../lib/range";
import { isoTime } from "../../lib/time";
import type { Window } from "./source";

/** The range of these pages when the address names none. */
export const defaultRange = "1d";
/** Milliseconds between two looks while a page is open. */
const refresh = 15000;

export function setRange(next: Range): void {
    if (next.kind === "custom") setParams({ range: null, from: new Date(next.from).toISOString(), to: new Date(next.to).toISOString() });
    else setParams({ range: next.id === defaultRange ? null : next.id, from: null, to: null });
}

export interface PageWindow {
    range: Range;
    /** Changes whenever the page should read anew: its first line when it is about something else. */
    key: string;
    /** The window as of now, and its ends in milliseconds. */
    read(): { window: Window; ends: { from: number; to: number } };
}

/** Range, environment and the regular look at what is new, for a page that counts. */
export function usePageWindow(): PageWindow {
    const { params } = useApp();
    const environment = useEnvironment();
    const weighted = useWeighted();
    const range = useMemo(() => readRange(params, defaultRange), [params]);
    const isLive = range.kind === "last";
    const [tick, setTick] = useState(0);
    useEffect(() => {
        if (!isLive) return undefined;
        const timer = setInterval(() => {
            if (!document.hidden) setTick((t) => t + 1);
        }, refresh);
        return () => clearInterval(timer);
    }, [isLive]);
    return {
        range,
        key: `${JSON.stringify(range)}${environment ?? ""}\n${tick}`,
        read: () => {
            const ends = bounds(range, Date.now());
            return { ends, window: { from: isoTime(ends.from), to: range.kind === "custom" ? isoTime(ends.to) : undefined, environment, weighted } };
        },
    };
}
