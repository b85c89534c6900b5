import { CopyButton } from "../../components/basic";
import { JsonTree } from "../../components/JsonTree";
import { pretty } from "../../lib/json";
import { LongText } from "./LongText";
import { MediaView } from "./MediaView";
import type { Message, Part } from "./message";

export function MessageCard({ message, isRaw, isHistory }: { message: Message; isRaw: boolean; isHistory: boolean }) {
    const groups = isRaw ? [{ tone: toneOf(message), label: message.rawRole, parts: message.parts }] : split(message);
    return (
        <>
            {groups.map((group, index) => (
                <article key={index} aria-label={group.label} className={`msg msg-${group.tone} ${isHistory ? "is-history" : ""}`}>
                    <header>
                        <span className="msg-role">
                            <span aria-hidden="true">{message.direction === "sent" ? "↗" : "↙"}</span>
                            <bdi>{group.label}</bdi>
                            {message.name && <bdi className="muted"> {message.name}</bdi>}
                        </span>
                        <span className="msg-tools">
                            {message.finish && index === groups.length - 1 && <span className="msg-finish">{message.finish}</span>}
                            <CopyButton label="Copy the message" text={() => (isRaw ? JSON.stringify(message.raw, null, 2) : plain(group.parts))} />
                        </span>
                    </header>
                    <div className="msg-body">
                        {isRaw ? (
                            <JsonTree value={message.raw} openDepth={4} />
                        ) : group.parts.length === 0 ? (
                            <p className="muted">No content was recorded.</p>
                        ) : (
                            group.parts.map((part, at) => <PartView key={at} part={part} />)
                        )}
                    </div>
                </article>
            ))}
        </>
    );
}

interface Group {
    tone: string;
    label: string;
    parts: Part[];
}

function toneOf(message: Message): string {
    return message.role === "other" ? "other" : message.role;
}

/** Thinking, text, tool calls and tool results of one message are cards of their own. */
function split(message: Message): Group[] {
    const groups: Group[] = [];
    for (const part of message.parts) {
        const tone = part.type === "thinking" ? "thinking" : part.type === "tool_call" ? "call" : part.type === "tool_result" ? "tool" : toneOf(message);
        const last = groups[groups.length - 1];
        // Results stand alone, each with the name of its tool; calls of one turn stand together.
        if (last && last.tone === tone && part.type !== "tool_result") last.parts.push(part);
        else groups.push({ tone, label: "", parts: [part] });
    }
    if (groups.length === 0) groups.push({ tone: toneOf(message), label: message.rawRole, parts: [] });
    for (const group of groups) group.label = labelOf(group, message);
    return groups;
}

function labelOf(group: Group, message: Message): string {
    const first = group.parts[0];
    if (group.tone === "thinking") return "thinking";
    if (group.tone === "call") return group.parts.length === 1 ? "assistant · tool call" : `assistant · ${group.parts.length} tool calls`;
    if (group.tone === "tool" && first?.type === "tool_result") return first.name ? `tool result · ${first.name}` : "tool result";
    return message.rawRole;
}

function plain(parts: readonly Part[]): string {
    return parts
        .map((part) => {
            switch (part.type) {
                case "text":
                case "thinking":
                    return part.text;
                case "tool_call":
                    return `${part.name}(${pretty(part.arguments)})`;
                case "tool_result":
                    return pretty(part.result);
                case "media":
                    return part.location ?? `[${part.modality}${part.mime ? ` ${part.mime}` : ""}]`;
                case "other":
                    return pretty(part.value);
            }
        })
        .join("\n\n");
}

function PartView({ part }: { part: Part }): JSX.Element {
    switch (part.type) {
        case "text":
            return <LongText text={part.text} isMarkdown />;
        case "thinking":
            return <LongText text={part.text} isMarkdown />;
        case "tool_call":
            return (
                <div className="call">
                    <code className="call-name">{part.name}</code>
                    {part.arguments !== null && part.arguments !== "" && <JsonTree value={part.arguments} openDepth={3} />}
                </div>
            );
        case "tool_result":
            if (typeof part.result === "string") return <LongText text={part.result} isMarkdown={false} />;
            return part.result === null ? <p className="muted">No result was recorded.</p> : <JsonTree value={part.result} openDepth={2} />;
        case "media":
            return <MediaView part={part} />;
        case "other":
            return (
                <div className="call">
                    <code className="call-name">{part.label}</code>
                    {part.value === null ? <span className="muted"> content was not recorded</span> : <JsonTree value={part.value} openDepth={2} />}
                </div>
            );
    }
}
