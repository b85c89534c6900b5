import { useMemo } from "react";
import { OpenInExplore } from "../../components/OpenInExplore";
import { Chart } from "../../components/Chart";
import { compact, count, decimal, duration, money, percent, plural } from "../../lib/format";
import { plus } from "../../lib/usage";
import { Card, Cards } from "../llms/Cards";
import type { AgentTotals, AgentTrend } from "./agentQueries";
import { GroupCost } from "./RunCost";
import { setRange } from "./usePage";

/** The figures of an agent, and the same over time. */
export function MetricsTab({ totals, trend, starts, sql }: { totals: AgentTotals; trend: readonly AgentTrend[]; starts: readonly number[]; sql: string }) {
    return (
        <>
            <Cards>
                <Card label="Runs" value={count(totals.runs)} note={totals.errors > 0 ? `${count(totals.errors)} failed` : "none failed"} tone={totals.errors > 0 ? "bad" : undefined} />
                <Card label="Avg time" value={duration(totals.duration_avg)} note={`p50 ${duration(totals.duration_p50)} · p95 ${duration(totals.duration_p95)}`} />
                <Card
                    label="Cost"
                    value={<GroupCost cost={totals.cost} unpriced={totals.unpriced} runs={totals.runs} style={totals.cost !== null && totals.cost < 0.01 ? "exact" : "coarse"} />}
                    note={totals.unpriced > 0 ? `${plural(totals.unpriced, "run")} without a price` : `${money(totals.cost === null || totals.runs === 0 ? null : totals.cost / totals.runs)} a run`}
                />
                <Card label="Turns per run" value={<Pair avg={totals.turns_avg} p90={totals.turns_p90} />} note={`most ${decimal(totals.turns_max)}`} />
                <Card label="Tool calls per run" value={<Pair avg={totals.tools_avg} p90={totals.tools_p90} />} note={`most ${decimal(totals.tools_max)}`} />
            </Cards>
            <Charts totals={totals} trend={trend} starts={starts} sql={sql} />
        </>
    );
}

/** Average and 90th percentile side by side: the second shows the runaway runs that the first hides. */
function Pair({ avg, p90 }: { avg: number | null; p90: number | null }) {
    return (
        <span className="pair">
            <span title="average">{decimal(avg)}</span>
            <span className="pair-second" title="90th percentile, exact">
                <small>p90</small> {decimal(p90)}
            </span>
        </span>
    );
}

const zoom = (from: number, to: number) => setRange({ kind: "custom", from, to });

function Charts({ totals, trend, starts, sql }: { totals: AgentTotals; trend: readonly AgentTrend[]; starts: readonly number[]; sql: string }) {
    const byTime = useMemo(() => new Map(trend.map((t) => [Date.parse(t.t), t])), [trend]);
    const pick = (read: (t: AgentTrend) => number | null) =>
        starts.map((s) => {
            const at = byTime.get(s);
            return at ? read(at) : null;
        });
    const tokens = plus(totals.input_tokens, totals.output_tokens);
    const pair = (avg: number | null, p90: number | null) => `${decimal(avg)} · p90 ${decimal(p90)}`;
    const common = (what: string) => ({ starts, onZoom: zoom, actions: <OpenInExplore isIcon sql={sql} view="chart" what={what} /> });
    return (
        <div className="charts">
            <Chart
                title="Runs"
                headline={count(totals.runs)}
                kind="bars"
                {...common("the runs over time")}
                series={[
                    { label: "failed", tone: "red-fill", values: pick((t) => t.errors) },
                    { label: "runs", tone: "violet-fill", values: pick((t) => t.runs - t.errors) },
                ]}
                format={count}
            />
            <Chart title="Error rate" headline={percent(totals.runs > 0 ? totals.errors / totals.runs : null)} kind="lines" {...common("the error rate")} series={[{ label: "errors", tone: "red-fill", values: pick((t) => (t.runs > 0 ? t.errors / t.runs : null)) }]} format={(v) => percent(v)} />
            <Chart
                title="Latency"
                headline={duration(totals.duration_avg)}
                kind="lines"
                {...common("the latency")}
                series={[
                    { label: "average", tone: "blue-fill", values: pick((t) => t.duration_avg) },
                    { label: "p95", tone: "amber-fill", values: pick((t) => t.duration_p95) },
                ]}
                format={duration}
            />
            <Chart title="Cost" headline={money(totals.cost, "coarse")} kind="bars" {...common("the cost over time")} series={[{ label: "cost", tone: "green-fill", values: pick((t) => t.cost) }]} format={(v) => money(v)} />
            <Chart
                title="Tokens"
                headline={compact(tokens)}
                kind="bars"
                {...common("the tokens over time")}
                series={[
                    { label: "output", tone: "ember-fill", values: pick((t) => t.output_tokens) },
                    { label: "input", tone: "blue-fill", values: pick((t) => t.input_tokens) },
                ]}
                format={compact}
            />
            <Chart
                title="Turns per run"
                headline={pair(totals.turns_avg, totals.turns_p90)}
                kind="lines"
                {...common("the turns per run")}
                series={[
                    { label: "avg", tone: "blue-fill", values: pick((t) => t.turns_avg) },
                    { label: "p90", tone: "amber-fill", values: pick((t) => t.turns_p90) },
                ]}
                format={decimal}
            />
            <Chart
                title="Tool calls per run"
                headline={pair(totals.tools_avg, totals.tools_p90)}
                kind="lines"
                {...common("the tool calls per run")}
                series={[
                    { label: "avg", tone: "blue-fill", values: pick((t) => t.tools_avg) },
                    { label: "p90", tone: "amber-fill", values: pick((t) => t.tools_p90) },
                ]}
                format={decimal}
            />
        </div>
    );
}
