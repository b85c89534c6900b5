import { useMemo } from "react";
import type { FullRecord } from "../../api/types";
import { useApp } from "../../app/context";
import { CopyButton, Link } from "../../components/basic";
import { JsonTree } from "../../components/JsonTree";
import { duration } from "../../lib/format";
import { clock, parseTime } from "../../lib/time";

export function ExceptionTab({ record }: { record: FullRecord }) {
    const data = record.attributes?.["exception.logfire.data"];
    return (
        <>
            <div className="exception-head">
                <strong>{record.exception_type ?? "Exception"}</strong>
                <p>{record.exception_message ?? record.otel_status_message}</p>
            </div>
            {data !== undefined && data !== null && (
                <>
                    <h3>Details of the exception</h3>
                    <JsonTree value={data} openDepth={3} />
                </>
            )}
            {record.exception_stacktrace ? (
                <figure className="snippet">
                    <figcaption>
                        Traceback
                        <CopyButton text={record.exception_stacktrace} label="Copy the traceback" />
                    </figcaption>
                    <pre>
                        <code>{traceback(record.exception_stacktrace)}</code>
                    </pre>
                </figure>
            ) : (
                <p className="muted">The sender recorded no traceback.</p>
            )}
        </>
    );
}

/** Lines that name a file stand out from the code below them. */
export function traceback(text: string) {
    return text.split("\n").map((line, index) => (
        <span key={index} className={/^\s*(File "|at )/.test(line) ? "trace-file" : /^\S+(Error|Exception|Warning)?\b.*:/.test(line) && !/^Traceback/.test(line) ? "trace-error" : undefined}>
            {line}
            {"\n"}
        </span>
    ));
}

export function EventsTab({ record }: { record: FullRecord }) {
    const start = parseTime(record.start_timestamp);
    return (
        <ol className="events">
            {(record.otel_events ?? []).map((event, index) => (
                <li key={index}>
                    <div className="event-head">
                        <strong>{event.event_name ?? "event"}</strong>
                        {event.event_timestamp && (
                            <span className="muted">
                                +{duration(Math.max(0, parseTime(event.event_timestamp) - start) / 1000)} · {clock(parseTime(event.event_timestamp), true)}
                            </span>
                        )}
                    </div>
                    {event.attributes && Object.keys(event.attributes).length > 0 && <JsonTree value={event.attributes} openDepth={1} />}
                </li>
            ))}
        </ol>
    );
}

export function LinksTab({ record }: { record: FullRecord }) {
    const { path } = useApp();
    return (
        <ul className="events">
            {(record.otel_links ?? []).map((link, index) => (
                <li key={index}>
                    <Link href={`${path({ name: "trace", traceId: link.trace_id })}?span=${link.span_id}`}>
                        <code>
                            {link.trace_id} / {link.span_id}
                        </code>
                    </Link>
                    {link.attributes && Object.keys(link.attributes).length > 0 && <JsonTree value={link.attributes} openDepth={1} />}
                </li>
            ))}
        </ul>
    );
}

export function RawTab({ record }: { record: FullRecord }) {
    const text = useMemo(() => JSON.stringify(record, null, 2), [record]);
    return (
        <figure className="snippet">
            <figcaption>
                The record as it is stored
                <CopyButton text={text} label="Copy the record" />
            </figcaption>
            <pre>
                <code>{text.length > 400000 ? `${text.slice(0, 400000)}\n… ${text.length - 400000} more characters; copy to see all` : text}</code>
            </pre>
        </figure>
    );
}
