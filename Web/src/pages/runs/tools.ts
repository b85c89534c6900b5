import type { Json, JsonObject } from "../../api/types";
import { unwrap } from "../../lib/json";
import type { ToolDefinition } from "../../panel/llm/message";
import type { RunTool } from "./queries";
import type { RunMessages } from "./turns";

/** One execution of a tool, or one that only the messages tell of. */
export interface ToolUse {
    id: string | null;
    arguments: Json | undefined;
    result: Json | undefined;
    /** Null when no span of the execution is stored. */
    execution: RunTool | null;
}

export interface ToolCard {
    name: string;
    definition: ToolDefinition | null;
    uses: ToolUse[];
}

function argumentsOf(a: JsonObject): Json | undefined {
    return a["gen_ai.tool.call.arguments"] ?? a.tool_arguments ?? a["tool.parameters"] ?? a["ai.toolCall.args"] ?? a["input.value"] ?? a["traceloop.entity.input"] ?? a.input;
}

function resultOf(a: JsonObject): Json | undefined {
    return a["gen_ai.tool.call.result"] ?? a.tool_response ?? a["ai.toolCall.result"] ?? a["output.value"] ?? a["traceloop.entity.output"] ?? a.output;
}

/**
 * The tools of a run: those that were offered, and those that were used. What the spans do not say is taken from the messages,
 * where the same call has the same id; a call without any span (an output tool) is known from them alone.
 */
export function toolCards(definitions: readonly ToolDefinition[], executed: readonly RunTool[], messages: RunMessages): ToolCard[] {
    const cards = new Map<string, ToolCard>();
    const card = (name: string) => {
        let found = cards.get(name);
        if (!found) cards.set(name, (found = { name, definition: null, uses: [] }));
        return found;
    };
    for (const definition of definitions) card(definition.name).definition = definition;
    const told = toldCalls(messages);
    const used = new Set<string>();
    for (const execution of executed) {
        const a = execution.attributes ?? {};
        const match = execution.tool_call_id === null ? undefined : told.get(execution.tool_call_id);
        if (execution.tool_call_id !== null) used.add(execution.tool_call_id);
        card(execution.tool_name ?? "tool").uses.push({ id: execution.tool_call_id, arguments: known(argumentsOf(a)) ?? match?.arguments, result: known(resultOf(a)) ?? match?.result, execution });
    }
    for (const [id, call] of told) if (!used.has(id)) card(call.name).uses.push({ id, arguments: call.arguments, result: call.result, execution: null });
    return [...cards.values()];
}

function known(value: Json | undefined): Json | undefined {
    return value === null || value === "" || value === undefined ? undefined : unwrap(value);
}

interface Told {
    name: string;
    arguments: Json | undefined;
    result: Json | undefined;
}

function toldCalls(run: RunMessages): Map<string, Told> {
    const told = new Map<string, Told>();
    run.messages.forEach((message, index) => {
        if (run.newFrom !== null && index < run.newFrom) return;
        for (const part of message.parts) {
            if (part.type === "tool_call" && part.id !== null) told.set(part.id, { name: part.name, arguments: known(part.arguments), result: told.get(part.id)?.result });
            else if (part.type === "tool_result" && part.id !== null && told.has(part.id)) told.get(part.id)!.result = known(part.result);
        }
    });
    return told;
}

