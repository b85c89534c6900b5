import { count, money } from "../../lib/format";

/** The cost of a group of runs, marked when some of their calls have no known price. */
export function GroupCost({ cost, unpriced, runs, style = "coarse" }: { cost: number | null; unpriced: number; runs: number; style?: "coarse" | "exact" }) {
    return (
        <span className="cost" title={costTitle(cost, unpriced, runs)}>
            {money(cost, style)}
            {cost !== null && unpriced > 0 && (
                <span className="incomplete" aria-label="incomplete">
                    +?
                </span>
            )}
        </span>
    );
}

function costTitle(cost: number | null, unpriced: number, runs: number): string {
    if (cost === null) return unpriced > 0 ? "No price is known for the models of these runs" : "No call of these runs is stored";
    return unpriced > 0 ? `$${cost.toFixed(7)}; incomplete: ${count(unpriced)} of ${count(runs)} runs have calls without a known price` : `$${cost.toFixed(7)}`;
}
