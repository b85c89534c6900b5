import { useMemo } from "react";
import { zoomTo } from "../../app/router";
import { Chart } from "../../components/Chart";
import { compact, count, duration, money, percent } from "../../lib/format";
import type { Figures, TrendFigures } from "./queries";

const share = (v: number | null) => percent(v);
const dollars = (v: number | null) => money(v);

/** The seven charts of a model. Dragging over one narrows the range. */
export function ModelCharts({ row, trend, starts }: { row: Figures; trend: readonly TrendFigures[]; starts: readonly number[] }) {
    const byTime = useMemo(() => new Map(trend.map((t) => [Date.parse(t.t), t])), [trend]);
    const pick = (read: (t: TrendFigures) => number | null) =>
        starts.map((s) => {
            const at = byTime.get(s);
            return at ? read(at) : null;
        });
    const shared = { starts, onZoom: zoomTo };
    return (
        <div className="charts model-charts">
            <Chart
                {...shared}
                title="Calls over time"
                headline={count(row.calls)}
                kind="bars"
                series={[
                    { label: "failed", tone: "red-fill", values: pick((t) => t.errors) },
                    { label: "answered", tone: "blue-fill", values: pick((t) => t.calls - t.errors) },
                ]}
                format={count}
            />
            <Chart {...shared} title="Error rate" headline={percent(row.calls > 0 ? row.errors / row.calls : null)} kind="lines" series={[{ label: "errors", tone: "red-fill", values: pick((t) => (t.calls > 0 ? t.errors / t.calls : null)) }]} format={share} />
            <Chart
                {...shared}
                title="Latency"
                headline={duration(row.duration_avg)}
                kind="lines"
                series={[
                    { label: "average", tone: "blue-fill", values: pick((t) => t.duration_avg) },
                    { label: "p50", tone: "teal-fill", values: pick((t) => t.duration_p50) },
                    { label: "p95", tone: "amber-fill", values: pick((t) => t.duration_p95) },
                    ...(row.first_token === null ? [] : [{ label: "first token p50", tone: "grey-fill", values: pick((t) => t.first_token) }]),
                ]}
                format={duration}
            />
            <Chart
                {...shared}
                title="Tokens"
                headline={compact(row.input_tokens === null && row.output_tokens === null ? null : (row.input_tokens ?? 0) + (row.output_tokens ?? 0))}
                kind="bars"
                series={[
                    { label: "output", tone: "ember-fill", values: pick((t) => t.output_tokens) },
                    { label: "input", tone: "blue-fill", values: pick((t) => t.input_tokens) },
                ]}
                format={compact}
            />
            <Chart {...shared} title="Cost" headline={money(row.cost, "coarse")} kind="bars" series={[{ label: "cost", tone: "green-fill", values: pick((t) => t.cost) }]} format={dollars} />
            <Chart {...shared} title="Truncated" headline={percent(row.truncated)} kind="lines" series={[{ label: "truncated", tone: "amber-fill", values: pick((t) => t.truncated) }]} format={share} />
            <Chart {...shared} title="Tool calls" headline={percent(row.tool_calls, 0)} kind="lines" series={[{ label: "with tool calls", tone: "violet-fill", values: pick((t) => t.tool_calls) }]} format={share} />
        </div>
    );
}
