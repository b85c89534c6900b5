import type { KeyboardEvent } from "react";
import { compact, money, plural } from "../../lib/format";
import type { GraphNode, NodeKind } from "./graph";
import { Layout, nodeHeight, nodeWidth, Placed, Route } from "./layout";

const kindNames: Record<NodeKind, string> = { agent: "agent", model: "model", tool: "tool", node: "node", retrieval: "retrieval", guardrail: "guardrail", end: "end" };
/** How much the graph shrinks to fit before it scrolls. */
const leastScale = 0.78;
/** Characters of a name that fit into a node. */
const nameLength = 22;

/** What a screen reader says of a node, and what shows on hover. */
export function nodeSentence(node: GraphNode): string {
    if (node.kind === "end") return node.failedWithin > 0 ? "The run failed" : "The run ended with an answer";
    const parts = [`${kindNames[node.kind]} ${node.label}`, plural(node.executions.length, "execution")];
    if (node.failed > 0) parts.push(`${node.failed} failed`);
    else if (node.failedWithin > 0) parts.push(`${node.failedWithin} failed because of something inside`);
    if (node.inside.size > 0) parts.push(`used ${[...node.inside].map(([label, n]) => `${label} ${n} times`).join(", ")}`);
    return parts.join(", ");
}

export function GraphView({ layout, chosen, onChoose }: { layout: Layout; chosen: string | null; onChoose(id: string | null): void }) {
    const pad = 8;
    return (
        <div className="graph" tabIndex={0} role="group" aria-label="Graph of the run">
            <svg width={layout.width + pad * 2} height={layout.height + pad * 2} style={{ minWidth: (layout.width + pad * 2) * leastScale }} viewBox={`${-pad} ${-pad} ${layout.width + pad * 2} ${layout.height + pad * 2}`}>
                <defs>
                    <marker id="graph-tip" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto">
                        <path d="M0 0.5 8 4 0 7.5z" className="graph-tip" />
                    </marker>
                </defs>
                {layout.routes.map((route) => (
                    <EdgeLine key={`${route.edge.from} ${route.edge.to}`} route={route} isDim={chosen !== null && route.edge.from !== chosen && route.edge.to !== chosen} />
                ))}
                {layout.routes.map((route) => (
                    <EdgeCount key={`${route.edge.from} ${route.edge.to}`} route={route} />
                ))}
                {layout.nodes.map((placed) => (
                    <NodeBox key={placed.node.id} placed={placed} isOn={placed.node.id === chosen} onChoose={onChoose} />
                ))}
            </svg>
        </div>
    );
}

function EdgeLine({ route, isDim }: { route: Route; isDim: boolean }) {
    return <path d={route.path} className={`graph-edge ${route.isBack ? "is-back" : ""} ${route.edge.isInto ? "is-into" : ""} ${isDim ? "is-dim" : ""}`} markerEnd="url(#graph-tip)" aria-hidden="true" />;
}

function EdgeCount({ route }: { route: Route }) {
    if (route.edge.count < 2) return null;
    const text = `${route.edge.count}×`;
    const width = 8 + text.length * 6.5;
    return (
        <g className="graph-count" aria-hidden="true" transform={`translate(${route.label.x} ${route.label.y})`}>
            <rect x={-width / 2} y={-8} width={width} height={16} rx={8} />
            <text textAnchor="middle" dy="3.6">
                {text}
            </text>
        </g>
    );
}

function NodeBox({ placed, isOn, onChoose }: { placed: Placed; isOn: boolean; onChoose(id: string | null): void }) {
    const { node, x, y } = placed;
    const failing = node.failed > 0;
    const choose = () => onChoose(isOn ? null : node.id);
    const onKeyDown = (event: KeyboardEvent) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        choose();
    };
    const isEnd = node.kind === "end";
    const sentence = nodeSentence(node);
    const second = [
        (node.executions.length > 1 || node.kind !== "agent") && `${node.executions.length}×`,
        node.failed > 0 ? `${node.failed} failed` : node.failedWithin > 0 ? "failed inside" : null,
        node.inside.size > 0 ? [...node.inside.keys()].join(", ") : node.tokens !== null ? `${compact(node.tokens)} tok` : null,
        node.cost !== null && money(node.cost, "coarse"),
    ]
        .filter(Boolean)
        .join(" · ");
    return (
        <g
            className={`graph-node kind-${node.kind} ${failing ? "is-failing" : ""} ${node.failedWithin > 0 ? "is-failed-within" : ""} ${isOn ? "is-on" : ""}`}
            transform={`translate(${x} ${y})`}
            {...(isEnd ? { role: "img" } : { role: "button", tabIndex: 0, "aria-pressed": isOn, onClick: choose, onKeyDown })}
            aria-label={sentence}
            data-node={node.label}
            data-kind={node.kind}
            data-count={node.executions.length}
            data-failed={node.failed}
        >
            <title>{sentence}</title>
            <rect width={nodeWidth} height={nodeHeight} rx={isEnd ? nodeHeight / 2 : 9} />
            {isEnd ? (
                <text x={nodeWidth / 2} y={nodeHeight / 2 + 4.5} textAnchor="middle" className="graph-name">
                    {node.label}
                </text>
            ) : (
                <>
                    <text x={13} y={20} className="graph-name">
                        {cut(node.label)}
                    </text>
                    <text x={13} y={36} className="graph-second">
                        <tspan className="graph-kind">{kindNames[node.kind]}</tspan>
                        {second && ` ${cutTo(second, 27 - kindNames[node.kind].length)}`}
                    </text>
                    {failing && (
                        <g transform={`translate(${nodeWidth - 19} 10)`} className="graph-mark" aria-hidden="true">
                            <circle cx="4.5" cy="4.5" r="7.5" />
                            <path d="M2 2l5 5M7 2 2 7" />
                        </g>
                    )}
                </>
            )}
        </g>
    );
}

function cut(label: string): string {
    return cutTo(label, nameLength);
}

function cutTo(label: string, length: number): string {
    const letters = [...label];
    return letters.length > length ? `${letters.slice(0, length - 1).join("")}…` : label;
}
