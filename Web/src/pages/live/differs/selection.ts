// What is compared with what: a box of the latency chart, a stretch of time, or what the filter finds, each with everything else.

import { spanSeconds, Range } from "../../../lib/range";
import { isoTime } from "../../../lib/time";

export interface Box {
    /** Milliseconds. */
    from: number;
    to: number;
    /** Seconds; null where any duration counts. */
    least: number | null;
    most: number | null;
}

/** As a parameter of the address: `from~to` or `from~to~least~most`. */
export function writeBox(box: Box): string {
    const times = `${Math.round(box.from)}~${Math.round(box.to)}`;
    return box.least === null || box.most === null ? times : `${times}~${Number(box.least.toPrecision(6))}~${Number(box.most.toPrecision(6))}`;
}

export function readBox(text: string | null): Box | null {
    const parts = (text ?? "").split("~").map(Number);
    if ((parts.length !== 2 && parts.length !== 4) || parts.some((n) => !Number.isFinite(n)) || parts[1]! <= parts[0]!) return null;
    return { from: parts[0]!, to: parts[1]!, least: parts[2] ?? null, most: parts[3] ?? null };
}

export function boxCondition(box: Box): string {
    const time = `start_timestamp >= TIMESTAMPTZ '${isoTime(box.from)}' AND start_timestamp < TIMESTAMPTZ '${isoTime(box.to)}'`;
    return box.least === null || box.most === null ? time : `${time} AND duration >= ${box.least} AND duration < ${box.most}`;
}

export interface Comparison {
    /** Which records are selected. */
    selected: string;
    /** Of which records; undefined is all of the range. */
    among: string | undefined;
}

/** A box is compared within what the filter finds; without one the filter is compared with everything else. */
export function comparison(box: Box | null, where: string | undefined, environment: string | undefined): Comparison | null {
    if (box) return { selected: boxCondition(box), among: where };
    return where === undefined || where === environment ? null : { selected: where, among: environment };
}

/** Steps of the latency chart's scale: so many to a factor of ten. */
export const stepsPerDecade = 6;

export function latencySQL(widthSeconds: number, where: string | undefined): string {
    return `SELECT time_bucket(INTERVAL '${widthSeconds} seconds', start_timestamp) AS t, floor(log10(duration) * ${stepsPerDecade})::INTEGER AS step, count(*) AS n, count(*) FILTER (WHERE is_exception OR otel_status_code = 'ERROR') AS errors
FROM records
WHERE kind = 'span' AND duration > 0${where ? ` AND (${where}\n)` : ""}
GROUP BY 1, 2`;
}

/** The shortest duration of a step, in seconds. */
export function stepStart(step: number): number {
    return 10 ** (step / stepsPerDecade);
}

export function isLong(range: Range): boolean {
    return spanSeconds(range) > 86400;
}
