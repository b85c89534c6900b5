import { useState } from "react";
import { Override, removeOverride } from "../../../api/prices";
import { ConfirmDialog } from "../../../app/ConfirmDialog";
import { Ago } from "../../../components/basic";
import { Button } from "../../../components/form";
import { Icon } from "../../../components/Icon";
import { ErrorBox, Loading } from "../../../components/states";
import { periodText, priceText, sortedUnits, unitOf } from "../../../lib/prices";
import type { Async } from "../../../lib/useAsync";
import { Panel } from "../Panel";

export function Overrides({ overrides, onAdd, onChange }: { overrides: Async<{ overrides: Override[] }>; onAdd?(): void; onChange(): void }) {
    const [removing, setRemoving] = useState<Override | null>(null);
    return (
        <Panel
            title="Overrides of this project"
            lead="They come before the list: for discounts, contracts and models of your own."
            tools={
                onAdd && (
                    <Button onClick={onAdd}>
                        <Icon name="plus" size={12} /> Add an override
                    </Button>
                )
            }
        >
            {overrides.error && !overrides.data ? (
                <ErrorBox error={overrides.error} onRetry={overrides.reload} />
            ) : !overrides.data ? (
                <Loading what="the overrides" />
            ) : overrides.data.overrides.length === 0 ? (
                <p className="empty-line">None: every call is priced by the list.</p>
            ) : (
                <div className="table-wrap">
                    <table className="listing">
                        <thead>
                            <tr>
                                <th>Model</th>
                                <th>Prices</th>
                                <th>Holds</th>
                                <th>Added</th>
                                {onAdd && (
                                    <th>
                                        <span className="unseen">Actions</span>
                                    </th>
                                )}
                            </tr>
                        </thead>
                        <tbody>
                            {overrides.data.overrides.map((o) => (
                                <tr key={o.id}>
                                    <td className="cell-wide">
                                        <code>{o.model}</code>
                                        <small>{o.provider ?? "any provider"}</small>
                                    </td>
                                    <td className="cell-wide">
                                        {sortedUnits(o.prices).map((key) => (
                                            <span key={key} className="price-line">
                                                {unitOf(key).label} {priceText(o.prices[key]!)} <span className="muted">/ {unitOf(key).per}</span>
                                            </span>
                                        ))}
                                    </td>
                                    <td>
                                        {periodText(o.start_date, o.end_date)}
                                        {o.note && <small>{o.note}</small>}
                                    </td>
                                    <td>
                                        <Ago time={o.created_at} />
                                    </td>
                                    {onAdd && (
                                        <td className="cell-tools">
                                            <Button tone="danger" onClick={() => setRemoving(o)} aria-label={`Remove the override of ${o.model}`}>
                                                Remove
                                            </Button>
                                        </td>
                                    )}
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
            {removing && (
                <ConfirmDialog
                    title={`Remove the override of ${removing.model}`}
                    verb="Remove"
                    onClose={() => setRemoving(null)}
                    onConfirm={async () => {
                        await removeOverride(removing.id);
                        onChange();
                    }}
                >
                    <p className="soft">New calls are priced by the list again. Stored costs stay as they are until you recompute them.</p>
                </ConfirmDialog>
            )}
        </Panel>
    );
}
