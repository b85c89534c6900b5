import { useEffect, useMemo, useState } from "react";
import { query } from "../../api/client";
import type { LLMCall } from "../../api/types";
import { literal } from "../../lib/sql";
import { Async, useAsync } from "../../lib/useAsync";
import { callColumns } from "../detail/useRecord";
import { buildTrace, TraceModel, TraceRecord } from "./model";

const recordColumns = `start_timestamp, end_timestamp, duration, trace_id, span_id, parent_span_id, kind, level, span_name, message, attributes->>'logfire.msg_template' AS msg_template, tags, otel_scope_name, service_name, deployment_environment, is_exception, exception_type, otel_status_code, otel_status_message, http_response_status_code, http_method, otel_span_kind, attributes->>'gen_ai.operation.name' AS operation, coalesce(attributes->>'db.system.name', attributes->>'db.system') AS db_system`;

/** Rows of one answer; longer traces are read page by page. */
const page = 10000;
/** Most records of a trace that are drawn. */
const most = 200000;
/** Milliseconds between looks at a trace that is still running. */
const refresh = 1500;

interface TraceData {
    records: TraceRecord[];
    calls: LLMCall[];
    /** When it was read, in milliseconds. */
    at: number;
    isCut: boolean;
}

export interface Trace extends Async<TraceData> {
    model: TraceModel | null;
}

async function readTrace(traceId: string, signal: AbortSignal): Promise<TraceData> {
    const where = `WHERE trace_id = ${literal(traceId)}`;
    const calls = query<LLMCall>(`SELECT ${callColumns} FROM llm_calls ${where} LIMIT ${page}`, { limit: page, signal });
    const records: TraceRecord[] = [];
    let isCut = false;
    for (;;) {
        const rows = await query<TraceRecord>(`SELECT ${recordColumns} FROM records_all ${where} ORDER BY start_timestamp, span_id, kind LIMIT ${page} OFFSET ${records.length}`, { limit: page, signal });
        for (const row of rows) records.push(row);
        if (rows.length < page) break;
        if (records.length >= most) {
            isCut = true;
            break;
        }
    }
    return { records, calls: await calls, at: Date.now(), isCut };
}

/** A whole trace, read again while spans of it are open. A new `version` reads it again as well. */
export function useTrace(traceId: string, version = ""): Trace {
    const [tick, setTick] = useState(0);
    const data = useAsync(`${traceId}\n${version}:${tick}`, (signal) => readTrace(traceId, signal));
    const model = useMemo(() => (data.data ? buildTrace(data.data.records, data.data.calls, data.data.at) : null), [data.data]);
    const isOpen = model?.isOpen ?? false;
    const isRecent = model !== null && data.data !== null && data.data.at - model.start < 3600e3;
    useEffect(() => {
        if (!isOpen || !isRecent) return undefined;
        const timer = setInterval(() => {
            if (!document.hidden) setTick((t) => t + 1);
        }, refresh);
        return () => clearInterval(timer);
    }, [isOpen, isRecent]);
    return { ...data, model };
}
