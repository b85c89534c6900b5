import { useMemo } from "react";
import { query } from "../../api/client";
import type { FullRecord, LLMCall } from "../../api/types";
import { literal } from "../../lib/sql";
import { isoTime } from "../../lib/time";
import { Evaluation, fetchEvaluations } from "./evaluations";
import { Async, useAsync } from "../../lib/useAsync";

export interface RecordDetail {
    record: FullRecord;
    call: LLMCall | null;
    /** What evaluators and people said about it. */
    evaluations: Evaluation[];
}

export const callColumns =
    "start_timestamp, duration, trace_id, span_id, parent_span_id, service_name, operation, provider, model, response_model, is_error, error_type, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, cost, input_cost, output_cost, cost_source, cost_note, price_version, time_to_first_token, finish_reasons, is_truncated, has_tool_calls, agent_name, conversation_id, retry_count, retry_cause, refusal, json_parse_success, prompt_build_time, is_streaming, service_tier, tool_call_count, merged_records";

/** Evaluations may begin somewhat before what they judge, as an experiment's case does; in milliseconds. */
const before = 3600e3;
/** Milliseconds that a record is looked at before its evaluations are asked for. */
const settle = 200;

/** A whole record and, when it is one, its model call. What was said about it comes when it is found. A new `version` reads it again. */
export function useRecord(traceId: string, spanId: string, version: string): Async<RecordDetail | null> {
    const found = useAsync(`${traceId}:${spanId}\n${version}`, async (signal) => {
        const at = `trace_id = ${literal(traceId)} AND span_id = ${literal(spanId)}`;
        const [records, calls] = await Promise.all([
            // The final record stands before the announcement of its span.
            query<FullRecord>(`SELECT * FROM records_all WHERE ${at} ORDER BY CASE WHEN kind = 'pending_span' THEN 1 ELSE 0 END LIMIT 1`, { limit: 1, signal }),
            query<LLMCall>(`SELECT ${callColumns} FROM llm_calls WHERE ${at} LIMIT 1`, { limit: 1, signal }),
        ]);
        const record = records[0];
        if (!record) return null;
        const template = record.attributes?.["logfire.msg_template"];
        return { record: { ...record, msg_template: typeof template === "string" ? template : null }, call: calls[0] ?? null };
    });
    const start = found.data?.record.start_timestamp;
    const judged = useAsync(start === undefined ? null : `${traceId}:${spanId}:evaluations\n${version}`, async (signal) => {
        // Whoever walks through the rows passes most of them by.
        await new Promise((resolve) => setTimeout(resolve, settle));
        return signal.aborted ? none : fetchEvaluations(traceId, spanId, signal, isoTime(Date.parse(start!) - before));
    });
    const data = useMemo(() => (found.data ? { ...found.data, evaluations: judged.data ?? none } : null), [found.data, judged.data]);
    return { ...found, data };
}

const none: Evaluation[] = [];
