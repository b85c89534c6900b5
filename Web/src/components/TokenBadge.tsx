import { compact, count, money, unknown } from "../lib/format";
import { CallLike, isIncomplete, totalTokens, Usage, usageByModel } from "../lib/usage";
import { HoverCard } from "./HoverCard";

/** Tokens and cost of a model call, or the sum over the calls below a span. */
export function TokenBadge({ usage, isSum, calls }: { usage: Usage; isSum: boolean; calls(): CallLike[] }) {
    const total = totalTokens(usage);
    if (total === null && usage.cost === null) return null;
    const tokens = isSum ? `Σ ${compact(total)}` : usage.input !== null && usage.output !== null ? `${compact(usage.input)} → ${compact(usage.output)}` : compact(total);
    return (
        <HoverCard className="tok" card={() => <UsageCard calls={calls()} usage={usage} isSum={isSum} />}>
            {tokens}
            <span className="tok-cost">
                {" · "}
                {money(usage.cost, "short")}
                {isIncomplete(usage) && <span className="incomplete" aria-label="incomplete">+?</span>}
            </span>
        </HoverCard>
    );
}

function UsageCard({ calls, usage, isSum }: { calls: CallLike[]; usage: Usage; isSum: boolean }) {
    const rows = usageByModel(calls);
    return (
        <>
            <div className="hovercard-title">{isSum ? `LLM tokens of ${count(usage.calls)} ${usage.calls === 1 ? "call" : "calls"} below` : "LLM tokens"}</div>
            <table className="usage-table">
                <thead>
                    <tr>
                        <th>Model</th>
                        <th className="num">Input</th>
                        <th className="num">Output</th>
                        <th className="num">Total</th>
                        <th className="num">Cost</th>
                    </tr>
                </thead>
                <tbody>
                    {rows.map((row) => (
                        <tr key={`${row.provider}/${row.model}`}>
                            <td>
                                {row.model ?? unknown}
                                <small>{row.provider ?? unknown}</small>
                            </td>
                            <UsageCells usage={row.usage} />
                        </tr>
                    ))}
                    {rows.length > 1 && (
                        <tr className="usage-total">
                            <td>Σ</td>
                            <UsageCells usage={usage} />
                        </tr>
                    )}
                </tbody>
            </table>
            {usage.unpriced > 0 && (
                <p className="hovercard-note">
                    {usage.cost === null ? "No price is known for this model." : `Incomplete: ${count(usage.unpriced)} of ${count(usage.calls)} calls have no known price.`}
                </p>
            )}
        </>
    );
}

function UsageCells({ usage }: { usage: Usage }) {
    return (
        <>
            <td className="num">{count(usage.input)}</td>
            <td className="num">{count(usage.output)}</td>
            <td className="num">{count(totalTokens(usage))}</td>
            <td className="num">{usage.cost === null ? unknown : `$${usage.cost.toFixed(7)}`}</td>
        </>
    );
}
