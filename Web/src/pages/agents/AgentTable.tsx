import { useApp } from "../../app/context";
import { keepWindow, navigate, setParams, withParams } from "../../app/router";
import { Ago, Link } from "../../components/basic";
import { Icon } from "../../components/Icon";
import { SortHead } from "../../components/SortHead";
import { Sparkline } from "../../components/Sparkline";
import { compact, count, decimal, duration, percent } from "../../lib/format";
import { attribute, literal } from "../../lib/sql";
import { Avatar } from "./Avatar";
import { ColumnId, columns, Sort, writeSort } from "./columns";
import { ModelLinks } from "./ModelLinks";
import type { AgentRow } from "./queries";
import { GroupCost } from "./RunCost";
import { agentKey, AgentRef, agentTitle } from "./source";
import { defaultRange } from "./usePage";

export function AgentTable({ rows, sort, usage }: { rows: readonly AgentRow[]; sort: Sort; usage: ReadonlyMap<string, number[]> }) {
    return (
        <div className="table-wrap">
            <table className="models agents">
                <thead>
                    <tr>
                        {columns.map((column) => (
                            <SortHead key={column.id} column={{ ...column, isText: column.id === "agent" }} sort={sort} onSort={(next) => setParams({ sort: writeSort({ column: next.column as ColumnId, descending: next.descending }) }, { replace: true })} />
                        ))}
                        <th>
                            <span className="unseen">Traces</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {rows.map((row) => (
                        <Row key={agentKey(row)} row={row} usage={row.agent === null ? undefined : usage.get(row.agent)} />
                    ))}
                </tbody>
            </table>
        </div>
    );
}

function Row({ row, usage }: { row: AgentRow; usage: number[] | undefined }) {
    const { path, params } = useApp();
    const title = agentTitle(row);
    const href = withParams(path({ name: "agent", agent: row.agent, provider: row.provider, model: row.model }), keepWindow(params));
    return (
        <tr onClick={(event) => !(event.target instanceof Element && event.target.closest("a")) && navigate(href)} data-agent={title}>
            <td>
                <div className="agent-cell">
                    <Avatar name={title} />
                    <div>
                        <Link href={href} className="model-name" title={title}>
                            {title}
                        </Link>
                        <small>{row.agent === null ? "no agent name was sent" : <ModelLinks models={row.models} />}</small>
                    </div>
                </div>
            </td>
            <td className="num">
                {count(row.runs)}
                {usage && <Sparkline values={usage} tone="violet" label="Runs over time" />}
            </td>
            <td className={`num ${row.errors > 0 ? "is-bad" : ""}`}>
                {percent(row.runs > 0 ? row.errors / row.runs : null)}
                {row.errors > 0 && <small>{count(row.errors)} failed</small>}
            </td>
            <td className="num">
                {duration(row.duration_avg)}
                <small>p95 {duration(row.duration_p95)}</small>
            </td>
            <td className="num">
                {decimal(row.turns_avg)}
                <small>p90 {decimal(row.turns_p90)}</small>
            </td>
            <td className="num">
                {decimal(row.tools_avg)}
                <small>p90 {decimal(row.tools_p90)}</small>
            </td>
            <td className="num" title={row.input_tokens === null && row.output_tokens === null ? "No call of this agent sent its tokens" : `${count(row.input_tokens)} in, ${count(row.output_tokens)} out`}>
                {compact(row.input_tokens)} in
                <small>{compact(row.output_tokens)} out</small>
            </td>
            <td className="num is-strong">
                <GroupCost cost={row.cost} unpriced={row.unpriced} runs={row.runs} />
            </td>
            <td className="num soft">
                <Ago time={row.last} />
            </td>
            <td className="agent-actions">
                <Link className="button" href={tracesHref(row, path({ name: "live" }), params)} title="The records of its runs in Live">
                    <Icon name="live" size={13} /> <span className="agent-action-text">Traces</span>
                </Link>
            </td>
        </tr>
    );
}

/** Live with the runs of one agent. */
export function tracesHref(ref: AgentRef, live: string, params: URLSearchParams): string {
    const target = keepWindow(params);
    if (!target.has("range") && !target.has("from")) target.set("range", defaultRange);
    const run = `${attribute("gen_ai.operation.name")} = 'invoke_agent'`;
    target.set(
        "q",
        ref.agent === null
            ? `${run} AND ${attribute("gen_ai.agent.name")} IS NULL`
            : `(${run} OR ${attribute("openinference.span.kind")} = 'AGENT') AND coalesce(${attribute("gen_ai.agent.name")}, ${attribute("agent_name")}, ${attribute("agent.name")}) = ${literal(ref.agent)}`,
    );
    return withParams(live, target);
}
