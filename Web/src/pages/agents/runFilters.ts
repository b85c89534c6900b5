import { Between, readBetween } from "../../components/FilterPill";
import { literal } from "../../lib/sql";

/** What the table of runs is narrowed to; each is a parameter of the address. */
export interface RunFilters {
    text: string;
    model: string | null;
    conversation: string | null;
    user: string | null;
    failed: boolean;
    /** US dollars, seconds, input and output tokens together. */
    cost: Between | null;
    duration: Between | null;
    tokens: Between | null;
}

export const filterParams = ["find", "model", "conversation", "user", "failed", "cost", "duration", "tokens"] as const;

export function readRunFilters(params: URLSearchParams): RunFilters {
    const value = (name: string) => params.get(name) || null;
    return {
        text: params.get("find") ?? "",
        model: value("model"),
        conversation: value("conversation"),
        user: value("user"),
        failed: params.get("failed") === "1",
        cost: readBetween(params.get("cost")),
        duration: readBetween(params.get("duration")),
        tokens: readBetween(params.get("tokens")),
    };
}

export function isFiltered(filters: RunFilters): boolean {
    return runFiltersSQL(filters).length > 0;
}

/** The filters as conditions on `agent_runs`. Text is looked for in the prompt and in the answer, without regard to case. */
export function runFiltersSQL(filters: RunFilters): string[] {
    const clauses: string[] = [];
    const contains = (text: string) => literal(`%${text.replace(/[\\%_]/g, (c) => `\\${c}`)}%`);
    if (filters.text.trim() !== "") {
        const pattern = contains(filters.text.trim());
        clauses.push(`(input ILIKE ${pattern} ESCAPE '\\' OR output ILIKE ${pattern} ESCAPE '\\')`);
    }
    if (filters.model !== null) clauses.push(`model = ${literal(filters.model)}`);
    if (filters.conversation !== null) clauses.push(`conversation_id = ${literal(filters.conversation)}`);
    if (filters.user !== null) clauses.push(`user_id = ${literal(filters.user)}`);
    if (filters.failed) clauses.push("is_error");
    between(clauses, "cost", filters.cost);
    between(clauses, "duration", filters.duration);
    between(clauses, "(input_tokens + output_tokens)", filters.tokens);
    return clauses;
}

function between(clauses: string[], expression: string, range: Between | null): void {
    if (range?.min != null) clauses.push(`${expression} >= ${range.min}`);
    if (range?.max != null) clauses.push(`${expression} <= ${range.max}`);
}

