import type { JsonObject, SpanEvent } from "../../api/types";
import { readConversation } from "../../panel/llm/conversation";
import type { Conversation, Message, ToolDefinition } from "../../panel/llm/message";
import type { CallContent, RunCall } from "./queries";

/** The messages of a run, each once, with the call that gave each answer. */
export interface RunMessages {
    messages: Message[];
    /** Index of the first message of this run; earlier ones belong to earlier turns of the conversation. */
    newFrom: number | null;
    /** The call behind a message, by the message's index. */
    calls: Map<number, RunCall>;
    tools: ToolDefinition[];
    source: string | null;
    note: string | null;
}

const wholeHistories = ["pydantic_ai.all_messages", "all_messages_events"];

/** Whether the record of a run has all messages of the run, so that its calls need not be read. */
export function hasWholeHistory(attributes: JsonObject): boolean {
    return wholeHistories.some((key) => attributes[key] !== undefined && attributes[key] !== null && attributes[key] !== "");
}

export function messagesOfRun(attributes: JsonObject, events: readonly SpanEvent[], calls: readonly RunCall[], contents: readonly CallContent[]): RunMessages {
    const own = readConversation(attributes, events);
    const read = contents.length > 0 ? contentsInOrder(calls, contents) : [];
    const tools = own.tools.length > 0 ? own.tools : mergeTools(read.map((r) => r.conversation.tools));
    if (hasWholeHistory(attributes) || read.every((r) => r.conversation.messages.length === 0)) {
        return { messages: own.messages, newFrom: own.newFrom, calls: matchAnswers(own, calls), tools, source: own.source, note: own.note };
    }
    const merged = mergeCalls(read);
    return { ...merged, newFrom: null, tools, source: read.find((r) => r.conversation.source !== null)?.conversation.source ?? null, note: merged.messages.length === 0 ? own.note : null };
}

interface ReadCall {
    call: RunCall;
    conversation: Conversation;
}

function contentsInOrder(calls: readonly RunCall[], contents: readonly CallContent[]): ReadCall[] {
    const byId = new Map(contents.map((c) => [c.span_id, c]));
    return calls.flatMap((call) => {
        const content = byId.get(call.span_id);
        return content ? [{ call, conversation: readConversation(content.attributes ?? {}, content.otel_events ?? []) }] : [];
    });
}

/** Answers of a history and the calls that gave them, in order. Only when there are as many of one as of the other is it certain which is which. */
function matchAnswers(conversation: Conversation, calls: readonly RunCall[]): Map<number, RunCall> {
    const answers = conversation.messages.flatMap((m, index) => (m.role === "assistant" && index >= (conversation.newFrom ?? 0) ? [index] : []));
    const answered = calls.filter((c) => !c.is_error);
    const chosen = answers.length === calls.length ? calls : answers.length === answered.length ? answered : [];
    return new Map(chosen.map((call, i) => [answers[i]!, call]));
}

/**
 * How many of the first messages repeat what the conversation already showed. They end with an answer or a tool's result:
 * the same question asked again is a new one.
 */
export function repeated(messages: readonly Message[], shown: readonly string[]): number {
    let same = 0;
    while (same < messages.length && same < shown.length && messageKey(messages[same]!) === shown[same]) same += 1;
    while (same > 0 && messages[same - 1]!.role === "user" && !messages[same - 1]!.parts.some((p) => p.type === "tool_result")) same -= 1;
    return same;
}

/** A message by what it says: the same one in the answer of a call and in the question of the next one has one key. */
export function messageKey(message: Message): string {
    const parts = message.parts.map((p) => (p.type === "media" ? { ...p, data: p.data?.length ?? null } : p.type === "tool_result" ? { ...p, name: null, isError: null } : p));
    return JSON.stringify([message.role, parts]);
}

/** The messages of calls that repeat the history with every question: each message once, as it first appears. */
export function mergeCalls(read: readonly ReadCall[]): { messages: Message[]; calls: Map<number, RunCall> } {
    const messages: Message[] = [];
    const calls = new Map<number, RunCall>();
    const shown = new Map<string, number>();
    for (const { call, conversation } of read) {
        const seen = new Map<string, number>();
        for (const message of conversation.messages) {
            const key = messageKey(message);
            const times = (seen.get(key) ?? 0) + 1;
            seen.set(key, times);
            // An answer is new even when it says the same again.
            if (message.direction === "sent" && times <= (shown.get(key) ?? 0)) continue;
            shown.set(key, (shown.get(key) ?? 0) + 1);
            if (message.direction === "received") {
                seen.set(key, shown.get(key)!);
                calls.set(messages.length, call);
            }
            messages.push(message);
        }
    }
    return { messages, calls };
}

export function mergeTools(lists: readonly (readonly ToolDefinition[])[]): ToolDefinition[] {
    const byName = new Map<string, ToolDefinition>();
    for (const list of lists) for (const tool of list) if (!byName.has(tool.name) || byName.get(tool.name)!.parameters === null) byName.set(tool.name, tool);
    return [...byName.values()];
}

/** The messages that a run adds to its conversation: none of earlier turns, and no instructions that were shown before. */
export function newMessages(run: RunMessages): { message: Message; call: RunCall | null }[] {
    return run.messages.flatMap((message, index) => (run.newFrom !== null && index < run.newFrom ? [] : [{ message, call: run.calls.get(index) ?? null }]));
}
