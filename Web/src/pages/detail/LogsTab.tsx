import { useState } from "react";
import { query } from "../../api/client";
import type { LiveRecord } from "../../api/types";
import { LevelMark } from "../../components/basic";
import { OpenInExplore } from "../../components/OpenInExplore";
import { ErrorBox, Loading } from "../../components/states";
import { duration } from "../../lib/format";
import { literal } from "../../lib/sql";
import { absolute, clock, parseTime } from "../../lib/time";
import { useAsync } from "../../lib/useAsync";
import { MessageText } from "../MessageText";

type LogRow = Pick<LiveRecord, "span_id" | "parent_span_id" | "start_timestamp" | "level" | "span_name" | "message" | "msg_template" | "service_name" | "is_exception" | "exception_type">;

const most = 1000;

/** The log records of the trace, in order of time: those of this span, or all. */
export function LogsTab({ traceId, spanId, onSelectSpan }: { traceId: string; spanId: string; onSelectSpan(spanId: string): void }) {
    const [isOwn, setOwn] = useState(false);
    const sql = `SELECT span_id, parent_span_id, start_timestamp, level, span_name, message, attributes->>'logfire.msg_template' AS msg_template, service_name, is_exception, exception_type FROM records WHERE trace_id = ${literal(traceId)} AND kind = 'log' ORDER BY start_timestamp`;
    const logs = useAsync(`logs:${traceId}`, (signal) => query<LogRow>(sql, { limit: most, signal }));
    if (logs.error) return <ErrorBox error={logs.error} onRetry={logs.reload} />;
    if (!logs.data) return <Loading what="the logs" />;
    const own = logs.data.filter((l) => l.parent_span_id === spanId || l.span_id === spanId);
    const shown = isOwn ? own : logs.data;
    const first = logs.data[0] ? parseTime(logs.data[0].start_timestamp) : 0;
    if (logs.data.length === 0) {
        return (
            <div className="pad-y">
                <p className="muted">No log record belongs to this trace.</p>
                <p className="muted small">Logs come into a trace when they are written while a span is open and sent over OTLP: logging with the OpenTelemetry handler, logfire.info(…), or any logger whose records carry the trace id.</p>
            </div>
        );
    }
    return (
        <>
            <div className="logs-head">
                <span className="switch" role="group" aria-label="Which logs">
                    <button type="button" className={isOwn ? "" : "is-on"} aria-pressed={!isOwn} onClick={() => setOwn(false)}>
                        Trace {logs.data.length}
                    </button>
                    <button type="button" className={isOwn ? "is-on" : ""} aria-pressed={isOwn} onClick={() => setOwn(true)}>
                        This span {own.length}
                    </button>
                </span>
                <OpenInExplore sql={sql} what="the logs of this trace" isIcon />
            </div>
            {shown.length === 0 && <p className="muted">No log was written directly in this span.</p>}
            <ol className="logs" aria-label="Logs of this trace">
                {shown.map((l) => {
                    const at = parseTime(l.start_timestamp);
                    return (
                        <li key={l.span_id} className={l.span_id === spanId ? "is-selected" : undefined}>
                            <button type="button" onClick={() => onSelectSpan(l.span_id)}>
                                <time title={`${absolute(at)}, ${duration((at - first) / 1000)} after the first`}>{clock(at, true)}</time>
                                <LevelMark level={l.level} />
                                <MessageText record={l} />
                                {l.is_exception && <span className="row-exception">{l.exception_type}</span>}
                            </button>
                        </li>
                    );
                })}
            </ol>
            {logs.data.length === most && <p className="muted small">The first {most} logs; Explore has the rest.</p>}
        </>
    );
}
