import { useApp } from "../../app/context";
import { RangePicker } from "../../app/RangePicker";
import { keepWindow, setParams, withParams } from "../../app/router";
import { TopBar } from "../../app/TopBar";
import { Link } from "../../components/basic";
import { OpenInExplore } from "../../components/OpenInExplore";
import { Empty, ErrorBox, Loading, Progress } from "../../components/states";
import { Tabs } from "../../components/Tabs";
import { Weighted } from "../../components/Weighted";
import { bucketWidth, spanSeconds } from "../../lib/range";
import { useAsync } from "../../lib/useAsync";
import { steps } from "../llms/trends";
import { fetchAgentModels, fetchTotals, fetchTrend, totalsSQL, trendSQL } from "./agentQueries";
import { tracesHref } from "./AgentTable";
import { Avatar } from "./Avatar";
import { InfoTab } from "./InfoTab";
import { MetricsTab } from "./MetricsTab";
import { ModelLinks } from "./ModelLinks";
import { RangeHint } from "./RangeHint";
import { RunsTab } from "./RunsTab";
import { agentKey, AgentRef, agentTitle } from "./source";
import { setRange, usePageWindow } from "./usePage";
import { WithoutRuns } from "./WithoutRuns";

const tabs = [
    { id: "metrics", label: "Metrics" },
    { id: "runs", label: "Runs" },
    { id: "info", label: "Info" },
] as const;

export function AgentPage({ agent }: { agent: AgentRef }) {
    const { params, path } = useApp();
    const page = usePageWindow();
    const chosen = tabs.find((t) => t.id === params.get("tab"))?.id ?? "metrics";
    const title = agentTitle(agent);
    const answer = useAsync(`${agentKey(agent)}${page.key}`, async (signal) => {
        const { window, ends } = page.read();
        const width = bucketWidth(spanSeconds(page.range), 48);
        const [totals, trend, models] = await Promise.all([fetchTotals(agent, window, signal), fetchTrend(agent, window, width, signal), fetchAgentModels(agent, window, signal)]);
        return { totals, trend, models, starts: steps(ends.from, ends.to, width) };
    });
    const { data } = answer;
    const isEmpty = data !== null && (!data.totals || data.totals.runs === 0);
    return (
        <>
            <TopBar
                search={
                    <nav className="crumbs" aria-label="Where you are">
                        <Link href={withParams(path({ name: "agents" }), keepWindow(params))}>Agents</Link>
                        <span aria-hidden="true">/</span>
                        <strong>{title}</strong>
                    </nav>
                }
                range={<RangePicker range={page.range} onChange={setRange} />}
            />
            <Progress active={answer.isLoading && !data} />
            <div className="agent-page">
                <header className="agent-head">
                    <Avatar name={title} size="head" />
                    <div className="agent-name">
                        <h1>
                            {title} <Weighted />
                        </h1>
                        <p className="muted">{data && data.models.length > 0 ? <ModelLinks models={data.models} most={4} /> : agent.agent === null ? "no agent name was sent" : "\u00a0"}</p>
                    </div>
                    <OpenInExplore sql={totalsSQL(agent, page.read().window)} what="the figures of this agent" />
                    <Link className="button" href={tracesHref(agent, path({ name: "live" }), params)}>
                        Traces
                    </Link>
                </header>
                <Tabs tabs={tabs.map((t) => (t.id === "runs" && data?.totals ? { ...t, count: Math.round(data.totals.runs) } : t))} selected={chosen} onSelect={(tab) => setParams({ tab: tab === "metrics" ? null : tab, run: null })} label="Agent" />
                <div className={`agent-body ${chosen === "runs" ? "is-runs" : ""}`} role="tabpanel" aria-labelledby={`tab-${chosen}`} tabIndex={chosen === "runs" ? -1 : 0}>
                    {answer.error && !data ? (
                        <ErrorBox error={answer.error} onRetry={answer.reload} />
                    ) : !data ? (
                        <Loading what="the agent's runs" />
                    ) : isEmpty && data.models.length > 0 ? (
                        <WithoutRuns agent={agent} page={page} />
                    ) : isEmpty ? (
                        <Empty title="This agent did not run in this range">
                            <RangeHint range={page.range} what="a run" />
                        </Empty>
                    ) : chosen === "metrics" ? (
                        <MetricsTab totals={data.totals!} trend={data.trend} starts={data.starts} sql={trendSQL(agent, page.read().window, bucketWidth(spanSeconds(page.range), 48))} />
                    ) : chosen === "runs" ? (
                        <RunsTab agent={agent} page={page} models={data.models} />
                    ) : (
                        <InfoTab agent={agent} page={page} models={data.models} />
                    )}
                </div>
            </div>
        </>
    );
}
