import { useApp } from "../../app/context";
import { keepWindow, navigate, setParams, withParams } from "../../app/router";
import { Ago, Link } from "../../components/basic";
import { SortHead } from "../../components/SortHead";
import { compact, count, unknown } from "../../lib/format";
import { ConversationChip } from "../agents/ConversationChip";
import { GroupCost } from "../agents/RunCost";
import type { GroupRow } from "./queries";
import { Grouping, groupingNames, Sort, writeSort } from "./source";

const columns = [
    { id: "runs", label: "Runs", title: "Agent runs" },
    { id: "turns", label: "Turns", title: "Model calls, each counted once" },
    { id: "tools", label: "Tool calls", title: "Tool calls that answers asked for" },
    { id: "input", label: "Input", title: "Input tokens, cached ones included" },
    { id: "output", label: "Output", title: "Output tokens" },
    { id: "cost", label: "Cost", title: "US dollars; +? when some calls have no known price" },
    { id: "errors", label: "Errors", title: "Failed calls or runs, and refusals" },
    { id: "last", label: "Last active", title: "When its latest run or call began" },
];

export function GroupTable({ by, rows, sort }: { by: Grouping; rows: readonly GroupRow[]; sort: Sort }) {
    return (
        <div className="table-wrap">
            <table className="models groups">
                <thead>
                    <tr>
                        <th>{groupingNames[by].one}</th>
                        <th>{by === "user" ? "Agents and models" : "Agents, models, user"}</th>
                        {columns.map((column) => (
                            <SortHead key={column.id} column={column} sort={sort} onSort={(next) => setParams({ sort: writeSort(next) }, { replace: true })} />
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {rows.map((row) => (
                        <Row key={row.id} by={by} row={row} />
                    ))}
                </tbody>
            </table>
        </div>
    );
}

function Row({ by, row }: { by: Grouping; row: GroupRow }) {
    const { path, params } = useApp();
    const kept = keepWindow(params);
    // A user's conversations are the next step; without any, all that the user did is one.
    const leadsToList = by === "user" && row.conversations > 0;
    if (leadsToList) kept.set("user", row.id);
    else if (by !== "conversation") kept.set("by", by);
    const href = withParams(path(leadsToList ? { name: "conversations" } : { name: "conversation", id: row.id }), kept);
    return (
        <tr data-group={row.id} onClick={(event) => !(event.target instanceof Element && event.target.closest("a, button")) && navigate(href)}>
            <td>
                <div className="group-cell">
                    {by === "user" ? (
                        <Link href={href} className="model-name">
                            {row.id}
                        </Link>
                    ) : (
                        <>
                            <ConversationChip id={row.id} href={href} />
                            <Link href={href} className="group-prompt">
                                {row.prompt === null ? <span className="muted">no prompt was recorded</span> : <bdi>{row.prompt.replace(/\s+/g, " ").trim()}</bdi>}
                            </Link>
                        </>
                    )}
                </div>
                {by === "user" && <small>{`${count(row.conversations)} ${row.conversations === 1 ? "conversation" : "conversations"}`}</small>}
            </td>
            <td className="group-made">
                <span>{row.agents?.length ? row.agents.join(", ") : <span className="muted">no agent</span>}</span>
                <small>
                    {row.models?.join(", ") || unknown}
                    {by !== "user" && row.user_id !== null && ` · ${row.user_id}`}
                </small>
            </td>
            <td className="num">{count(row.runs)}</td>
            <td className="num">{count(row.turns)}</td>
            <td className="num">{count(row.tools)}</td>
            <td className="num" title={count(row.input_tokens)}>
                {compact(row.input_tokens)}
            </td>
            <td className="num" title={count(row.output_tokens)}>
                {compact(row.output_tokens)}
            </td>
            <td className="num is-strong">
                <GroupCost cost={row.cost} unpriced={row.unpriced} runs={row.turns} />
            </td>
            <td className={`num ${row.errors > 0 ? "is-bad" : ""}`}>
                {count(row.errors)}
                {row.refusals > 0 && <small className="is-warn">{`${count(row.refusals)} refused`}</small>}
            </td>
            <td className="num soft">
                <Ago time={row.last} />
            </td>
        </tr>
    );
}
