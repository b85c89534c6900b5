import type { ReactNode } from "react";
import { useApp } from "../../app/context";
import { navigate, setParams, withParams } from "../../app/router";
import { Link } from "../../components/basic";
import { costMix } from "../../components/Cost";
import { Sparkline } from "../../components/Sparkline";
import { compact, count, duration, money, percent, speed, unknown } from "../../lib/format";
import { columns, Sort, writeSort } from "./columns";
import { Incomplete } from "./LLMsPage";
import { missing, ModelRow } from "./queries";
import { modelKey, Trend } from "./trends";

export function ModelTable({ rows, sort, trends }: { rows: readonly ModelRow[]; sort: Sort; trends: ReadonlyMap<string, Trend> }) {
    const { path, params } = useApp();
    const href = (row: ModelRow) => {
        const kept = new URLSearchParams();
        for (const key of ["range", "from", "to", "env"]) if (params.get(key)) kept.set(key, params.get(key)!);
        return withParams(path({ name: "llm", provider: row.provider ?? missing, model: row.model ?? missing }), kept);
    };
    return (
        <div className="table-wrap">
            <table className="models">
                <thead>
                    <tr>
                        {columns.map((column) => {
                            const isOn = column.id === sort.column;
                            return (
                                <th key={column.id} className={column.id === "model" ? "" : "num"} aria-sort={isOn ? (sort.descending ? "descending" : "ascending") : "none"}>
                                    <button type="button" title={column.title} onClick={() => setParams({ sort: writeSort({ column: column.id, descending: isOn ? !sort.descending : column.id !== "model" }) }, { replace: true })}>
                                        {column.label}
                                        <span className="sort-mark" aria-hidden="true">
                                            {isOn ? (sort.descending ? "↓" : "↑") : ""}
                                        </span>
                                    </button>
                                </th>
                            );
                        })}
                    </tr>
                </thead>
                <tbody>
                    {rows.map((row) => {
                        const trend = trends.get(modelKey(row.provider, row.model));
                        return (
                            <tr key={modelKey(row.provider, row.model)} onClick={(event) => !(event.target instanceof Element && event.target.closest("a")) && navigate(href(row))}>
                                <td>
                                    <Link href={href(row)} className="model-name">
                                        {row.model ?? missing}
                                    </Link>
                                    <small>{row.provider ?? missing}</small>
                                </td>
                                <Cell>{count(row.calls)}</Cell>
                                <Cell
                                    tone={row.errors > 0 ? "bad" : undefined}
                                    small={row.errors > 0 ? `${count(row.errors)} failed` : unknown}
                                    spark={row.errors > 0 && trend && <Sparkline values={trend.errors} tone="red" label="Errors over time" />}
                                >
                                    {percent(row.calls > 0 ? row.errors / row.calls : null)}
                                </Cell>
                                <Cell small={row.duration_max === null ? undefined : `p95 ${duration(row.duration_p95)} · max ${duration(row.duration_max)}`} spark={trend && <Sparkline values={trend.latency} tone="muted" label="Latency over time" />}>
                                    {duration(row.duration_avg)}
                                </Cell>
                                <Cell title={row.first_token === null ? "No call of this model sent its time to first token" : "median"}>{duration(row.first_token)}</Cell>
                                <Cell soft>{speed(row.speed)}</Cell>
                                <Cell title={row.input_tokens === null ? "No call of this model sent its tokens" : count(row.input_tokens)}>{compact(row.input_tokens)}</Cell>
                                <Cell title={row.output_tokens === null ? "No call of this model sent its tokens" : count(row.output_tokens)}>{compact(row.output_tokens)}</Cell>
                                <Cell soft title={row.cache_read === null ? "No call of this model reported cached tokens" : count(row.cache_read)}>
                                    {compact(row.cache_read)}
                                </Cell>
                                <Cell strong title={costMix(row)}>
                                    <span className={row.cost !== null && row.sent === 0 && row.computed > 0 ? "is-computed" : undefined}>{money(row.cost, "coarse")}</span>
                                    {row.cost !== null && row.unpriced > 0 && <Incomplete unpriced={row.unpriced} calls={row.calls} />}
                                </Cell>
                                <Cell title={row.truncated === null ? "No call of this model sent a finish reason" : undefined} spark={trend && (row.truncated ?? 0) > 0 && <Sparkline values={trend.truncated} tone="amber" label="Truncated over time" />}>
                                    {percent(row.truncated)}
                                </Cell>
                                <Cell title={row.tool_calls === null ? "No call of this model says whether it called tools" : undefined} spark={trend && (row.tool_calls ?? 0) > 0 && <Sparkline values={trend.tools} tone="violet" label="Tool calls over time" />}>
                                    {percent(row.tool_calls, 0)}
                                </Cell>
                            </tr>
                        );
                    })}
                </tbody>
            </table>
        </div>
    );
}

function Cell(props: { children: ReactNode; small?: ReactNode; spark?: ReactNode; tone?: "bad"; soft?: boolean; strong?: boolean; title?: string }) {
    return (
        <td className={`num ${props.tone ? `is-${props.tone}` : ""} ${props.soft ? "soft" : ""} ${props.strong ? "is-strong" : ""}`} title={props.title}>
            {props.children}
            {props.small && <small>{props.small}</small>}
            {props.spark}
        </td>
    );
}
