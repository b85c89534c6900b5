import { useSyncExternalStore } from "react";

/** In which zone times are shown: the browser's own, or UTC. */
export type Zone = "local" | "utc";

const key = "hearth.zone";
const listeners = new Set<() => void>();

function stored(): Zone {
    try {
        return localStorage.getItem(key) === "utc" ? "utc" : "local";
    } catch {
        return "local";
    }
}

let current: Zone = stored();

export function zone(): Zone {
    return current;
}

export function setZone(next: Zone): void {
    current = next;
    try {
        if (next === "local") localStorage.removeItem(key);
        else localStorage.setItem(key, next);
    } catch {
        // Without storage the choice lasts as long as the page.
    }
    for (const listener of [...listeners]) listener();
}

function subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
}

export function useZone(): Zone {
    return useSyncExternalStore(subscribe, zone);
}

/** Minutes by which the shown zone is ahead of UTC at a time. */
export function offsetMinutes(ms: number): number {
    return current === "utc" ? 0 : -new Date(ms).getTimezoneOffset();
}

/** `UTC`, `UTC+1`, `UTC−3:30`. */
export function zoneName(ms: number): string {
    const offset = offsetMinutes(ms);
    if (offset === 0) return "UTC";
    const [hours, rest] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
    return `UTC${offset > 0 ? "+" : "−"}${hours}${rest === 0 ? "" : `:${String(rest).padStart(2, "0")}`}`;
}

/** A date whose UTC fields are those of the shown zone. */
export function shifted(ms: number): Date {
    return new Date(ms + offsetMinutes(ms) * 60000);
}

/** `2026-11-21T14:02:31` in the shown zone, as inputs want it. */
export function inputTime(ms: number): string {
    return shifted(ms).toISOString().slice(0, 19);
}

/** The time that an input holds, in milliseconds; NaN when it holds none. */
export function parseInput(text: string): number {
    return Date.parse(current === "utc" && text !== "" ? `${text}Z` : text);
}
