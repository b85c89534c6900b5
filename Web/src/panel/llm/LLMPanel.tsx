import { useMemo, useState } from "react";
import { query } from "../../api/client";
import type { FullRecord, JsonObject, LLMCall } from "../../api/types";
import { CopyButton, Fact } from "../../components/basic";
import { plural } from "../../lib/format";
import { literal } from "../../lib/sql";
import { useAsync } from "../../lib/useAsync";
import type { Evaluation } from "../../pages/detail/evaluations";
import { CallBars } from "./CallBars";
import { CallFacts } from "./CallFacts";
import { readConversation } from "./conversation";
import { requestSettings } from "./facts";
import type { Message } from "./message";
import { eventMessages } from "./messages";
import { MessageCard } from "./MessageCard";
import { RunTotals } from "./RunTotals";
import { Attempts, Guardrails } from "./Steps";
import { readStructured } from "./structured";
import { StructuredOutput } from "./StructuredOutput";
import { ToolDefinitions } from "./ToolDefinitions";

export interface LLMPanelProps {
    record: FullRecord;
    call: LLMCall | null;
    evaluations?: readonly Evaluation[];
    onSelectSpan(spanId: string): void;
}

/** Messages drawn at first, and with every click on "earlier": long agent histories open on demand. */
const atFirst = 40;
const step = 100;

export function LLMPanel({ record, call, evaluations = [], onSelectSpan }: LLMPanelProps) {
    const attributes = record.attributes ?? {};
    const ownEvents = record.otel_events ?? [];
    const direct = useMemo(() => readConversation(record.attributes ?? {}, record.otel_events ?? []), [record]);
    const logs = useLogMessages(direct.messages.length === 0 ? record : null);
    const conversation = useMemo(() => (logs.length > 0 ? readConversation(attributes, ownEvents, logs) : direct), [logs, direct, attributes, ownEvents]);
    const [isRaw, setRaw] = useState(false);
    const [drawn, setDrawn] = useState(atFirst);
    const structured = useMemo(() => readStructured(attributes, conversation.messages), [attributes, conversation]);
    const settings = useMemo(() => requestSettings(attributes), [attributes]);
    const isEmpty = conversation.messages.length === 0;
    const hidden = Math.max(0, conversation.messages.length - drawn);
    return (
        <div className="llm">
            <CallFacts attributes={attributes} call={call} />
            {call ? <CallBars call={call} record={record} evaluations={evaluations} /> : <RunTotals record={record} />}
            {call && <Attempts call={call} onSelectSpan={onSelectSpan} />}
            {structured && <StructuredOutput output={structured} call={call} />}
            <Guardrails record={record} onSelectSpan={onSelectSpan} />
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
                <button type="button" className="button llm-more" onClick={() => setDrawn(drawn + step)}>
                    Show {hidden > step ? `${step} of ` : ""}
                    {plural(hidden, "earlier message")}
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
