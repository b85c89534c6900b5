import { Price, Prices, showModel } from "../../../api/prices";
import { Button } from "../../../components/form";
import { ErrorBox, Loading } from "../../../components/states";
import { compact } from "../../../lib/format";
import { dollars, periodText, sortedUnits, unitOf } from "../../../lib/prices";
import { useAsync } from "../../../lib/useAsync";
import type { OverrideStart } from "./OverrideDialog";

/** All prices of one model: in force, by time, by variant. */
export function ModelDetail({ model, provider, version, onOverride }: { model: string; provider: string; version: number; onOverride?(start: OverrideStart): void }) {
    const shown = useAsync(`show:${provider}/${model}\n${version}`, (signal) => showModel(model, provider, signal));
    const data = shown.data;
    if (!data) return shown.error ? <ErrorBox error={shown.error} onRetry={shown.reload} /> : <Loading what="its prices" />;
    return (
        <div className="model-detail">
            <p className="muted small">
                {[data.name, data.provider_name, data.context_window === null ? null : `${compact(data.context_window)} tokens of context`, data.is_fallback ? "priced as another provider's model" : null].filter(Boolean).join(" · ")}
            </p>
            <h3>In force now</h3>
            <PriceTable prices={data.in_force} />
            {data.overrides.length > 0 && (
                <>
                    <h3>Overrides of this project</h3>
                    {data.overrides.map((o) => (
                        <div key={o.id}>
                            <p className="small soft">
                                {o.model} · {periodText(o.start_date, o.end_date)} {o.note && <span className="muted">· {o.note}</span>}
                            </p>
                            <PriceTable prices={o.prices} />
                        </div>
                    ))}
                </>
            )}
            {data.entries.length > 1 && (
                <>
                    <h3>By time</h3>
                    {data.entries.map((entry, index) => (
                        <div key={index}>
                            <p className="small soft">
                                {entry.start_date ? `From ${entry.start_date}` : entry.start_time ? `Daily from ${entry.start_time} to ${entry.end_time}` : "At first"}
                                {entry.is_in_force && <span className="badge badge-green">in force</span>}
                            </p>
                            <PriceTable prices={entry.prices} />
                        </div>
                    ))}
                </>
            )}
            {data.variants.length > 0 && (
                <>
                    <h3>Variants</h3>
                    {data.variants.map((variant, index) => (
                        <div key={index}>
                            <p className="small soft">
                                {Object.entries(variant.when)
                                    .map(([key, value]) => `${key} = ${value}`)
                                    .join(", ")}
                                {variant.start_date && ` · from ${variant.start_date}`}
                            </p>
                            <PriceTable prices={variant.prices} />
                        </div>
                    ))}
                </>
            )}
            {onOverride && (
                <p>
                    <Button onClick={() => onOverride({ provider, model, prices: data.in_force })}>Override this price…</Button>
                </p>
            )}
        </div>
    );
}

export function PriceTable({ prices }: { prices: Prices }) {
    const units = sortedUnits(prices);
    if (units.length === 0) return <p className="muted small">Free: nothing is charged.</p>;
    return (
        <table className="price-table">
            <tbody>
                {units.map((key) => {
                    const unit = unitOf(key);
                    return (
                        <tr key={key}>
                            <th scope="row">{unit.label}</th>
                            <td>
                                <Tiers price={prices[key]!} />
                            </td>
                            <td className="muted">/ {unit.per}</td>
                        </tr>
                    );
                })}
            </tbody>
        </table>
    );
}

function Tiers({ price }: { price: Price }) {
    if (typeof price === "string") return <>{dollars(price)}</>;
    return (
        <>
            {dollars(price.base)}
            {price.tiers.map((tier) => (
                <span key={tier.start} className="tier">
                    {dollars(tier.price)} <span className="muted">above {compact(tier.start)} input tokens</span>
                </span>
            ))}
        </>
    );
}
