import { useEffect, useMemo, useState } from "react";
import { useApp } from "../../app/context";
import { Chip, CopyButton, Fact, LevelMark, Link } from "../../components/basic";
import { Icon } from "../../components/Icon";
import { Tabs } from "../../components/Tabs";
import { Empty, ErrorBox, Loading, Progress } from "../../components/states";
import { duration } from "../../lib/format";
import { clock, parseTime } from "../../lib/time";
import { concernsModel } from "../../panel/llm/conversation";
import { LLMPanel } from "../../panel/llm/LLMPanel";
import { Running } from "../live/LiveRowView";
import { MessageText, StatusCode } from "../MessageText";
import { TraceBeside } from "../trace/TraceBeside";
import { DetailsTab } from "./DetailsTab";
import { isBad, resultText } from "./evaluations";
import { EvaluationsTab } from "./EvaluationsTab";
import { ExceptionTab } from "./ExceptionTab";
import { LogsTab } from "./LogsTab";
import { missingIn } from "./missing";
import { MissingNotes } from "./MissingNotes";
import { EventsTab, LinksTab, RawTab } from "./OtherTabs";
import { RecordDetail, useRecord } from "./useRecord";

/** Evaluations named in the head of a span; the tab has them all. */
const shownEvaluations = 3;

export interface SpanDetailProps {
    traceId: string;
    spanId: string;
    /** A new value reads the record again. */
    version: string;
    /** Offer the waterfall as a tab: for places where it is not on the page already. */
    withTrace?: boolean;
    onSelectSpan(spanId: string): void;
    onClose?(): void;
}

export function SpanDetail(props: SpanDetailProps) {
    const { traceId, spanId, version, onClose } = props;
    const detail = useRecord(traceId, spanId, version);
    if (detail.error && !detail.data) {
        return (
            <section className="detail pad" aria-label="Span">
                <ErrorBox error={detail.error} onRetry={detail.reload} />
            </section>
        );
    }
    if (!detail.data) {
        return (
            <section className="detail" aria-label="Span">
                {detail.isLoading ? (
                    <Loading what="the span" />
                ) : (
                    <Empty title="This span is not stored">
                        <p className="muted">It may have been removed by retention, or the address is wrong.</p>
                        {onClose && (
                            <button type="button" className="button" onClick={onClose}>
                                Close
                            </button>
                        )}
                    </Empty>
                )}
            </section>
        );
    }
    return <Loaded {...props} detail={detail.data} isLoading={detail.isLoading} />;
}

function Loaded({ traceId, spanId, version, withTrace, onSelectSpan, onClose, detail, isLoading }: SpanDetailProps & { detail: RecordDetail; isLoading: boolean }) {
    const { path, config } = useApp();
    const { record, call, evaluations } = detail;
    const attributes = record.attributes ?? {};
    const isModel = useMemo(() => call !== null || concernsModel(attributes), [call, attributes]);
    const missing = useMemo(() => missingIn(record, call), [record, call]);
    const tabs = [
        ...(isModel ? [{ id: "messages", label: attributes["gen_ai.operation.name"] === "execute_tool" ? "Tool" : "Messages" }] : []),
        ...(withTrace ? [{ id: "trace", label: "Trace" }] : []),
        { id: "details", label: "Details" },
        ...(record.is_exception ? [{ id: "exception", label: "Exception" }] : []),
        ...(evaluations.length > 0 ? [{ id: "evaluations", label: "Evaluations", count: evaluations.length }] : []),
        ...(record.otel_events?.length ? [{ id: "events", label: "Events", count: record.otel_events.length }] : []),
        ...(record.otel_links?.length ? [{ id: "links", label: "Links", count: record.otel_links.length }] : []),
        { id: "logs", label: "Logs" },
        { id: "raw", label: "Raw" },
    ];
    const first = record.is_exception && !isModel ? "exception" : isModel ? "messages" : "details";
    const [tab, setTab] = useState<string | null>(null);
    const [lastSpan, setLastSpan] = useState(spanId);
    useEffect(() => {
        // The waterfall stays open while its spans are walked through; other tabs depend on the span.
        if (lastSpan !== spanId) {
            setLastSpan(spanId);
            setTab((t) => (t === "trace" || t === "raw" || t === "details" || t === "logs" ? t : null));
        }
    }, [spanId, lastSpan]);
    const shown = tab !== null && tabs.some((t) => t.id === tab) ? tab : first;
    const start = parseTime(record.start_timestamp);
    return (
        <section className="detail" aria-label="Span">
            <Progress active={isLoading} />
            <header className="detail-head">
                <div className="detail-title">
                    <LevelMark level={record.level} />
                    <h2>
                        <MessageText record={record} />
                        {record.http_response_status_code !== null && <StatusCode code={record.http_response_status_code} />}
                    </h2>
                    <span className="detail-tools">
                        <CopyButton label="Copy the address of this span" text={() => `${window.location.origin}${path({ name: "trace", traceId })}?span=${spanId}`} />
                        {withTrace && (
                            <Link className="icon-button" title="Open the trace on its own page (Enter)" href={`${path({ name: "trace", traceId })}?span=${spanId}`}>
                                <Icon name="expand" />
                            </Link>
                        )}
                        {onClose && (
                            <button type="button" className="icon-button" onClick={onClose} aria-label="Close" title="Close (Esc)">
                                <Icon name="close" />
                            </button>
                        )}
                    </span>
                </div>
                <div className="facts">
                    {record.service_name && <Chip name={record.service_name} />}
                    <Fact label="Start">{clock(start, true)}</Fact>
                    {record.kind === "pending_span" ? (
                        <Fact label="Running">
                            <Running start={start} unfinishedAfter={config.unfinished_after_seconds} />
                        </Fact>
                    ) : (
                        record.duration !== null && <Fact label="Duration">{duration(record.duration)}</Fact>
                    )}
                    <Fact label="Trace">
                        <code title={traceId}>{traceId.slice(0, 6)}…{traceId.slice(-4)}</code>
                        <CopyButton text={traceId} label="Copy the trace id" />
                    </Fact>
                    {record.deployment_environment && <Fact label="Environment">{record.deployment_environment}</Fact>}
                    {record.is_exception && (
                        <Fact label="Exception" tone="error">
                            {record.exception_type ?? "yes"}
                        </Fact>
                    )}
                    {evaluations.slice(0, shownEvaluations).map((e, index) => (
                        <Fact key={index} label={e.name ?? "evaluation"} tone={isBad(e) ? "warn" : undefined} title={e.explanation ?? undefined}>
                            {resultText(e)}
                        </Fact>
                    ))}
                    {!record.is_exception && record.otel_status_code === "ERROR" && (
                        <Fact label="Status" tone="error" title={record.otel_status_message ?? undefined}>
                            error
                        </Fact>
                    )}
                </div>
                <MissingNotes key={spanId} list={missing} />
            </header>
            <Tabs tabs={tabs} selected={shown} onSelect={setTab} label="Span" />
            <div className={`detail-body tab-${shown}`} role="tabpanel" aria-labelledby={`tab-${shown}`} tabIndex={0}>
                {shown === "messages" && <LLMPanel record={record} call={call} evaluations={evaluations} onSelectSpan={onSelectSpan} />}
                {shown === "trace" && <TraceBeside traceId={traceId} spanId={spanId} version={version} onSelect={onSelectSpan} />}
                {shown === "details" && <DetailsTab record={record} />}
                {shown === "exception" && <ExceptionTab record={record} />}
                {shown === "evaluations" && <EvaluationsTab evaluations={evaluations} spanId={spanId} />}
                {shown === "events" && <EventsTab record={record} />}
                {shown === "links" && <LinksTab record={record} />}
                {shown === "logs" && <LogsTab traceId={traceId} spanId={spanId} onSelectSpan={onSelectSpan} />}
                {shown === "raw" && <RawTab record={record} />}
            </div>
        </section>
    );
}
