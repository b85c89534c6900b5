import type { FullRecord, LLMCall } from "../../api/types";
import { duration, unknown } from "../../lib/format";
import { parseTime } from "../../lib/time";
import { useAsync } from "../../lib/useAsync";
import { fetchAttempts, fetchGuardrails, placeOf, Verdict, verdictOf } from "./guards";

const words: Record<Verdict, string> = { stopped: "stopped it", passed: "let it pass", failed: "failed", unknown: unknown };
const tones: Record<Verdict, string> = { stopped: "badge badge-ember", passed: "badge badge-green", failed: "badge badge-ember", unknown: "badge" };

/** Guardrails of the trace, and what each decided. Nothing when there are none. */
export function Guardrails({ record, onSelectSpan }: { record: FullRecord; onSelectSpan(spanId: string): void }) {
    const found = useAsync(record.trace_id, () => fetchGuardrails(record.trace_id));
    const steps = (found.data ?? []).filter((s) => s.span_id !== record.span_id);
    if (steps.length === 0) return null;
    return (
        <section aria-label="Guardrails">
            <h3>
                Guardrails <span className="muted">{steps.length}</span>
            </h3>
            <table className="steps">
                <tbody>
                    {steps.map((step) => {
                        const verdict = verdictOf(step);
                        return (
                            <tr key={step.span_id}>
                                <td>
                                    <button type="button" className="link-button" onClick={() => onSelectSpan(step.span_id)} title="Show the span">
                                        <bdi>{step.name ?? step.message ?? step.span_name}</bdi>
                                    </button>
                                </td>
                                <td className="muted">{placeOf(step, record)}</td>
                                <td>
                                    <span className={tones[verdict]} title={step.triggered === null ? "The span does not say what it decided." : `triggered: ${step.triggered}`}>
                                        {words[verdict]}
                                    </span>
                                </td>
                                <td className="num">{duration(step.duration)}</td>
                            </tr>
                        );
                    })}
                </tbody>
            </table>
        </section>
    );
}

/** The attempts of a call that was tried again, one by one. */
export function Attempts({ call, onSelectSpan }: { call: LLMCall; onSelectSpan(spanId: string): void }) {
    const found = useAsync(call.retry_count ? `${call.trace_id}:${call.span_id}` : null, (signal) => fetchAttempts(call.trace_id, call.span_id, signal));
    const attempts = found.data ?? [];
    if (attempts.length < 2) return null;
    const start = parseTime(call.start_timestamp);
    return (
        <section aria-label="Attempts">
            <h3>
                Attempts <span className="muted">{attempts.length}</span>
            </h3>
            <table className="steps">
                <tbody>
                    {attempts.map((a, i) => {
                        const isBad = (a.http_response_status_code ?? 0) >= 400 || a.exception_type !== null;
                        return (
                            <tr key={a.span_id}>
                                <td>
                                    <button type="button" className="link-button" onClick={() => onSelectSpan(a.span_id)} title="Show the span">
                                        {i + 1}. {a.http_method ?? "request"}
                                    </button>
                                </td>
                                <td className={isBad ? "is-bad" : "is-good"}>{a.http_response_status_code ?? a.exception_type ?? unknown}</td>
                                <td className="num muted">+{duration(Math.max(0, parseTime(a.start_timestamp) - start) / 1000)}</td>
                                <td className="num">{duration(a.duration)}</td>
                            </tr>
                        );
                    })}
                </tbody>
            </table>
        </section>
    );
}
