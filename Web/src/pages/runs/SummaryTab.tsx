import { useApp } from "../../app/context";
import { keepWindow, withParams } from "../../app/router";
import { CopyButton, Link } from "../../components/basic";
import { JsonTree } from "../../components/JsonTree";
import type { Json } from "../../api/types";
import { isObject, unwrap } from "../../lib/json";
import { MarkdownView } from "../../panel/llm/MarkdownView";
import { ExceptionBanner } from "./ExceptionBanner";
import type { RunData, RunModel } from "./model";
import type { RunMessages } from "./turns";
import { TurnTable } from "./TurnTable";

/** What the run was asked, what came out, and how it got there. */
export function SummaryTab({ data, model, messages }: { data: RunData; model: RunModel; messages: RunMessages }) {
    const metadata = unwrap(data.record?.attributes?.metadata);
    const input = data.run?.input ?? lastText(messages, "user");
    const output = data.run?.output ?? (model.isError ? null : lastText(messages, "assistant"));
    return (
        <>
            {model.isError && data.record && <ExceptionBanner record={data.record} />}
            <h3>Input</h3>
            <TextCard text={input} none={contentNote(messages, "No prompt was recorded.")} tone="user" />
            <h3>Final output</h3>
            <TextCard text={output} none={model.isOpen ? "The run is not finished yet." : model.isError ? "The run failed before it had an answer." : contentNote(messages, "No answer was recorded.")} tone="assistant" />
            <TurnTable model={model} />
            {model.inner.length > 0 && <InnerRuns model={model} traceId={data.record?.trace_id ?? ""} />}
            {metadata !== null && metadata !== "" && (
                <section aria-label="Metadata">
                    <h3>Metadata</h3>
                    <div className="boxed">
                        <JsonTree value={metadata} openDepth={2} />
                    </div>
                </section>
            )}
        </>
    );
}

function contentNote(messages: RunMessages, fallback: string): string {
    return messages.note ?? fallback;
}

function lastText(messages: RunMessages, role: "user" | "assistant"): string | null {
    for (let i = messages.messages.length - 1; i >= (messages.newFrom ?? 0); i -= 1) {
        const message = messages.messages[i]!;
        if (message.role !== role) continue;
        const text = message.parts.flatMap((p) => (p.type === "text" ? [p.text] : [])).join("\n\n");
        if (text !== "") return text;
    }
    return null;
}

/** Text longer than this is cut until the reader asks for the rest. */
const long = 4000;

function TextCard({ text, none, tone }: { text: string | null; none: string; tone: "user" | "assistant" }) {
    if (text === null) return <p className="muted">{none}</p>;
    const value: Json = unwrap(text);
    return (
        <article className={`msg msg-${tone} io-card`}>
            <div className="msg-body">
                <span className="io-copy">
                    <CopyButton text={text} />
                </span>
                {Array.isArray(value) || isObject(value) ? <JsonTree value={value} openDepth={3} /> : text.length > long ? <details><summary>{text.slice(0, 200)}…</summary><pre className="msg-pre">{text}</pre></details> : <MarkdownView text={text} />}
            </div>
        </article>
    );
}

function InnerRuns({ model, traceId }: { model: RunModel; traceId: string }) {
    const { path, params } = useApp();
    return (
        <section aria-label="Runs inside">
            <h3>
                Runs inside <span className="muted">{model.inner.length}</span>
            </h3>
            <ul className="inner-runs">
                {model.inner.map((run) => (
                    <li key={run.span_id}>
                        <Link href={withParams(path({ name: "run", traceId, spanId: run.span_id }), keepWindow(params))}>{run.agent_name ?? run.model ?? "run"}</Link>
                        {run.is_error && <span className="is-bad">{run.error_type ?? "failed"}</span>}
                        <span className="muted">{run.model}</span>
                    </li>
                ))}
            </ul>
        </section>
    );
}
