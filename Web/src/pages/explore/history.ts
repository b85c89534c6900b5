import { load, save } from "./storage";

/** A statement that ran, newest first. */
export interface Past {
    sql: string;
    /** When it ran last, in milliseconds. */
    at: number;
    /** How often it ran. */
    times: number;
    /** Milliseconds that the server took; null when it failed or was cancelled. */
    elapsed: number | null;
    rows: number | null;
    error: string | null;
}

const most = 200;
const key = (project: string) => `hearth.explore.history.${project}`;
const isList = (value: unknown): value is Past[] => Array.isArray(value) && value.every((p: Past | null) => typeof p?.sql === "string" && typeof p?.at === "number");

export function loadHistory(project: string): Past[] {
    return load<Past[]>(key(project), [], isList);
}

/** The list with one more run; the same text is moved up, not repeated. */
export function remember(list: readonly Past[], run: Omit<Past, "times">): Past[] {
    const sql = run.sql.trim();
    const known = list.find((p) => p.sql === sql);
    return [{ ...run, sql, times: (known?.times ?? 0) + 1 }, ...list.filter((p) => p !== known)].slice(0, most);
}

export function saveHistory(project: string, list: readonly Past[]): void {
    save(key(project), list);
}

/** Those whose text has every word. */
export function searchHistory(list: readonly Past[], typed: string): Past[] {
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    return list.filter((p) => words.every((w) => p.sql.toLowerCase().includes(w)));
}
