import { calculate } from "../../api/prices";
import type { FullRecord, LLMCall } from "../../api/types";
import { Cost } from "../../components/Cost";
import { count, duration, money, speed, unknown } from "../../lib/format";
import { useAsync } from "../../lib/useAsync";
import { Evaluation, isBad, resultText } from "../../pages/detail/evaluations";
import { ChunkStrip } from "./ChunkStrip";
import { chunkTimes } from "./chunks";
import { costParts } from "./facts";

/** What stands under the costs: their origin, or why there are none. */
function costSentence(call: LLMCall): string {
    if (call.cost === null) return `No cost: ${call.cost_note ?? "no price is known for this model"}.`.replace(/\.\.$/, ".");
    if (call.cost_source === "sent") return "The cost was sent with the call.";
    return `Computed${call.price_version ? ` with prices ${call.price_version}` : ""}${call.cost_note ? `: ${call.cost_note}` : ""}.`.replace(/\.\.$/, ".");
}

/** How long a call took and what it cost, part by part; what evaluators said stands beside the latency. */
export function CallBars({ call, record, evaluations }: { call: LLMCall; record: FullRecord; evaluations: readonly Evaluation[] }) {
    const prices = usePrices(call);
    const chunks = chunkTimes(record.otel_events ?? [], record.start_timestamp);
    const first = call.time_to_first_token;
    const total = call.duration;
    const rate = call.output_tokens !== null && total ? call.output_tokens / total : null;
    const share = first !== null && total ? Math.min(1, Math.max(0.02, first / total)) : null;
    return (
        <>
            <h3>
                Latency {total === null ? unknown : duration(total)}
                {rate !== null && ` · ${speed(rate)}`}
                {evaluations.map((e, i) => (
                    <span key={i} className={`score ${isBad(e) ? "is-bad" : ""}`} title={e.explanation ?? undefined}>
                        <bdi>{e.name ?? "evaluation"}</bdi> <b>{resultText(e)}</b>
                    </span>
                ))}
            </h3>
            {share !== null && total !== null ? (
                <div className="latency" role="img" aria-label={`First token after ${duration(first)}, then ${duration(total - first!)} of streaming`}>
                    <i className="latency-wait" style={{ width: `${share * 100}%` }} />
                    <i className="latency-stream" style={{ width: `${(1 - share) * 100}%` }} />
                    <span className="latency-label" style={share > 0.6 ? { right: `${(1 - share) * 100}%`, textAlign: "right" } : { left: 0 }}>
                        first token {duration(first)}
                    </span>
                    {share <= 0.6 && (
                        <span className="latency-label is-right">
                            streaming {duration(total - first!)}
                        </span>
                    )}
                </div>
            ) : (
                <p className="muted small">The time to the first token was not sent.</p>
            )}
            {chunks && total !== null && <ChunkStrip chunks={chunks} total={Math.max(total, chunks.at[chunks.at.length - 1]!)} />}
            <h3>
                Cost <Cost call={call} /> {call.cost !== null && call.cost_source === "computed" && <span className="badge">computed</span>}
            </h3>
            <table className="money" aria-label="Tokens and money, part by part">
                <tbody>
                    {costParts(call, prices.data?.prices ?? null).map((part) => (
                        <tr key={part.label} className={part.note ? "is-part" : ""}>
                            <th scope="row">
                                {part.label} {part.note && <span className="muted">{part.note}</span>}
                            </th>
                            <td>{count(part.tokens)}</td>
                            <td className="muted">{part.price === null ? "" : `${money(part.price)} / M`}</td>
                            <td>{part.cost === null ? "" : money(part.cost)}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
            <p className="muted small" data-cost-reason>
                {costSentence(call)}
                {call.cost_source === "sent" && prices.data?.total_price !== undefined && ` By list price: ${money(Number(prices.data.total_price))}.`}
            </p>
        </>
    );
}

/** The prices of the call's model at the time of the call; null where nothing is known of them. */
function usePrices(call: LLMCall) {
    const model = call.response_model ?? call.model;
    const isAsked = model !== null && call.input_tokens !== null && call.cost_source !== "unpriced";
    return useAsync(isAsked ? `${call.trace_id}:${call.span_id}` : null, async (signal) => {
        const usage = Object.fromEntries(
            Object.entries({ input_tokens: call.input_tokens, cache_read_tokens: call.cache_read_tokens, cache_write_tokens: call.cache_write_tokens, output_tokens: call.output_tokens }).filter((e): e is [string, number] => e[1] !== null),
        );
        const answer = await calculate({ provider: call.provider, model: model!, usage, timestamp: call.start_timestamp, context: call.service_tier ? { service_tier: call.service_tier } : undefined }, signal);
        const found = answer.results[0];
        return found && found.error === undefined ? found : null;
    });
}
