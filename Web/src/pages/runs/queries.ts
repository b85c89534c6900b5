import { query } from "../../api/client";
import type { FullRecord, JsonObject, LLMCall, SpanEvent } from "../../api/types";
import { literal } from "../../lib/sql";
import { callColumns } from "../detail/useRecord";
import type { RunRow } from "../agents/runQueries";

/** A model call of the trace with the run it belongs to. */
export interface RunCall extends LLMCall {
    agent_span_id: string | null;
    user_id: string | null;
}

/** An executed tool of the trace. */
export interface RunTool {
    start_timestamp: string;
    duration: number | null;
    span_id: string;
    parent_span_id: string | null;
    agent_span_id: string | null;
    tool_name: string | null;
    tool_call_id: string | null;
    is_error: boolean;
    error_type: string | null;
    retry_count: number | null;
    retry_cause: string | null;
    attributes: JsonObject | null;
}

/** A span of the trace, as much of it as the graph needs. */
export interface StepRecord {
    span_id: string;
    parent_span_id: string | null;
    kind: string;
    span_name: string;
    start_timestamp: string;
    end_timestamp: string | null;
    duration: number | null;
    is_exception: boolean;
    exception_type: string | null;
    otel_status_code: string | null;
    operation: string | null;
    openinference: string | null;
    /** The node of a graph that the span belongs to, and the step of the graph's execution. */
    node: string | null;
    node_step: string | null;
}

/** A run with its whole prompt and answer. */
export type WholeRun = Omit<RunRow, "retries"> & { service_name: string | null; service_version: string | null; deployment_environment: string | null; cache_read_tokens: number | null };

export type InnerRun = { parent_span_id: string | null } & Pick<WholeRun, "span_id" | "agent_name" | "model" | "is_error" | "error_type" | "start_timestamp" | "duration">;

const at = (traceId: string, spanId: string) => `trace_id = ${literal(traceId)} AND span_id = ${literal(spanId)}`;

export function runSQL(traceId: string, spanId: string): string {
    return `SELECT start_timestamp, duration, trace_id, span_id, agent_name, model, conversation_id, user_id, turns, tool_calls, input_tokens, output_tokens, cache_read_tokens, cost, is_cost_complete, is_error, error_type, input, output, service_name, service_version, deployment_environment
FROM agent_runs WHERE ${at(traceId, spanId)} LIMIT 1`;
}

export async function fetchRun(traceId: string, spanId: string, signal: AbortSignal): Promise<WholeRun | null> {
    return (await query<WholeRun>(runSQL(traceId, spanId), { limit: 1, signal }))[0] ?? null;
}

export async function fetchRecord(traceId: string, spanId: string, signal: AbortSignal): Promise<FullRecord | null> {
    const rows = await query<FullRecord>(`SELECT * FROM records_all WHERE ${at(traceId, spanId)} ORDER BY CASE WHEN kind = 'pending_span' THEN 1 ELSE 0 END LIMIT 1`, { limit: 1, signal });
    return rows[0] ?? null;
}

/** Rows of one answer; of longer traces the first ones are read. */
export const most = 10000;

export function fetchCalls(traceId: string, signal: AbortSignal): Promise<RunCall[]> {
    return query<RunCall>(`SELECT ${callColumns}, agent_span_id, user_id FROM llm_calls WHERE trace_id = ${literal(traceId)} ORDER BY start_timestamp, span_id LIMIT ${most}`, { limit: most, signal });
}

export function fetchTools(traceId: string, signal: AbortSignal): Promise<RunTool[]> {
    return query<RunTool>(
        `SELECT start_timestamp, duration, span_id, parent_span_id, agent_span_id, tool_name, tool_call_id, is_error, error_type, retry_count, retry_cause, attributes FROM tool_calls WHERE trace_id = ${literal(traceId)} ORDER BY start_timestamp, span_id LIMIT ${most}`,
        { limit: most, signal },
    );
}

export function fetchInnerRuns(traceId: string, signal: AbortSignal): Promise<InnerRun[]> {
    return query<InnerRun>(`SELECT span_id, parent_span_id, agent_name, model, is_error, error_type, start_timestamp, duration FROM agent_runs WHERE trace_id = ${literal(traceId)} ORDER BY start_timestamp LIMIT ${most}`, { limit: most, signal });
}

const metadata = (key: string) => `json_extract_string(TRY_CAST(attributes->>'metadata' AS JSON), '$.${key}')`;

const stepColumns = `span_id, parent_span_id, kind, span_name, start_timestamp, end_timestamp, duration, is_exception, exception_type, otel_status_code,
  attributes->>'gen_ai.operation.name' AS operation, attributes->>'openinference.span.kind' AS openinference,
  coalesce(attributes->>'graph.node.id', attributes->>'langsmith.metadata.langgraph_node', attributes->>'traceloop.association.properties.langgraph_node', ${metadata("langgraph_node")}) AS node,
  coalesce(attributes->>'langsmith.metadata.langgraph_step', attributes->>'traceloop.association.properties.langgraph_step', ${metadata("langgraph_step")}) AS node_step`;

export function fetchSteps(traceId: string, signal: AbortSignal): Promise<StepRecord[]> {
    return query<StepRecord>(`SELECT ${stepColumns}\nFROM records_all WHERE trace_id = ${literal(traceId)} AND kind IN ('span', 'pending_span') ORDER BY start_timestamp, span_id LIMIT ${most}`, { limit: most, signal });
}

export interface CallContent {
    span_id: string;
    attributes: JsonObject | null;
    otel_events: SpanEvent[] | null;
}

/** Calls whose content is read at once. */
export const mostContents = 100;

/** The content of model calls: what was asked with which settings, and the answer. */
export function fetchContents(traceId: string, spanIds: readonly string[], signal: AbortSignal): Promise<CallContent[]> {
    if (spanIds.length === 0) return Promise.resolve([]);
    const ids = spanIds.slice(0, mostContents).map(literal).join(", ");
    return query<CallContent>(`SELECT span_id, attributes, otel_events FROM records WHERE trace_id = ${literal(traceId)} AND span_id IN (${ids}) AND kind <> 'span_event' LIMIT ${mostContents * 2}`, { limit: mostContents * 2, signal });
}

export interface Neighbours {
    previous: { trace_id: string; span_id: string } | null;
    next: { trace_id: string; span_id: string } | null;
}

/** The runs of the same agent before and after one, for a run that is opened by its address. */
export async function fetchNeighbours(run: WholeRun, signal: AbortSignal): Promise<Neighbours> {
    const agent = run.agent_name === null ? "agent_name IS NULL" : `agent_name = ${literal(run.agent_name)}`;
    const beside = (sign: string, order: string) =>
        query<{ trace_id: string; span_id: string }>(
            `SELECT trace_id, span_id FROM agent_runs WHERE ${agent} AND start_timestamp ${sign} ${literal(run.start_timestamp)}::TIMESTAMPTZ ORDER BY start_timestamp ${order} LIMIT 1`,
            { limit: 1, signal },
        );
    // The list has the newest first, so the previous one in it is the later one.
    const [later, earlier] = await Promise.all([beside(">", "ASC"), beside("<", "DESC")]);
    return { previous: later[0] ?? null, next: earlier[0] ?? null };
}
