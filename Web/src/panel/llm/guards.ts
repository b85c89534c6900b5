import { query } from "../../api/client";
import type { FullRecord } from "../../api/types";
import { literal } from "../../lib/sql";
import { parseTime } from "../../lib/time";

export interface Guardrail {
    span_id: string;
    parent_span_id: string | null;
    span_name: string;
    message: string | null;
    start_timestamp: string;
    duration: number | null;
    is_exception: boolean;
    level: number;
    name: string | null;
    triggered: string | null;
}

const is = (key: string) => `(attributes->>${literal(key)})`;

/** Milliseconds that an answer holds for the other spans of its trace. */
const holds = 10_000;
let latest: { traceId: string; at: number; answer: Promise<Guardrail[]> } | null = null;

/** Spans of the trace that check what goes in or comes out; asked once while its spans are walked through. */
export function fetchGuardrails(traceId: string): Promise<Guardrail[]> {
    if (latest?.traceId === traceId && Date.now() - latest.at < holds) return latest.answer;
    const answer = readGuardrails(traceId);
    latest = { traceId, at: Date.now(), answer };
    answer.catch(() => {
        if (latest?.answer === answer) latest = null;
    });
    return answer;
}

/** By their kind, or by their name. */
function readGuardrails(traceId: string): Promise<Guardrail[]> {
    const kinds = ["openinference.span.kind", "traceloop.span.kind", "gen_ai.operation.name", "span_data.type", "type"].map((k) => `lower(${is(k)}) IN ('guardrail', 'guardrails', 'apply_guardrail', 'moderation')`);
    const triggered = ["guardrail.triggered", "triggered", "gen_ai.guardrail.triggered", "guardrail.result", "gen_ai.guardrail.action", "guardrail.action", "tripwire_triggered"].map(is).join(", ");
    return query<Guardrail>(
        `SELECT span_id, parent_span_id, span_name, message, start_timestamp, duration, is_exception, level, coalesce(${is("guardrail.name")}, ${is("gen_ai.guardrail.name")}, ${is("name")}) AS name, coalesce(${triggered}) AS triggered
FROM records WHERE trace_id = ${literal(traceId)} AND kind = 'span' AND (span_name ILIKE '%guardrail%' OR ${kinds.join(" OR ")}) ORDER BY start_timestamp LIMIT 20`,
        { limit: 20 },
    );
}

export type Verdict = "stopped" | "passed" | "failed" | "unknown";

/** What a guardrail decided, as far as it says so. */
export function verdictOf(step: Guardrail): Verdict {
    const said = step.triggered?.trim().toLowerCase() ?? null;
    if (said !== null && /^(true|1|yes|blocked|block|stopped|intervened|guardrail_intervened|fail|failed|deny|denied|reject|rejected|triggered)$/.test(said)) return "stopped";
    if (said !== null && /^(false|0|no|none|passed|pass|allow|allowed|ok|approve|approved)$/.test(said)) return "passed";
    if (step.is_exception) return "failed";
    return "unknown";
}

/** Where a step stands in time to the record. */
export function placeOf(step: Pick<Guardrail, "start_timestamp" | "duration">, record: Pick<FullRecord, "start_timestamp" | "duration">): string {
    const start = parseTime(step.start_timestamp);
    const end = start + (step.duration ?? 0) * 1000;
    const from = parseTime(record.start_timestamp);
    const to = from + (record.duration ?? 0) * 1000;
    if (end <= from) return "before";
    if (start >= to) return "after";
    return start >= from && end <= to ? "within" : "beside";
}

export interface HTTPAttempt {
    span_id: string;
    start_timestamp: string;
    duration: number | null;
    http_response_status_code: number | null;
    http_method: string | null;
    exception_type: string | null;
}

/** The HTTP requests inside a call: each is one attempt. */
export function fetchAttempts(traceId: string, spanId: string, signal: AbortSignal): Promise<HTTPAttempt[]> {
    return query<HTTPAttempt>(
        `SELECT span_id, start_timestamp, duration, http_response_status_code, http_method, exception_type FROM records WHERE trace_id = ${literal(traceId)} AND parent_span_id = ${literal(spanId)} AND kind = 'span' AND (http_method IS NOT NULL OR http_response_status_code IS NOT NULL) ORDER BY start_timestamp LIMIT 30`,
        { limit: 30, signal },
    );
}
