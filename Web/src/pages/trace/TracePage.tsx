import { useCallback, useState } from "react";
import { useApp } from "../../app/context";
import { setParams } from "../../app/router";
import { TopBar } from "../../app/TopBar";
import { CopyButton, Kbd, Link } from "../../components/basic";
import { Splitter } from "../../components/Splitter";
import { Empty, ErrorBox, Loading, Progress } from "../../components/states";
import { MessageText } from "../MessageText";
import { SpanDetail } from "../detail/SpanDetail";
import type { Category } from "./categories";
import { CompareMenu } from "./CompareMenu";
import { ComparePage } from "./ComparePage";
import { DownloadButton } from "./DownloadButton";
import type { TraceModel } from "./model";
import { TraceFacts } from "./TraceFacts";
import { useTrace } from "./useTrace";
import { Waterfall } from "./Waterfall";
import { WhereTime } from "./WhereTime";

export function TracePage({ traceId }: { traceId: string }) {
    const other = useApp().params.get("compare");
    return other !== null ? <ComparePage traceId={traceId} otherId={other} /> : <OneTrace traceId={traceId} />;
}

function OneTrace({ traceId }: { traceId: string }) {
    const { params, path } = useApp();
    const [focus, setFocus] = useState<Category | null>(null);
    const trace = useTrace(traceId);
    const spanId = params.get("span");
    const select = useCallback((span: string | null) => setParams({ span }, { replace: true }), []);
    const { model } = trace;
    return (
        <>
            <TopBar
                hasEnvironment={false}
                search={
                    <div className="search search-fixed">
                        <Kbd>trace</Kbd>
                        <code>{traceId}</code>
                        <CopyButton text={traceId} label="Copy the trace id" />
                        <span className="search-fill" />
                        <CopyButton text={() => window.location.href} label="Copy the address of this view" />
                        {model && model.usage.calls > 0 && model.roots[0] && (
                            <Link className="link-button" title="Agents, models, tools and graph nodes of this trace, and how often one followed another" href={`${path({ name: "run", traceId, spanId: model.roots[0].item.id })}?view=graph`}>
                                Graph
                            </Link>
                        )}
                        {model && model.nodes.length > 0 && <CompareMenu model={model} traceId={traceId} />}
                        <DownloadButton traceId={traceId} />
                        <Link className="link-button" href={`${path({ name: "live" })}?${new URLSearchParams({ q: `trace_id = '${traceId}'`, range: "30d" })}`}>
                            Open in Live
                        </Link>
                    </div>
                }
            />
            <Progress active={trace.isLoading} />
            {trace.error && !model ? (
                <div className="pad">
                    <ErrorBox error={trace.error} onRetry={trace.reload} />
                </div>
            ) : !model ? (
                <Loading what="the trace" />
            ) : model.nodes.length === 0 ? (
                <Empty title="No record of this trace is stored">
                    <p className="muted">It may not have arrived yet, or retention has removed it.</p>
                    <p className="state-actions">
                        <button type="button" className="button" onClick={trace.reload}>
                            Look again
                        </button>
                        <Link className="button" href={path({ name: "live" })}>
                            Go to Live
                        </Link>
                    </p>
                </Empty>
            ) : (
                <Splitter
                    name="trace"
                    initial={0.58}
                    left={
                        <div className="trace-page">
                            <TraceHead model={model} focus={focus} onFocus={setFocus} />
                            {trace.data?.isCut && <p className="llm-note">The trace is longer than what is drawn here; its first {model.nodes.length.toLocaleString("en-US")} records are shown.</p>}
                            <Waterfall model={model} spanId={spanId} onSelect={select} focus={focus} />
                        </div>
                    }
                    right={spanId ? <SpanDetail traceId={traceId} spanId={spanId} version={model.byId.get(spanId)?.item.record.kind ?? ""} onSelectSpan={select} onClose={() => select(null)} /> : null}
                />
            )}
        </>
    );
}

function TraceHead({ model, focus, onFocus }: { model: TraceModel; focus: Category | null; onFocus(category: Category | null): void }) {
    const root = model.roots.find((n) => !n.item.isPoint) ?? model.roots[0];
    return (
        <header className="trace-head">
            <h1>{root ? <MessageText record={root.item.record} /> : "Trace"}</h1>
            <TraceFacts model={model} />
            <WhereTime model={model} focus={focus} onFocus={onFocus} />
        </header>
    );
}
