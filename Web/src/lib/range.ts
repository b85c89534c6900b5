// The time window of a page: the last so-and-so much, or two fixed ends.

export type Range = { kind: "last"; id: string; seconds: number } | { kind: "custom"; from: number; to: number };

export interface Preset {
    id: string;
    label: string;
    seconds: number;
}

export const presets: readonly Preset[] = [
    { id: "5m", label: "Last 5 minutes", seconds: 300 },
    { id: "15m", label: "Last 15 minutes", seconds: 900 },
    { id: "1h", label: "Last hour", seconds: 3600 },
    { id: "6h", label: "Last 6 hours", seconds: 21600 },
    { id: "1d", label: "Last day", seconds: 86400 },
    { id: "7d", label: "Last 7 days", seconds: 604800 },
    { id: "30d", label: "Last 30 days", seconds: 2592000 },
];

export function preset(id: string): Range {
    const found = presets.find((p) => p.id === id) ?? presets[1]!;
    return { kind: "last", id: found.id, seconds: found.seconds };
}

/** Reads `range=15m` or `from=…&to=…`; anything else is the fallback. */
export function readRange(params: URLSearchParams, fallback: string): Range {
    const from = Date.parse(params.get("from") ?? "");
    const to = Date.parse(params.get("to") ?? "");
    if (Number.isFinite(from) && Number.isFinite(to) && to > from) return { kind: "custom", from, to };
    const id = params.get("range");
    return preset(id !== null && presets.some((p) => p.id === id) ? id : fallback);
}

export function writeRange(params: URLSearchParams, range: Range, fallback: string): void {
    params.delete("range");
    params.delete("from");
    params.delete("to");
    if (range.kind === "custom") {
        params.set("from", new Date(range.from).toISOString());
        params.set("to", new Date(range.to).toISOString());
    } else if (range.id !== fallback) {
        params.set("range", range.id);
    }
}

/** The two ends in milliseconds. */
export function bounds(range: Range, now: number): { from: number; to: number } {
    return range.kind === "custom" ? { from: range.from, to: range.to } : { from: now - range.seconds * 1000, to: now };
}

export function spanSeconds(range: Range): number {
    return range.kind === "custom" ? (range.to - range.from) / 1000 : range.seconds;
}

const widths = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];

/** The bucket width in seconds that gives at most `most` buckets over the range. */
export function bucketWidth(seconds: number, most: number): number {
    return widths.find((w) => seconds / w <= most) ?? widths[widths.length - 1]!;
}
