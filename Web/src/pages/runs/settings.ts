import type { Json, JsonObject } from "../../api/types";
import { isObject, text, unwrap } from "../../lib/json";
import { requestSettings, Setting } from "../../panel/llm/facts";

/** Settings that stand first, in this order; whatever else a request names follows. */
const first = ["reasoning.level", "reasoning.effort", "reasoning_effort", "reasoning", "thinking", "temperature", "top_p", "top_k", "max_tokens", "max_completion_tokens", "stop_sequences", "seed", "frequency_penalty", "presence_penalty"];

const labels: Record<string, string> = {
    "reasoning.level": "Reasoning level",
    "reasoning.effort": "Reasoning level",
    reasoning_effort: "Reasoning level",
    reasoning: "Reasoning",
    thinking: "Thinking",
    temperature: "Temperature",
    top_p: "Top p",
    top_k: "Top k",
    max_tokens: "Max tokens",
    max_completion_tokens: "Max completion tokens",
    stop_sequences: "Stop sequences",
    seed: "Seed",
    frequency_penalty: "Frequency penalty",
    presence_penalty: "Presence penalty",
    "choice.count": "Choices",
    stream: "Streaming",
    parallel_tool_calls: "Parallel tool calls",
    service_tier: "Service tier",
    output_mode: "Output mode",
    tool_choice: "Tool choice",
    cache: "Cache",
};

export interface ModelSetting extends Setting {
    label: string;
    /** Not one of the settings that conventions name. */
    isOther: boolean;
}

/** Parts of Pydantic AI's request parameters that say how the model is to answer; tools and instructions are shown elsewhere. */
const parameterKeys = ["thinking", "output_mode", "cache"];
const skippedParameters = new Set(["function_tools", "output_tools", "native_tools", "builtin_tools", "instruction_parts", "tool_visibility"]);

/** The settings of a request: `gen_ai.request.*` and its like, and what `model_request_parameters` adds. Unknown ones come as they are. */
export function modelSettings(attributes: JsonObject): ModelSetting[] {
    const found = new Map<string, string>(requestSettings(attributes).map((s) => [s.name, s.value]));
    const parameters = unwrap(attributes.model_request_parameters);
    if (isObject(parameters)) for (const key of parameterKeys) add(found, key, parameters[key]);
    const place = (name: string) => (first.indexOf(name) < 0 ? first.length : first.indexOf(name));
    return [...found]
        .map(([name, value]) => ({ name, value, label: labels[name] ?? name, isOther: labels[name] === undefined }))
        .sort((a, b) => place(a.name) - place(b.name) || a.name.localeCompare(b.name));
}

function add(found: Map<string, string>, key: string, value: Json | undefined): void {
    const shown = text(value);
    if (shown !== null && shown !== "" && !found.has(key)) found.set(key, shown);
}

/** What else Pydantic AI says about a request, for those who want all of it; null when there is nothing. */
export function requestParameters(attributes: JsonObject): JsonObject | null {
    const parameters = unwrap(attributes.model_request_parameters);
    if (!isObject(parameters)) return null;
    const rest = Object.fromEntries(Object.entries(parameters).filter(([key, value]) => !skippedParameters.has(key) && !isEmpty(value)));
    return Object.keys(rest).length > 0 ? rest : null;
}

function isEmpty(value: Json): boolean {
    return value === null || (Array.isArray(value) && value.length === 0) || (isObject(value) && Object.keys(value).length === 0);
}
