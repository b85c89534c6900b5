import { plus } from "../../lib/usage";
import type { AgentRow } from "./queries";
import { agentTitle } from "./source";

export type ColumnId = "agent" | "runs" | "errors" | "time" | "turns" | "tools" | "tokens" | "cost" | "last";

export interface Column {
    id: ColumnId;
    label: string;
    title: string;
    /** What the column sorts by; null sorts last in both directions. */
    value(row: AgentRow): number | string | null;
}

export const columns: readonly Column[] = [
    { id: "agent", label: "Agent", title: "The agent's name, and the models it calls; without a name its provider and model", value: (r) => agentTitle(r).toLowerCase() },
    { id: "runs", label: "Runs", title: "Agent runs, with their number over time", value: (r) => r.runs },
    { id: "errors", label: "Errors", title: "Share of runs with status ERROR or an exception", value: (r) => (r.runs > 0 ? r.errors / r.runs : null) },
    { id: "time", label: "Avg time", title: "Average duration of a run, with the 95th percentile", value: (r) => r.duration_avg },
    { id: "turns", label: "Turns / run", title: "Model calls of a run, each counted once: average and 90th percentile", value: (r) => r.turns_avg },
    { id: "tools", label: "Tools / run", title: "Executed tools of a run: average and 90th percentile", value: (r) => r.tools_avg },
    { id: "tokens", label: "Tokens", title: "Input and output tokens of the agent's own calls", value: (r) => plus(r.input_tokens, r.output_tokens) },
    { id: "cost", label: "Cost", title: "US dollars of the agent's own calls; +? when some have no known price", value: (r) => r.cost },
    { id: "last", label: "Last active", title: "When its latest run began", value: (r) => r.last },
];

export interface Sort {
    column: ColumnId;
    descending: boolean;
}

const usual: Sort = { column: "last", descending: true };

/** `cost` or `-cost` of an address; the latest first when it names no column. */
export function readSort(text: string | null): Sort {
    const id = text?.replace(/^-/, "");
    const column = columns.find((c) => c.id === id);
    return column ? { column: column.id, descending: text!.startsWith("-") } : usual;
}

export function writeSort(sort: Sort): string | null {
    return sort.column === usual.column && sort.descending === usual.descending ? null : `${sort.descending ? "-" : ""}${sort.column}`;
}

export function sorted(rows: readonly AgentRow[], sort: Sort): AgentRow[] {
    const { value } = columns.find((c) => c.id === sort.column)!;
    const sign = sort.descending ? -1 : 1;
    return [...rows].sort((a, b) => {
        const x = value(a);
        const y = value(b);
        if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
        if (x === y) return b.runs - a.runs;
        return (x < y ? -1 : 1) * sign;
    });
}

/** Rows whose name, model or provider contains every word. */
export function filtered(rows: readonly AgentRow[], text: string): AgentRow[] {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    return rows.filter((row) => {
        const name = [agentTitle(row), ...row.models.flatMap((m) => [m.model, m.provider])].join(" ").toLowerCase();
        return words.every((w) => name.includes(w));
    });
}
