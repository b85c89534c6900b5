import { useApp } from "../../app/context";
import { Ago, Link } from "../../components/basic";
import { Notice } from "../../components/form";
import { OpenInExplore } from "../../components/OpenInExplore";
import { ErrorBox, Loading } from "../../components/states";
import { count, money, shortId } from "../../lib/format";
import { useAsync } from "../../lib/useAsync";
import { bareTracesSQL, fetchBareTraces } from "./agentQueries";
import { agentKey, AgentRef } from "./source";
import type { PageWindow } from "./usePage";

/** An agent that model calls name although no span of a run was sent: LangGraph under some instrumentations is one. */
export function WithoutRuns({ agent, page }: { agent: AgentRef; page: PageWindow }) {
    const { path } = useApp();
    const answer = useAsync(`bare:${agentKey(agent)}${page.key}`, (signal) => fetchBareTraces(agent, page.read().window, signal));
    if (answer.error && !answer.data) return <ErrorBox error={answer.error} onRetry={answer.reload} />;
    if (!answer.data) return <Loading what="the agent's calls" />;
    return (
        <div className="without-runs">
            <Notice>
                Model calls name this agent, but its sender marks no span as a run (gen_ai.operation.name = invoke_agent, or the OpenInference kind AGENT). So there are no figures by run; the traces below have its calls, and each has a graph.
            </Notice>
            <div className="section-head">
                <h2>Traces with its calls</h2>
                <OpenInExplore isIcon sql={bareTracesSQL(agent, page.read().window)} what="these traces" />
            </div>
            <div className="table-wrap">
                <table className="plain">
                    <thead>
                        <tr>
                            <th>Trace</th>
                            <th className="num">Calls</th>
                            <th className="num">Errors</th>
                            <th className="num">Cost</th>
                            <th className="num">When</th>
                        </tr>
                    </thead>
                    <tbody>
                        {answer.data.map((row) => (
                            <tr key={row.trace_id}>
                                <td>
                                    <Link href={path({ name: "trace", traceId: row.trace_id })}>
                                        <code>{shortId(row.trace_id)}</code>
                                    </Link>
                                </td>
                                <td className="num">{count(row.calls)}</td>
                                <td className={`num ${row.errors > 0 ? "is-bad" : ""}`}>{count(row.errors)}</td>
                                <td className="num">{money(row.cost)}</td>
                                <td className="num">
                                    <Ago time={row.start_timestamp} />
                                </td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
        </div>
    );
}
