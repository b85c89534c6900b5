// What a chart draws: values of one or more series over a common x.

export interface Series {
    label: string;
    /** One value for each x; null is unknown and leaves a gap. */
    values: readonly (number | null)[];
    /** A colour of tokens.css by its name, such as `blue-fill`. */
    tone?: string;
    /** Any other CSS colour. */
    color?: string;
}

export type ChartKind = "bars" | "lines" | "area" | "points";

/** Where the values stand. Times in milliseconds. */
export type XDomain =
    /** Steps of equal width, each from its start. */
    | { kind: "steps"; starts: readonly number[]; width: number }
    /** Single moments or numbers, in rising order. */
    | { kind: "times"; at: readonly number[] }
    | { kind: "numbers"; at: readonly number[] }
    | { kind: "names"; names: readonly string[] };

export function lengthOf(x: XDomain): number {
    return x.kind === "steps" ? x.starts.length : x.kind === "names" ? x.names.length : x.at.length;
}

/** Colours in the order in which series without one get them: far apart, and red left to errors. */
const palette = ["blue-fill", "amber-fill", "teal-fill", "violet-fill", "green-fill", "ember-fill", "grey-fill"];

export function seriesColor(series: Series, index: number): string {
    if (series.color) return series.color;
    return `var(--${series.tone ?? palette[index % palette.length]!})`;
}

/** Whether there is anything to see: `unknown` when no value is known, `zero` when all that is known is 0. */
export function emptiness(series: readonly Series[]): "unknown" | "zero" | null {
    let isKnown = false;
    for (const s of series) {
        for (const value of s.values) {
            if (value === null) continue;
            if (value !== 0) return null;
            isKnown = true;
        }
    }
    return isKnown ? "zero" : "unknown";
}

export function areWhole(series: readonly Series[]): boolean {
    return series.every((s) => s.values.every((v) => v === null || Number.isInteger(v)));
}
