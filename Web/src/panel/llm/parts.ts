import type { Json, JsonObject } from "../../api/types";
import { isObject, text, unwrap } from "../../lib/json";
import type { Part } from "./message";

/** Content as any provider or convention writes it, into parts. A type nobody knows becomes a generic part. */
export function partsOf(content: Json | undefined): Part[] {
    if (content === null || content === undefined || content === "") return [];
    if (typeof content === "string") return [{ type: "text", text: content }];
    if (Array.isArray(content)) return content.flatMap((item) => partsOf(item));
    if (isObject(content)) return objectParts(content);
    return [{ type: "text", text: String(content) }];
}

type Reader = (part: JsonObject) => Part[];

const readText: Reader = (p) => textPart(p.text ?? p.content ?? p.value);
const readThinking: Reader = (p) => {
    const body = p.content ?? p.thinking ?? p.text ?? summaryText(p.summary) ?? p.data;
    return [{ type: "thinking", text: text(body) ?? "" }];
};
const readCall: Reader = (p) => [
    { type: "tool_call", id: text(p.id ?? p.call_id ?? p.tool_call_id), name: text(p.name ?? p.tool_name) ?? "tool", arguments: unwrap(p.arguments ?? p.input ?? p.args ?? p.server_tool_call) },
];
const readResult: Reader = (p) => [
    {
        type: "tool_result",
        id: text(p.id ?? p.tool_use_id ?? p.call_id ?? p.tool_call_id),
        name: text(p.name ?? p.tool_name),
        result: unwrap(plainContent(p.response ?? p.result ?? p.content ?? p.output ?? p.server_tool_call_response)),
        isError: p.is_error === true || p.outcome === "failed",
    },
];

// A map: the types come from outside, and an object would know some names by itself.
const readers = new Map<string, Reader>(Object.entries<Reader>({
    text: readText,
    input_text: readText,
    output_text: readText,
    refusal: (p) => textPart(p.refusal ?? p.content),
    thinking: readThinking,
    reasoning: readThinking,
    redacted_thinking: () => [{ type: "thinking", text: "[redacted by the provider]" }],
    tool_call: readCall,
    "tool-call": readCall,
    tool_use: readCall,
    function_call: readCall,
    function: (p) => (isObject(p.function) ? readCall({ id: p.id ?? null, ...p.function }) : generic(p)),
    server_tool_use: readCall,
    server_tool_call: readCall,
    tool_call_response: readResult,
    "tool-result": readResult,
    tool_result: readResult,
    tool_response: readResult,
    function_call_output: readResult,
    server_tool_call_response: readResult,
    web_search_tool_result: readResult,
    blob: (p) => media(text(p.modality) ?? "file", text(p.mime_type), text(p.content ?? p.data), null, text(p.name)),
    binary: (p) => media(modalityOf(text(p.media_type ?? p.mime_type)), text(p.media_type ?? p.mime_type), text(p.content ?? p.data), null, text(p.identifier)),
    uri: (p) => media(text(p.modality) ?? "file", text(p.mime_type), null, text(p.uri), null),
    file: (p) => readFile(p),
    input_file: (p) => readFile(p),
    document: (p) => readSource(p, "document"),
    image: (p) => readSource(p, "image"),
    image_url: (p) => link(isObject(p.image_url) ? p.image_url.url : p.image_url ?? p.url, "image"),
    input_image: (p) => link(p.image_url ?? p.url, "image"),
    "image-url": (p) => link(p.url, "image"),
    "audio-url": (p) => link(p.url, "audio"),
    "video-url": (p) => link(p.url, "video"),
    "document-url": (p) => link(p.url, "document"),
    input_audio: (p) => (isObject(p.input_audio) ? media("audio", `audio/${text(p.input_audio.format) ?? "wav"}`, text(p.input_audio.data), null, null) : generic(p)),
}));

function objectParts(part: JsonObject): Part[] {
    const type = text(part.type);
    const reader = type === null ? undefined : readers.get(type);
    if (reader) return reader(part);
    if (type === null) return untyped(part);
    return generic(part);
}

/** Google's parts and content blocks carry no type: the key that is present says what they are. */
function untyped(part: JsonObject): Part[] {
    if (part.thought === true) return readThinking(part);
    const call = part.function_call ?? part.functionCall;
    if (isObject(call)) return readCall(call);
    const result = part.function_response ?? part.functionResponse;
    if (isObject(result)) return readResult(result);
    const inline = part.inline_data ?? part.inlineData;
    if (isObject(inline)) {
        const mime = text(inline.mime_type ?? inline.mimeType);
        return media(modalityOf(mime), mime, text(inline.data), null, null);
    }
    if (Array.isArray(part.parts)) return partsOf(part.parts);
    if (typeof part.text === "string") return textPart(part.text);
    if (typeof part.content === "string" || Array.isArray(part.content)) return partsOf(part.content);
    return generic(part);
}

function generic(part: JsonObject): Part[] {
    const label = text(part.type ?? part.kind ?? null) ?? "content";
    const { type: _type, ...rest } = part;
    return [{ type: "other", label, value: Object.keys(rest).length > 0 ? rest : null }];
}

function textPart(value: Json | undefined): Part[] {
    const body = text(isObject(value ?? null) ? (value as JsonObject).value ?? value : value);
    return body === null || body === "" ? [] : [{ type: "text", text: body }];
}

function summaryText(summary: Json | undefined): string | null {
    if (!Array.isArray(summary)) return text(summary);
    return summary.map((s) => (isObject(s) ? text(s.text) ?? "" : text(s) ?? "")).join("\n");
}

/** `[{type: text, text}]` is a long way to write a string. */
function plainContent(value: Json | undefined): Json {
    if (!Array.isArray(value) || value.length === 0) return value ?? null;
    const texts = value.map((v) => (isObject(v) && (v.type === "text" || v.type === "output_text") ? text(v.text ?? v.content) : null));
    return texts.every((t): t is string => t !== null) ? texts.join("\n") : value;
}

export function modalityOf(mime: string | null): string {
    const head = (mime ?? "").split("/")[0] ?? "";
    return head === "image" || head === "audio" || head === "video" ? head : "document";
}

function media(modality: string, mime: string | null, data: string | null, location: string | null, name: string | null): Part[] {
    return [{ type: "media", modality, mime, data, location, name }];
}

const dataURL = /^data:([^;,]*)(?:;[^,]*)?;base64,(.*)$/s;

function link(value: Json | undefined, modality: string): Part[] {
    const url = text(value ?? null);
    const inline = url === null ? null : dataURL.exec(url);
    if (inline) return media(modality, inline[1] || null, inline[2]!, null, null);
    return media(modality, null, null, url, null);
}

function readFile(part: JsonObject): Part[] {
    const inner = isObject(part.file ?? null) ? (part.file as JsonObject) : part;
    const data = text(inner.file_data ?? null);
    const inline = data === null ? null : dataURL.exec(data);
    const id = text(inner.file_id ?? inner.uri ?? null);
    return media(text(part.modality) ?? "file", inline?.[1] ?? text(inner.mime_type), inline?.[2] ?? null, id, text(inner.filename ?? inner.name));
}

function readSource(part: JsonObject, modality: string): Part[] {
    const source = part.source;
    if (!isObject(source)) return link(part.url ?? part.data, modality);
    const mime = text(source.media_type);
    if (source.type === "text") return textPart(source.data);
    return media(modality, mime, text(source.data), text(source.url ?? source.file_id), text(part.title));
}
