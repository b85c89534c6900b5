import { useMemo, useState } from "react";
import { query } from "../../api/client";
import type { FullRecord, JsonObject, LLMCall } from "../../api/types";
import { CopyButton, Fact } from "../../components/basic";
import { Cost } from "../../components/Cost";
import { count, duration, money, plural, speed, unknown } from "../../lib/format";
import { literal } from "../../lib/sql";
import { useAsync } from "../../lib/useAsync";
import { readConversation } from "./conversation";
import { costParts, requestSettings } from "./facts";
import type { Message } from "./message";
import { eventMessages } from "./messages";
import { MessageCard } from "./MessageCard";
import { RunTotals } from "./RunTotals";
import { ToolDefinitions } from "./ToolDefinitions";

export interface LLMPanelProps {
    record: FullRecord;
    call: LLMCall | null;
    onSelectSpan(spanId: string): void;
}

/** Messages drawn at first; long agent histories open on demand. */
const atFirst = 60;

export function LLMPanel({ record, call, onSelectSpan }: LLMPanelProps) {
    const attributes = record.attributes ?? {};
    const ownEvents = record.otel_events ?? [];
    const direct = useMemo(() => readConversation(record.attributes ?? {}, record.otel_events ?? []), [record]);
    const logs = useLogMessages(direct.messages.length === 0 ? record : null);
    const conversation = useMemo(() => (logs.length > 0 ? readConversation(attributes, ownEvents, logs) : direct), [logs, direct, attributes, ownEvents]);
    const [isRaw, setRaw] = useState(false);
    const [isWhole, setWhole] = useState(false);
    const settings = useMemo(() => requestSettings(attributes), [attributes]);
    const isEmpty = conversation.messages.length === 0;
    const hidden = isWhole ? 0 : Math.max(0, conversation.messages.length - atFirst);
    return (
        <div className="llm">
            <CallFacts attributes={attributes} call={call} />
            {call ? <CallBars call={call} /> : <RunTotals record={record} />}
            {settings.length > 0 && (
                <>
                    <h3>Request</h3>
                    <div className="facts">
                        {settings.map((s) => (
                            <Fact key={s.name} label={s.name}>
                                <span className="setting">{s.value}</span>
                            </Fact>
                        ))}
                    </div>
                </>
            )}
            <div className="llm-head">
                <h3>
                    {attributes["gen_ai.operation.name"] === "execute_tool" ? "Tool call" : "Conversation"} {!isEmpty && <span className="muted">{conversation.messages.length}</span>}
                </h3>
                {!isEmpty && (
                    <span className="switch" role="group" aria-label="How messages are shown">
                        <button type="button" className={isRaw ? "" : "is-on"} aria-pressed={!isRaw} onClick={() => setRaw(false)}>
                            Markdown
                        </button>
                        <button type="button" className={isRaw ? "is-on" : ""} aria-pressed={isRaw} onClick={() => setRaw(true)}>
                            JSON
                        </button>
                        <CopyButton label="Copy the conversation as JSON" text={() => JSON.stringify(conversation.messages.map((m) => m.raw), null, 2)} />
                    </span>
                )}
            </div>
            {conversation.note && <p className="llm-note">{conversation.note}</p>}
            {hidden > 0 && (
                <button type="button" className="button llm-more" onClick={() => setWhole(true)}>
                    Show the first {plural(hidden, "message")} too
                </button>
            )}
            {conversation.messages.slice(hidden).map((message, index) => {
                const position = index + hidden;
                return (
                    <div key={position}>
                        {conversation.newFrom === position && <div className="llm-turn">this turn</div>}
                        <MessageCard message={message} isRaw={isRaw} isHistory={conversation.newFrom !== null && position < conversation.newFrom} />
                    </div>
                );
            })}
            {conversation.tools.length > 0 && <ToolDefinitions tools={conversation.tools} />}
            {conversation.source && <p className="llm-source">Read from {conversation.source}</p>}
            {call && call.span_id !== record.span_id && (
                <button type="button" className="link-button" onClick={() => onSelectSpan(call.span_id)}>
                    The call is counted at another span
                </button>
            )}
        </div>
    );
}

/** Older senders write the messages as log records below the span. */
function useLogMessages(record: FullRecord | null): Message[] {
    const key = record ? `${record.trace_id}:${record.span_id}` : null;
    const logs = useAsync(key, (signal) =>
        query<{ span_name: string; attributes: JsonObject | null; log_body: string | null }>(
            `SELECT span_name, attributes, log_body FROM records WHERE trace_id = ${literal(record!.trace_id)} AND parent_span_id = ${literal(record!.span_id)} AND kind = 'log' ORDER BY start_timestamp LIMIT 200`,
            { limit: 200, signal },
        ),
    );
    return useMemo(() => {
        const events = (logs.data ?? []).flatMap((log) => {
            const name = String(log.attributes?.["event.name"] ?? log.span_name);
            if (!/^gen_ai\.(\w+\.message|choice)$/.test(name)) return [];
            let body: unknown = log.log_body;
            if (typeof body === "string") {
                try {
                    body = JSON.parse(body);
                } catch {
                    body = { content: body };
                }
            }
            return [{ "event.name": name, ...(typeof body === "object" && body !== null ? (body as JsonObject) : {}) }];
        });
        return eventMessages(events);
    }, [logs.data]);
}

function CallFacts({ attributes, call }: { attributes: JsonObject; call: LLMCall | null }) {
    const read = (key: string) => (typeof attributes[key] === "string" ? (attributes[key] as string) : null);
    const asked = call?.model ?? read("gen_ai.request.model") ?? read("model_name") ?? read("llm.model_name");
    const answered = call?.response_model ?? read("gen_ai.response.model");
    const provider = call?.provider ?? read("gen_ai.system") ?? read("gen_ai.provider.name");
    const agent = call?.agent_name ?? read("gen_ai.agent.name") ?? read("agent_name");
    const conversation = call?.conversation_id ?? read("gen_ai.conversation.id");
    const tool = read("gen_ai.tool.name");
    return (
        <div className="facts">
            {asked && (
                <Fact label="Model">
                    <b>{asked}</b>
                </Fact>
            )}
            {answered && answered !== asked && <Fact label="Answered by">{answered}</Fact>}
            {provider && <Fact label="Provider">{provider}</Fact>}
            {tool && <Fact label="Tool">{tool}</Fact>}
            {agent && <Fact label="Agent">{agent}</Fact>}
            {call?.finish_reasons && call.finish_reasons.length > 0 && (
                <Fact label="Finish" tone={call.is_truncated ? "warn" : undefined} title={call.is_truncated ? "The answer was cut off at the token limit." : undefined}>
                    {call.finish_reasons.join(", ")}
                </Fact>
            )}
            {call?.is_error && (
                <Fact label="Error" tone="error">
                    {call.error_type ?? "yes"}
                </Fact>
            )}
            {call?.retry_count ? (
                <Fact label="Retries" tone="warn">
                    {call.retry_count}
                    {call.retry_cause ? ` after ${call.retry_cause}` : ""}
                </Fact>
            ) : null}
            {call?.refusal && (
                <Fact label="Refusal" tone="warn" title="The model declined to answer.">
                    yes
                </Fact>
            )}
            {call?.json_parse_success != null && (
                <Fact label="JSON" tone={call.json_parse_success ? undefined : "warn"} title={call.json_parse_success ? "The answer was read as JSON." : "The answer should have been JSON and could not be read as such."}>
                    {call.json_parse_success ? "parsed" : "did not parse"}
                </Fact>
            )}
            {call?.prompt_build_time != null && (
                <Fact label="Prompt built in" title="Time of the span beside the call that built its prompt; it is not part of the latency below.">
                    {duration(call.prompt_build_time)}
                </Fact>
            )}
            {call?.service_tier && <Fact label="Service tier">{call.service_tier}</Fact>}
            {conversation && (
                <Fact label="Conversation" title={conversation}>
                    {conversation.slice(0, 13)}
                </Fact>
            )}
            {call && (call.merged_records ?? 1) > 1 && (
                <Fact label="Merged" title="Several records describe this one call: a span and its stream log, or an outer and an inner instrumentation. It is counted once.">
                    {call.merged_records} records
                </Fact>
            )}
        </div>
    );
}

/** What stands under the costs: their origin, or why there are none. */
function costSentence(call: LLMCall): string {
    if (call.cost === null) return `No cost: ${call.cost_note ?? "no price is known for this model"}.`.replace(/\.\.$/, ".");
    if (call.cost_source === "sent") return "The cost was sent with the call.";
    return `Computed${call.price_version ? ` with prices ${call.price_version}` : ""}${call.cost_note ? `: ${call.cost_note}` : ""}.`.replace(/\.\.$/, ".");
}

function CallBars({ call }: { call: LLMCall }) {
    const first = call.time_to_first_token;
    const total = call.duration;
    const rate = call.output_tokens !== null && total ? call.output_tokens / total : null;
    const share = first !== null && total ? Math.min(1, Math.max(0.02, first / total)) : null;
    return (
        <>
            <h3>
                Latency {total === null ? unknown : duration(total)}
                {rate !== null && ` · ${speed(rate)}`}
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
            <h3>
                Cost <Cost call={call} /> {call.cost !== null && call.cost_source === "computed" && <span className="badge">computed</span>}
            </h3>
            <table className="money">
                <tbody>
                    {costParts(call).map((part) => (
                        <tr key={part.label} className={part.note ? "is-part" : ""}>
                            <th scope="row">
                                {part.label} {part.note && <span className="muted">{part.note}</span>}
                            </th>
                            <td>{count(part.tokens)}</td>
                            <td className="muted">{part.cost !== null && part.tokens ? `${money((part.cost / part.tokens) * 1e6)} / M` : ""}</td>
                            <td>{part.cost === null ? "" : money(part.cost)}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
            <p className="muted small" data-cost-reason>
                {costSentence(call)}
            </p>
        </>
    );
}
