import { useEffect, useMemo, useState } from "react";
import { useApp } from "../../app/context";
import { RangePicker } from "../../app/RangePicker";
import { setParams } from "../../app/router";
import { TopBar, useEnvironment } from "../../app/TopBar";
import { Kbd } from "../../components/basic";
import { costMix } from "../../components/Cost";
import { Icon } from "../../components/Icon";
import { Empty, ErrorBox, Loading, Progress, Snippet } from "../../components/states";
import { useWeighted, Weighted } from "../../components/Weighted";
import { compact, count, duration, money, percent, plural, unknown } from "../../lib/format";
import { bounds, bucketWidth, Range, readRange, spanSeconds } from "../../lib/range";
import { openaiSnippet } from "../../lib/guides";
import { useTarget } from "../add/SendGuides";
import { isoTime } from "../../lib/time";
import { useAsync } from "../../lib/useAsync";
import { Card, Cards, change } from "./Cards";
import { filtered, readSort, sorted } from "./columns";
import { ModelTable } from "./ModelTable";
import { fetchModels, fetchTotals, fetchTrends } from "./queries";
import { steps, trendsByModel } from "./trends";

export const defaultRange = "1d";
/** Milliseconds between two looks while the page is open. */
const refresh = 15000;

export function useRefresh(isLive: boolean): number {
    const [tick, setTick] = useState(0);
    useEffect(() => {
        if (!isLive) return undefined;
        const timer = setInterval(() => {
            if (!document.hidden) setTick((t) => t + 1);
        }, refresh);
        return () => clearInterval(timer);
    }, [isLive]);
    return tick;
}

export function setRange(next: Range): void {
    if (next.kind === "custom") setParams({ range: null, from: new Date(next.from).toISOString(), to: new Date(next.to).toISOString() });
    else setParams({ range: next.id === defaultRange ? null : next.id, from: null, to: null });
}

export function LLMsPage() {
    const { params } = useApp();
    const environment = useEnvironment();
    const range = useMemo(() => readRange(params, defaultRange), [params]);
    const text = params.get("filter") ?? "";
    const sort = readSort(params.get("sort"));
    const tick = useRefresh(range.kind === "last");
    const rangeKey = JSON.stringify(range);

    const weighted = useWeighted();
    const answer = useAsync(`${rangeKey}${environment ?? ""}\n${tick}`, async (signal) => {
        const ends = bounds(range, Date.now());
        const window = { from: isoTime(ends.from), to: range.kind === "custom" ? isoTime(ends.to) : undefined, environment, weighted };
        const before = { from: isoTime(ends.from - (ends.to - ends.from)), to: isoTime(ends.from), environment, weighted };
        const width = bucketWidth(spanSeconds(range), 24);
        const [models, totals, earlier, trends] = await Promise.all([fetchModels(window, signal), fetchTotals(window, signal), fetchTotals(before, signal), fetchTrends(window, width, signal)]);
        return { models, totals, earlier, trends: trendsByModel(trends, steps(ends.from, ends.to, width)) };
    });

    const { data } = answer;
    const rows = useMemo(() => (data ? sorted(filtered(data.models, text), sort) : []), [data, text, sort.column, sort.descending]);
    return (
        <>
            <TopBar search={<ModelFilter text={text} />} range={<RangePicker range={range} onChange={setRange} />} />
            <Progress active={answer.isLoading && !data} />
            <div className="page" tabIndex={-1}>
                <header className="page-head">
                    <h1>
                        LLMs <Weighted />
                    </h1>
                    <p className="muted">Every model your application calls: latency, tokens, cost; one row for each provider and model.</p>
                </header>
                {answer.error && <ErrorBox error={answer.error} onRetry={answer.reload} />}
                {!data ? (
                    !answer.error && <Loading what="model calls" />
                ) : data.models.length === 0 ? (
                    <NoCalls range={range} />
                ) : (
                    <>
                        <Headline totals={data.totals!} earlier={data.earlier} range={range} />
                        {rows.length === 0 ? (
                            <Empty title={`No model or provider contains “${text}”`}>
                                <button type="button" className="button" onClick={() => setParams({ filter: null })}>
                                    Clear the filter
                                </button>
                            </Empty>
                        ) : (
                            <ModelTable rows={rows} sort={sort} trends={data.trends} />
                        )}
                        <MissingModel range={range} />
                    </>
                )}
            </div>
        </>
    );
}

function ModelFilter({ text }: { text: string }) {
    return (
        <div className="search">
            <Kbd>/</Kbd>
            <input data-search type="text" aria-label="Filter by model or provider" placeholder="Filter by model or provider…" spellCheck={false} value={text} onChange={(event) => setParams({ filter: event.target.value }, { replace: true })} />
            {text !== "" && (
                <button type="button" className="icon-button" aria-label="Clear the filter" onClick={() => setParams({ filter: null })}>
                    <Icon name="close" size={12} />
                </button>
            )}
        </div>
    );
}

type Totals = NonNullable<Awaited<ReturnType<typeof fetchTotals>>>;

function Headline({ totals, earlier, range }: { totals: Totals; earlier: Totals | null; range: Range }) {
    const than = range.kind === "last" && range.id === "1d" ? "the day before" : range.kind === "last" && range.id === "7d" ? "the week before" : "the time before";
    const costChange = change(totals.cost, earlier?.cost, than);
    return (
        <Cards>
            <Card label="Calls" value={count(totals.calls)} note={change(totals.calls, earlier?.calls, than) ?? (earlier?.calls === 0 ? `none in ${than}` : undefined)} />
            <Card
                label="Cost"
                value={
                    <>
                        <span className={totals.cost !== null && totals.sent === 0 && totals.computed > 0 ? "is-computed" : undefined} title={costMix(totals)}>
                            {totals.cost === null ? unknown : money(totals.cost, totals.cost < 0.01 ? "exact" : "coarse")}
                        </span>
                        {totals.cost !== null && totals.unpriced > 0 && <Incomplete unpriced={totals.unpriced} calls={totals.calls} />}
                    </>
                }
                note={totals.unpriced > 0 ? `${plural(totals.unpriced, "call")} without a price` : costChange ?? undefined}
            />
            <Card label="Errors" value={percent(totals.calls > 0 ? totals.errors / totals.calls : null)} note={`${count(totals.errors)} failed`} tone={totals.errors > 0 ? "bad" : undefined} />
            <Card label="First token p50" value={duration(totals.first_token)} note={totals.first_token === null ? "no call sent it" : "streamed calls"} />
            <Card label="Cache read" value={percent(totals.cache_read !== null && totals.input_tokens ? totals.cache_read / totals.input_tokens : null, 0)} note={totals.input_tokens === null ? "no call sent its tokens" : `of ${compact(totals.input_tokens)} input tokens`} />
        </Cards>
    );
}

export function Incomplete({ unpriced, calls }: { unpriced: number; calls: number }) {
    return (
        <span className="incomplete" title={`Incomplete: ${count(unpriced)} of ${count(calls)} calls have no known price`} aria-label="incomplete">
            +?
        </span>
    );
}

const longer: Record<string, string> = { "5m": "1d", "15m": "1d", "1h": "1d", "6h": "1d", "1d": "7d", "7d": "30d" };

function MissingModel({ range }: { range: Range }) {
    const next = range.kind === "custom" ? "7d" : longer[range.id];
    const label = { "1d": "day", "7d": "7 days", "30d": "30 days" }[next ?? ""];
    return (
        <p className="page-foot muted">
            Missing a model? You are viewing {range.kind === "custom" ? "a fixed range" : `the last ${range.id === "1d" ? "day" : range.id}`}.{" "}
            {next && label && (
                <button type="button" className="link-button" onClick={() => setParams({ range: next === defaultRange ? null : next, from: null, to: null })}>
                    Try the last {label}
                </button>
            )}
        </p>
    );
}

function NoCalls({ range }: { range: Range }) {
    const target = useTarget(null);
    return (
        <Empty title="No model calls in this range">
            <MissingModel range={range} />
            <p className="muted">A row appears for each model as soon as a call arrives, for instance from this program:</p>
            <Snippet label="Python" code={openaiSnippet(target)} />
        </Empty>
    );
}
