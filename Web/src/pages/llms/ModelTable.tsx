import { ReactNode, useState } from "react";
import { useApp } from "../../app/context";
import { navigate, setParams, withParams } from "../../app/router";
import { Link } from "../../components/basic";
import { Sparkline } from "../../components/Sparkline";
import { compact, count, duration, money, percent, speed } from "../../lib/format";
import { columns, Sort, writeSort } from "./columns";
import { writeCompared } from "./compare";
import { Dimension, keepView, missing, withValue } from "./dimensions";
import type { ModelRow } from "./queries";
import { rowKey, Trend } from "./trends";
import { CostCell, Unknown } from "./values";

/** Rows drawn at once. */
const step = 100;

export interface ModelTableProps {
    rows: readonly ModelRow[];
    groups: readonly Dimension[];
    sort: Sort;
    trends: ReadonlyMap<string, Trend>;
    compared: readonly string[];
}

export function ModelTable({ rows, groups, sort, trends, compared }: ModelTableProps) {
    const [shown, setShown] = useState(step);
    return (
        <>
            <div className="table-wrap">
                <table className="models">
                    <thead>
                        <tr>
                            <td className="pick" />
                            {columns.map((column) => {
                                const isOn = column.id === sort.column;
                                const isName = column.id === "model";
                                return (
                                    <th key={column.id} className={isName ? "" : "num"} aria-sort={isOn ? (sort.descending ? "descending" : "ascending") : "none"}>
                                        <button type="button" title={column.title} onClick={() => setParams({ sort: writeSort({ column: column.id, descending: isOn ? !sort.descending : !isName }) }, { replace: true })}>
                                            {isName && groups.length > 0 ? groups.map((g) => g.label).join(" · ") : column.label}
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
                        {rows.slice(0, shown).map((row) => (
                            <Row key={rowKey(row.key)} row={row} groups={groups} trend={trends.get(rowKey(row.key))} compared={compared} />
                        ))}
                    </tbody>
                </table>
            </div>
            {rows.length > shown && (
                <button type="button" className="button table-more" onClick={() => setShown(shown + step)}>
                    Show {Math.min(step, rows.length - shown)} more of {count(rows.length)}
                </button>
            )}
        </>
    );
}

/** Where a row leads: a model to its page, any other group to the models in it. */
function useRowLink(row: ModelRow, groups: readonly Dimension[]): { href: string; title: string } {
    const { path, params } = useApp();
    const last = row.key.length - 1;
    const endsInModel = groups.length === 0 || groups[groups.length - 1]!.id === "model";
    let kept = endsInModel ? keepView(params) : new URLSearchParams(params);
    groups.forEach((g, i) => {
        // A list is grouped as a whole; each of its values has to be there.
        if (g.id === "model") return;
        const value = row.key[g.id === groups[0]!.id ? 0 : i + (groups[0]!.id === "model" ? 1 : 0)] ?? null;
        for (const part of g.isList && value !== null ? value.split(", ") : [value]) kept = withValue(kept, g, part, false, true);
    });
    if (endsInModel) return { href: withParams(path({ name: "llm", provider: row.key[last - 1] ?? missing, model: row.key[last] ?? missing }), kept), title: "Open the model" };
    for (const name of ["by", "compare", "filter"]) kept.delete(name);
    return { href: withParams(path({ name: "llms" }), kept), title: "Show the models in this group" };
}

function Row({ row, groups, trend, compared }: { row: ModelRow; groups: readonly Dimension[]; trend: Trend | undefined; compared: readonly string[] }) {
    const link = useRowLink(row, groups);
    const key = rowKey(row.key);
    const isPicked = compared.includes(key);
    const isModel = groups.length === 0;
    const name = isModel ? row.key[1] : row.key[0];
    const under = isModel ? row.key[0] ?? missing : row.key.slice(1).map((k) => k ?? missing).join(" / ");
    const pick = () => setParams({ compare: writeCompared(isPicked ? compared.filter((k) => k !== key) : [...compared.slice(-1), key]) });
    const split = row.retrieval_calls > 0 && row.retrieval_calls < row.calls;
    return (
        <tr className={isPicked ? "is-picked" : ""} onClick={(event) => !(event.target instanceof Element && event.target.closest("a, input, label")) && navigate(link.href)}>
            <td className="pick">
                <input type="checkbox" checked={isPicked} onChange={pick} aria-label={`Compare ${name ?? missing}`} title="Compare with another row" />
            </td>
            <td>
                <Link href={link.href} className="model-name" title={`${link.title}: ${name ?? missing}`}>
                    <bdi>{name === "" ? "(empty)" : name ?? missing}</bdi>
                </Link>
                {under !== "" && (
                    <small title={under}>
                        <bdi>{under}</bdi>
                    </small>
                )}
            </td>
            <Cell>{count(row.calls)}</Cell>
            <Cell tone={row.errors > 0 ? "bad" : undefined} small={row.errors > 0 ? `${count(row.errors)} failed` : undefined} spark={row.errors > 0 && trend && <Sparkline values={trend.errors} tone="red" label="Errors over time" />}>
                {percent(row.calls > 0 ? row.errors / row.calls : null)}
            </Cell>
            <Cell small={row.duration_max === null ? undefined : `max ${duration(row.duration_max)}`} spark={trend && <Sparkline values={trend.latency} tone="muted" label="Latency over time" />}>
                {duration(row.duration_avg)}
            </Cell>
            <Cell soft under={duration(row.duration_p95)} title="Half of the calls take at most the first, 95 of 100 at most the second">
                {duration(row.duration_p50)}
            </Cell>
            <Cell small={row.first_token === null ? undefined : `p50 ${duration(row.first_token)}`} note={row.first_token === null ? undefined : `p95 ${duration(row.first_token_p95)}`}>
                {row.first_token_avg === null ? <Unknown why="no call sent its time to first token" /> : duration(row.first_token_avg)}
            </Cell>
            <Cell soft>{row.speed === null ? <Unknown why="no call has output tokens and a duration" /> : speed(row.speed)}</Cell>
            <Cell title={count(row.input_tokens)} small={split ? `${compact(row.retrieval_tokens)} retrieval` : undefined}>
                {row.input_tokens === null ? <Unknown why="no call sent its tokens; a stream that is closed early loses them" /> : compact(row.input_tokens)}
            </Cell>
            <Cell title={count(row.output_tokens)}>{row.output_tokens === null ? <Unknown why={row.retrieval_calls === row.calls ? "embeddings have no output tokens" : "no call sent its tokens; a stream that is closed early loses them"} /> : compact(row.output_tokens)}</Cell>
            <Cell soft title={count(row.cache_read)}>
                {row.cache_read === null ? <Unknown why="no call reported cached tokens" /> : compact(row.cache_read)}
            </Cell>
            <Cell strong small={split && row.retrieval_cost !== null ? `${money(row.retrieval_cost, "coarse")} retrieval` : undefined} note={split && row.generation_cost !== null ? `${money(row.generation_cost, "coarse")} generation` : undefined}>
                <CostCell row={row} style="coarse" />
            </Cell>
            <Cell spark={trend && (row.truncated ?? 0) > 0 && <Sparkline values={trend.truncated} tone="amber" label="Truncated over time" />}>{row.truncated === null ? <Unknown why="no call sent a finish reason" /> : percent(row.truncated)}</Cell>
            <Cell spark={trend && (row.tool_calls ?? 0) > 0 && <Sparkline values={trend.tools} tone="violet" label="Tool calls over time" />}>{row.tool_calls === null ? <Unknown why="no call says whether it called tools" /> : percent(row.tool_calls, 0)}</Cell>
        </tr>
    );
}

/** A figure; under it smaller ones, then a line over time. */
function Cell(props: { children: ReactNode; small?: ReactNode; note?: ReactNode; under?: ReactNode; spark?: ReactNode; tone?: "bad"; soft?: boolean; strong?: boolean; title?: string }) {
    return (
        <td className={`num ${props.tone ? `is-${props.tone}` : ""} ${props.soft ? "soft" : ""} ${props.strong ? "is-strong" : ""}`} title={props.title}>
            {props.children}
            {props.under && <span className="num-under">{props.under}</span>}
            {props.small && <small>{props.small}</small>}
            {props.note && <small>{props.note}</small>}
            {props.spark}
        </td>
    );
}
