import { useState } from "react";
import { useApp } from "../../app/context";
import { RangePicker } from "../../app/RangePicker";
import { withParams } from "../../app/router";
import { TopBar } from "../../app/TopBar";
import { Link } from "../../components/basic";
import { OpenInExplore } from "../../components/OpenInExplore";
import { Empty, ErrorBox, Loading, Progress } from "../../components/states";
import { Weighted } from "../../components/Weighted";
import { count, duration, money, percent, plural, speed } from "../../lib/format";
import { bucketWidth, Range, spanSeconds } from "../../lib/range";
import { all, attribute, literal } from "../../lib/sql";
import { useAsync } from "../../lib/useAsync";
import { AgentsTable } from "./AgentsTable";
import { Card, Cards } from "./Cards";
import { keepView, missing, readFilters, withoutFilters } from "./dimensions";
import { ModelCharts } from "./ModelCharts";
import { callsPage, callsSQL, fetchAgents, fetchModelTrend, fetchRecentCalls, fetchTotals, Figures, only, totalsSQL, where } from "./queries";
import { RecentCalls } from "./RecentCalls";
import { Toolbar } from "./Toolbar";
import { steps } from "./trends";
import { defaultRange, setRange, show, useView, View } from "./useWindow";
import { CostCell, Unknown, unpricedReason } from "./values";

export function LLMPage({ provider, model }: { provider: string; model: string }) {
    const { params, path } = useApp();
    const view = useView();
    const { range } = view;
    const [pages, setPages] = useState(1);
    const answer = useAsync(`${provider}/${model}\n${view.key}/${pages}`, async (signal) => {
        const { window, from, to } = view.at(Date.now());
        const width = bucketWidth(spanSeconds(range), 48);
        const [row, trend, agents, calls] = await Promise.all([
            fetchTotals(window, signal, only(provider, model)),
            fetchModelTrend(window, provider, model, width, signal),
            fetchAgents(window, provider, model, signal),
            fetchRecentCalls(window, provider, model, pages, signal),
        ]);
        return { row, trend, agents, calls, starts: steps(from, to, width), subject: view.subject };
    });
    const { data } = answer;
    const hasFilters = readFilters(params).length > 0;
    return (
        <>
            <TopBar
                search={
                    <nav className="crumbs" aria-label="Where this is">
                        <Link href={withParams(path({ name: "llms" }), keepView(params))}>LLMs</Link>
                        <span aria-hidden="true">/</span>
                        <bdi>{provider}</bdi>
                        <span aria-hidden="true">/</span>
                        <strong>
                            <bdi>{model}</bdi>
                        </strong>
                    </nav>
                }
                range={<RangePicker range={range} onChange={setRange} />}
            />
            <Progress active={answer.isLoading && data?.subject !== view.subject} />
            <div className="page" tabIndex={-1}>
                <header className="page-head page-head-row">
                    <div>
                        <h1>
                            <bdi>{model}</bdi> <Weighted />
                        </h1>
                        <p className="muted">
                            <bdi>{provider}</bdi>
                        </p>
                    </div>
                    <span className="page-head-tools">
                        <OpenInExplore sql={totalsSQL(view.at(Date.now()).window, only(provider, model))} range={range} environment={null} />
                        <Link className="button" href={withParams(path({ name: "live" }), liveParams(view, params, provider, model))}>
                            View in live
                        </Link>
                    </span>
                </header>
                <Toolbar view={view} extra={only(provider, model)} />
                {answer.error && <ErrorBox error={answer.error} onRetry={answer.reload} />}
                {!data ? (
                    !answer.error && <Loading what="the model's calls" />
                ) : !data.row || data.row.calls === 0 ? (
                    <Empty title={hasFilters ? "No call of this model passes these filters" : "No calls of this model in this range"}>
                        {hasFilters && (
                            <button type="button" className="button" onClick={() => show(withoutFilters(params))}>
                                Clear the filters
                            </button>
                        )}
                        <button type="button" className="button" onClick={() => setRange({ kind: "last", id: "7d", seconds: 604800 } as Range)}>
                            Try the last 7 days
                        </button>
                    </Empty>
                ) : (
                    <>
                        <ModelCards row={data.row} />
                        <ModelCharts row={data.row} trend={data.trend} starts={data.starts} />
                        <AgentsTable rows={data.agents} />
                        <RecentCalls
                            rows={data.calls}
                            sql={callsSQL(view.at(Date.now()).window, provider, model, 1)}
                            range={range}
                            onMore={data.calls.length >= callsPage * pages && pages < 20 ? () => setPages(pages + 1) : undefined}
                        />
                    </>
                )}
            </div>
        </>
    );
}

/** The calls of the page as a condition of Live: readable as long as nothing is filtered. */
function liveParams(view: View, params: URLSearchParams, provider: string, model: string): URLSearchParams {
    const live = new URLSearchParams();
    for (const key of ["range", "from", "to", "env"]) if (params.get(key)) live.set(key, params.get(key)!);
    if (!live.has("range") && !live.has("from")) live.set("range", defaultRange);
    const { window } = view.at(Date.now());
    const isPlain = window.filters.length === 0;
    live.set(
        "q",
        isPlain
            ? all(model !== missing && `${attribute("gen_ai.request.model")} = ${literal(model)}`, provider !== missing && `coalesce(${attribute("gen_ai.system")}, ${attribute("gen_ai.provider.name")}) = ${literal(provider)}`)
            : `span_id IN (SELECT span_id FROM llm_calls WHERE ${where({ ...window, environment: null }, only(provider, model))})`,
    );
    return live;
}

function ModelCards({ row }: { row: Figures }) {
    return (
        <Cards>
            <Card label="Calls" value={count(row.calls)} note={row.retries ? `${plural(row.retries, "retry", "retries")} on the way` : undefined} />
            <Card label="Errors" value={percent(row.calls > 0 ? row.errors / row.calls : null)} note={`${count(row.errors)} failed`} tone={row.errors > 0 ? "bad" : undefined} />
            <Card label="Avg latency" value={duration(row.duration_avg)} title={`max ${duration(row.duration_max)}`} note={`p50 ${duration(row.duration_p50)} · p95 ${duration(row.duration_p95)}`} />
            <Card
                label="Cost"
                value={<CostCell row={row} style={row.cost !== null && row.cost < 0.01 ? "exact" : "coarse"} />}
                title={row.unpriced > 0 ? unpricedReason(row) : undefined}
                note={row.unpriced > 0 ? `${plural(row.unpriced, "call")} without a price` : `${money(row.cost === null ? null : row.cost / row.calls)} a call`}
            />
            <Card
                label="Speed"
                value={row.speed === null ? <Unknown why="no call has output tokens and a duration" /> : speed(row.speed)}
                note={row.first_token === null ? "no time to first token was sent" : `first token ${duration(row.first_token_avg)} · p95 ${duration(row.first_token_p95)}`}
            />
        </Cards>
    );
}
