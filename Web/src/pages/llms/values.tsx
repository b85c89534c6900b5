import { costMix } from "../../components/Cost";
import { count, money, unknown } from "../../lib/format";
import type { Figures } from "./queries";

/** Why calls have no price, in words. */
export function unpricedReason(row: Pick<Figures, "unpriced_note">): string {
    return row.unpriced_note ?? "no price is known for the model";
}

/** A value that is not known, with the reason on hover and for those who do not see. */
export function Unknown({ why }: { why: string }) {
    return (
        <span className="unknown" title={why}>
            {unknown}
            <span className="unseen">, unknown: {why}</span>
        </span>
    );
}

export function Incomplete({ unpriced, calls, why }: { unpriced: number; calls: number; why?: string }) {
    return (
        <span className="incomplete" title={`Incomplete: ${count(unpriced)} of ${count(calls)} calls have no known price${why ? `; ${why}` : ""}`}>
            +?
            <span className="unseen"> incomplete</span>
        </span>
    );
}

/** The cost of a group of calls: dotted when all of it was computed, `+?` when a part is not known. */
export function CostCell({ row, style }: { row: Figures; style: "exact" | "coarse" }) {
    if (row.cost === null) return <Unknown why={row.unpriced > 0 ? unpricedReason(row) : "the calls failed before anything was to be paid"} />;
    return (
        <>
            <span className={row.sent === 0 && row.computed > 0 ? "is-computed" : undefined} title={costMix(row)}>
                {money(row.cost, style)}
            </span>
            {row.unpriced > 0 && <Incomplete unpriced={row.unpriced} calls={row.calls} why={unpricedReason(row)} />}
        </>
    );
}
