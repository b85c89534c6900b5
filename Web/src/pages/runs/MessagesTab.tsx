import { useState } from "react";
import { useApp } from "../../app/context";
import { keepWindow, withParams } from "../../app/router";
import { CopyButton, Link } from "../../components/basic";
import { ErrorBox, Loading } from "../../components/states";
import { plural } from "../../lib/format";
import { MessageCard } from "../../panel/llm/MessageCard";
import type { RunModel } from "./model";
import { TurnHead } from "./TurnHead";
import type { LoadedContents } from "./useRun";

/** The whole conversation of the run, every message once; earlier turns open on demand. */
export function MessagesTab({ model, loaded }: { model: RunModel; loaded: LoadedContents }) {
    const { path, params } = useApp();
    const { contents, messages: run } = loaded;
    const [isRaw, setRaw] = useState(false);
    const [isWhole, setWhole] = useState(false);
    if (contents.error && run.messages.length === 0) return <ErrorBox error={contents.error} onRetry={contents.reload} />;
    if (contents.isLoading && !contents.data && run.messages.length === 0) return <Loading what="messages" />;
    const hidden = run.newFrom !== null && !isWhole ? run.newFrom : 0;
    // Instructions hold for every turn, so they are shown with this one too.
    const leading = run.messages.slice(0, hidden).filter((m) => m.role === "system");
    return (
        <>
            <div className="llm-head">
                <h3>
                    Messages <span className="muted">{run.messages.length - hidden + leading.length}</span>
                </h3>
                {run.messages.length > 0 && (
                    <span className="switch" role="group" aria-label="How messages are shown">
                        <button type="button" className={isRaw ? "" : "is-on"} aria-pressed={!isRaw} onClick={() => setRaw(false)}>
                            Markdown
                        </button>
                        <button type="button" className={isRaw ? "is-on" : ""} aria-pressed={isRaw} onClick={() => setRaw(true)}>
                            JSON
                        </button>
                        <CopyButton label="Copy the messages as JSON" text={() => JSON.stringify(run.messages.map((m) => m.raw), null, 2)} />
                    </span>
                )}
            </div>
            {run.note && <p className="llm-note">{run.note}</p>}
            {leading.map((message, index) => (
                <MessageCard key={`s${index}`} message={message} isRaw={isRaw} isHistory={false} />
            ))}
            {hidden - leading.length > 0 && (
                <p className="earlier">
                    <button type="button" className="button" onClick={() => setWhole(true)}>
                        Show {plural(hidden - leading.length, "message")} of earlier turns
                    </button>
                    {model.conversationId !== null && <Link href={withParams(path({ name: "conversation", id: model.conversationId }), keepWindow(params))}>Open the conversation</Link>}
                </p>
            )}
            {run.messages.slice(hidden).map((message, index) => {
                const position = index + hidden;
                const call = run.calls.get(position);
                return (
                    <div key={position}>
                        {run.newFrom === position && isWhole && <div className="llm-turn">this run</div>}
                        {call && <TurnHead call={call} number={model.calls.indexOf(call) + 1} />}
                        <MessageCard message={message} isRaw={isRaw} isHistory={run.newFrom !== null && position < run.newFrom} />
                    </div>
                );
            })}
            {run.source && <p className="llm-source">Read from {run.source}</p>}
        </>
    );
}
