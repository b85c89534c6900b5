import { useEffect, useState } from "react";
import { query } from "../../../api/client";
import { findModels, PricedModel } from "../../../api/prices";
import { useApp } from "../../../app/context";
import { setParams } from "../../../app/router";
import { TextField } from "../../../components/form";
import { ErrorBox, Loading, Progress } from "../../../components/states";
import { count, plural, unknown } from "../../../lib/format";
import { priceText } from "../../../lib/prices";
import { isoTime } from "../../../lib/time";
import { useAsync } from "../../../lib/useAsync";
import { Panel } from "../Panel";
import { ModelDetail } from "./ModelDetail";
import type { OverrideStart } from "./OverrideDialog";

/** Rows drawn at most. */
const most = 60;

export function ModelSearch({ version, onOverride }: { version: number; onOverride?(start: OverrideStart): void }) {
    const { params, organization, project } = useApp();
    const typed = params.get("model") ?? "";
    const text = useSettled(typed.trim(), 180);
    const found = useAsync(text === "" ? null : `models\n${text}:${version}`, (signal) => findModels(text, signal));
    const used = useAsync(`used:${organization}/${project}`, (signal) =>
        query<{ model: string; calls: number }>("SELECT model, count(*) AS calls FROM llm_calls WHERE model IS NOT NULL GROUP BY model ORDER BY calls DESC LIMIT 8", { from: isoTime(Date.now() - 30 * 86400e3), limit: 8, signal }),
    );
    return (
        <Panel title="Look up a model" lead="The price in force now, as a call of this project would be priced.">
            <TextField isBare type="search" label="Part of a model's name" placeholder="gpt-4o, sonnet, gemini-2.5…" value={typed} onChange={(event) => setParams({ model: event.target.value }, { replace: true })} />
            <Progress active={found.isLoading && found.data !== null} />
            {text === "" ? (
                used.data && used.data.length > 0 ? (
                    <div className="facts">
                        <span className="muted small">Called in the last 30 days:</span>
                        {used.data.map((row) => (
                            <button key={row.model} type="button" className="fact fact-button" title={plural(row.calls, "call")} onClick={() => setParams({ model: row.model }, { replace: true })}>
                                {row.model}
                            </button>
                        ))}
                    </div>
                ) : (
                    <p className="muted">Type a part of a name.</p>
                )
            ) : found.error ? (
                <ErrorBox error={found.error} onRetry={found.reload} />
            ) : !found.data ? (
                <Loading what="prices" />
            ) : found.data.models.length === 0 ? (
                <p className="empty-line">
                    No model's name contains “{text}”. Calls of such a model have no cost until you give it a price below.
                    {onOverride && (
                        <button type="button" className="link-button inline-action" onClick={() => onOverride({ model: text })}>
                            Give it a price
                        </button>
                    )}
                </p>
            ) : (
                <>
                    <ModelList models={found.data.models.slice(0, most)} version={version} onOverride={onOverride} />
                    <p className="muted small">
                        {found.data.models.length > most ? `${count(most)} of ${plural(found.data.models.length, "model")}; type more to narrow it down. ` : `${plural(found.data.models.length, "model")}. `}
                        Dollars for a million tokens, data of genai-prices {found.data.version}.
                    </p>
                </>
            )}
        </Panel>
    );
}

/** The value once it has not changed for a while. */
function useSettled<T>(value: T, ms: number): T {
    const [settled, setSettled] = useState(value);
    useEffect(() => {
        const timer = setTimeout(() => setSettled(value), ms);
        return () => clearTimeout(timer);
    }, [value, ms]);
    return settled;
}

function ModelList({ models, version, onOverride }: { models: readonly PricedModel[]; version: number; onOverride?(start: OverrideStart): void }) {
    const [open, setOpen] = useState<string | null>(models.length === 1 ? `${models[0]!.provider}/${models[0]!.model}` : null);
    return (
        <div className="table-wrap">
            <table className="listing">
                <thead>
                    <tr>
                        <th>Model</th>
                        <th className="num">Input</th>
                        <th className="num">Cached input</th>
                        <th className="num">Output</th>
                    </tr>
                </thead>
                {models.map((model) => {
                    const key = `${model.provider}/${model.model}`;
                    const isOpen = open === key;
                    const isFree = Object.keys(model.prices).length === 0;
                    return (
                        <tbody key={key}>
                            <tr>
                                <td className="cell-wide">
                                    <button type="button" className="row-toggle" aria-expanded={isOpen} onClick={() => setOpen(isOpen ? null : key)}>
                                        <span className={`twist ${isOpen ? "is-open" : ""}`} aria-hidden="true" />
                                        <span>
                                            <b>{model.model}</b>
                                            {model.is_override && <span className="badge badge-ember">override</span>}
                                            {model.is_deprecated && <span className="badge">deprecated</span>}
                                            {isFree && <span className="badge">free</span>}
                                            <small>{model.provider}</small>
                                        </span>
                                    </button>
                                </td>
                                <Cell model={model} unit="input_mtok" />
                                <Cell model={model} unit="cache_read_mtok" />
                                <Cell model={model} unit="output_mtok" />
                            </tr>
                            {isOpen && (
                                <tr className="detail-row">
                                    <td colSpan={4}>
                                        <ModelDetail model={model.model} provider={model.provider} version={version} onOverride={onOverride} />
                                    </td>
                                </tr>
                            )}
                        </tbody>
                    );
                })}
            </table>
        </div>
    );
}

function Cell({ model, unit }: { model: PricedModel; unit: string }) {
    const price = model.prices[unit];
    const hasTiers = typeof price === "object" && price.tiers.length > 0;
    return (
        <td className="num" title={price === undefined ? undefined : priceText(price)}>
            {price === undefined ? <span className="muted">{unknown}</span> : priceText(typeof price === "string" ? price : price.base)}
            {hasTiers && <small>{price.tiers.length === 1 ? "then a tier" : `${price.tiers.length} tiers`}</small>}
        </td>
    );
}
