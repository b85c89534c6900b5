import { query, tables } from "../../api/client";
import { literal } from "../../lib/sql";

/** One result about a record: from an experiment, an evaluator in production, or a person. */
export interface Evaluation {
    start_timestamp: string;
    source: string | null;
    name: string | null;
    result_type: string | null;
    value: number | null;
    label: string | null;
    passed: boolean | null;
    explanation: string | null;
    error_type: string | null;
    evaluator_name: string | null;
    trace_id: string;
    span_id: string;
}

const most = 200;

/** `from` bounds when the results were told. */
export async function fetchEvaluations(traceId: string, spanId: string, signal: AbortSignal, from?: string): Promise<Evaluation[]> {
    if (!(await tables()).has("evaluations")) return [];
    return query<Evaluation>(
        `SELECT start_timestamp, source, name, result_type, value, label, passed, explanation, error_type, evaluator_name, trace_id, span_id FROM evaluations WHERE judged_trace_id = ${literal(traceId)} AND judged_span_id = ${literal(spanId)} ORDER BY start_timestamp LIMIT ${most}`,
        { limit: most, signal, from },
    );
}

/** The result in a word or number: `passed`, `0.85`, `relevant`. */
export function resultText(e: Evaluation): string {
    if (e.error_type !== null) return e.error_type;
    if (e.passed !== null && (e.result_type === "assertion" || e.value === null)) return e.passed ? "passed" : "failed";
    if (e.value !== null) {
        const number = Number.isInteger(e.value) ? String(e.value) : String(Number(e.value.toPrecision(4)));
        return e.label !== null && e.label !== "" ? `${number} (${e.label})` : number;
    }
    return e.label ?? "—";
}

export function isBad(e: Evaluation): boolean {
    return e.passed === false || e.error_type !== null;
}

/** Where a result comes from, in words; an unknown source is named as it is. */
export function sourceText(source: string | null): string {
    return sources.get(source ?? "") ?? source ?? "—";
}

const sources = new Map([
    ["experiment", "experiment"],
    ["event", "evaluator"],
    ["online", "evaluator"],
    ["feedback", "feedback"],
    ["annotation", "annotation"],
    ["openinference", "OpenInference"],
]);
