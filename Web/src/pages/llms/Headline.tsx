import { compact, count, duration, money, percent, plural } from "../../lib/format";
import type { Range } from "../../lib/range";
import { Card, Cards, change } from "./Cards";
import type { Figures } from "./queries";
import { CostCell, unpricedReason } from "./values";

/** The figures of all calls of the window, with what changed since the one before. */
export function Headline({ totals, earlier, range }: { totals: Figures; earlier: Figures | null; range: Range }) {
    const than = range.kind === "last" && range.id === "1d" ? "the day before" : range.kind === "last" && range.id === "7d" ? "the week before" : "the time before";
    const hasBoth = totals.retrieval_cost !== null && totals.generation_cost !== null;
    return (
        <Cards>
            <Card label="Calls" value={count(totals.calls)} note={change(totals.calls, earlier?.calls, than) ?? (earlier?.calls === 0 ? `none in ${than}` : undefined)} />
            <Card
                label="Cost"
                value={<CostCell row={totals} style={totals.cost !== null && totals.cost < 0.01 ? "exact" : "coarse"} />}
                title={totals.unpriced > 0 ? `${plural(totals.unpriced, "call")} without a price: ${unpricedReason(totals)}` : change(totals.cost, earlier?.cost, than) ?? undefined}
                note={hasBoth ? `retrieval ${money(totals.retrieval_cost, "coarse")} · generation ${money(totals.generation_cost, "coarse")}` : totals.unpriced > 0 ? `${plural(totals.unpriced, "call")} without a price` : change(totals.cost, earlier?.cost, than) ?? undefined}
            />
            <Card label="Errors" value={percent(totals.calls > 0 ? totals.errors / totals.calls : null)} note={`${count(totals.errors)} failed`} tone={totals.errors > 0 ? "bad" : undefined} />
            <Card label="First token p50" value={duration(totals.first_token)} note={totals.first_token === null ? "no call sent it" : `p95 ${duration(totals.first_token_p95)} · streamed calls`} />
            <Card label="Cache read" value={percent(totals.cache_read !== null && totals.input_tokens ? totals.cache_read / totals.input_tokens : null, 0)} note={totals.input_tokens === null ? "no call sent its tokens" : `of ${compact(totals.input_tokens)} input tokens`} />
        </Cards>
    );
}
