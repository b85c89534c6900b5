import { query } from "../../api/client";
import type { Kind, LLMCall } from "../../api/types";
import { literal } from "../../lib/sql";
import { callColumns } from "../detail/useRecord";
import type { TraceRecord } from "./model";

/** Traces of at most this many records come with all texts at once; longer ones as a skeleton, with texts for the rows in sight. */
export const wholeUpTo = 2000;
/** Most records of a trace that are drawn. */
export const most = 400_000;
/** Rows of one answer. */
const page = 10_000;

const described = `kind, level, span_name, otel_scope_name, service_name, is_exception, exception_type, otel_status_code, http_response_status_code, http_method, attributes->>'gen_ai.operation.name' AS operation, lower(coalesce(attributes->>'openinference.span.kind', attributes->>'traceloop.span.kind')) AS step, coalesce(attributes->>'db.system.name', attributes->>'db.system') AS db_system, otel_span_kind`;
/** Integers of this size are exact in JSON and in a double. */
const times = "epoch_us(start_timestamp) AS start_us, duration";

export function traceSQL(traceId: string): string {
    return `SELECT span_id, parent_span_id, ${times}, message, attributes->>'logfire.msg_template' AS msg_template, ${described} FROM records_all WHERE trace_id = ${literal(traceId)} LIMIT ${wholeUpTo + 1}`;
}

/** One row for all records that are alike, so that a long trace is one short answer. */
export function skeletonSQL(traceId: string): string {
    return `SELECT kind, level, otel_scope_name, service_name, is_exception, exception_type, otel_status_code, http_response_status_code, http_method, operation, step, db_system, otel_span_kind, list(span_id) AS ids, list(parent_span_id) AS parents, list(start_us) AS starts, list(round(duration * 1e6)::BIGINT) AS durations, list(span_name) AS names FROM (SELECT span_id, parent_span_id, ${times}, ${described} FROM records_all WHERE trace_id = ${literal(traceId)} LIMIT ${most}) GROUP BY ALL`;
}

type Alike = Pick<TraceRecord, "kind" | "level" | "otel_scope_name" | "service_name" | "is_exception" | "exception_type" | "otel_status_code" | "http_response_status_code" | "http_method" | "operation" | "step" | "db_system" | "otel_span_kind">;

export interface SkeletonRow extends Alike {
    ids: string[];
    parents: (string | null)[];
    starts: number[];
    durations: (number | null)[];
    names: string[];
}

interface WholeRow extends Omit<TraceRecord, "start" | "trace_id"> {
    start_us: number;
}

export interface TraceData {
    records: TraceRecord[];
    calls: LLMCall[];
    /** When it was read, in milliseconds. */
    at: number;
    isCut: boolean;
    /** Texts are read for the rows in sight only. */
    isSkeleton: boolean;
}

export async function readTrace(traceId: string, signal: AbortSignal): Promise<TraceData> {
    const calls = readCalls(traceId, signal);
    calls.catch(() => undefined);
    const rows = await query<WholeRow>(traceSQL(traceId), { limit: wholeUpTo + 1, signal });
    if (rows.length <= wholeUpTo) {
        const records = rows.map(({ start_us, ...row }): TraceRecord => ({ ...row, trace_id: traceId, start: start_us / 1000 }));
        return { records, calls: await calls, at: Date.now(), isCut: false, isSkeleton: false };
    }
    const records = fromSkeleton(traceId, await query<SkeletonRow>(skeletonSQL(traceId), { limit: page, signal }));
    return { records, calls: await calls, at: Date.now(), isCut: records.length >= most, isSkeleton: true };
}

export function fromSkeleton(traceId: string, groups: readonly SkeletonRow[]): TraceRecord[] {
    const records: TraceRecord[] = [];
    for (const g of groups) {
        const kind: Kind = g.kind;
        for (let i = 0; i < g.ids.length; i += 1) {
            const micros = g.durations[i]!;
            records.push({
                trace_id: traceId,
                span_id: g.ids[i]!,
                parent_span_id: g.parents[i]!,
                start: g.starts[i]! / 1000,
                duration: micros === null ? null : micros / 1e6,
                kind,
                level: g.level,
                span_name: g.names[i]!,
                message: null,
                msg_template: null,
                otel_scope_name: g.otel_scope_name,
                service_name: g.service_name,
                is_exception: g.is_exception,
                exception_type: g.exception_type,
                otel_status_code: g.otel_status_code,
                http_response_status_code: g.http_response_status_code,
                http_method: g.http_method,
                operation: g.operation,
                step: g.step,
                db_system: g.db_system,
                otel_span_kind: g.otel_span_kind,
            });
        }
    }
    return records;
}

async function readCalls(traceId: string, signal: AbortSignal): Promise<LLMCall[]> {
    const statement = `SELECT ${callColumns} FROM llm_calls WHERE trace_id = ${literal(traceId)}`;
    const first = await query<LLMCall>(statement, { limit: page, signal });
    if (first.length < page) return first;
    // More than one answer holds: now in pages, which need an order.
    const calls: LLMCall[] = [];
    for (;;) {
        const rows = await query<LLMCall>(`${statement} ORDER BY start_timestamp, span_id OFFSET ${calls.length}`, { limit: page, signal });
        for (const row of rows) calls.push(row);
        if (rows.length < page) return calls;
    }
}

export interface RecordTexts {
    span_id: string;
    message: string | null;
    msg_template: string | null;
}

/** What some rows say, by span id. */
export function readTexts(traceId: string, ids: readonly string[], signal: AbortSignal): Promise<RecordTexts[]> {
    return query<RecordTexts>(`SELECT span_id, message, attributes->>'logfire.msg_template' AS msg_template FROM records_all WHERE trace_id = ${literal(traceId)} AND span_id IN (${ids.map(literal).join(", ")})`, { limit: page, signal });
}

/** Spans whose message, name or attributes contain the text, case ignored. */
export async function searchTrace(traceId: string, text: string, signal: AbortSignal): Promise<string[]> {
    const pattern = literal(`%${text.replace(/[\\%_]/g, "\\$&")}%`);
    const columns = ["message", "span_name", "service_name", "otel_scope_name", "exception_type", "exception_message", "attributes::VARCHAR"];
    const rows = await query<{ ids: string[] | null }>(`SELECT list(DISTINCT span_id) AS ids FROM records_all WHERE trace_id = ${literal(traceId)} AND (${columns.map((c) => `${c} ILIKE ${pattern} ESCAPE '\\'`).join(" OR ")})`, { limit: 1, signal });
    return rows[0]?.ids ?? [];
}
