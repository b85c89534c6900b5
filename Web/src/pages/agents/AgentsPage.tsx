import { useMemo } from "react";
import { useApp } from "../../app/context";
import { RangePicker } from "../../app/RangePicker";
import { keepWindow, setParams, withParams } from "../../app/router";
import { TopBar } from "../../app/TopBar";
import { Link } from "../../components/basic";
import { OpenInExplore } from "../../components/OpenInExplore";
import { FilterBox } from "../../components/FilterBox";
import { Empty, ErrorBox, Loading, Progress, Snippet } from "../../components/states";
import { Weighted } from "../../components/Weighted";
import { compact, count, percent, plural } from "../../lib/format";
import { agentSnippet } from "../../lib/guides";
import { bucketWidth, Range, spanSeconds } from "../../lib/range";
import { plus } from "../../lib/usage";
import { useAsync } from "../../lib/useAsync";
import { useTarget } from "../add/SendGuides";
import { Card, Cards } from "../llms/Cards";
import { steps } from "../llms/trends";
import { AgentTable } from "./AgentTable";
import { filtered, readSort, sorted } from "./columns";
import { AgentRow, agentsSQL, BareAgent, fetchAgents, fetchBareAgents, fetchUsage, usageByAgent } from "./queries";
import { RangeHint } from "./RangeHint";
import { GroupCost } from "./RunCost";
import { setRange, usePageWindow } from "./usePage";

export function AgentsPage() {
    const { params } = useApp();
    const page = usePageWindow();
    const text = params.get("filter") ?? "";
    const sort = readSort(params.get("sort"));
    const answer = useAsync(page.key, async (signal) => {
        const { window, ends } = page.read();
        const width = bucketWidth(spanSeconds(page.range), 24);
        const [agents, usage, bare] = await Promise.all([fetchAgents(window, signal), fetchUsage(window, width, signal), fetchBareAgents(window, signal)]);
        return { agents, bare, usage: usageByAgent(usage, steps(ends.from, ends.to, width)) };
    });
    const { data } = answer;
    const rows = useMemo(() => (data ? sorted(filtered(data.agents, text), sort) : []), [data, text, sort.column, sort.descending]);
    return (
        <>
            <TopBar search={<FilterBox label="Filter by agent, model or provider" text={text} />} range={<RangePicker range={page.range} onChange={setRange} />} />
            <Progress active={answer.isLoading && !data} />
            <div className="page" tabIndex={-1}>
                <header className="page-head page-head-row">
                    <div>
                        <h1>
                            Agents <Weighted />
                        </h1>
                        <p className="muted">Every agent that ran: how often, how well, how long and for how much. A run inside another counts for its own agent.</p>
                    </div>
                    <OpenInExplore sql={agentsSQL(page.read().window)} what="the agents" />
                </header>
                {answer.error && <ErrorBox error={answer.error} onRetry={answer.reload} />}
                {!data ? (
                    !answer.error && <Loading what="agents" />
                ) : data.agents.length === 0 ? (
                    <>
                        <BareAgents agents={data.bare} />
                        <NoAgents range={page.range} />
                    </>
                ) : (
                    <>
                        <Headline rows={data.agents} />
                        {rows.length === 0 ? (
                            <Empty title={`No agent, model or provider contains “${text}”`}>
                                <button type="button" className="button" onClick={() => setParams({ filter: null })}>
                                    Clear the filter
                                </button>
                            </Empty>
                        ) : (
                            <AgentTable rows={rows} sort={sort} usage={data.usage} />
                        )}
                        <BareAgents agents={data.bare} />
                        <RangeHint range={page.range} what="an agent" />
                    </>
                )}
            </div>
        </>
    );
}

/** Some senders name the agent on model calls only; such agents have calls and no runs. */
function BareAgents({ agents }: { agents: readonly BareAgent[] }) {
    const { path, params } = useApp();
    if (agents.length === 0) return null;
    return (
        <p className="page-foot muted" data-bare>
            Named by model calls only, without runs:{" "}
            {agents.map(({ agent, calls }, index) => (
                <span key={agent}>
                    {index > 0 && ", "}
                    <Link href={withParams(path({ name: "agent", agent, provider: null, model: null }), keepWindow(params))}>{agent}</Link> ({plural(Math.round(calls), "call")})
                </span>
            ))}
        </p>
    );
}

function Headline({ rows }: { rows: readonly AgentRow[] }) {
    const sum = (read: (row: AgentRow) => number | null) => rows.reduce<number | null>((total, row) => plus(total, read(row)), null);
    const runs = sum((r) => r.runs) ?? 0;
    const errors = sum((r) => r.errors) ?? 0;
    const unpriced = sum((r) => r.unpriced) ?? 0;
    const input = sum((r) => r.input_tokens);
    const output = sum((r) => r.output_tokens);
    return (
        <Cards>
            <Card label="Agents" value={count(rows.length)} />
            <Card label="Runs" value={count(runs)} />
            <Card label="Errors" value={percent(runs > 0 ? errors / runs : null)} note={`${count(errors)} failed`} tone={errors > 0 ? "bad" : undefined} />
            <Card label="Cost" value={<GroupCost cost={sum((r) => r.cost)} unpriced={unpriced} runs={runs} />} note={unpriced > 0 ? `${count(unpriced)} runs without a price` : undefined} />
            <Card label="Tokens" value={compact(plus(input, output))} note={`${compact(input)} in · ${compact(output)} out`} />
        </Cards>
    );
}

function NoAgents({ range }: { range: Range }) {
    const target = useTarget(null);
    return (
        <Empty title="No agent ran in this range">
            <RangeHint range={range} what="an agent" />
            <p className="muted">
                An agent appears with its first run: a span with gen_ai.operation.name = invoke_agent, or of the OpenInference kind AGENT. This one needs no key of any provider:
            </p>
            <Snippet label="Python" code={agentSnippet(target)} />
        </Empty>
    );
}
