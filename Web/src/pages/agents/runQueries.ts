import { query } from "../../api/client";
import { all } from "../../lib/sql";
import { RunFilters, runFiltersSQL } from "./runFilters";
import { AgentRef, inEnvironment, isAgent, Window } from "./source";

/** One row of the table of runs. The texts are cut. */
export interface RunRow {
    start_timestamp: string;
    /** Seconds. */
    duration: number | null;
    trace_id: string;
    span_id: string;
    agent_name: string | null;
    model: string | null;
    conversation_id: string | null;
    user_id: string | null;
    turns: number;
    tool_calls: number;
    input_tokens: number | null;
    output_tokens: number | null;
    /** US dollars. */
    cost: number | null;
    is_cost_complete: boolean;
    is_error: boolean;
    error_type: string | null;
    input: string | null;
    output: string | null;
    /** Failed attempts of its calls that were tried again; null when no call says. */
    retries: number | null;
}

export type RunColumn = "model" | "cost" | "duration" | "input" | "output" | "retries" | "time";

export interface RunSort {
    column: RunColumn;
    descending: boolean;
}

const sortExpressions: Record<RunColumn, string> = { model: "model", cost: "cost", duration: "duration", input: "input_tokens", output: "output_tokens", retries: "retries", time: "start_timestamp" };
const usual: RunSort = { column: "time", descending: true };

/** `cost` or `-cost` of an address; the newest first when it names no column. */
export function readRunSort(text: string | null): RunSort {
    const id = text?.replace(/^-/, "");
    return id && Object.keys(sortExpressions).includes(id) ? { column: id as RunColumn, descending: text!.startsWith("-") } : usual;
}

export function writeRunSort(sort: RunSort): string | null {
    return sort.column === usual.column && sort.descending ? null : `${sort.descending ? "-" : ""}${sort.column}`;
}

/** Characters of a prompt or answer that a row needs. */
const preview = 300;

export const runColumns = `start_timestamp, duration, trace_id, span_id, agent_name, model, conversation_id, user_id, turns, tool_calls, input_tokens, output_tokens, cost, is_cost_complete, is_error, error_type,
  left(input, ${preview}) AS input, left(output, ${preview}) AS output,
  (SELECT sum(c.retry_count) FROM llm_calls c WHERE c.trace_id = agent_runs.trace_id AND c.agent_span_id = agent_runs.span_id) AS retries`;

/** The runs of an agent; unknown values are last whatever the order. */
export function runsSQL(ref: AgentRef, window: Window, filters: RunFilters, sort: RunSort, limit: number): string {
    const where = all(inEnvironment(window), isAgent(ref), ...runFiltersSQL(filters));
    return `SELECT ${runColumns}
FROM agent_runs WHERE ${where}
ORDER BY ${sortExpressions[sort.column]} ${sort.descending ? "DESC" : "ASC"} NULLS LAST, start_timestamp DESC, span_id LIMIT ${limit}`;
}

export function fetchRuns(ref: AgentRef, window: Window, filters: RunFilters, sort: RunSort, limit: number, signal: AbortSignal): Promise<RunRow[]> {
    return query<RunRow>(runsSQL(ref, window, filters, sort, limit), { ...window, limit, signal });
}

export const runKey = (run: { trace_id: string; span_id: string }) => `${run.trace_id}:${run.span_id}`;

/** A run that failed before anything was used costs nothing that anyone could price. */
export function isRunIncomplete(run: Pick<RunRow, "cost" | "is_cost_complete" | "is_error" | "turns" | "input_tokens" | "output_tokens">): boolean {
    const isUnused = run.is_error && run.input_tokens === null && run.output_tokens === null;
    return !isUnused && (!run.is_cost_complete || (run.cost === null && run.turns > 0));
}
