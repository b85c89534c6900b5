import { all, literal } from "../../lib/sql";
import { inEnvironment, Window } from "../agents/source";

/** What runs and calls are grouped by. */
export const groupings = ["conversation", "session", "user"] as const;
export type Grouping = (typeof groupings)[number];

export const groupingNames: Record<Grouping, { one: string; many: string; attribute: string }> = {
    conversation: { one: "Conversation", many: "Conversations", attribute: "gen_ai.conversation.id" },
    session: { one: "Session", many: "Sessions", attribute: "session.id" },
    user: { one: "User", many: "Users", attribute: "user.id" },
};

export function readGrouping(params: URLSearchParams): Grouping {
    return groupings.find((g) => g === params.get("by")) ?? "conversation";
}

const session = "coalesce(attributes->>'session.id', attributes->>'session_id', attributes->>'langsmith.trace.session_id', attributes->>'traceloop.association.properties.session_id', otel_resource_attributes->>'session.id')";

/** The column or attribute that names the group, on `llm_calls` and `agent_runs`. */
export function groupKey(by: Grouping): string {
    return by === "conversation" ? "conversation_id" : by === "user" ? "user_id" : session;
}

/** What the Logfire SDK sends in the place of a value whose name looks like a secret; `session` is one of its words. */
const scrubbed = "[Scrubbed due to %";

/** Rows that name their group, by a value that was really sent. */
export function isGrouped(by: Grouping): string {
    return `${groupKey(by)} IS NOT NULL AND ${groupKey(by)} NOT LIKE ${literal(scrubbed)}`;
}

/** Model calls and runs whose group's name was scrubbed on the way. */
export function scrubbedSQL(by: Grouping, window: Window): string {
    return `SELECT count(*) AS calls FROM llm_calls WHERE ${all(inEnvironment(window), `${groupKey(by)} LIKE ${literal(scrubbed)}`)}`;
}

export function isGroup(by: Grouping, id: string): string {
    return `${groupKey(by)} = ${literal(id)}`;
}

export interface ConversationFilters {
    text: string;
    user: string | null;
    /** A finish reason that some call of the group ended with; `refusal` stands for any refusal. */
    finish: string | null;
    failed: boolean;
}

export function readFilters(params: URLSearchParams): ConversationFilters {
    return { text: params.get("filter") ?? "", user: params.get("user") || null, finish: params.get("finish") || null, failed: params.get("failed") === "1" };
}

export function hasFilters(filters: ConversationFilters): boolean {
    return filters.text.trim() !== "" || filters.user !== null || filters.finish !== null || filters.failed;
}

/** Finish reasons that mean a refusal, whether or not a sender flags it. */
export const refusal = "refusal";

export function endedWith(finish: string): string {
    const named = `list_contains(finish_reasons, ${literal(finish)})`;
    return finish === refusal ? `(refusal OR ${named})` : named;
}

export type ColumnId = "runs" | "turns" | "tools" | "input" | "output" | "cost" | "errors" | "last";

export interface Sort {
    column: string;
    descending: boolean;
}

const expressions: Record<string, string> = { runs: "runs", turns: "turns", tools: "tools", input: "input_tokens", output: "output_tokens", cost: "cost", errors: "errors", last: "last" };
const usual: Sort = { column: "last", descending: true };

export function readSort(text: string | null): Sort {
    const id = text?.replace(/^-/, "") ?? "";
    return Object.keys(expressions).includes(id) ? { column: id, descending: text!.startsWith("-") } : usual;
}

export function writeSort(sort: Sort): string | null {
    return sort.column === usual.column && sort.descending ? null : `${sort.descending ? "-" : ""}${sort.column}`;
}

export const mostGroups = 500;

/** One row for each conversation, session or user, over model calls and agent runs that name it. */
export function groupsSQL(by: Grouping, window: Window, filters: ConversationFilters, sort: Sort): string {
    const key = groupKey(by);
    const where = all(inEnvironment(window), isGrouped(by), filters.user !== null && by !== "user" && `user_id = ${literal(filters.user)}`);
    const w = window.weighted;
    const count = w ? "coalesce(sum(sample_weight), 0)" : "count(*)";
    const countWhere = (condition: string) => (w ? `coalesce(sum(sample_weight) FILTER (WHERE ${condition}), 0)` : `count(*) FILTER (WHERE ${condition})`);
    const times = w ? " * sample_weight" : "";
    const matches: string[] = [];
    if (filters.text.trim() !== "") {
        const pattern = literal(`%${filters.text.trim().replace(/[\\%_]/g, (c) => `\\${c}`)}%`);
        matches.push(`concat_ws(' ', id, prompt, user_id, array_to_string(agents, ' '), array_to_string(models, ' ')) ILIKE ${pattern} ESCAPE '\\'`);
    }
    if (filters.finish !== null) matches.push("finished > 0");
    if (filters.failed) matches.push("errors > 0");
    return `WITH c AS (
  SELECT ${key} AS id, ${count} AS turns, ${countWhere("is_error")} AS errors, ${countWhere("refusal")} AS refusals, sum(tool_call_count${times}) AS tools,
    sum(input_tokens${times}) AS input_tokens, sum(output_tokens${times}) AS output_tokens, sum(cost${times}) AS cost,
    ${countWhere("cost IS NULL AND NOT (coalesce(is_error, false) AND input_tokens IS NULL AND output_tokens IS NULL)")} AS unpriced,
    ${countWhere(filters.finish === null ? "false" : endedWith(filters.finish))} AS finished,
    list_sort(list(DISTINCT model) FILTER (WHERE model IS NOT NULL)) AS models, list(DISTINCT agent_name) FILTER (WHERE agent_name IS NOT NULL) AS agents,
    max(user_id) AS user_id, count(DISTINCT trace_id) AS traces, count(DISTINCT conversation_id) AS conversations, min(start_timestamp) AS first, max(start_timestamp) AS last
  FROM llm_calls WHERE ${where} GROUP BY 1
), r AS (
  SELECT ${key} AS id, ${count} AS runs, ${countWhere("is_error")} AS failed_runs, arg_min(left(input, 300), start_timestamp) FILTER (WHERE input IS NOT NULL) AS prompt,
    list(DISTINCT agent_name) FILTER (WHERE agent_name IS NOT NULL) AS agents, max(user_id) AS user_id, count(DISTINCT conversation_id) AS conversations, min(start_timestamp) AS first, max(start_timestamp) AS last
  FROM agent_runs WHERE ${where} GROUP BY 1
), g AS (
  SELECT id, coalesce(r.runs, 0) AS runs, coalesce(c.turns, 0) AS turns, coalesce(c.traces, 0) AS traces, greatest(coalesce(c.errors, 0), coalesce(r.failed_runs, 0)) AS errors, coalesce(c.refusals, 0) AS refusals, c.tools AS tools,
    c.input_tokens AS input_tokens, c.output_tokens AS output_tokens, c.cost AS cost, coalesce(c.unpriced, 0) AS unpriced, coalesce(c.finished, 0) AS finished, r.prompt AS prompt,
    c.models AS models, list_sort(list_distinct(list_concat(coalesce(r.agents, []), coalesce(c.agents, [])))) AS agents, coalesce(r.user_id, c.user_id) AS user_id,
    greatest(coalesce(c.conversations, 0), coalesce(r.conversations, 0)) AS conversations,
    least(coalesce(r.first, c.first), coalesce(c.first, r.first)) AS first, greatest(coalesce(r.last, c.last), coalesce(c.last, r.last)) AS last
  FROM c FULL JOIN r USING (id)
)
SELECT * FROM g WHERE ${all(...matches)}
ORDER BY ${expressions[sort.column]} ${sort.descending ? "DESC" : "ASC"} NULLS LAST, last DESC, id LIMIT ${mostGroups}`;
}
