// Counts of records over time, stacked by level.

export const bands = ["error", "warn", "info", "debug"] as const;
export type Band = (typeof bands)[number];

export interface BucketRow {
    t: string;
    band: Band;
    n: number;
}

export interface Bucket {
    /** Milliseconds. */
    start: number;
    counts: Record<Band, number>;
    total: number;
}

/** The statement behind the histogram: one row for each bucket and band. Weighted, a record counts as many times as it stands for. */
export function histogramSQL(widthSeconds: number, where: string | undefined, weighted = false): string {
    return `SELECT time_bucket(INTERVAL '${widthSeconds} seconds', start_timestamp) AS t,
  CASE WHEN level >= 17 OR is_exception OR otel_status_code = 'ERROR' THEN 'error' WHEN level >= 13 THEN 'warn' WHEN level >= 9 THEN 'info' ELSE 'debug' END AS band,
  ${weighted ? "sum(sample_weight)" : "count(*)"} AS n
FROM records${where ? ` WHERE (${where}\n)` : ""}
GROUP BY 1, 2 ORDER BY 1`;
}

/** A bucket for every step of the range, empty ones too. Buckets begin at multiples of the width since 1970. */
export function fillBuckets(rows: readonly BucketRow[], from: number, to: number, widthSeconds: number): Bucket[] {
    const width = widthSeconds * 1000;
    const first = Math.floor(from / width) * width;
    const many = Math.max(1, Math.ceil((to - first) / width));
    const buckets: Bucket[] = [];
    for (let i = 0; i < many; i += 1) buckets.push({ start: first + i * width, counts: { error: 0, warn: 0, info: 0, debug: 0 }, total: 0 });
    for (const row of rows) {
        const bucket = buckets[Math.floor((Date.parse(row.t) - first) / width)];
        if (!bucket) continue;
        bucket.counts[row.band] += row.n;
        bucket.total += row.n;
    }
    return buckets;
}
