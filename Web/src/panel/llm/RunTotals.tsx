import { query } from "../../api/client";
import type { FullRecord, LLMCall } from "../../api/types";
import { count, unknown } from "../../lib/format";
import { literal } from "../../lib/sql";
import { descendants, Link } from "../../lib/tree";
import { addUsage, noUsage, usageOf } from "../../lib/usage";
import { useAsync } from "../../lib/useAsync";
import { differs, sentTotals } from "./facts";

const page = 10000;

/** The model calls below a span, each counted once; where the sender's own sums differ, both are shown. */
export function RunTotals({ record }: { record: FullRecord }) {
    const sums = useAsync(`${record.trace_id}:${record.span_id}\n${record.kind}`, async (signal) => {
        const where = `WHERE trace_id = ${literal(record.trace_id)}`;
        const calls = await query<LLMCall>(`SELECT span_id, provider, model, input_tokens, output_tokens, cost, is_error FROM llm_calls ${where} LIMIT ${page}`, { limit: page, signal });
        if (calls.length === 0) return noUsage;
        const links: Link[] = [];
        for (;;) {
            const rows = await query<{ span_id: string; parent_span_id: string | null }>(`SELECT span_id, parent_span_id FROM records_all ${where} ORDER BY start_timestamp, span_id, kind LIMIT ${page} OFFSET ${links.length}`, { limit: page, signal });
            for (const row of rows) links.push({ id: row.span_id, parent: row.parent_span_id });
            if (rows.length < page) break;
        }
        const below = descendants(links, record.span_id);
        return calls.filter((c) => below.has(c.span_id)).reduce((sum, c) => addUsage(sum, usageOf(c)), noUsage);
    });
    const usage = sums.data;
    const sent = sentTotals(record.attributes ?? {});
    if (!usage || (usage.calls === 0 && !sent)) return null;
    const isDifferent = sent !== null && (differs(sent.input, usage.input) || differs(sent.output, usage.output) || differs(sent.cost, usage.cost));
    return (
        <section aria-label="Model calls below">
            <h3>Model calls below</h3>
            <table className="money totals">
                <thead>
                    <tr>
                        <td />
                        <th>Calls</th>
                        <th>Input</th>
                        <th>Output</th>
                        <th>Cost</th>
                    </tr>
                </thead>
                <tbody>
                    <tr data-sum="computed">
                        <th scope="row">Σ, each call once</th>
                        <td>{count(usage.calls)}</td>
                        <td>{count(usage.input)}</td>
                        <td>{count(usage.output)}</td>
                        <td title={usage.unpriced > 0 ? `${usage.unpriced} calls have no known price` : undefined}>
                            {dollars(usage.cost)}
                            {usage.cost !== null && usage.unpriced > 0 && <span className="incomplete">+?</span>}
                        </td>
                    </tr>
                    {isDifferent && (
                        <tr className="is-sent" data-sum="sent" title="logfire.metrics on this span, as the sender summed it">
                            <th scope="row">As the sender summed it</th>
                            <td>{unknown}</td>
                            <td>{count(sent.input)}</td>
                            <td>{count(sent.output)}</td>
                            <td>{dollars(sent.cost)}</td>
                        </tr>
                    )}
                </tbody>
            </table>
        </section>
    );
}

function dollars(value: number | null): string {
    return value === null ? unknown : `$${value.toFixed(7)}`;
}
