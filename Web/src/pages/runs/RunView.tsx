import { useApp } from "../../app/context";
import { useKeys } from "../../app/keys";
import { keepWindow, setParams, withParams } from "../../app/router";
import { Kbd, Link } from "../../components/basic";
import { OpenInExplore } from "../../components/OpenInExplore";
import { Icon } from "../../components/Icon";
import { Empty, ErrorBox, Loading, Progress } from "../../components/states";
import { Tabs } from "../../components/Tabs";
import { preset } from "../../lib/range";
import { Avatar } from "../agents/Avatar";
import { RunStatus } from "../agents/RunRowView";
import { GraphTab } from "./GraphTab";
import { MessagesTab } from "./MessagesTab";
import type { RunData, RunModel } from "./model";
import { runSQL } from "./queries";
import { RunFacts } from "./RunHead";
import { SummaryTab } from "./SummaryTab";
import { ToolsTab } from "./ToolsTab";
import { TraceTab } from "./TraceTab";
import { useContents, useRun } from "./useRun";

const views = [
    { id: "summary", label: "Summary", key: "S" },
    { id: "tools", label: "Tools", key: "T" },
    { id: "messages", label: "Messages", key: "M" },
    { id: "trace", label: "Trace", key: "R" },
    { id: "graph", label: "Graph", key: "G" },
] as const;

type View = (typeof views)[number]["id"];

export interface RunViewProps {
    traceId: string;
    spanId: string;
    /** Null at the ends of the list. */
    onPrevious: (() => void) | null;
    onNext: (() => void) | null;
    /** Set when the run stands beside a list. */
    onClose?(): void;
}

/** One run: beside the list it was chosen from, or on a page of its own. */
export function RunView({ traceId, spanId, onPrevious, onNext, onClose }: RunViewProps) {
    const { params, path } = useApp();
    const run = useRun(traceId, spanId);
    const view: View = views.find((v) => v.id === params.get("view"))?.id ?? "summary";
    const show = (next: string) => setParams({ view: next === "summary" ? null : next }, { replace: true });
    useKeys({
        ...Object.fromEntries(views.flatMap((v) => [v.key, v.key.toLowerCase()].map((key) => [key, () => show(v.id)]))),
        "[": () => onPrevious?.(),
        "]": () => onNext?.(),
    });
    const { data, model } = run;
    const href = () => {
        const kept = keepWindow(params);
        if (view !== "summary") kept.set("view", view);
        return withParams(path({ name: "run", traceId, spanId }), kept);
    };
    return (
        <section className="run-view" aria-label="Run">
            <Progress active={run.isLoading && !data} />
            {!onClose && <h1 className="unseen">Run</h1>}
            <header className="run-view-head">
                {model && <Avatar name={model.title} />}
                {data && model && <RunStatus run={{ is_error: model.isError, error_type: data.run?.error_type ?? null }} />}
                <h2>{model?.title ?? "\u00a0"}</h2>
                {model?.isOpen && <span className="tag">running</span>}
                <span className="run-view-tools">
                    <button type="button" className="button" disabled={!onPrevious} onClick={() => onPrevious?.()} title="The run above in the list">
                        <Icon name="left" size={11} /> Prev <Kbd>[</Kbd>
                    </button>
                    <button type="button" className="button" disabled={!onNext} onClick={() => onNext?.()} title="The run below in the list">
                        Next <Kbd>]</Kbd> <Icon name="right" size={11} />
                    </button>
                    <OpenInExplore isIcon sql={runSQL(traceId, spanId)} range={preset("30d")} what="this run" />
                    {onClose && (
                        <>
                            <Link className="icon-button" href={href()} title="Open the run on its own page">
                                <Icon name="expand" />
                                <span className="unseen">Open the run on its own page</span>
                            </Link>
                            <button type="button" className="icon-button" onClick={onClose} aria-label="Close" title="Close (Esc)">
                                <Icon name="close" />
                            </button>
                        </>
                    )}
                </span>
            </header>
            {run.error && !data ? (
                <div className="pad">
                    <ErrorBox error={run.error} onRetry={run.reload} />
                </div>
            ) : !data || !model ? (
                <Loading what="the run" />
            ) : data.record === null && data.run === null ? (
                <Empty title="This run is not stored">
                    <p className="muted">It may not have arrived yet, or retention has removed it.</p>
                    <p className="state-actions">
                        <button type="button" className="button" onClick={run.reload}>
                            Look again
                        </button>
                        <Link className="button" href={path({ name: "agents" })}>
                            All agents
                        </Link>
                    </p>
                </Empty>
            ) : (
                <Loaded key={`${traceId}${spanId}`} traceId={traceId} data={data} model={model} view={view} show={show} />
            )}
        </section>
    );
}

function Loaded({ traceId, data, model, view, show }: { traceId: string; data: RunData; model: RunModel; view: View; show(view: string): void }) {
    const loaded = useContents(data, model, view === "tools");
    return (
        <>
            <RunFacts data={data} model={model} />
            <Tabs prefix="run-" tabs={views.map((v) => ({ id: v.id, label: v.label, keyName: v.key }))} selected={view} onSelect={show} label="Run" />
            <div className={`detail-body run-body view-${view}`} role="tabpanel" aria-labelledby={`run-tab-${view}`} tabIndex={0}>
                {view === "summary" && <SummaryTab data={data} model={model} messages={loaded.messages} />}
                {view === "tools" && <ToolsTab data={data} model={model} loaded={loaded} />}
                {view === "messages" && <MessagesTab model={model} loaded={loaded} />}
                {view === "trace" && <TraceTab traceId={traceId} spanId={model.spanId} version={data.record?.kind ?? ""} />}
                {view === "graph" && <GraphTab data={data} model={model} traceId={traceId} />}
            </div>
        </>
    );
}
