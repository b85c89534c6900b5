import { useMemo, useState } from "react";
import { useApp } from "../../app/context";
import { Link } from "../../components/basic";
import { compact, count, duration, money, plural, unknown } from "../../lib/format";
import { clock } from "../../lib/time";
import { buildGraph, GraphNode, RunGraph } from "./graph";
import { GraphView } from "./GraphView";
import { layoutGraph } from "./layout";
import { most } from "./queries";
import type { RunData, RunModel } from "./model";

/** Who called whom and how often: agents, models, tools and the nodes of a graph. */
export function GraphTab({ data, model, traceId }: { data: RunData; model: RunModel; traceId: string }) {
    const graph = useMemo(
        () => buildGraph({ rootId: model.spanId, rootLabel: model.title, isRootError: model.isError, steps: data.steps, calls: data.calls, tools: data.tools, runs: data.runs }),
        [data, model],
    );
    const layout = useMemo(() => layoutGraph(graph), [graph]);
    const [chosen, setChosen] = useState<string | null>(null);
    const node = graph.nodes.find((n) => n.id === chosen) ?? null;
    if (graph.nodes.length < 2) return <p className="muted">Nothing of what happened inside of this run is stored, so there is no graph to draw.</p>;
    const failing = graph.nodes.filter((n) => n.failed > 0);
    return (
        <>
            <p className="muted small graph-note">
                {plural(graph.nodes.length, "node")}, {plural(graph.edges.reduce((sum, e) => sum + e.count, 0), "transition")}
                {failing.length > 0 && (
                    <span className="is-bad">
                        {" "}
                        · failed in {failing.map((n) => n.label).join(", ")}
                    </span>
                )}
                {graph.edges.some((e) => e.isInto) && " · dashed: started inside of"}
            </p>
            {data.steps.length >= most && <p className="llm-note">The trace is longer than what is drawn here: the graph shows its first {count(most)} spans.</p>}
            <GraphView layout={layout} chosen={chosen} onChoose={setChosen} />
            {node && node.kind !== "end" && <NodeDetail node={node} traceId={traceId} />}
            <Transitions graph={graph} />
        </>
    );
}

function NodeDetail({ node, traceId }: { node: GraphNode; traceId: string }) {
    const { path } = useApp();
    return (
        <section aria-label={`Executions of ${node.label}`} className="node-detail">
            <h3>
                {node.label} <span className="muted">{plural(node.executions.length, "execution")}</span>
            </h3>
            {node.inside.size > 0 && (
                <p className="small">
                    <span className="muted">Used inside: </span>
                    {[...node.inside].map(([label, n]) => `${label} ×${n}`).join(", ")}
                </p>
            )}
            {(node.tokens !== null || node.cost !== null) && (
                <p className="small muted">
                    {compact(node.tokens)} tokens · {money(node.cost)}
                </p>
            )}
            <div className="table-wrap">
                <table className="plain">
                    <tbody>
                        {node.executions.slice(0, 100).map((e, index) => (
                            <tr key={e.spanId}>
                                <td className="num">{index + 1}</td>
                                <td>
                                    <Link href={`${path({ name: "trace", traceId })}?span=${e.spanId}`}>{clock(e.start, true)}</Link>
                                </td>
                                <td className={e.isError ? "is-bad" : "muted"}>{e.isError ? e.error ?? "failed" : "went well"}</td>
                                <td className="num">{duration(e.duration)}</td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
        </section>
    );
}

function Transitions({ graph }: { graph: RunGraph }) {
    const label = (id: string) => graph.nodes.find((n) => n.id === id)?.label ?? unknown;
    return (
        <details className="transitions">
            <summary>As a table</summary>
            <div className="table-wrap">
                <table className="plain">
                    <caption className="unseen">Transitions of the run</caption>
                    <thead>
                        <tr>
                            <th>From</th>
                            <th>To</th>
                            <th className="num">Times</th>
                        </tr>
                    </thead>
                    <tbody>
                        {graph.edges.map((e) => (
                            <tr key={`${e.from} ${e.to}`} data-edge={`${label(e.from)} → ${label(e.to)}`}>
                                <td>{label(e.from)}</td>
                                <td>
                                    {label(e.to)} {e.isInto && <span className="muted">inside</span>}
                                </td>
                                <td className="num">{count(e.count)}</td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
        </details>
    );
}
