import type { Json } from "../../api/types";

export type Role = "system" | "user" | "assistant" | "tool" | "other";

export type Part =
    | { type: "text"; text: string }
    | { type: "thinking"; text: string }
    | { type: "tool_call"; id: string | null; name: string; arguments: Json }
    | { type: "tool_result"; id: string | null; name: string | null; result: Json; isError: boolean }
    | { type: "media"; modality: string; mime: string | null; data: string | null; location: string | null; name: string | null }
    | { type: "other"; label: string; value: Json };

export interface Message {
    role: Role;
    /** The role as it was sent, when it is not one of the known ones. */
    rawRole: string;
    name: string | null;
    direction: "sent" | "received";
    parts: Part[];
    finish: string | null;
    raw: Json;
}

export interface ToolDefinition {
    name: string;
    kind: string | null;
    description: string | null;
    parameters: Json;
}

export interface Conversation {
    messages: Message[];
    tools: ToolDefinition[];
    /** The attributes the messages were read from. */
    source: string | null;
    /** Index of the first message of this turn; earlier ones are history. */
    newFrom: number | null;
    /** Why there is nothing to show, or what is missing. */
    note: string | null;
}
