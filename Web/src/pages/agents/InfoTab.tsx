import { useApp } from "../../app/context";
import { keepWindow, withParams } from "../../app/router";
import { Ago, Chip, CopyButton, Link } from "../../components/basic";
import { JsonTree } from "../../components/JsonTree";
import { ErrorBox, Loading } from "../../components/states";
import { compact, count, duration, plural, unknown } from "../../lib/format";
import { unwrap } from "../../lib/json";
import { useAsync } from "../../lib/useAsync";
import { readConversation } from "../../panel/llm/conversation";
import { MarkdownView } from "../../panel/llm/MarkdownView";
import type { ToolDefinition } from "../../panel/llm/message";
import { systemMessage } from "../../panel/llm/messages";
import { ParameterTable } from "../../panel/llm/ParameterTable";
import { modelSettings } from "../runs/settings";
import { SettingsTable } from "../runs/SettingsTable";
import type { ModelOfAgent } from "./agentQueries";
import { AgentInfo, fetchInfo, Instructions, ToolOfAgent } from "./infoQueries";
import { GroupCost } from "./RunCost";
import { agentKey, AgentRef, missing } from "./source";
import type { PageWindow } from "./usePage";

/** What the agent is made of: models, tools, instructions, settings, and where it runs. */
export function InfoTab({ agent, page, models }: { agent: AgentRef; page: PageWindow; models: readonly ModelOfAgent[] }) {
    const answer = useAsync(`info:${agentKey(agent)}${page.key}`, (signal) => fetchInfo(agent, page.read().window, signal));
    const info = answer.data;
    if (answer.error && !info) return <ErrorBox error={answer.error} onRetry={answer.reload} />;
    if (!info) return <Loading what="what the agent is made of" />;
    return (
        <div className="agent-info">
            <Models models={models} />
            <InstructionList info={info} />
            <Tools info={info} />
            {info.latestCall && modelSettings(info.latestCall).length > 0 && (
                <section>
                    <h2>Model settings of the latest call</h2>
                    <SettingsTable attributes={info.latestCall} />
                </section>
            )}
            <Metadata info={info} />
            <Deployments info={info} />
        </div>
    );
}

function Models({ models }: { models: readonly ModelOfAgent[] }) {
    const { path, params } = useApp();
    return (
        <section>
            <h2>Models</h2>
            {models.length === 0 ? (
                <p className="muted">No model call of this agent is stored in this range.</p>
            ) : (
                <div className="table-wrap">
                    <table className="plain">
                        <thead>
                            <tr>
                                <th>Model</th>
                                <th>Provider</th>
                                <th className="num">Calls</th>
                                <th className="num">Errors</th>
                                <th className="num">Input</th>
                                <th className="num">Output</th>
                                <th className="num">Cost</th>
                                <th className="num">Last call</th>
                            </tr>
                        </thead>
                        <tbody>
                            {models.map((m) => (
                                <tr key={`${m.provider}/${m.model}`}>
                                    <td>
                                        <Link href={withParams(path({ name: "llm", provider: m.provider ?? missing, model: m.model ?? missing }), keepWindow(params))}>{m.model ?? missing}</Link>
                                    </td>
                                    <td className="soft">{m.provider ?? missing}</td>
                                    <td className="num">{count(m.calls)}</td>
                                    <td className={`num ${m.errors > 0 ? "is-bad" : ""}`}>{count(m.errors)}</td>
                                    <td className="num">{compact(m.input_tokens)}</td>
                                    <td className="num">{compact(m.output_tokens)}</td>
                                    <td className="num">
                                        <GroupCost cost={m.cost} unpriced={m.unpriced} runs={m.calls} />
                                    </td>
                                    <td className="num">
                                        <Ago time={m.last} />
                                    </td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
        </section>
    );
}

/** The text of instructions, whatever shape they were sent in. */
export function instructionText(value: string | null): string {
    if (value === null) return "";
    return systemMessage(unwrap(value))
        .flatMap((m) => m.parts.map((p) => (p.type === "text" ? p.text : "")))
        .join("\n\n");
}

function InstructionList({ info }: { info: AgentInfo }) {
    const worded = info.instructions.filter((i) => i.instructions !== null && instructionText(i.instructions) !== "");
    const fallback = worded.length === 0 && info.latestCall ? readConversation(info.latestCall).messages.filter((m) => m.role === "system") : [];
    const description = info.instructions.find((i) => i.description !== null)?.description;
    const shown: Instructions[] = worded.length > 0 ? worded : [];
    return (
        <section>
            <h2>
                Instructions {shown.length > 1 && <span className="muted">{shown.length} wordings</span>}
            </h2>
            {description && <p className="agent-description">{description}</p>}
            {shown.map((item, index) => (
                <Prompt key={index} text={instructionText(item.instructions)} note={shown.length > 1 || index > 0 ? <>{plural(Math.round(item.runs), "run")}, last <Ago time={item.last} /></> : undefined} />
            ))}
            {fallback.map((message, index) => (
                <Prompt key={index} text={message.parts.map((p) => (p.type === "text" ? p.text : "")).join("\n\n")} note="of the latest call" />
            ))}
            {shown.length === 0 && fallback.length === 0 && <p className="muted">The runs carry no system prompt or instructions. Some senders leave them out when recording of content is off.</p>}
        </section>
    );
}

function Prompt({ text, note }: { text: string; note?: React.ReactNode }) {
    return (
        <article className="msg">
            <header>
                <span className="msg-role">
                    system {note && <span className="muted">{note}</span>}
                </span>
                <CopyButton text={text} label="Copy the instructions" />
            </header>
            <div className="msg-body prompt-body">
                <MarkdownView text={text} />
            </div>
        </article>
    );
}

function Tools({ info }: { info: AgentInfo }) {
    const offered = info.latestCall ? readConversation(info.latestCall).tools : [];
    const names = new Set(offered.map((t) => t.name));
    const rest = info.tools.filter((t) => t.tool_name === null || !names.has(t.tool_name));
    const all: { definition: ToolDefinition | null; use: ToolOfAgent | null }[] = [
        ...offered.map((definition) => ({ definition, use: info.tools.find((t) => t.tool_name === definition.name) ?? null })),
        ...rest.map((use) => ({ definition: null, use })),
    ];
    return (
        <section>
            <h2>
                Tools <span className="muted">{all.length}</span>
            </h2>
            {all.length === 0 && <p className="muted">No tool was offered to its latest call and none was executed in this range.</p>}
            {all.map(({ definition, use }, index) => (
                <article key={definition?.name ?? use?.tool_name ?? index} className="tool-card" data-tool={definition?.name ?? use?.tool_name ?? ""}>
                    <header>
                        <code>{definition?.name ?? use?.tool_name ?? unknown}</code>
                        {definition?.kind && <span className="tag">{definition.kind}</span>}
                        <span className="tool-use muted">
                            {use ? (
                                <>
                                    {plural(Math.round(use.calls), "call")}
                                    {use.errors > 0 && <span className="is-bad"> · {count(use.errors)} failed</span>} · avg {duration(use.duration_avg)}
                                </>
                            ) : (
                                "not called in this range"
                            )}
                        </span>
                    </header>
                    {definition?.description && <p className="soft">{definition.description}</p>}
                    {definition ? <ParameterTable tool={definition} /> : <p className="muted small">It was executed but not offered to the latest call, so its schema is not known.</p>}
                </article>
            ))}
        </section>
    );
}

function Metadata({ info }: { info: AgentInfo }) {
    const metadata = unwrap(info.latestRun?.metadata);
    if (metadata === null || metadata === "") return null;
    return (
        <section>
            <h2>Metadata of the latest run</h2>
            <div className="table-wrap pad-small">
                <JsonTree value={metadata} openDepth={2} />
            </div>
        </section>
    );
}

function Deployments({ info }: { info: AgentInfo }) {
    return (
        <section>
            <h2>Services and versions</h2>
            <div className="table-wrap">
                <table className="plain">
                    <thead>
                        <tr>
                            <th>Service</th>
                            <th>Version</th>
                            <th>Environment</th>
                            <th className="num">Runs</th>
                            <th className="num">First</th>
                            <th className="num">Last</th>
                        </tr>
                    </thead>
                    <tbody>
                        {info.deployments.map((d, index) => (
                            <tr key={index}>
                                <td>{d.service_name === null ? unknown : <Chip name={d.service_name} />}</td>
                                <td>{d.service_version ?? unknown}</td>
                                <td>{d.deployment_environment ?? unknown}</td>
                                <td className="num">{count(d.runs)}</td>
                                <td className="num">
                                    <Ago time={d.first} />
                                </td>
                                <td className="num">
                                    <Ago time={d.last} />
                                </td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
        </section>
    );
}
