import type { Json, QueryField } from "../../api/types";
import { duration, money, unknown } from "../../lib/format";
import { unwrap } from "../../lib/json";
import { absolute, clock, day, parseTime } from "../../lib/time";
import { DataType, typeName } from "./schema";

// What a column of an answer holds, and how its values are written.

export type ValueKind = "text" | "number" | "time" | "boolean" | "json" | "trace" | "span" | "service";

export interface ResultColumn {
    name: string;
    /** As readers call it. */
    type: string;
    kind: ValueKind;
    isNumeric: boolean;
}

const ids = /^(?:trace|span|parent_span|agent_span|judged_trace|judged_span|experiment_span)_id$/;

export function columnsOf(fields: readonly QueryField[], rows: readonly Record<string, Json>[]): ResultColumn[] {
    const named: { name: string; data_type: DataType }[] = fields.length > 0 ? fields.map((f) => ({ name: f.name, data_type: f.data_type as DataType })) : Object.keys(rows[0] ?? {}).map((name) => ({ name, data_type: "Utf8" }));
    const seen = new Set<string>();
    return named
        .filter((f) => !seen.has(f.name) && seen.add(f.name))
        .map((field) => {
            const type = typeName(field.data_type);
            const isNumeric = type === "integer" || type === "number";
            const kind = kindOf(field.name, type, isNumeric, rows);
            return { name: field.name, type: kind === "json" && type === "text" ? "JSON" : type, kind, isNumeric };
        });
}

function kindOf(name: string, type: string, isNumeric: boolean, rows: readonly Record<string, Json>[]): ValueKind {
    if (isNumeric) return "number";
    if (type === "time" || type === "date") return "time";
    if (type === "true/false") return "boolean";
    if (/(^|_)trace_id$/.test(name)) return "trace";
    if (/(^|_)span_id$/.test(name)) return "span";
    if (name === "service_name") return "service";
    const sample = rows.slice(0, 30).map((r) => r[name]).find((v) => v !== null && v !== undefined && v !== "");
    if (typeof sample === "object" && sample !== null) return "json";
    if (typeof sample === "string" && /^[[{]/.test(sample) && unwrap(sample) !== sample) return "json";
    return "text";
}

/** The column that tells the trace of a span id: the one of the same prefix, else `trace_id`. */
export function traceColumnFor(span: string, names: readonly string[]): string | null {
    const same = span.replace(/span_id$/, "trace_id");
    if (names.includes(same)) return same;
    return ids.test(span) && names.includes("trace_id") ? "trace_id" : null;
}

const decimals = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 6, useGrouping: false });

/** A number with at most six significant figures; whole ones with all their digits. */
export function numberText(value: number): string {
    if (Number.isInteger(value)) return Math.abs(value) < 1e15 ? String(value) : String(value);
    if (value !== 0 && (Math.abs(value) < 1e-6 || Math.abs(value) >= 1e15)) return value.toExponential(4);
    return decimals.format(value);
}

const isSeconds = /^(?:duration|.*_duration|time_to_first_token|prompt_build_time|seconds|.*_seconds|latency|.*_latency|p\d+_latency)$/;
const isMoney = /^(?:cost|.*_cost|cost_.*|dollars|usd|.*_usd)$/;

/** How the value of a cell is written. `isRaw`: as the server sent it. */
export function cellText(column: ResultColumn, value: Json | undefined, isRaw = false): string {
    if (value === null || value === undefined) return unknown;
    if (typeof value === "object") return JSON.stringify(value);
    if (isRaw) return String(value);
    if (typeof value === "number") {
        if (isMoney.test(column.name)) return money(value);
        if (isSeconds.test(column.name)) return duration(value);
        return numberText(value);
    }
    if (column.kind === "time" && typeof value === "string") {
        if (column.type === "date") return value;
        const ms = parseTime(value);
        return Number.isFinite(ms) ? `${day(ms)} ${clock(ms, true)}` : value;
    }
    return String(value);
}

/** More than fits into the cell: exact times, all digits. */
export function cellTitle(column: ResultColumn, value: Json | undefined): string | undefined {
    if (value === null || value === undefined) return "NULL: unknown";
    if (column.kind === "time" && typeof value === "string") {
        const ms = parseTime(value);
        return Number.isFinite(ms) ? `${absolute(ms)}\n${value}` : value;
    }
    if (typeof value === "number") return String(value);
    if (typeof value === "string" && value.length < 400) return value;
    return undefined;
}

interface SortKey {
    row: Record<string, Json>;
    /** NaN for what is no number. */
    number: number;
    text: string;
    isUnknown: boolean;
}

/** Rows in the order of a column; unknown values last in both directions, numbers in texts as numbers. */
export function sorted(rows: readonly Record<string, Json>[], column: string, descending: boolean): Record<string, Json>[] {
    // What is compared is made once for each row: comparing takes turns of each many times.
    const keys = rows.map((row): SortKey => {
        const value = row[column] ?? null;
        if (typeof value === "number" || typeof value === "boolean") return { row, number: Number(value), text: "", isUnknown: false };
        const text = plain(value);
        return { row, number: text === "" ? Number.NaN : Number(text), text, isUnknown: value === null };
    });
    const sign = descending ? -1 : 1;
    keys.sort((a, b) => {
        if (a.isUnknown || b.isUnknown) return Number(a.isUnknown) - Number(b.isUnknown);
        if (a.number === a.number && b.number === b.number) return sign * (a.number - b.number);
        return a.text < b.text ? -sign : a.text > b.text ? sign : 0;
    });
    return keys.map((key) => key.row);
}

/** A value as text that can be pasted elsewhere; NULL is empty. */
export function plain(value: Json | undefined): string {
    if (value === null || value === undefined) return "";
    return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export type CopyForm = "tsv" | "markdown" | "csv" | "json";

/** Rows to paste into a sheet, a text or a program. */
export function rowsAsText(columns: readonly ResultColumn[], rows: readonly Record<string, Json>[], form: CopyForm): string {
    const names = columns.map((c) => c.name);
    switch (form) {
        case "json":
            return JSON.stringify(rows, null, 2);
        case "csv": {
            const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
            return [names.map(field).join(","), ...rows.map((r) => names.map((n) => (r[n] === "" ? '""' : field(plain(r[n])))).join(","))].join("\n");
        }
        case "markdown": {
            const field = (text: string) => text.replace(/\\/g, "\\\\").replace(/\|/g, "\\|").replace(/\r?\n/g, "<br>");
            const rule = columns.map((c) => (c.isNumeric ? "---:" : "---"));
            const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
            return [line(names.map(field)), line(rule), ...rows.map((r) => line(names.map((n) => field(plain(r[n])))))].join("\n");
        }
        case "tsv": {
            const field = (text: string) => text.replace(/[\t\r\n]+/g, " ");
            return [names.map(field).join("\t"), ...rows.map((r) => names.map((n) => field(plain(r[n]))).join("\t"))].join("\n");
        }
    }
}
