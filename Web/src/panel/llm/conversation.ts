import type { Json, JsonObject, SpanEvent } from "../../api/types";
import { isObject, number, text, unflatten, unwrap } from "../../lib/json";
import type { Conversation, Message } from "./message";
import { eventMessages, messageOf, messagesOf, systemMessage, toolMessages } from "./messages";
import { toolDefinitions } from "./tools";

interface Found {
    messages: Message[];
    source: string;
    newFrom?: number | null;
}

type Source = (a: JsonObject, events: readonly SpanEvent[]) => Found | null;

const has = (a: JsonObject, key: string) => a[key] !== undefined && a[key] !== null && a[key] !== "";

function found(messages: Message[], source: string, newFrom: number | null = null): Found | null {
    return messages.length > 0 ? { messages, source, newFrom } : null;
}

/** Where messages are written, most complete first. The first source that has any wins. */
const sources: readonly Source[] = [
    (a) => {
        if (!has(a, "gen_ai.input.messages") && !has(a, "gen_ai.output.messages")) return null;
        const messages = [
            ...systemMessage(a["gen_ai.system_instructions"]),
            ...messagesOf(a["gen_ai.input.messages"], "sent"),
            ...messagesOf(a["gen_ai.output.messages"], "received"),
        ];
        return found(messages, "gen_ai.input.messages, gen_ai.output.messages");
    },
    (a) => {
        if (!has(a, "pydantic_ai.all_messages")) return null;
        const system = systemMessage(a["gen_ai.system_instructions"]);
        const rest = messagesOf(a["pydantic_ai.all_messages"], "sent").map(directed);
        const index = number(a["pydantic_ai.new_message_index"]);
        return found([...system, ...rest], "pydantic_ai.all_messages", index === null || index === 0 ? null : index + system.length);
    },
    (a) => found(eventMessages(a.all_messages_events).map(directed), "all_messages_events"),
    (a) => found(eventMessages(a.events), "events"),
    (a) => found([...unflatten(a, "gen_ai.prompt").map((m) => messageOf(m, "sent")), ...unflatten(a, "gen_ai.completion").map((m) => messageOf({ role: "assistant", ...m }, "received"))], "gen_ai.prompt.*, gen_ai.completion.*"),
    (a) => found([...openInference(a, "llm.input_messages", "sent"), ...openInference(a, "llm.output_messages", "received")], "llm.input_messages.*, llm.output_messages.*"),
    (a) => found([...wrapped(a["gen_ai.prompt"], "sent"), ...wrapped(a["gen_ai.completion"], "received")], "gen_ai.prompt, gen_ai.completion"),
    vercel,
    requestData,
    (_, events) => found(spanEventMessages(events), "span events"),
    (a) => {
        if (!isTool(a)) return null;
        const name = text(a["gen_ai.tool.name"] ?? a["tool.name"] ?? a["ai.toolCall.name"] ?? a["traceloop.entity.name"] ?? a.name) ?? "tool";
        const args = a["gen_ai.tool.call.arguments"] ?? a.tool_arguments ?? a["tool.parameters"] ?? a["ai.toolCall.args"] ?? a["input.value"] ?? a["traceloop.entity.input"] ?? a.input;
        const result = a["gen_ai.tool.call.result"] ?? a.tool_response ?? a["ai.toolCall.result"] ?? a["output.value"] ?? a["traceloop.entity.output"] ?? a.output;
        return found(toolMessages(args, result, name), "tool call");
    },
    (a) => found([...whole(a["traceloop.entity.input"], "sent"), ...whole(a["traceloop.entity.output"], "received")], "traceloop.entity.*"),
    (a) => found([...whole(a["input.value"], "sent"), ...whole(a["output.value"], "received")], "input.value, output.value"),
    (a) => found([...systemMessage(a["gen_ai.system_instructions"]), ...whole(a.final_result, "received")], "final_result"),
];

/** In a whole history, what the model said was received. */
function directed(message: Message): Message {
    return message.role === "assistant" ? { ...message, direction: "received" } : message;
}

function openInference(a: JsonObject, prefix: string, direction: Message["direction"]): Message[] {
    return unflatten(a, prefix).map((slot) => {
        const inner = isObject(slot.message ?? null) ? (slot.message as JsonObject) : slot;
        const contents = isObject(inner.contents ?? null)
            ? Object.values(inner.contents as JsonObject).map((c) => (isObject(c) && isObject(c.message_content ?? null) ? mediaContent(c.message_content as JsonObject) : c))
            : null;
        return messageOf({ role: direction === "sent" ? "user" : "assistant", ...inner, content: contents ?? inner.content ?? null }, direction);
    });
}

function mediaContent(content: JsonObject): Json {
    const image = content.image;
    if (isObject(image) && isObject(image.image)) return { type: "image_url", image_url: image.image.url ?? null };
    return content;
}

/** `{"messages": [...]}`, a list, or text. */
function wrapped(value: Json | undefined, direction: Message["direction"]): Message[] {
    if (value === undefined) return [];
    const inner = unwrap(value);
    if (isObject(inner) && Array.isArray(inner.messages)) return messagesOf(inner.messages, direction);
    return messagesOf(inner, direction);
}

function whole(value: Json | undefined, direction: Message["direction"]): Message[] {
    if (value === undefined || value === null || value === "") return [];
    const inner = unwrap(value);
    if (isObject(inner) && Array.isArray(inner.messages)) return messagesOf(inner.messages, direction);
    if (isObject(inner) && inner.role === undefined) return [messageOf({ role: direction === "sent" ? "user" : "assistant", content: [{ type: "data", ...inner }] }, direction)];
    return messagesOf(inner, direction);
}

function vercel(a: JsonObject): Found | null {
    const messages: Message[] = [];
    if (has(a, "ai.prompt.messages")) messages.push(...messagesOf(a["ai.prompt.messages"], "sent"));
    else if (has(a, "ai.prompt")) {
        const prompt = unwrap(a["ai.prompt"]);
        if (isObject(prompt)) {
            messages.push(...systemMessage(prompt.system));
            messages.push(...(prompt.messages !== undefined ? messagesOf(prompt.messages, "sent") : messagesOf(prompt.prompt ?? null, "sent")));
        } else messages.push(...messagesOf(prompt, "sent"));
    }
    const answer = a["ai.response.text"] ?? a["ai.response.object"];
    const calls = unwrap(a["ai.response.toolCalls"]);
    if (has(a, "ai.response.text") || has(a, "ai.response.object") || Array.isArray(calls)) {
        messages.push(messageOf({ role: "assistant", content: answer ?? null, tool_calls: calls, finish_reason: a["ai.response.finishReason"] ?? null }, "received"));
    }
    return found(messages, "ai.prompt, ai.response");
}

function requestData(a: JsonObject): Found | null {
    const request = unwrap(a.request_data);
    const response = unwrap(a.response_data);
    const messages: Message[] = [];
    if (isObject(request)) {
        const system = request.system ?? request.instructions ?? (isObject(request.config ?? null) ? (request.config as JsonObject).system_instruction : undefined);
        messages.push(...systemMessage(system));
        const input = request.messages ?? request.input ?? request.contents ?? request.prompt;
        if (input !== undefined) messages.push(...messagesOf(input, "sent"));
    }
    if (isObject(response)) {
        const answer = response.message ?? response.output ?? response.combined_chunk_content ?? response.text ?? response.content;
        if (answer !== undefined && answer !== null) messages.push(...messagesOf(typeof answer === "string" ? [{ role: "assistant", content: answer }] : answer, "received"));
    }
    return found(messages, "request_data, response_data");
}

function spanEventMessages(events: readonly SpanEvent[]): Message[] {
    const messages: Message[] = [];
    for (const event of events) {
        const a = event.attributes ?? {};
        const name = event.event_name ?? "";
        if (name === "gen_ai.content.prompt") messages.push(...wrapped(a["gen_ai.prompt"], "sent"));
        else if (name === "gen_ai.content.completion") messages.push(...wrapped(a["gen_ai.completion"], "received"));
        else if (/^gen_ai\.(system|user|assistant|tool)\.message$/.test(name) || name === "gen_ai.choice") messages.push(...eventMessages([{ ...a, "event.name": name }]));
    }
    return messages;
}

export function isTool(a: JsonObject): boolean {
    return a["gen_ai.operation.name"] === "execute_tool" || a["openinference.span.kind"] === "TOOL" || a["traceloop.span.kind"] === "tool" || a.tool_arguments !== undefined || a["ai.toolCall.name"] !== undefined;
}

/** Whether a record is about a model, an agent or a tool, so that the panel belongs to it. */
export function concernsModel(a: JsonObject): boolean {
    const keys = ["gen_ai.operation.name", "gen_ai.request.model", "gen_ai.system", "gen_ai.provider.name", "pydantic_ai.all_messages", "all_messages_events", "openinference.span.kind", "llm.model_name", "llm.request.type", "ai.model.id", "traceloop.span.kind", "model_name", "tool_arguments"];
    return keys.some((k) => has(a, k)) || (has(a, "request_data") && has(a, "response_data"));
}

/** The conversation of a record, from wherever its sender wrote it. */
export function readConversation(attributes: JsonObject, events: readonly SpanEvent[] = [], logs: readonly Message[] = []): Conversation {
    const tools = toolDefinitions(attributes);
    for (const source of sources) {
        const hit = source(attributes, events);
        if (hit) return { messages: hit.messages, tools, source: hit.source, newFrom: hit.newFrom ?? null, note: missing(hit.messages, attributes) };
    }
    if (logs.length > 0) return { messages: [...logs], tools, source: "log events", newFrom: null, note: null };
    return { messages: [], tools, source: null, newFrom: null, note: explain(attributes) };
}

/** What is missing from messages that were found. */
function missing(messages: readonly Message[], a: JsonObject): string | null {
    if (messages.some(isWithheld)) return "The sender records who said something but not what (include_content is off).";
    if (isTool(a) || a["gen_ai.operation.name"] === "embeddings" || messages.some((m) => m.direction === "received")) return null;
    if (has(a, "request_data") || a["gen_ai.request.stream"] === true) return "No answer is recorded here: the call failed, its stream was closed early, or the answer is in the later “streaming response” record of this trace.";
    return "No answer is recorded: the call failed before one came.";
}

/** A part that names its type and nothing else. */
function isWithheld(message: Message): boolean {
    if (!isObject(message.raw) || !Array.isArray(message.raw.parts)) return false;
    return message.raw.parts.some((p) => isObject(p) && (p.type === "text" || p.type === "reasoning" || p.type === "thinking") && p.content === undefined && p.text === undefined && p.thinking === undefined);
}

function explain(a: JsonObject): string {
    if (a["gen_ai.operation.name"] === "embeddings") return "Embedding calls carry their input only when the sender records it.";
    const scope = text(a["gen_ai.system"] ?? a["gen_ai.provider.name"]);
    const hint = "Content is off in the sender: with OpenTelemetry instrumentations set OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true, with Pydantic AI keep include_content=True.";
    if (has(a, "request_data") && !has(a, "response_data")) return "The stream was closed before the answer was recorded, or the answer is in a later record of this trace.";
    return scope ? `No messages were sent with this call. ${hint}` : `No messages were sent with this record. ${hint}`;
}
