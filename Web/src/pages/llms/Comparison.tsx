import { Fragment } from "react";
import { setParams } from "../../app/router";
import { Icon } from "../../components/Icon";
import { OpenInExplore } from "../../components/OpenInExplore";
import { count, percent, unknown } from "../../lib/format";
import { useAsync } from "../../lib/useAsync";
import { difference, measures, pairScores, scoreText, scoreValue, writeCompared } from "./compare";
import { Dimension, keyCondition, missing } from "./dimensions";
import { fetchScores } from "./facets";
import { modelsSQL, ModelRow } from "./queries";
import { rowKey } from "./trends";
import type { View } from "./useWindow";

/** Two rows side by side: calls, times, tokens, cost, errors, and what evaluators said. */
export function Comparison({ view, groups, rows, compared }: { view: View; groups: readonly Dimension[]; rows: readonly ModelRow[]; compared: readonly string[] }) {
    const chosen = compared.map((key) => rows.find((r) => rowKey(r.key) === key)).filter((r): r is ModelRow => r !== undefined);
    const [first, second] = chosen;
    const close = () => setParams({ compare: null });
    if (!first) return null;
    return (
        <section className="comparison" aria-label="Comparison">
            <header>
                <h2>{second ? "Side by side" : "Compare"}</h2>
                {!second && (
                    <p className="muted">
                        <bdi>{nameOf(first)}</bdi> is chosen; tick a second row of the table.
                    </p>
                )}
                <span className="toolbar-space" />
                <button type="button" className="icon-button" onClick={close} aria-label="Close the comparison">
                    <Icon name="close" size={13} />
                </button>
            </header>
            {second && <Table view={view} groups={groups} first={first} second={second} />}
        </section>
    );
}

function nameOf(row: ModelRow): string {
    return row.key.map((k) => k ?? missing).join(" / ");
}

function Table({ view, groups, first, second }: { view: View; groups: readonly Dimension[]; first: ModelRow; second: ModelRow }) {
    const scores = useAsync(`${rowKey(first.key)}${rowKey(second.key)}\n${view.key}`, async (signal) => {
        const { window } = view.at(Date.now());
        const [a, b] = await Promise.all([fetchScores(window, groups, first.key, signal), fetchScores(window, groups, second.key, signal)]);
        return pairScores(a, b);
    });
    const swap = () => setParams({ compare: writeCompared([rowKey(second.key), rowKey(first.key)]) });
    const { window } = view.at(Date.now());
    const sections = [...new Set(measures.map((m) => m.section))];
    return (
        <div className="table-wrap is-flat">
            <table className="compared" data-comparison>
                <thead>
                    <tr>
                        <td>
                            <button type="button" className="link-button" onClick={swap}>
                                ⇄ Swap
                            </button>
                        </td>
                        <th scope="col">
                            <bdi>{nameOf(first)}</bdi>
                        </th>
                        <th scope="col">
                            <bdi>{nameOf(second)}</bdi>
                        </th>
                        <th scope="col">Difference</th>
                    </tr>
                </thead>
                <tbody>
                    {sections.map((section) => {
                        const lines = measures.filter((m) => m.section === section && (m.value(first) !== null || m.value(second) !== null));
                        return (
                            <Fragment key={section}>
                                <tr className="compared-section">
                                    <th scope="rowgroup" colSpan={4}>
                                        {section}
                                    </th>
                                </tr>
                                {lines.length === 0 && (
                                    <tr>
                                        <td colSpan={4} className="muted">
                                            {unknown} neither side sent it
                                        </td>
                                    </tr>
                                )}
                                {lines.map((m) => {
                                    const [a, b] = [m.value(first), m.value(second)];
                                    return <Line key={m.label} label={m.label} first={m.format(a)} second={m.format(b)} a={a} b={b} change={difference(a, b, m.better)} />;
                                })}
                            </Fragment>
                        );
                    })}
                    <tr className="compared-section">
                        <th scope="rowgroup" colSpan={4}>
                            Evaluation scores
                        </th>
                    </tr>
                    {scores.error && (
                        <tr>
                            <td colSpan={4} className="is-bad">
                                {scores.error.detail}
                            </td>
                        </tr>
                    )}
                    {!scores.data && !scores.error && (
                        <tr>
                            <td colSpan={4} className="muted">
                                Reading the scores…
                            </td>
                        </tr>
                    )}
                    {scores.data?.length === 0 && (
                        <tr>
                            <td colSpan={4} className="muted">
                                {unknown} no evaluator and no person has judged these calls in this window
                            </td>
                        </tr>
                    )}
                    {scores.data?.map((pair) => {
                        const [a, b] = [scoreValue(pair.first), scoreValue(pair.second)];
                        const note = [pair.first, pair.second].map((s) => (s ? count(s.n) : "0")).join(" and ");
                        return <Line key={pair.name} label={pair.name} first={scoreText(pair.first)} second={scoreText(pair.second)} a={a} b={b} change={difference(a, b, "more")} title={`${note} results`} />;
                    })}
                </tbody>
            </table>
            <p className="compared-foot muted">
                Both over the same range and filters; green is the better side.
                <OpenInExplore what="both rows" sql={modelsSQL(window, groups).replace("\nGROUP BY", ` AND ((${keyCondition(groups, first.key)}) OR (${keyCondition(groups, second.key)}))\nGROUP BY`)} range={view.range} environment={null} />
            </p>
        </div>
    );
}

function Line({ label, first, second, a, b, change, title }: { label: string; first: string; second: string; a: number | null; b: number | null; change: ReturnType<typeof difference>; title?: string }) {
    const top = Math.max(Math.abs(a ?? 0), Math.abs(b ?? 0), 1e-12);
    const winner = change?.tone === "good" ? "b" : change?.tone === "bad" ? "a" : null;
    return (
        <tr title={title}>
            <th scope="row">
                <bdi>{label}</bdi>
            </th>
            <Value text={first} share={(a ?? 0) / top} isBetter={winner === "a"} />
            <Value text={second} share={(b ?? 0) / top} isBetter={winner === "b"} />
            <td className={change?.tone ? `is-${change.tone}` : "muted"}>{change?.text ?? unknown}</td>
        </tr>
    );
}

function Value({ text, share, isBetter }: { text: string; share: number; isBetter: boolean }) {
    return (
        <td className={isBetter ? "is-better" : ""}>
            <span>{text}</span>
            <i aria-hidden="true" style={{ width: percent(Math.max(0, share), 1) }} />
            {isBetter && <span className="unseen"> better</span>}
        </td>
    );
}
