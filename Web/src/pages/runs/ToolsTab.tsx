import { useState } from "react";
import { useApp } from "../../app/context";
import type { Json } from "../../api/types";
import { CopyButton, Link } from "../../components/basic";
import { Icon } from "../../components/Icon";
import { JsonTree } from "../../components/JsonTree";
import { ErrorBox, Loading } from "../../components/states";
import { duration, plural } from "../../lib/format";
import { isObject, pretty } from "../../lib/json";
import { toolDefinitions } from "../../panel/llm/tools";
import type { RunData, RunModel } from "./model";
import { ParameterTable } from "../../panel/llm/ParameterTable";
import { modelSettings, requestParameters } from "./settings";
import { SettingsTable } from "./SettingsTable";
import { ToolCard, toolCards, ToolUse } from "./tools";
import { mergeTools } from "./turns";
import type { LoadedContents } from "./useRun";

/** What the agent could use, what it used, and with which settings its model was asked. */
export function ToolsTab({ data, model, loaded }: { data: RunData; model: RunModel; loaded: LoadedContents }) {
    const { contents, messages } = loaded;
    if (contents.error) return <ErrorBox error={contents.error} onRetry={contents.reload} />;
    if (!contents.data && model.calls.length > 0) return <Loading what="tools and settings" />;
    const read = contents.data ?? [];
    const runAttributes = data.record?.attributes ?? {};
    const definitions = mergeTools([...read.map((c) => toolDefinitions(c.attributes ?? {})), toolDefinitions(runAttributes)]);
    const cards = toolCards(definitions, model.tools, messages);
    const called = cards.reduce((sum, c) => sum + c.uses.length, 0);
    return (
        <>
            <h3>
                Tools <span className="muted">{cards.length}</span>
            </h3>
            {cards.length === 0 ? (
                <p className="muted">No tool was offered to this run and none was executed.</p>
            ) : (
                <p className="muted small">
                    {plural(called, "call")}
                    {model.toolRetries > 0 && `, ${plural(model.toolRetries, "retry", "retries")} after a failed one`}
                </p>
            )}
            {cards.map((card) => (
                <Card key={card.name} card={card} traceId={data.record?.trace_id ?? ""} />
            ))}
            <Settings data={data} loaded={loaded} model={model} />
        </>
    );
}

function Card({ card, traceId }: { card: ToolCard; traceId: string }) {
    const [isOpen, setOpen] = useState(card.uses.length > 0);
    const failed = card.uses.filter((u) => u.execution?.is_error).length;
    return (
        <article className="tool-card" data-tool={card.name}>
            <header>
                <button type="button" className="tool-toggle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                    <span className={`twist ${isOpen ? "is-open" : ""}`} aria-hidden="true" />
                    <code>{card.name}</code>
                    {card.definition?.kind && <span className="tag">{card.definition.kind}</span>}
                    {!isOpen && card.definition?.description && <span className="tool-summary">{card.definition.description}</span>}
                </button>
                <span className={`count ${card.uses.length === 0 ? "is-none" : ""}`}>{plural(card.uses.length, "call")}</span>
                {failed > 0 && <span className="tag tag-bad">{failed} failed</span>}
            </header>
            {isOpen && (
                <div className="tool-body">
                    {card.definition?.description && <p className="soft">{card.definition.description}</p>}
                    {card.definition ? <ParameterTable tool={card.definition} /> : <p className="muted small">No definition of this tool was sent with the calls of this run.</p>}
                    {card.uses.map((use, index) => (
                        <Use key={use.execution?.span_id ?? use.id ?? index} use={use} number={index + 1} tool={card.name} traceId={traceId} />
                    ))}
                </div>
            )}
        </article>
    );
}

function Use({ use, number, tool, traceId }: { use: ToolUse; number: number; tool: string; traceId: string }) {
    const { path } = useApp();
    const { execution } = use;
    return (
        <section className={`tool-use-box ${execution?.is_error ? "is-failed" : ""}`} aria-label={`Call ${number} of ${tool}`}>
            <header>
                <b>Call #{number}</b>
                {execution ? (
                    <>
                        <span className="muted">{duration(execution.duration)}</span>
                        {execution.is_error && <span className="is-bad">{execution.error_type ?? "failed"}</span>}
                        {execution.retry_count ? (
                            <span className="tag tag-warn" title={execution.retry_cause ?? undefined}>
                                attempt {execution.retry_count}
                                {execution.retry_cause ? ` · ${execution.retry_cause}` : ""}
                            </span>
                        ) : null}
                        <Link className="tool-span" href={`${path({ name: "trace", traceId })}?span=${execution.span_id}`} title="This execution in its trace">
                            span
                        </Link>
                    </>
                ) : (
                    <span className="muted">known from the messages only: no span of it is stored</span>
                )}
            </header>
            <div className="tool-sides">
                <Side icon="up" label="arguments" value={use.arguments} />
                <Side icon="down" label="result" value={use.result} />
            </div>
        </section>
    );
}

function Side({ icon, label, value }: { icon: "up" | "down"; label: string; value: Json | undefined }) {
    return (
        <div className="tool-side">
            <div className="tool-side-head">
                <Icon name={icon} size={10} />
                {label}
                {value !== undefined && <CopyButton text={() => pretty(value)} label={`Copy the ${label}`} />}
            </div>
            <div className="boxed">
                {value === undefined ? <span className="muted">not recorded</span> : Array.isArray(value) || isObject(value) ? <JsonTree value={value} openDepth={3} /> : <pre className="msg-pre">{pretty(value)}</pre>}
            </div>
        </div>
    );
}

function Settings({ data, loaded, model }: { data: RunData; loaded: LoadedContents; model: RunModel }) {
    const read = loaded.contents.data ?? [];
    const settings = read.map((c) => ({ spanId: c.span_id, attributes: { ...(c.attributes ?? {}) } }));
    const distinct = new Map(settings.map((s) => [JSON.stringify(modelSettings(s.attributes)), s]));
    const first = settings[0];
    const parameters = first ? requestParameters(first.attributes) : null;
    const runAttributes = data.record?.attributes ?? {};
    const shown = [...distinct.values()].filter((s) => modelSettings(s.attributes).length > 0);
    return (
        <>
            <h3>Model settings</h3>
            {shown.length === 0 && modelSettings(runAttributes).length === 0 ? (
                <p className="muted">The requests named no settings: the model's defaults applied.</p>
            ) : shown.length > 0 ? (
                shown.map((s) => (
                    <div key={s.spanId}>
                        {shown.length > 1 && <p className="muted small">Turn {model.calls.findIndex((c) => c.span_id === s.spanId) + 1}</p>}
                        <SettingsTable attributes={s.attributes} />
                    </div>
                ))
            ) : (
                <SettingsTable attributes={runAttributes} />
            )}
            {parameters && (
                <details className="request-parameters">
                    <summary>model_request_parameters</summary>
                    <div className="boxed">
                        <JsonTree value={parameters} openDepth={2} />
                    </div>
                </details>
            )}
        </>
    );
}
