import { useMemo, useState } from "react";
import { useApp } from "../../app/context";
import { setParams } from "../../app/router";
import { TopBar } from "../../app/TopBar";
import { Chip, Kbd, Link } from "../../components/basic";
import { Empty, ErrorBox, Loading, Progress } from "../../components/states";
import { Tabs } from "../../components/Tabs";
import { count, duration, money, shortId, unknown } from "../../lib/format";
import { clock, day } from "../../lib/time";
import { isIncomplete, totalTokens } from "../../lib/usage";
import { SpanDetail } from "../detail/SpanDetail";
import { MessageText } from "../MessageText";
import { compareTraces, Step, StepSide } from "./compare";
import type { TraceModel } from "./model";
import { useTrace } from "./useTrace";
import { Waterfall } from "./Waterfall";
import { WhereTime } from "./WhereTime";

const shownSteps = 200;

/** Two traces beside each other: figures, where the time went, steps by what changed, and both waterfalls. */
export function ComparePage({ traceId, otherId }: { traceId: string; otherId: string }) {
    const { path, params } = useApp();
    const left = useTrace(traceId);
    const right = useTrace(otherId);
    const tab = params.get("view") === "waterfalls" ? "waterfalls" : "steps";
    const failed = left.error ?? right.error;
    return (
        <>
            <TopBar
                hasEnvironment={false}
                search={
                    <div className="search search-fixed">
                        <Kbd>compare</Kbd>
                        <code>
                            {shortId(traceId)} with {shortId(otherId)}
                        </code>
                        <span className="search-fill" />
                        <Link className="link-button" href={`${path({ name: "trace", traceId: otherId })}?compare=${traceId}`}>
                            Swap
                        </Link>
                        <Link className="link-button" href={path({ name: "trace", traceId })}>
                            End comparison
                        </Link>
                    </div>
                }
            />
            <Progress active={left.isLoading || right.isLoading} />
            {failed && !(left.model && right.model) ? (
                <div className="pad">
                    <ErrorBox error={failed} onRetry={left.error ? left.reload : right.reload} />
                </div>
            ) : !left.model || !right.model ? (
                <Loading what="both traces" />
            ) : left.model.nodes.length === 0 || right.model.nodes.length === 0 ? (
                <Empty title="One of the traces is not stored">
                    <p className="muted">No record of {left.model.nodes.length === 0 ? traceId : otherId} is here: retention may have removed it, or the id is wrong.</p>
                    <Link className="button" href={path({ name: "trace", traceId: left.model.nodes.length === 0 ? otherId : traceId })}>
                        Open the other one
                    </Link>
                </Empty>
            ) : (
                <div className="compare">
                    <h1 className="unseen">Two traces compared</h1>
                    <div className="compare-heads">
                        <Head side="A" model={left.model} traceId={traceId} />
                        <Head side="B" model={right.model} traceId={otherId} />
                    </div>
                    <Tabs
                        label="Comparison"
                        tabs={[
                            { id: "steps", label: "What changed" },
                            { id: "waterfalls", label: "Waterfalls" },
                        ]}
                        selected={tab}
                        onSelect={(id) => setParams({ view: id === "steps" ? null : id }, { replace: true })}
                    />
                    {tab === "steps" ? <Steps left={left.model} right={right.model} /> : <Both left={left.model} right={right.model} ids={[traceId, otherId]} />}
                </div>
            )}
        </>
    );
}

function Head({ side, model, traceId }: { side: string; model: TraceModel; traceId: string }) {
    const { path } = useApp();
    const root = model.roots.find((n) => !n.item.isPoint) ?? model.roots[0];
    return (
        <section className="compare-head" aria-label={`Trace ${side}`} data-side={side}>
            <h2>
                <span className="compare-side">{side}</span>
                <Link href={path({ name: "trace", traceId })}>{root ? <MessageText record={root.item.record} /> : traceId}</Link>
            </h2>
            <p className="muted small">
                {day(model.start)} {clock(model.start, true)}
            </p>
            <dl className="compare-figures">
                <Figure name="Duration" value={duration((model.end - model.start) / 1000)} />
                <Figure name="Spans" value={count(model.spans)} />
                <Figure name="Errors" value={count(model.errors)} isBad={model.errors > 0} />
                <Figure name="Services" value={count(model.services.length)} />
                <Figure name="Σ tokens" value={model.usage.calls > 0 ? count(totalTokens(model.usage)) : unknown} />
                <Figure name="Σ cost" value={model.usage.cost === null ? unknown : `${money(model.usage.cost)}${isIncomplete(model.usage) ? " incomplete" : ""}`} />
            </dl>
            <WhereTime model={model} />
        </section>
    );
}

function Figure({ name, value, isBad }: { name: string; value: string; isBad?: boolean }) {
    return (
        <div>
            <dt>{name}</dt>
            <dd className={isBad ? "is-bad" : undefined}>{value}</dd>
        </div>
    );
}

function Steps({ left, right }: { left: TraceModel; right: TraceModel }) {
    const steps = useMemo(() => compareTraces(left, right), [left, right]);
    const most = Math.max(1e-9, ...steps.map((s) => Math.abs(s.difference)));
    return (
        <div className="compare-steps">
            <table className="listing">
                <thead>
                    <tr>
                        <th>Step</th>
                        <th>Service</th>
                        <th className="num">Spans A</th>
                        <th className="num">Spans B</th>
                        <th className="num">Own time A</th>
                        <th className="num">Own time B</th>
                        <th className="num">Difference</th>
                        <th className="compare-bar-head">
                            <span className="unseen">Difference as a bar</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {steps.slice(0, shownSteps).map((step) => (
                        <StepRow key={`${step.service}/${step.name}`} step={step} most={most} />
                    ))}
                </tbody>
            </table>
            {steps.length > shownSteps && <p className="list-end">The {count(shownSteps)} steps that changed most, of {count(steps.length)}.</p>}
        </div>
    );
}

function StepRow({ step, most }: { step: Step; most: number }) {
    const only = step.left === null ? "only in B" : step.right === null ? "only in A" : null;
    const share = (Math.abs(step.difference) / most) * 50;
    return (
        <tr data-step={step.name}>
            <td>
                <span className="compare-name" title={step.name}>
                    {step.name}
                </span>
                {only && <span className="badge">{only}</span>}
            </td>
            <td>{step.service ? <Chip name={step.service} /> : unknown}</td>
            <Spans side={step.left} />
            <Spans side={step.right} />
            <td className="num">{step.left ? duration(step.left.self / 1000) : unknown}</td>
            <td className="num">{step.right ? duration(step.right.self / 1000) : unknown}</td>
            <td className={`num ${step.difference > 0 ? "is-slower" : step.difference < 0 ? "is-faster" : ""}`}>
                {step.difference > 0 ? "+" : ""}
                {duration(step.difference / 1000)}
            </td>
            <td className="compare-bar">
                <i className={step.difference > 0 ? "is-slower" : "is-faster"} style={step.difference > 0 ? { left: "50%", width: `${share}%` } : { right: "50%", width: `${share}%` }} />
            </td>
        </tr>
    );
}

function Spans({ side }: { side: StepSide | null }) {
    return (
        <td className="num">
            {side ? count(side.spans) : unknown}
            {side && side.errors > 0 && <span className="is-bad"> {count(side.errors)} failed</span>}
        </td>
    );
}

function Both({ left, right, ids }: { left: TraceModel; right: TraceModel; ids: [string, string] }) {
    const [selected, setSelected] = useState<{ side: 0 | 1; span: string } | null>(null);
    return (
        <div className="compare-both">
            {([left, right] as const).map((model, side) => (
                <Waterfall
                    key={ids[side]}
                    model={model}
                    spanId={selected?.side === side ? selected.span : null}
                    onSelect={(span) => setSelected(span === null ? null : { side: side as 0 | 1, span })}
                    isCompact
                    label={`Spans of trace ${side === 0 ? "A" : "B"}`}
                />
            ))}
            {selected && (
                <div className={`compare-detail ${selected.side === 1 ? "is-left" : ""}`}>
                    <SpanDetail traceId={ids[selected.side]} spanId={selected.span} version="" onSelectSpan={(span) => setSelected({ ...selected, span })} onClose={() => setSelected(null)} />
                </div>
            )}
        </div>
    );
}
