import type { TrendRow } from "./queries";

/** One value for each step of the range; null where nothing was called. */
export interface Trend {
    calls: number[];
    errors: (number | null)[];
    latency: (number | null)[];
    truncated: (number | null)[];
    tools: (number | null)[];
}

/** A row's key as one text, for maps and addresses. */
export function rowKey(key: readonly (string | null)[]): string {
    return JSON.stringify(key);
}

/** Steps of the range, from their start in milliseconds. */
export function steps(from: number, to: number, widthSeconds: number): number[] {
    const width = widthSeconds * 1000;
    const list: number[] = [];
    for (let t = Math.floor(from / width) * width; t < to; t += width) list.push(t);
    return list;
}

export function trendsByRow(rows: readonly TrendRow[], starts: readonly number[]): Map<string, Trend> {
    const index = new Map(starts.map((t, i) => [t, i]));
    const trends = new Map<string, Trend>();
    const none = () => starts.map((): number | null => null);
    for (const row of rows) {
        const at = index.get(Date.parse(row.t));
        if (at === undefined) continue;
        const key = rowKey(row.key);
        let trend = trends.get(key);
        if (!trend) trends.set(key, (trend = { calls: starts.map(() => 0), errors: none(), latency: none(), truncated: none(), tools: none() }));
        trend.calls[at] = row.calls;
        trend.errors[at] = row.calls > 0 ? row.errors / row.calls : null;
        trend.latency[at] = row.duration_avg;
        trend.truncated[at] = row.truncated;
        trend.tools[at] = row.tool_calls;
    }
    return trends;
}
