import { memo } from "react";
import { Chip, LevelMark } from "../../components/basic";
import { TokenBadge } from "../../components/TokenBadge";
import { duration } from "../../lib/format";
import { absolute, clock, day, startOfToday } from "../../lib/time";
import { useFastNow } from "../../lib/useNow";
import { usageOf } from "../../lib/usage";
import { MessageText, StatusCode } from "../MessageText";
import { exceptionText } from "./exceptionText";
import { callsBelow, forestOf, LiveRow } from "./rows";

export interface LiveRowViewProps {
    row: LiveRow;
    isSelected: boolean;
    unfinishedAfter: number;
    onSelect(row: LiveRow): void;
    onToggle(row: LiveRow): void;
}

function LiveRowPlain({ row, isSelected, unfinishedAfter, onSelect, onToggle }: LiveRowViewProps) {
    const { record, start } = row.node.item;
    const { summary } = row;
    const usage = summary.own ? usageOf(summary.own) : summary.below;
    const isOpen = record.kind === "pending_span";
    return (
        <div
            id={`row-${row.key}`}
            className={`row ${isSelected ? "is-selected" : ""} ${row.depth > 0 ? "is-child" : ""}`}
            role="treeitem"
            aria-level={row.depth + 1}
            aria-expanded={summary.count > 0 ? row.isOpen : undefined}
            aria-selected={isSelected}
            data-row={row.key}
            data-kind={record.kind}
            onClick={() => onSelect(row)}
        >
            <time className="row-time" dateTime={record.start_timestamp} title={absolute(start)}>
                {start < startOfToday() ? `${day(start)} ${clock(start).slice(0, 5)}` : clock(start)}
            </time>
            {record.service_name ? <Chip name={record.service_name} /> : <span />}
            <span className="row-name" style={{ paddingLeft: Math.min(row.depth, 12) * 16 }}>
                <LevelMark level={summary.level} />
                {summary.count > 0 && (
                    <button
                        type="button"
                        className="count"
                        tabIndex={-1}
                        aria-label={`${row.isOpen ? "Close" : "Open"} ${summary.count} below`}
                        onClick={(event) => {
                            event.stopPropagation();
                            onToggle(row);
                        }}
                    >
                        {row.isOpen ? "−" : "+"}
                        {summary.count}
                    </button>
                )}
                <MessageText record={record} />
                {record.http_response_status_code !== null && <StatusCode code={record.http_response_status_code} />}
                {record.is_exception && <span className="row-exception" title={record.exception_type ?? undefined}>{exceptionText(record.exception_type, record.otel_status_message)}</span>}
            </span>
            <span className="row-marks">
                <TokenBadge usage={usage} isSum={!summary.own} calls={() => (summary.own ? [summary.own] : callsBelow(row.node, forestOf(row.trace).summaries))} />
                {record.tags?.slice(0, 3).map((tag) => (
                    <span key={tag} className="tag">
                        {tag}
                    </span>
                ))}
                {record.otel_scope_name && (
                    <span className="scope" title={record.otel_scope_name}>
                        {shortScope(record.otel_scope_name)}
                    </span>
                )}
            </span>
            {isOpen ? <Running start={start} unfinishedAfter={unfinishedAfter} /> : <span className="row-duration">{record.duration === null ? "" : duration(record.duration)}</span>}
        </div>
    );
}

/** Rows are drawn again only when something they show has changed. */
export const LiveRowView = memo(LiveRowPlain, (a, b) => {
    return a.row.key === b.row.key && a.row.node === b.row.node && a.row.isOpen === b.row.isOpen && a.row.summary === b.row.summary && a.isSelected === b.isSelected && a.unfinishedAfter === b.unfinishedAfter;
});

export function Running({ start, unfinishedAfter }: { start: number; unfinishedAfter: number }) {
    const now = useFastNow();
    const seconds = Math.max(0, (now - start) / 1000);
    if (seconds > unfinishedAfter) {
        return (
            <span className="row-duration is-unfinished" title={`No end was reported ${duration(seconds)} after the start: the process may have died.`}>
                unfinished
            </span>
        );
    }
    return <span className="row-duration is-running">{seconds < 10 ? `${seconds.toFixed(1)}s…` : `${duration(Math.floor(seconds))}…`}</span>;
}

/** The last part of a dotted scope: `opentelemetry.instrumentation.fastapi` is `fastapi`. */
export function shortScope(scope: string): string {
    const tail = scope.split(/[./]/).pop();
    return scope.startsWith("opentelemetry.instrumentation.") && tail ? tail : scope;
}
