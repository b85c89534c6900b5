import type { Json, JsonObject } from "../../api/types";
import { indexed, isObject, text, unwrap } from "../../lib/json";
import type { Message, Part, Role } from "./message";
import { partsOf } from "./parts";

type Direction = Message["direction"];

export function roleOf(raw: string): Role {
    switch (raw.toLowerCase()) {
        case "system":
        case "developer":
        case "instructions":
            return "system";
        case "user":
        case "human":
            return "user";
        case "assistant":
        case "model":
        case "ai":
            return "assistant";
        case "tool":
        case "function":
            return "tool";
        default:
            return "other";
    }
}

function make(rawRole: string, parts: Part[], direction: Direction, raw: Json, extra: { name?: string | null; finish?: string | null } = {}): Message {
    return { role: roleOf(rawRole), rawRole, name: extra.name ?? null, direction, parts, finish: extra.finish ?? null, raw };
}

const langChain = new Set(["human", "ai", "system", "tool", "function"]);

/** One message of any shape: parts, content, OpenAI tool calls, items of the Responses API. */
export function messageOf(value: Json, direction: Direction): Message {
    if (!isObject(value)) return make(direction === "sent" ? "user" : "assistant", partsOf(unwrap(value)), direction, value);
    // LangChain serialises its messages as constructors with arguments.
    if (value.lc !== undefined && isObject(value.kwargs ?? null)) return { ...messageOf(value.kwargs as JsonObject, direction), raw: value };
    const spoken = text(value.type);
    if (value.role === undefined && value.content !== undefined && spoken !== null && langChain.has(spoken)) return { ...messageOf({ ...value, type: null, role: spoken }, direction), raw: value };
    const type = text(value.type);
    const role = text(value.role) ?? roleOfItem(type, direction);
    const name = text(value.name);
    const finish = text(value.finish_reason ?? value.stop_reason ?? null);
    if (text(value.role) === null && type !== null && type !== "message") {
        return make(role, partsOf(value), direction, value, { finish });
    }

    let parts: Part[] = [];
    const reasoning = text(value.reasoning_content ?? value.reasoning ?? null);
    if (reasoning) parts.push({ type: "thinking", text: reasoning });
    const body = Array.isArray(value.parts) ? value.parts : value.content ?? value.message ?? null;
    const callId = text(value.tool_call_id ?? null);
    if ((roleOf(role) === "tool" && !Array.isArray(value.parts)) || callId !== null) {
        parts.push({ type: "tool_result", id: callId ?? text(value.id), name, result: unwrap(flat(partsOf(body), body)), isError: false });
    } else {
        parts = parts.concat(partsOf(typeof body === "string" ? unwrapContent(body) : body));
    }
    for (const call of indexed(value.tool_calls ?? value.toolCalls ?? null)) parts.push(...toolCall(call));
    const legacy = value.function_call;
    if (isObject(legacy)) parts.push(...toolCall({ function: legacy }));
    return make(role, parts, direction, value, { name: roleOf(role) === "tool" ? null : name, finish });
}

function roleOfItem(type: string | null, direction: Direction): string {
    if (type === "function_call_output") return "tool";
    if (type === "function_call" || type === "reasoning") return "assistant";
    return direction === "sent" ? "user" : "assistant";
}

/** A string that is a JSON list of typed parts is content that was written as text on the way. */
function unwrapContent(body: string): Json {
    const value = unwrap(body);
    const isParts = Array.isArray(value) && value.length > 0 && value.every((p) => isObject(p) && typeof p.type === "string");
    return isParts ? value : body;
}

function flat(parts: Part[], body: Json): Json {
    return parts.length > 0 && parts.every((p) => p.type === "text") ? parts.map((p) => (p.type === "text" ? p.text : "")).join("\n") : body;
}

function toolCall(call: Json): Part[] {
    if (!isObject(call)) return [];
    const inner = isObject(call.tool_call ?? null) ? (call.tool_call as JsonObject) : call;
    const fn = isObject(inner.function ?? null) ? (inner.function as JsonObject) : inner;
    return [{ type: "tool_call", id: text(inner.id ?? inner.toolCallId ?? null), name: text(fn.name ?? fn.toolName ?? null) ?? "tool", arguments: unwrap(fn.arguments ?? fn.args ?? fn.input) }];
}

export function messagesOf(value: Json | undefined, direction: Direction): Message[] {
    const list = unwrap(value);
    if (list === null || list === "") return [];
    if (Array.isArray(list)) {
        // A bare list of parts is one message.
        if (list.length > 0 && list.every((p) => isObject(p) && p.role === undefined && typeof p.type === "string" && bare.has(p.type))) {
            return [make(direction === "sent" ? "user" : "assistant", partsOf(list), direction, list)];
        }
        return list.map((m) => messageOf(m, direction));
    }
    return [messageOf(list, direction)];
}

const bare = new Set(["text", "image_url", "image", "input_text", "input_image"]);

export function systemMessage(value: Json | undefined): Message[] {
    const parts = partsOf(unwrap(value));
    return parts.length === 0 ? [] : [make("system", parts, "sent", value ?? null)];
}

/** Events of format 1: objects that name themselves in `event.name`; the choice holds the answer. */
export function eventMessages(value: Json | undefined): Message[] {
    const list = unwrap(value);
    if (!Array.isArray(list)) return [];
    return list.flatMap((event) => {
        if (!isObject(event)) return [];
        const name = text(event["event.name"] ?? event.event_name ?? null) ?? "";
        if (name === "gen_ai.choice") {
            const message = unwrap(event.message ?? null);
            const inner = isObject(message) ? message : { content: message };
            return [messageOf({ role: "assistant", finish_reason: event.finish_reason ?? null, ...inner }, "received")];
        }
        const role = text(event.role) ?? /^gen_ai\.(\w+)\.message$/.exec(name)?.[1] ?? "user";
        const { "event.name": _n, "gen_ai.message.index": _i, ...rest } = event;
        if (roleOf(role) === "tool") return [messageOf({ tool_call_id: rest.id ?? null, ...rest, role }, "sent")];
        return [messageOf({ ...rest, role }, "sent")];
    });
}

export function toolMessages(args: Json | undefined, result: Json | undefined, name: string): Message[] {
    const messages: Message[] = [];
    if (args !== undefined) messages.push(make("assistant", [{ type: "tool_call", id: null, name, arguments: unwrap(args) }], "sent", args));
    if (result !== undefined) messages.push(make("tool", [{ type: "tool_result", id: null, name, result: unwrap(result), isError: false }], "received", result));
    return messages;
}
