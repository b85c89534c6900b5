import { useEffect, useRef, useState } from "react";
import { useApp } from "../../app/context";
import { useKeys } from "../../app/keys";
import { setParams } from "../../app/router";
import { Splitter } from "../../components/Splitter";
import { Empty, ErrorBox, Loading } from "../../components/states";
import { reveal, VirtualList } from "../../components/VirtualList";
import { useAsync } from "../../lib/useAsync";
import { RunView } from "../runs/RunView";
import type { ModelOfAgent } from "./agentQueries";
import { RangeHint } from "./RangeHint";
import { RunFilterBar } from "./RunFilterBar";
import { filterParams, isFiltered, readRunFilters } from "./runFilters";
import { fetchRuns, readRunSort, RunColumn, runKey, RunRow, RunSort, runsSQL, writeRunSort } from "./runQueries";
import { RunRowView } from "./RunRowView";
import { agentKey, AgentRef } from "./source";
import type { PageWindow } from "./usePage";

const rowHeight = 40;
/** Rows read at first and with every step down. */
const step = 1000;
const most = 10000;

const columns: { id: RunColumn | null; label: string; className: string; title: string }[] = [
    { id: null, label: "Messages", className: "run-messages", title: "The prompt that started the run, and its answer" },
    { id: null, label: "Conversation", className: "run-conversation", title: "Runs of one conversation have one colour; press one to see only those" },
    { id: "model", label: "Model", className: "run-model", title: "Model of the run" },
    { id: "cost", label: "Cost", className: "num run-cost", title: "US dollars of the run's own calls, failed attempts included" },
    { id: "duration", label: "Duration", className: "num run-duration", title: "From the first to the last" },
    { id: "input", label: "In", className: "num run-in", title: "Input tokens of its own calls" },
    { id: "output", label: "Out", className: "num run-out", title: "Output tokens of its own calls" },
    { id: "time", label: "Time", className: "num run-time", title: "When it began" },
];

export function RunsTab({ agent, page, models }: { agent: AgentRef; page: PageWindow; models: readonly ModelOfAgent[] }) {
    const { params } = useApp();
    const filters = readRunFilters(params);
    const sort = readRunSort(params.get("sort"));
    const [limit, setLimit] = useState(step);
    const scroller = useRef<HTMLDivElement>(null);
    const subject = `${agentKey(agent)}${JSON.stringify([filters, sort])}`;
    useEffect(() => setLimit(step), [subject]);
    const answer = useAsync(`${subject}${page.key}:${limit}`, (signal) => fetchRuns(agent, page.read().window, filters, sort, limit, signal));
    const runs = answer.data ?? [];
    const open = params.get("run");
    const at = open === null ? -1 : runs.findIndex((run) => runKey(run) === open);
    const go = (index: number) => {
        const run = runs[index];
        if (!run) return;
        setParams({ run: runKey(run) }, { replace: open !== null });
        reveal(scroller.current, index, rowHeight);
    };
    useKeys({
        j: () => go(at + 1),
        k: () => go(Math.max(0, at - 1)),
        ArrowDown: () => go(at + 1),
        ArrowUp: () => go(Math.max(0, at - 1)),
        Escape: () => setParams({ run: null }),
    });
    const [traceId, spanId] = open?.split(":") ?? [];
    const list = (
        <div className="run-list">
            <RunFilterBar filters={filters} models={models} found={answer.data ? runs.length : null} isWhole={runs.length < limit} sql={runsSQL(agent, page.read().window, filters, sort, limit)} />
            <RunHead sort={sort} />
            {answer.error && <ErrorBox error={answer.error} onRetry={answer.reload} />}
            {!answer.data ? (
                !answer.error && <Loading what="runs" />
            ) : runs.length === 0 ? (
                <Empty title={isFiltered(filters) ? "No run matches the filters" : "No run in this range"}>
                    {isFiltered(filters) ? (
                        <button type="button" className="button" onClick={() => setParams(Object.fromEntries(filterParams.map((name) => [name, null])))}>
                            Clear the filters
                        </button>
                    ) : (
                        <RangeHint range={page.range} what="a run" />
                    )}
                </Empty>
            ) : (
                <VirtualList<RunRow>
                    items={runs}
                    rowHeight={rowHeight}
                    rowKey={runKey}
                    renderRow={(run) => <RunRowView run={run} isOn={runKey(run) === open} />}
                    holdKey={open}
                    holdWhenScrolled
                    scroller={scroller}
                    label="Runs"
                    onNearEnd={() => runs.length >= limit && limit < most && setLimit(Math.min(most, limit + step))}
                />
            )}
        </div>
    );
    return (
        <Splitter
            name="runs"
            initial={0.46}
            left={list}
            right={
                traceId && spanId ? (
                    <RunView
                        traceId={traceId}
                        spanId={spanId}
                        onPrevious={at > 0 ? () => go(at - 1) : null}
                        onNext={at >= 0 && at < runs.length - 1 ? () => go(at + 1) : null}
                        onClose={() => setParams({ run: null })}
                    />
                ) : null
            }
        />
    );
}

function RunHead({ sort }: { sort: RunSort }) {
    return (
        <div className="run-row run-head">
            <span />
            <span />
            {columns.map(({ id, label, className, title }) =>
                id === null ? (
                    <span key={label} className={className} title={title}>
                        {label}
                    </span>
                ) : (
                    <span key={label} className={className}>
                        <button
                            type="button"
                            title={title}
                            aria-pressed={sort.column === id}
                            onClick={() => setParams({ sort: writeRunSort({ column: id, descending: sort.column === id ? !sort.descending : id !== "model" }) }, { replace: true })}
                        >
                            {label}
                            <span className="sort-mark" aria-hidden="true">
                                {sort.column === id ? (sort.descending ? "↓" : "↑") : ""}
                            </span>
                        </button>
                    </span>
                ),
            )}
        </div>
    );
}
