import type { Json, JsonObject } from "../../api/types";
import { isObject, text, unflatten, unwrap } from "../../lib/json";
import type { ToolDefinition } from "./message";

/** Tool definitions in whatever shape the provider has them: nested `function`, flat, or with `input_schema`. */
export function toolDefinitions(a: JsonObject): ToolDefinition[] {
    const direct = list(a["gen_ai.tool.definitions"]);
    if (direct.length > 0) return direct.map(definition);
    const parameters = unwrap(a.model_request_parameters);
    if (isObject(parameters)) {
        const all = [...list(parameters.function_tools), ...list(parameters.output_tools), ...list(parameters.native_tools ?? parameters.builtin_tools)];
        if (all.length > 0) return all.map(definition);
    }
    const openInference = unflatten(a, "llm.tools").map((slot) => unwrap(isObject(slot.tool ?? null) ? (slot.tool as JsonObject).json_schema : slot["tool.json_schema"]));
    if (openInference.length > 0) return openInference.map(definition);
    const traceloop = unflatten(a, "llm.request.functions");
    if (traceloop.length > 0) return traceloop.map(definition);
    const vercel = unwrap(a["ai.prompt.tools"]);
    if (Array.isArray(vercel) && vercel.length > 0) return vercel.map((t) => definition(unwrap(t)));
    const request = unwrap(a.request_data);
    if (isObject(request)) return list(request.tools).map(definition);
    return [];
}

function list(value: Json | undefined): Json[] {
    const inner = unwrap(value);
    return Array.isArray(inner) ? inner : [];
}

function definition(value: Json): ToolDefinition {
    if (!isObject(value)) return { name: text(value) ?? "tool", kind: null, description: null, parameters: null };
    const fn = isObject(value.function ?? null) ? (value.function as JsonObject) : value;
    const kind = text(value.type);
    return {
        name: text(fn.name) ?? kind ?? "tool",
        kind: kind === "function" ? null : kind,
        description: text(fn.description),
        parameters: unwrap(fn.parameters ?? fn.parameters_json_schema ?? fn.input_schema ?? fn.inputSchema),
    };
}

export interface Parameter {
    name: string;
    type: string;
    isRequired: boolean;
    description: string | null;
}

/** The rows of a parameter table, from the JSON schema of a tool. */
export function schemaParameters(schema: Json): Parameter[] {
    if (!isObject(schema) || !isObject(schema.properties ?? null)) return [];
    const required = Array.isArray(schema.required) ? schema.required : [];
    return Object.entries(schema.properties as JsonObject).map(([name, property]) => ({
        name,
        type: typeName(property),
        isRequired: required.includes(name),
        description: isObject(property) ? text(property.description) : null,
    }));
}

function typeName(property: Json): string {
    if (!isObject(property)) return "any";
    if (Array.isArray(property.enum)) return property.enum.map((v) => JSON.stringify(v)).join(" | ");
    if (Array.isArray(property.type)) return property.type.map(String).join(" | ");
    if (property.type === "array") return `${typeName(property.items ?? null)}[]`;
    const union = property.anyOf ?? property.oneOf;
    if (Array.isArray(union)) return union.map(typeName).join(" | ");
    if (typeof property.$ref === "string") return property.$ref.split("/").pop() ?? "object";
    return text(property.type) ?? "any";
}
