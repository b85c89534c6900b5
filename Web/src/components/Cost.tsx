import { money, unknown } from "../lib/format";

export interface Priced {
    cost: number | null;
    cost_source: string | null;
    cost_note: string | null;
    price_version: string | null;
}

/** Where a cost comes from, or why there is none, in a sentence. */
export function costReason(call: Priced): string {
    if (call.cost === null) return call.cost_note ? `No cost: ${call.cost_note}` : "No cost: no price is known for this model";
    if (call.cost_source === "sent") return `$${call.cost.toFixed(7)}, sent with the call`;
    if (call.cost_source === "computed") return `$${call.cost.toFixed(7)}, computed${call.price_version ? ` with prices ${call.price_version}` : ""}${call.cost_note ? `: ${call.cost_note}` : ""}`;
    return `$${call.cost.toFixed(7)}`;
}

/** The cost of one call. A computed one is underlined with dots; the reason for any shows on hover. */
export function Cost({ call, style = "exact" }: { call: Priced; style?: "exact" | "coarse" }) {
    return (
        <span className={call.cost !== null && call.cost_source === "computed" ? "cost is-computed" : "cost"} title={costReason(call)} data-cost={call.cost_source ?? undefined}>
            {call.cost === null ? unknown : money(call.cost, style)}
        </span>
    );
}

/** Where the costs of a group come from: `12 sent, 30 computed, 2 without a price (no price for …)`. */
export function costMix(group: { cost: number | null; sent: number; computed: number; unpriced: number; unpriced_note: string | null }): string {
    const parts = [group.sent > 0 && `${group.sent} sent`, group.computed > 0 && `${group.computed} computed`, group.unpriced > 0 && `${Math.round(group.unpriced)} without a price${group.unpriced_note ? ` (${group.unpriced_note})` : ""}`].filter(Boolean);
    const mix = parts.join(", ");
    return group.cost === null ? `No call has a known cost${group.unpriced_note ? `: ${group.unpriced_note}` : ""}` : `$${group.cost.toFixed(7)}${mix ? `: ${mix}` : ""}`;
}
