import { query } from "../../api/client";
import type { JsonObject, SpanEvent } from "../../api/types";
import { all, oneOf } from "../../lib/sql";
import { readConversation } from "../../panel/llm/conversation";
import { inEnvironment, Window } from "../agents/source";
import { callColumns } from "../detail/useRecord";
import type { CallContent, RunCall, WholeRun } from "../runs/queries";
import { hasWholeHistory } from "../runs/turns";
import { ConversationFilters, Grouping, groupKey, groupsSQL, isGroup, mostGroups, scrubbedSQL, Sort } from "./source";

export interface GroupRow {
    id: string;
    runs: number;
    /** Model calls, each counted once. */
    turns: number;
    traces: number;
    errors: number;
    refusals: number;
    /** Tool calls that answers asked for; null when no call says. */
    tools: number | null;
    input_tokens: number | null;
    output_tokens: number | null;
    cost: number | null;
    unpriced: number;
    prompt: string | null;
    models: string[] | null;
    agents: string[] | null;
    user_id: string | null;
    conversations: number;
    first: string;
    last: string;
}

/** Prompts of calls outside of any run are read for this many rows. */
const mostPrompts = 60;

export async function fetchGroups(by: Grouping, window: Window, filters: ConversationFilters, sort: Sort, signal: AbortSignal): Promise<GroupRow[]> {
    const rows = await query<GroupRow>(groupsSQL(by, window, filters, sort), { ...window, limit: mostGroups, signal });
    const bare = rows.filter((row) => row.prompt === null && row.turns > 0).slice(0, mostPrompts);
    if (bare.length === 0) return rows;
    const key = groupKey(by);
    const first = await query<{ id: string; attributes: JsonObject | null }>(
        `SELECT ${key} AS id, arg_min(attributes, start_timestamp) AS attributes FROM llm_calls WHERE ${all(inEnvironment(window), oneOf(key, bare.map((row) => row.id)))} GROUP BY 1 LIMIT ${mostPrompts}`,
        { ...window, limit: mostPrompts, signal },
    );
    const prompts = new Map(first.map((row) => [row.id, firstPrompt(row.attributes ?? {})]));
    return rows.map((row) => (row.prompt === null ? { ...row, prompt: prompts.get(row.id) ?? null } : row));
}

/** What the user said first, of the messages of a call. */
export function firstPrompt(attributes: JsonObject): string | null {
    const message = readConversation(attributes).messages.find((m) => m.role === "user");
    const text = message?.parts.flatMap((p) => (p.type === "text" ? [p.text] : [])).join(" ") ?? "";
    return text === "" ? null : [...text].slice(0, 300).join("");
}

/** Calls whose session was scrubbed by the sender's SDK. */
export async function countScrubbed(by: Grouping, window: Window, signal: AbortSignal): Promise<number> {
    const rows = await query<{ calls: number }>(scrubbedSQL(by, window), { ...window, limit: 1, signal });
    return rows[0]?.calls ?? 0;
}

export interface FinishCount {
    reason: string;
    calls: number;
}

/** The finish reasons of the window, the most frequent first. */
export function fetchFinishReasons(window: Window, signal: AbortSignal): Promise<FinishCount[]> {
    return query<FinishCount>(
        `SELECT reason, count(*) AS calls FROM (SELECT unnest(finish_reasons) AS reason FROM llm_calls WHERE ${all(inEnvironment(window), "finish_reasons IS NOT NULL")}) GROUP BY reason ORDER BY calls DESC LIMIT 30`,
        { ...window, limit: 30, signal },
    );
}

export interface ConversationRun extends WholeRun {
    end_timestamp: string | null;
    attributes: JsonObject | null;
}

export interface ConversationData {
    runs: ConversationRun[];
    calls: RunCall[];
    contents: CallContent[];
    /** Events of failed runs, for why they failed. */
    /** The roots of traces with calls outside of any run. */
    roots: { trace_id: string; span_id: string }[];
    errors: { span_id: string; exception_type: string | null; exception_message: string | null; otel_events: SpanEvent[] | null }[];
}

/** Runs and calls of one conversation that are read at once. */
export const most = 200;

export function runsSQL(by: Grouping, id: string): string {
    return `SELECT start_timestamp, end_timestamp, duration, trace_id, span_id, agent_name, model, conversation_id, user_id, turns, tool_calls, input_tokens, output_tokens, cache_read_tokens, cost, is_cost_complete, is_error, error_type, input, output, service_name, service_version, deployment_environment
FROM agent_runs WHERE ${isGroup(by, id)} ORDER BY start_timestamp, span_id LIMIT ${most}`;
}

/** Everything that one conversation or session is made of, in the order of time. */
export async function fetchConversation(by: Grouping, id: string, signal: AbortSignal): Promise<ConversationData> {
    const where = isGroup(by, id);
    const [runs, calls] = await Promise.all([
        query<ConversationRun>(
            runsSQL(by, id).replace("\nFROM", ", attributes\nFROM"),
            { limit: most, signal },
        ),
        query<RunCall>(`SELECT ${callColumns}, agent_span_id, user_id FROM llm_calls WHERE ${where} ORDER BY start_timestamp, span_id LIMIT ${most * 5}`, { limit: most * 5, signal }),
    ]);
    // Runs that carry their whole history need no content of their calls.
    const whole = new Set(runs.filter((r) => hasWholeHistory(r.attributes ?? {})).map((r) => `${r.trace_id}:${r.span_id}`));
    const unread = calls.filter((c) => c.agent_span_id === null || !whole.has(`${c.trace_id}:${c.agent_span_id}`)).slice(0, most);
    const failed = runs.filter((r) => r.is_error);
    const bare = [...new Set(calls.filter((c) => c.agent_span_id === null).map((c) => c.trace_id))].slice(0, most);
    const [contents, errors, roots] = await Promise.all([
        unread.length === 0
            ? []
            : query<CallContent>(`SELECT span_id, attributes, otel_events FROM records WHERE ${oneOf("trace_id", [...new Set(unread.map((c) => c.trace_id))])} AND ${oneOf("span_id", unread.map((c) => c.span_id))} AND kind <> 'span_event' LIMIT ${most * 2}`, { limit: most * 2, signal }),
        failed.length === 0
            ? []
            : query<ConversationData["errors"][number]>(
                  `SELECT span_id, exception_type, exception_message, otel_events FROM records WHERE ${oneOf("trace_id", [...new Set(failed.map((r) => r.trace_id))])} AND ${oneOf("span_id", failed.map((r) => r.span_id))} AND kind = 'span' LIMIT ${most}`,
                  { limit: most, signal },
              ),
        bare.length === 0
            ? []
            : query<ConversationData["roots"][number]>(`SELECT trace_id, span_id FROM records WHERE ${oneOf("trace_id", bare)} AND parent_span_id IS NULL AND kind = 'span' ORDER BY start_timestamp DESC LIMIT ${most}`, { limit: most, signal }),
    ]);
    return { runs, calls, contents, errors, roots };
}
