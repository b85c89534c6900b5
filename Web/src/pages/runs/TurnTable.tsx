import { useApp } from "../../app/context";
import { Link } from "../../components/basic";
import { Cost } from "../../components/Cost";
import { count, duration, unknown } from "../../lib/format";
import { RunModel, toolsOfTurn } from "./model";
import type { RunCall, RunTool } from "./queries";

/** The turns of a run in order: what each cost, why it stopped, and which tools it led to. */
export function TurnTable({ model }: { model: RunModel }) {
    const { path } = useApp();
    if (model.calls.length === 0) return null;
    return (
        <section aria-label="Turns">
            <h3>
                Turns <span className="muted">{model.calls.length}</span>
            </h3>
            <div className="table-wrap">
                <table className="plain turns">
                    <thead>
                        <tr>
                            <th>#</th>
                            <th>Model</th>
                            <th>Stopped for</th>
                            <th>Tools</th>
                            <th className="num">In</th>
                            <th className="num">Out</th>
                            <th className="num">Cost</th>
                            <th className="num">Time</th>
                        </tr>
                    </thead>
                    <tbody>
                        {model.calls.map((call, index) => (
                            <tr key={call.span_id}>
                                <td className="soft">{index + 1}</td>
                                <td>
                                    <Link href={`${path({ name: "trace", traceId: call.trace_id })}?span=${call.span_id}`} title="This call in its trace">
                                        {call.model ?? unknown}
                                    </Link>
                                </td>
                                <td>
                                    <StopReason call={call} />
                                </td>
                                <td>
                                    <ToolNames tools={toolsOfTurn(model.calls, model.tools, index)} />
                                </td>
                                <td className="num" title={call.cache_read_tokens ? `${count(call.cache_read_tokens)} of them read from the cache` : undefined}>
                                    {count(call.input_tokens)}
                                    {call.cache_read_tokens ? <small className="muted"> {count(call.cache_read_tokens)} cached</small> : null}
                                </td>
                                <td className="num" title={call.reasoning_tokens ? `${count(call.reasoning_tokens)} of them reasoning` : undefined}>
                                    {count(call.output_tokens)}
                                </td>
                                <td className="num">
                                    <Cost call={call} />
                                </td>
                                <td className="num" title={call.time_to_first_token === null ? undefined : `first token after ${duration(call.time_to_first_token)}`}>
                                    {duration(call.duration)}
                                </td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
        </section>
    );
}

/** Why an answer ended, or how its call failed; with the attempts before it. */
export function StopReason({ call }: { call: RunCall }) {
    const reasons = call.finish_reasons?.join(", ") ?? null;
    return (
        <span className={call.is_error ? "is-bad" : call.is_truncated || call.refusal ? "is-warn" : undefined}>
            {call.is_error ? call.error_type ?? "error" : call.refusal ? `refused${reasons ? ` (${reasons})` : ""}` : reasons ?? unknown}
            {call.retry_count ? (
                <span className="tag tag-warn" title={call.retry_cause ? `after ${call.retry_cause}` : undefined}>
                    {call.retry_count} {call.retry_count === 1 ? "retry" : "retries"}
                </span>
            ) : null}
        </span>
    );
}

function ToolNames({ tools }: { tools: readonly RunTool[] }) {
    const counts = new Map<string, { calls: number; failed: number }>();
    for (const tool of tools) {
        const entry = counts.get(tool.tool_name ?? unknown) ?? { calls: 0, failed: 0 };
        entry.calls += 1;
        if (tool.is_error) entry.failed += 1;
        counts.set(tool.tool_name ?? unknown, entry);
    }
    if (counts.size === 0) return <span className="muted">{unknown}</span>;
    return (
        <span className="tool-names">
            {[...counts].map(([name, { calls, failed }]) => (
                <code key={name} className={failed > 0 ? "is-bad" : undefined} title={failed > 0 ? `${failed} failed` : undefined}>
                    {name}
                    {calls > 1 ? ` ×${calls}` : ""}
                </code>
            ))}
        </span>
    );
}
