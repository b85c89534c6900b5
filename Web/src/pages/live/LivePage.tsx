import { useCallback, useEffect, useMemo, useState } from "react";
import { RangePicker } from "../../app/RangePicker";
import { useApp } from "../../app/context";
import { setParams } from "../../app/router";
import { TopBar } from "../../app/TopBar";
import { Icon } from "../../components/Icon";
import { Splitter } from "../../components/Splitter";
import { Empty, ErrorBox, Progress } from "../../components/states";
import { Range, readRange } from "../../lib/range";
import { condition } from "../../lib/search";
import { SpanDetail } from "../detail/SpanDetail";
import { ErrorOnlyHint } from "./ErrorOnlyHint";
import { FilterPills } from "./FilterPills";
import { DiffersPanel, setBox } from "./differs/DiffersPanel";
import { readBox } from "./differs/selection";
import { environmentClause, pillClauses, readPills } from "./filters";
import { Histogram } from "./Histogram";
import { LiveEmpty } from "./LiveEmpty";
import { LiveList } from "./LiveList";
import { SearchBox } from "./SearchBox";
import { useLive } from "./useLive";

const defaultRange = "15m";

export function LivePage() {
    const { params, config } = useApp();
    const range = useMemo(() => readRange(params, defaultRange), [params]);
    const [isPaused, setPaused] = useState(false);
    const [freshSlot, setFreshSlot] = useState<HTMLElement | null>(null);
    const text = params.get("q") ?? "";
    const pills = readPills(params);
    const filter = useMemo(() => condition({ text, clauses: pillClauses(readPills(params)) }), [text, params]);
    const live = useLive(range, filter.where, isPaused);

    const traceId = params.get("trace");
    const spanId = params.get("span");
    const select = useCallback((trace: string | null, span: string | null) => setParams({ trace, span }, { replace: true }), []);
    const setRange = useCallback((next: Range) => changeRange(next), []);
    const selected = traceId && spanId ? live.state.traces.get(traceId)?.items.get(spanId) : undefined;

    const isComparing = params.get("differs") !== null;
    const box = useMemo(() => readBox(params.get("box")), [params]);
    // While the comparison is open a drag selects; otherwise it zooms.
    const onDrag = useCallback((next: Range) => {
        if (isComparing && next.kind === "custom") setBox({ from: next.from, to: next.to, least: null, most: null });
        else changeRange(next);
    }, [isComparing]);
    const addFilter = (clause: string) => setParams({ q: text.trim() === "" ? clause : `(${filter.typed}) AND ${clause}` });

    const isEmpty = !live.isLoading && !live.error && live.state.held === 0;
    return (
        <>
            <h1 className="unseen">Live</h1>
            <TopBar
                search={<SearchBox text={text} filter={filter} error={live.error} state={live.state} />}
                range={<RangePicker range={range} onChange={setRange} />}
            >
                <LiveSwitch connection={live.connection} isPaused={isPaused} isFixed={range.kind === "custom"} isBroken={live.error !== null} onToggle={() => setPaused(!isPaused)} onResume={() => setParams({ from: null, to: null })} />
            </TopBar>
            <FilterPills pills={pills} range={range} isComparing={isComparing} freshSlot={setFreshSlot} />
            <Histogram range={range} where={live.error ? undefined : filter.where} isBroken={live.error !== null} isSelecting={isComparing} box={box} onZoom={onDrag} />
            {isComparing && !live.error && <DiffersPanel range={range} where={filter.where} environment={environmentClause(pills)} box={box} onFilter={addFilter} />}
            <Progress active={live.isLoading || live.isLoadingOlder} />
            <Splitter
                name="live"
                initial={0.54}
                left={
                    live.error && live.error.status !== 400 ? (
                        <div className="pad">
                            <ErrorBox error={live.error} onRetry={live.reload} />
                        </div>
                    ) : live.error && live.state.held === 0 ? (
                        <Empty title="The filter cannot be read">
                            <p className="muted">What is wrong stands below the search box.</p>
                            <button type="button" className="button" onClick={() => setParams({ q: null })}>
                                Clear the filter
                            </button>
                        </Empty>
                    ) : isEmpty ? (
                        <LiveEmpty isFiltered={filter.where !== undefined} hasRecords={config.records > 0} range={range} />
                    ) : (
                        <LiveList freshSlot={freshSlot} isStale={live.error !== null} isFiltered={filter.where !== undefined} live={live} traceId={traceId} spanId={spanId} onSelect={select} onPause={() => setPaused((p) => !p)} />
                    )
                }
                right={
                    traceId && spanId ? (
                        <SpanDetail
                            traceId={traceId}
                            spanId={spanId}
                            version={selected ? `${selected.record.kind}${live.state.traces.get(traceId)?.items.size}` : ""}
                            withTrace
                            onSelectSpan={(span) => select(traceId, span)}
                            onClose={() => select(null, null)}
                        />
                    ) : null
                }
            />
            <ErrorOnlyHint />
        </>
    );
}

function changeRange(next: Range): void {
    if (next.kind === "custom") setParams({ range: null, from: new Date(next.from).toISOString(), to: new Date(next.to).toISOString() });
    else setParams({ range: next.id === defaultRange ? null : next.id, from: null, to: null });
}

function LiveSwitch(props: { connection: string; isPaused: boolean; isFixed: boolean; isBroken: boolean; onToggle(): void; onResume(): void }) {
    const { connection, isPaused, isFixed } = props;
    const [isSlow, setSlow] = useState(false);
    // A short break is not worth a warning.
    useEffect(() => {
        if (connection !== "retrying") {
            setSlow(false);
            return undefined;
        }
        const timer = setTimeout(() => setSlow(true), 800);
        return () => clearTimeout(timer);
    }, [connection]);
    if (isFixed) {
        return (
            <button type="button" className="pill" onClick={props.onResume} title="The range is fixed. Click to follow new records.">
                <span className="dot dot-paused" />
                Fixed range
            </button>
        );
    }
    const state = isPaused ? "paused" : props.isBroken ? "stopped" : isSlow ? "retrying" : connection === "live" ? "live" : "connecting";
    const labels: Record<string, string> = { paused: "Paused", stopped: "Stopped", retrying: "Reconnecting…", connecting: "Live", live: "Live" };
    return (
        <button type="button" className="pill live-switch" aria-pressed={!isPaused} onClick={props.onToggle} title={isPaused ? "Resume (Space)" : "Pause (Space)"} data-connection={state}>
            <span className={`dot dot-${state}`} />
            <span className="live-label">{labels[state]}</span>
            <Icon name={isPaused ? "play" : "pause"} size={12} />
        </button>
    );
}
