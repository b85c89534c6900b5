import type { Json } from "../../api/types";
import type { ChartKind, Series, XDomain } from "../../components/Chart";
import { compact, duration, money, unknown } from "../../lib/format";
import { parseTime } from "../../lib/time";
import type { ChartChoice } from "./tabs";
import { numberText, plain, ResultColumn } from "./values";

// What an answer looks like as a chart: which column lies on which axis, and the values in their places.

export interface ChartPlan {
    kind: ChartKind;
    x: string;
    y: string[];
    /** The column whose values tell the series apart; empty for none. */
    series: string;
}

/** The most different values a column may have to tell series apart, and names on an axis. */
const mostSeries = 24;
const mostNames = 60;
const mostSteps = 4000;

const neverY = /(^|_)(id|pid|seed|port|year|month|day|hour|minute|position)$/;

export function planChart(columns: readonly ResultColumn[], rows: readonly Record<string, Json>[], choice: ChartChoice): ChartPlan | null {
    const has = (name: string | undefined): name is string => name !== undefined && columns.some((c) => c.name === name);
    const numeric = columns.filter((c) => c.isNumeric);
    if (rows.length === 0 || columns.length === 0) return null;
    const texts = columns.filter((c) => !c.isNumeric && c.kind !== "time" && c.kind !== "json");
    const time = columns.find((c) => c.kind === "time");
    let x = has(choice.x) ? choice.x : undefined;
    if (x === undefined) {
        const named = texts.map((c) => ({ name: c.name, many: distinct(rows, c.name, rows.length) })).sort((a, b) => b.many - a.many)[0];
        // Names that come again and again are those of single records: two numbers of each are points.
        const areSingle = named === undefined || (rows.length > 20 && named.many < rows.length / 2);
        if (time) x = time.name;
        else x = areSingle && numeric.length > 1 ? numeric[0]!.name : named?.name;
    }
    if (x === undefined) return null;
    const candidates = numeric.filter((c) => c.name !== x);
    const good = candidates.filter((c) => !neverY.test(c.name));
    let y = (choice.y ?? []).filter((name) => candidates.some((c) => c.name === name));
    const xIsTime = columns.find((c) => c.name === x)?.kind === "time";
    const xIsNumber = columns.find((c) => c.name === x)?.isNumeric === true;
    let series = choice.series === "" ? "" : has(choice.series) && choice.series !== x ? choice.series : undefined;
    if (series === undefined) {
        const isRepeated = xIsNumber || distinct(rows, x, rows.length) < rows.length;
        const tells = (name: string) => {
            const many = distinct(rows, name, mostSeries + 1);
            return many > 1 && many <= mostSeries;
        };
        series = (isRepeated && texts.find((c) => c.name !== x && c.kind !== "trace" && c.kind !== "span" && tells(c.name))?.name) || "";
    }
    if (y.length === 0) {
        const first = good[0] ?? candidates[0];
        if (!first) return null;
        // Columns of one kind can share an axis; different ones would hide each other.
        y = series !== "" ? [first.name] : good.filter((c) => unitOf(c.name) === unitOf(first.name)).slice(0, 4).map((c) => c.name);
        if (y.length === 0) y = [first.name];
    }
    const whole = y.every((name) => rows.every((r) => r[name] === null || Number.isInteger(r[name])));
    // What adds up is stacked, what is measured is drawn as lines.
    const addsUp = y.every((name) => ["money", "tokens"].includes(unitOf(name)) && !/avg|mean|p\d\d|per_/.test(name)) || whole;
    const kind = choice.kind ?? (xIsTime ? (addsUp ? "bars" : "lines") : xIsNumber ? "points" : "bars");
    return { kind, x, y, series };
}

function distinct(rows: readonly Record<string, Json>[], name: string, enough: number): number {
    const seen = new Set<string>();
    for (const row of rows) {
        seen.add(plain(row[name]));
        if (seen.size > enough) break;
    }
    return seen.size;
}

export type Unit = "money" | "seconds" | "tokens" | "share" | "number";

export function unitOf(name: string): Unit {
    if (/(^|_)(cost|dollars|usd)($|_)/.test(name)) return "money";
    if (/(^|_)(duration|seconds|latency|time_to_first_token)($|_)/.test(name)) return "seconds";
    if (/(^|_)tokens?($|_)/.test(name)) return "tokens";
    if (/(^|_)(share|rate|ratio|percent)($|_)/.test(name)) return "share";
    return "number";
}

/** How the values of an axis are written: numbers with what they count, where all columns count the same. */
export function axisFormat(y: readonly string[]): (value: number | null) => string {
    const units = new Set(y.map(unitOf));
    const unit = units.size === 1 ? [...units][0]! : "number";
    if (unit === "money") return (v) => money(v);
    if (unit === "seconds") return duration;
    return (v) => (v === null ? unknown : Math.abs(v) >= 10_000 ? compact(v) : numberText(v));
}

export interface ChartData {
    x: XDomain;
    series: Series[];
    /** What the reader should know: names left out, values added up. */
    notes: string[];
}

export function chartData(plan: ChartPlan, columns: readonly ResultColumn[], rows: readonly Record<string, Json>[]): ChartData {
    const column = columns.find((c) => c.name === plan.x)!;
    const notes: string[] = [];
    const places = new Map<string, { sort: number; label: string }>();
    const cells = new Map<string, Map<string, number>>();
    let added = 0;
    let skipped = 0;
    const isOrdered = column.kind === "time" || column.isNumeric;
    // Points stand for single rows, so that none are added up.
    const isSingle = plan.kind === "points" && isOrdered;
    for (const [index, row] of rows.entries()) {
        const raw = row[plan.x];
        const sort = column.kind === "time" ? parseTime(plain(raw)) : column.isNumeric ? (typeof raw === "number" ? raw : Number.NaN) : 0;
        if (isOrdered && !Number.isFinite(sort)) {
            skipped += 1;
            continue;
        }
        const key = isSingle ? String(index) : isOrdered ? String(sort) : plain(raw);
        if (!places.has(key)) places.set(key, { sort: isOrdered ? sort : places.size, label: raw === null ? unknown : plain(raw) });
        for (const y of plan.y) {
            const value = row[y];
            if (typeof value !== "number") continue;
            const name = plan.series === "" ? y : plan.y.length > 1 ? `${nameOf(row[plan.series])} · ${y}` : nameOf(row[plan.series]);
            const line = cells.get(name) ?? new Map<string, number>();
            if (line.has(key)) added += 1;
            line.set(key, (line.get(key) ?? 0) + value);
            cells.set(name, line);
        }
    }
    if (skipped > 0) notes.push(`${skipped} rows without ${plan.x} are not in the chart`);
    if (added > 0) notes.push(`${added} rows share their ${plan.x}${plan.series === "" ? "" : ` and ${plan.series}`} with another: their values are added up`);
    let order = [...places.entries()].sort((a, b) => a[1].sort - b[1].sort);
    if (!isOrdered && order.length > mostNames) {
        notes.push(`the first ${mostNames} of ${order.length} names are shown`);
        order = order.slice(0, mostNames);
    }
    let lines = [...cells.entries()];
    if (lines.length > mostSeries) {
        const weight = (line: Map<string, number>) => [...line.values()].reduce((s, v) => s + Math.abs(v), 0);
        lines = lines.sort((a, b) => weight(b[1]) - weight(a[1])).slice(0, mostSeries);
        notes.push(`the ${mostSeries} largest of ${cells.size} series are shown`);
    }
    const { x, keys } = domain(column, order, isSingle);
    const series = lines.map(([label, line], i): Series => ({ label, values: keys.map((key) => line.get(key) ?? null), ...(lines.length > 7 ? { color: farColor(i) } : {}) }));
    return { x, series, notes };
}

/** Colours that lie far apart however many there are: hues by the golden angle. */
function farColor(index: number): string {
    return `oklch(var(--name-lightness) var(--name-chroma) ${Math.round(255 + index * 137.508) % 360})`;
}

function nameOf(value: Json | undefined): string {
    return value === null || value === undefined || value === "" ? "(none)" : plain(value);
}

/** Regular times become steps, so that what is missing between them is a gap. */
function domain(column: ResultColumn, order: readonly (readonly [string, { sort: number; label: string }])[], isSingle: boolean): { x: XDomain; keys: string[] } {
    const keys = order.map(([key]) => key);
    if (column.kind !== "time") {
        return column.isNumeric ? { x: { kind: "numbers", at: order.map(([, p]) => p.sort) }, keys } : { x: { kind: "names", names: order.map(([, p]) => p.label) }, keys };
    }
    const at = order.map(([, p]) => p.sort);
    const width = isSingle ? null : stepOf(at);
    if (width === null) return { x: { kind: "times", at }, keys };
    const first = at[0]!;
    const many = Math.round((at[at.length - 1]! - first) / width) + 1;
    const starts = Array.from({ length: many }, (_, i) => first + i * width);
    return { x: { kind: "steps", starts, width }, keys: starts.map(String) };
}

/** The step that all times are multiples of apart, in milliseconds; null when they are irregular. */
export function stepOf(at: readonly number[]): number | null {
    if (at.length < 2) return null;
    let width = Infinity;
    for (let i = 1; i < at.length; i += 1) width = Math.min(width, at[i]! - at[i - 1]!);
    if (width < 1000 || (at[at.length - 1]! - at[0]!) / width > mostSteps) return null;
    return at.every((t) => Math.abs((t - at[0]!) / width - Math.round((t - at[0]!) / width)) < 1e-9) ? width : null;
}
