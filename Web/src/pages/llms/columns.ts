import type { ModelRow } from "./queries";

export type ColumnId = "model" | "calls" | "errors" | "latency" | "percentiles" | "first" | "speed" | "input" | "output" | "cache" | "cost" | "truncated" | "tools";

export interface Column {
    id: ColumnId;
    label: string;
    title: string;
    /** What the column sorts by; null sorts last in both directions. */
    value(row: ModelRow): number | string | null;
}

/** The name of a row and, for models, its provider. */
export function rowName(row: ModelRow): string {
    return row.key.map((part) => part ?? "\uffff").reverse().join(" ").toLowerCase();
}

export const columns: readonly Column[] = [
    { id: "model", label: "Model", title: "Model as requested, and its provider", value: rowName },
    { id: "calls", label: "Calls", title: "Model calls, each counted once", value: (r) => r.calls },
    { id: "errors", label: "Errors", title: "Share of calls with status ERROR or an exception", value: (r) => (r.calls > 0 ? r.errors / r.calls : null) },
    { id: "latency", label: "Latency", title: "Average, with the maximum under it", value: (r) => r.duration_avg },
    { id: "percentiles", label: "p50 / p95", title: "Latency that half of the calls, and 95 of 100, stay below; sorts by p95", value: (r) => r.duration_p95 },
    { id: "first", label: "First token", title: "Average time to the first token of streamed calls, with p50 and p95 under it", value: (r) => r.first_token_avg },
    { id: "speed", label: "Speed", title: "Σ output tokens / Σ duration over calls that have both", value: (r) => r.speed },
    { id: "input", label: "Input", title: "Input tokens, cached ones included", value: (r) => r.input_tokens },
    { id: "output", label: "Output", title: "Output tokens, reasoning included", value: (r) => r.output_tokens },
    { id: "cache", label: "Cache read", title: "Input tokens read from the provider's cache", value: (r) => r.cache_read },
    { id: "cost", label: "Cost", title: "US dollars, dotted when all of it was computed from prices; +? when some calls have no known price", value: (r) => r.cost },
    { id: "truncated", label: "Truncated", title: "Share of answers cut off at the token limit", value: (r) => r.truncated },
    { id: "tools", label: "Tool calls", title: "Share of answers with a tool call", value: (r) => r.tool_calls },
];

export interface Sort {
    column: ColumnId;
    descending: boolean;
}

/** `cost` or `-cost` of an address; calls, most first, when it names no column. */
export function readSort(text: string | null): Sort {
    const id = text?.replace(/^-/, "");
    const column = columns.find((c) => c.id === id);
    return column ? { column: column.id, descending: text!.startsWith("-") } : { column: "calls", descending: true };
}

export function writeSort(sort: Sort): string | null {
    return sort.column === "calls" && sort.descending ? null : `${sort.descending ? "-" : ""}${sort.column}`;
}

export function sorted(rows: readonly ModelRow[], sort: Sort): ModelRow[] {
    const { value } = columns.find((c) => c.id === sort.column)!;
    const sign = sort.descending ? -1 : 1;
    return [...rows].sort((a, b) => {
        const x = value(a);
        const y = value(b);
        if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
        if (x === y) return b.calls - a.calls;
        return (x < y ? -1 : 1) * sign;
    });
}

/** Rows whose name (model and provider, or the values they are grouped by) contains every word. */
export function filtered(rows: readonly ModelRow[], text: string): ModelRow[] {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    return rows.filter((row) => {
        const name = row.key.map((part) => part ?? "(unknown)").join(" ").toLowerCase();
        return words.every((w) => name.includes(w));
    });
}
