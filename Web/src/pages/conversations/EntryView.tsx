import { useApp } from "../../app/context";
import { keepWindow, withParams } from "../../app/router";
import { Ago, Link } from "../../components/basic";
import { Icon } from "../../components/Icon";
import { count, duration, money, unknown } from "../../lib/format";
import { isIncomplete } from "../../lib/usage";
import { MessageCard } from "../../panel/llm/MessageCard";
import { Avatar } from "../agents/Avatar";
import { RunStatus } from "../agents/RunRowView";
import { TurnHead } from "../runs/TurnHead";
import type { Entry } from "./entries";

/** One step of a conversation: what it added, and what that took. */
export function EntryView({ entry }: { entry: Entry }) {
    const { path, params } = useApp();
    const { run, usage } = entry;
    const title = run?.agent_name ?? entry.calls[0]?.agent_name ?? run?.model ?? entry.calls[0]?.model ?? "calls";
    const href = withParams(path({ name: "run", traceId: entry.traceId, spanId: entry.spanId }), keepWindow(params));
    // A run without stored calls still says what it took itself.
    const input = usage.calls > 0 ? usage.input : run?.input_tokens ?? null;
    const output = usage.calls > 0 ? usage.output : run?.output_tokens ?? null;
    const cost = usage.calls > 0 ? usage.cost : run?.cost ?? null;
    return (
        <li className="entry" data-entry={entry.key}>
            <div className="entry-head">
                <Avatar name={title} />
                <RunStatus run={{ is_error: entry.isError, error_type: entry.error }} />
                <Link href={href} className="entry-name" title={run ? "Open the run" : "Open what led to these calls"}>
                    {title}
                </Link>
                {!run && <span className="tag">outside of a run</span>}
                <span className="entry-facts">
                    <span>{[...new Set(entry.calls.map((c) => c.model))].filter(Boolean).join(", ") || run?.model || unknown}</span>
                    <span title="input → output tokens">
                        {count(input)} → {count(output)}
                    </span>
                    <span title={cost === null ? undefined : `$${cost.toFixed(7)}`}>
                        {money(cost)}
                        {isIncomplete(usage) && <span className="incomplete">+?</span>}
                    </span>
                    {run && <span>{duration(run.duration)}</span>}
                    <Ago time={entry.start} />
                </span>
            </div>
            <div className="entry-body">
                {entry.messages.map(({ message, call }, index) => (
                    <div key={index}>
                        {call && entry.calls.length > 1 && <TurnHead call={call} number={entry.calls.indexOf(call) + 1} />}
                        <MessageCard message={message} isRaw={false} isHistory={false} />
                    </div>
                ))}
                {entry.messages.length === 0 && <p className="muted">{entry.note ?? "It added no messages to the conversation."}</p>}
                {entry.error !== null && (
                    <p className="entry-error" role="note">
                        <Icon name="warn" /> <code>{entry.error}</code>
                    </p>
                )}
            </div>
        </li>
    );
}
