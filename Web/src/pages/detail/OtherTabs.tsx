import { useMemo } from "react";
import type { FullRecord } from "../../api/types";
import { useApp } from "../../app/context";
import { CopyButton, Link } from "../../components/basic";
import { JsonTree } from "../../components/JsonTree";
import { duration } from "../../lib/format";
import { clock, parseTime } from "../../lib/time";

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
