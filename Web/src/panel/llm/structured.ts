import type { Json, JsonObject } from "../../api/types";
import { isObject, number, text, unwrap } from "../../lib/json";
import type { Message, Part } from "./message";
import { Problem, problemsOf } from "./schema";
import { toolDefinitions } from "./tools";

export interface Attempt {
    answer: Json;
    /** What came back: the validation error that asked for another try. */
    error: string | null;
}

/** An answer that had to have a form: what was asked for, what came, and how often it was tried. */
export interface Structured {
    schema: Json;
    name: string | null;
    /** How the form was asked for: by a tool, by the provider's own JSON mode, in the prompt. */
    mode: string | null;
    /** undefined while there is no answer, or when it is no JSON. */
    answer: Json | undefined;
    /** Whether the answer is JSON; null when there is none. */
    isParsed: boolean | null;
    /** null without a schema or an answer. */
    problems: Problem[] | null;
    /** Earlier answers of this conversation that did not pass. */
    earlier: Attempt[];
    attempts: number;
    mostAttempts: number | null;
}

interface Asked {
    schema: Json;
    name: string | null;
    mode: string | null;
    /** Tools through which the answer is given. */
    tools: string[];
}

export function readStructured(a: JsonObject, messages: readonly Message[]): Structured | null {
    const asked = askedFor(a);
    if (!asked) return null;
    const answers = messages.flatMap((message, index) => {
        const answer = message.role === "assistant" ? answerOf(message, asked) : undefined;
        return answer === undefined ? [] : [{ index, ...answer }];
    });
    const latest = answers[answers.length - 1];
    const earlier = answers.slice(0, -1).flatMap(({ value, index, callId }) => {
        const error = rejection(messages.slice(index + 1), callId);
        return error === null ? [] : [{ answer: value ?? null, error }];
    });
    const isParsed = latest ? latest.value !== undefined : null;
    const sent = number(unwrap(a["pydantic_ai.output.retry.attempt"])) ?? number(a["gen_ai.output.attempt"]);
    return {
        schema: asked.schema,
        name: asked.name,
        mode: asked.mode,
        answer: latest?.value,
        isParsed,
        problems: latest?.value === undefined || asked.schema === null ? null : problemsOf(latest.value, asked.schema),
        earlier,
        attempts: Math.max(sent ?? 1, earlier.length + 1),
        mostAttempts: number(unwrap(a["pydantic_ai.output.retry.max_retries"])),
    };
}

const object = (value: Json | undefined): JsonObject | null => {
    const inner = unwrap(value);
    return isObject(inner) ? inner : null;
};

function askedFor(a: JsonObject): Asked | null {
    const parameters = object(a.model_request_parameters);
    const output = object(parameters?.output_object);
    if (output) return { schema: unwrap(output.json_schema), name: text(output.name), mode: text(parameters!.output_mode), tools: [] };
    const tools = toolDefinitions({ model_request_parameters: { function_tools: [], output_tools: unwrap(parameters?.output_tools) } });
    if (tools.length > 0) return { schema: tools.length === 1 ? tools[0]!.parameters : { anyOf: tools.map((t) => t.parameters) }, name: tools.map((t) => t.name).join(", "), mode: text(parameters!.output_mode) ?? "tool", tools: tools.map((t) => t.name) };

    const request = object(a.request_data);
    const invocation = object(a["llm.invocation_parameters"]);
    const config = object(request?.config) ?? object(request?.generation_config) ?? object(request?.generationConfig);
    const formats = [request?.response_format, object(request?.text)?.format, invocation?.response_format, object(invocation?.text)?.format, a["gen_ai.request.response_format"], a["gen_ai.openai.request.response_format"]];
    for (const format of formats) {
        const found = object(format);
        const inner = object(found?.json_schema) ?? (found?.schema !== undefined ? found : null);
        if (inner) return { schema: unwrap(inner.schema), name: text(inner.name), mode: text(found!.type) ?? "json_schema", tools: [] };
        if (found?.type === "json_object" || text(format ?? null) === "json_object") return { schema: null, name: null, mode: "json_object", tools: [] };
    }
    const direct: [Json | undefined, Json | undefined][] = [
        [a["ai.schema"], a["ai.schema.name"]],
        [a["gen_ai.output.schema"], a["gen_ai.output.name"]],
        [a["gen_ai.request.output_schema"], undefined],
        [a["gen_ai.request.structured_output_schema"], undefined],
        [a["llm.request.structured_output_schema"], undefined],
        [config?.response_schema ?? config?.responseSchema ?? config?.response_json_schema, undefined],
        [a["output_schema"], a["output_schema_name"]],
    ];
    for (const [schema, name] of direct) {
        const found = object(schema);
        if (found) return { schema: found, name: text(name ?? found.title ?? null), mode: text(a["ai.settings.output"] ?? null), tools: [] };
    }
    return a["gen_ai.output.type"] === "json" ? { schema: null, name: null, mode: "json", tools: [] } : null;
}

function answerOf(message: Message, asked: Asked): { value: Json | undefined; callId: string | null } | undefined {
    const calls = message.parts.filter((p): p is Extract<Part, { type: "tool_call" }> => p.type === "tool_call");
    const call = calls.find((c) => asked.tools.includes(c.name));
    if (call) return { value: typeof call.arguments === "string" ? parsed(call.arguments) : call.arguments, callId: call.id };
    // With an output tool, or on the way to the answer, text and other calls are not it.
    if (asked.tools.length > 0 || calls.length > 0) return undefined;
    const said = message.parts.flatMap((p) => (p.type === "text" ? [p.text] : []));
    return said.length === 0 ? undefined : { value: parsed(said.join("\n")), callId: null };
}

/** The JSON in an answer, also when it stands in a code block. */
function parsed(answer: string): Json | undefined {
    const inner = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?\s*```\s*$/.exec(answer)?.[1] ?? answer;
    try {
        return JSON.parse(inner) as Json;
    } catch {
        return undefined;
    }
}

const refused = /validation error|did not pass|not valid|invalid|Fix the errors|retry|try again|must match/i;

/** What was said against an answer right after it. */
function rejection(after: readonly Message[], callId: string | null): string | null {
    const next = after[0];
    if (!next || next.role === "assistant") return null;
    for (const part of next.parts) {
        if (part.type === "tool_result" && (callId === null || part.id === callId || part.id === null)) {
            const said = typeof part.result === "string" ? part.result : JSON.stringify(part.result);
            if (part.isError || refused.test(said)) return said;
        }
        if (part.type === "text" && callId === null && refused.test(part.text)) return part.text;
        if (part.type === "other" && /retry/.test(part.label)) return JSON.stringify(part.value);
    }
    return null;
}
