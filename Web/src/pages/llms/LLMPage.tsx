import { useMemo } from "react";
import { useApp } from "../../app/context";
import { RangePicker } from "../../app/RangePicker";
import { withParams } from "../../app/router";
import { TopBar, useEnvironment } from "../../app/TopBar";
import { Ago, Link } from "../../components/basic";
import { Chart } from "../../components/Chart";
import { Cost, costMix } from "../../components/Cost";
import { Empty, ErrorBox, Loading, Progress } from "../../components/states";
import { useWeighted, Weighted } from "../../components/Weighted";
import { compact, count, duration, money, percent, plural, speed, unknown } from "../../lib/format";
import { bounds, bucketWidth, Range, readRange, spanSeconds } from "../../lib/range";
import { all, attribute, literal } from "../../lib/sql";
import { isoTime } from "../../lib/time";
import { useAsync } from "../../lib/useAsync";
import { Card, Cards } from "./Cards";
import { defaultRange, Incomplete, setRange, useRefresh } from "./LLMsPage";
import { AgentRow, CallRow, fetchAgents, fetchModel, fetchModelTrend, fetchRecentCalls, missing, ModelRow, TrendRow } from "./queries";
import { steps } from "./trends";

export function LLMPage({ provider, model }: { provider: string; model: string }) {
    const { params, path } = useApp();
    const environment = useEnvironment();
    const range = useMemo(() => readRange(params, defaultRange), [params]);
    const tick = useRefresh(range.kind === "last");
    const weighted = useWeighted();
    const answer = useAsync(`${provider}/${model}${JSON.stringify(range)}${environment ?? ""}\n${tick}`, async (signal) => {
        const ends = bounds(range, Date.now());
        const window = { from: isoTime(ends.from), to: range.kind === "custom" ? isoTime(ends.to) : undefined, environment, weighted };
        const width = bucketWidth(spanSeconds(range), 48);
        const [row, trend, agents, calls] = await Promise.all([
            fetchModel(window, provider, model, signal),
            fetchModelTrend(window, provider, model, width, signal),
            fetchAgents(window, provider, model, signal),
            fetchRecentCalls(window, provider, model, signal),
        ]);
        return { row, trend, agents, calls, starts: steps(ends.from, ends.to, width) };
    });
    const { data } = answer;
    const kept = keepWindow(params);
    const live = new URLSearchParams(kept);
    live.set("q", all(model !== missing && `${attribute("gen_ai.request.model")} = ${literal(model)}`, provider !== missing && `coalesce(${attribute("gen_ai.system")}, ${attribute("gen_ai.provider.name")}) = ${literal(provider)}`));
    if (!live.has("range") && !live.has("from")) live.set("range", defaultRange);
    return (
        <>
            <TopBar
                search={
                    <div className="crumbs">
                        <Link href={withParams(path({ name: "llms" }), kept)}>LLMs</Link>
                        <span aria-hidden="true">/</span>
                        <span>{provider}</span>
                        <span aria-hidden="true">/</span>
                        <strong>{model}</strong>
                    </div>
                }
                range={<RangePicker range={range} onChange={setRange} />}
            />
            <Progress active={answer.isLoading && !data} />
            <div className="page" tabIndex={-1}>
                <header className="page-head page-head-row">
                    <div>
                        <h1>
                            {model} <Weighted />
                        </h1>
                        <p className="muted">{provider}</p>
                    </div>
                    <Link className="button" href={withParams(path({ name: "live" }), live)}>
                        View in live
                    </Link>
                </header>
                {answer.error && <ErrorBox error={answer.error} onRetry={answer.reload} />}
                {!data ? (
                    !answer.error && <Loading what="the model's calls" />
                ) : !data.row || data.row.calls === 0 ? (
                    <Empty title="No calls of this model in this range">
                        <button type="button" className="button" onClick={() => setRange({ kind: "last", id: "7d", seconds: 604800 } as Range)}>
                            Try the last 7 days
                        </button>
                    </Empty>
                ) : (
                    <>
                        <ModelCards row={data.row} />
                        <Charts row={data.row} trend={data.trend} starts={data.starts} />
                        <Agents rows={data.agents} />
                        <RecentCalls rows={data.calls} />
                    </>
                )}
            </div>
        </>
    );
}

function keepWindow(params: URLSearchParams): URLSearchParams {
    const kept = new URLSearchParams();
    for (const key of ["range", "from", "to", "env"]) if (params.get(key)) kept.set(key, params.get(key)!);
    return kept;
}

function ModelCards({ row }: { row: ModelRow }) {
    return (
        <Cards>
            <Card label="Calls" value={count(row.calls)} />
            <Card label="Errors" value={percent(row.calls > 0 ? row.errors / row.calls : null)} note={`${count(row.errors)} failed`} tone={row.errors > 0 ? "bad" : undefined} />
            <Card label="Avg latency" value={duration(row.duration_avg)} note={`p50 ${duration(row.duration_p50)} · p95 ${duration(row.duration_p95)} · max ${duration(row.duration_max)}`} />
            <Card
                label="Cost"
                value={
                    <>
                        <span className={row.cost !== null && row.sent === 0 && row.computed > 0 ? "is-computed" : undefined} title={costMix(row)}>
                            {money(row.cost, row.cost !== null && row.cost < 0.01 ? "exact" : "coarse")}
                        </span>
                        {row.cost !== null && row.unpriced > 0 && <Incomplete unpriced={row.unpriced} calls={row.calls} />}
                    </>
                }
                note={row.unpriced > 0 ? `${plural(row.unpriced, "call")} without a price` : `${money(row.cost === null ? null : row.cost / row.calls)} a call`}
            />
            <Card label="Speed" value={speed(row.speed)} note={row.first_token === null ? "no time to first token" : `first token ${duration(row.first_token)}`} />
        </Cards>
    );
}

function Charts({ row, trend, starts }: { row: ModelRow; trend: readonly TrendRow[]; starts: readonly number[] }) {
    const byTime = useMemo(() => new Map(trend.map((t) => [Date.parse(t.t), t])), [trend]);
    const pick = (read: (t: TrendRow) => number | null) => starts.map((s) => {
        const at = byTime.get(s);
        return at ? read(at) : null;
    });
    const share = (v: number | null) => percent(v);
    return (
        <div className="charts">
            <Chart
                title="Calls over time"
                headline={count(row.calls)}
                kind="bars"
                starts={starts}
                series={[
                    { label: "failed", tone: "red-fill", values: pick((t) => t.errors) },
                    { label: "calls", tone: "blue-fill", values: pick((t) => t.calls - t.errors) },
                ]}
                format={count}
            />
            <Chart title="Error rate" headline={percent(row.calls > 0 ? row.errors / row.calls : null)} kind="lines" starts={starts} series={[{ label: "errors", tone: "red-fill", values: pick((t) => (t.calls > 0 ? t.errors / t.calls : null)) }]} format={share} />
            <Chart
                title="Latency"
                headline={duration(row.duration_avg)}
                kind="lines"
                starts={starts}
                series={[
                    { label: "average", tone: "blue-fill", values: pick((t) => t.duration_avg) },
                    { label: "p95", tone: "amber-fill", values: pick((t) => t.duration_p95) },
                ]}
                format={duration}
            />
            <Chart
                title="Tokens"
                headline={compact(row.input_tokens === null && row.output_tokens === null ? null : (row.input_tokens ?? 0) + (row.output_tokens ?? 0))}
                kind="bars"
                starts={starts}
                series={[
                    { label: "output", tone: "ember-fill", values: pick((t) => t.output_tokens) },
                    { label: "input", tone: "blue-fill", values: pick((t) => t.input_tokens) },
                ]}
                format={compact}
            />
            <Chart title="Cost" headline={money(row.cost, "coarse")} kind="bars" starts={starts} series={[{ label: "cost", tone: "green-fill", values: pick((t) => t.cost) }]} format={(v) => money(v)} />
            <Chart title="Truncated" headline={percent(row.truncated)} kind="lines" starts={starts} series={[{ label: "truncated", tone: "amber-fill", values: pick((t) => t.truncated) }]} format={share} />
            <Chart title="Tool calls" headline={percent(row.tool_calls, 0)} kind="lines" starts={starts} series={[{ label: "with tool calls", tone: "violet-fill", values: pick((t) => t.tool_calls) }]} format={share} />
        </div>
    );
}

function Agents({ rows }: { rows: readonly AgentRow[] }) {
    return (
        <section>
            <h2>Agents using this model</h2>
            {rows.length === 0 ? (
                <p className="muted">None: these calls were made outside of any agent.</p>
            ) : (
                <div className="table-wrap">
                    <table className="plain">
                        <thead>
                            <tr>
                                <th>Agent</th>
                                <th className="num">Calls</th>
                                <th className="num">Errors</th>
                                <th className="num">Input</th>
                                <th className="num">Output</th>
                                <th className="num">Cost</th>
                                <th className="num">Last active</th>
                            </tr>
                        </thead>
                        <tbody>
                            {rows.map((row) => (
                                <tr key={row.agent_name}>
                                    <td>{row.agent_name}</td>
                                    <td className="num">{count(row.calls)}</td>
                                    <td className={`num ${row.errors > 0 ? "is-bad" : ""}`}>{count(row.errors)}</td>
                                    <td className="num">{compact(row.input_tokens)}</td>
                                    <td className="num">{compact(row.output_tokens)}</td>
                                    <td className="num">{money(row.cost, "coarse")}</td>
                                    <td className="num">
                                        <Ago time={row.last} />
                                    </td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
        </section>
    );
}

function RecentCalls({ rows }: { rows: readonly CallRow[] }) {
    const { path } = useApp();
    return (
        <section>
            <h2>Recent calls</h2>
            <div className="table-wrap">
                <table className="plain">
                    <thead>
                        <tr>
                            <th>When</th>
                            <th>Service</th>
                            <th>Agent</th>
                            <th>Result</th>
                            <th className="num">Input</th>
                            <th className="num">Output</th>
                            <th className="num">Cost</th>
                            <th className="num">First token</th>
                            <th className="num">Latency</th>
                        </tr>
                    </thead>
                    <tbody>
                        {rows.map((row) => (
                            <tr key={`${row.trace_id}${row.span_id}`}>
                                <td>
                                    <Link href={`${path({ name: "trace", traceId: row.trace_id })}?span=${row.span_id}`}>
                                        <Ago time={row.start_timestamp} />
                                    </Link>
                                </td>
                                <td>{row.service_name ?? unknown}</td>
                                <td>{row.agent_name ?? unknown}</td>
                                <td className={row.is_error ? "is-bad" : row.is_truncated ? "is-warn" : ""}>{row.is_error ? row.error_type ?? "error" : row.finish_reasons?.join(", ") ?? unknown}</td>
                                <td className="num">{count(row.input_tokens)}</td>
                                <td className="num">{count(row.output_tokens)}</td>
                                <td className="num">
                                    <Cost call={row} />
                                </td>
                                <td className="num">{duration(row.time_to_first_token)}</td>
                                <td className="num">{duration(row.duration)}</td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
        </section>
    );
}
