import { useEffect, useMemo, useState } from "react";
import { useApp } from "../../app/context";
import { keepWindow, withParams } from "../../app/router";
import { TopBar } from "../../app/TopBar";
import { Ago, CopyButton, Fact, Link } from "../../components/basic";
import { OpenInExplore } from "../../components/OpenInExplore";
import { Empty, ErrorBox, Loading, Progress } from "../../components/states";
import { count, money, plural, unknown } from "../../lib/format";
import { preset } from "../../lib/range";
import { parseTime } from "../../lib/time";
import { addUsage, isIncomplete, noUsage } from "../../lib/usage";
import { useAsync } from "../../lib/useAsync";
import { ConversationChip } from "../agents/ConversationChip";
import { entriesOf, Entry } from "./entries";
import { EntryView } from "./EntryView";
import { fetchConversation, most, runsSQL } from "./queries";
import { Grouping, groupingNames, readGrouping } from "./source";

/** Milliseconds between looks at a conversation that may go on. */
const refresh = 10000;
/** Conversations whose last step is older than this are not looked at again. */
const fresh = 3600e3;

/** All steps of one conversation in the order of time, each with what it added. */
export function ConversationPage({ id }: { id: string }) {
    const { params, path } = useApp();
    const by = readGrouping(params);
    const [tick, setTick] = useState(0);
    const answer = useAsync(`${by}:${id}\n${tick}`, (signal) => fetchConversation(by, id, signal));
    const entries = useMemo(() => (answer.data ? entriesOf(answer.data) : null), [answer.data]);
    const last = entries?.[entries.length - 1];
    const isFresh = last !== undefined && Date.now() - parseTime(last.start) < fresh;
    useEffect(() => {
        if (!isFresh) return undefined;
        const timer = setInterval(() => {
            if (!document.hidden) setTick((t) => t + 1);
        }, refresh);
        return () => clearInterval(timer);
    }, [isFresh]);
    const kept = keepWindow(params);
    const listParams = new URLSearchParams(kept);
    if (by !== "conversation") listParams.set("by", by);
    return (
        <>
            <TopBar
                hasEnvironment={false}
                search={
                    <nav className="crumbs" aria-label="Where you are">
                        <Link href={withParams(path({ name: "conversations" }), listParams)}>{groupingNames[by].many}</Link>
                        <span aria-hidden="true">/</span>
                        <strong>{id}</strong>
                        <CopyButton text={id} label={`Copy the ${groupingNames[by].one.toLowerCase()} id`} />
                    </nav>
                }
            >
                <OpenInExplore isIcon sql={runsSQL(by, id)} range={preset("30d")} what="the runs of this conversation" />
            </TopBar>
            <Progress active={answer.isLoading && !answer.data} />
            <div className="page conversation-page" tabIndex={-1}>
                {answer.error && !answer.data ? (
                    <ErrorBox error={answer.error} onRetry={answer.reload} />
                ) : !entries ? (
                    <Loading what="the conversation" />
                ) : entries.length === 0 ? (
                    <Empty title={`Nothing of this ${groupingNames[by].one.toLowerCase()} is stored`}>
                        <p className="muted">It may not have arrived yet, or retention has removed it.</p>
                        <Link className="button" href={withParams(path({ name: "conversations" }), listParams)}>
                            All {groupingNames[by].many.toLowerCase()}
                        </Link>
                    </Empty>
                ) : (
                    <>
                        <Head id={id} by={by} entries={entries} />
                        {(answer.data!.runs.length >= most || answer.data!.calls.length >= most * 5) && <p className="llm-note">Only the first {count(most)} runs are shown.</p>}
                        <ol className="entries">
                            {entries.map((entry) => (
                                <EntryView key={entry.key} entry={entry} />
                            ))}
                        </ol>
                    </>
                )}
            </div>
        </>
    );
}

function Head({ id, by, entries }: { id: string; by: Grouping; entries: readonly Entry[] }) {
    const { path, params } = useApp();
    const usage = entries.reduce((sum, e) => addUsage(sum, e.usage), noUsage);
    const failed = entries.filter((e) => e.isError).length;
    const unique = (values: (string | null)[]) => [...new Set(values.filter((v): v is string => v !== null))];
    const agents = unique(entries.map((e) => e.run?.agent_name ?? e.calls[0]?.agent_name ?? null));
    const models = unique(entries.flatMap((e) => (e.calls.length > 0 ? e.calls.map((c) => c.model) : [e.run?.model ?? null])));
    const users = unique(entries.flatMap((e) => [e.run?.user_id ?? null, ...e.calls.map((c) => c.user_id)]));
    const withUser = (user: string) => {
        const kept = keepWindow(params);
        kept.set("user", user);
        return withParams(path({ name: "conversations" }), kept);
    };
    const runs = entries.filter((e) => e.run !== null).length;
    return (
        <header>
            <h1 className="conversation-title">
                {groupingNames[by].one} <ConversationChip id={id} href={withParams(path({ name: "conversation", id }), params)} />
            </h1>
            <div className="facts">
                <Fact label="Steps" title="Runs, and traces with calls outside of any run">
                    {runs === entries.length ? plural(runs, "run") : runs === 0 ? plural(entries.length, "trace") : `${plural(runs, "run")}, ${plural(entries.length - runs, "trace")}`}
                </Fact>
                <Fact label="Turns">{count(usage.calls)}</Fact>
                <Fact label="Tokens">{usage.input === null && usage.output === null ? unknown : `${count(usage.input)} in · ${count(usage.output)} out`}</Fact>
                <Fact label="Cost" title={usage.cost === null ? undefined : `$${usage.cost.toFixed(7)}`}>
                    {money(usage.cost)}
                    {isIncomplete(usage) && <span className="incomplete">+?</span>}
                </Fact>
                {failed > 0 && (
                    <Fact label="Failed" tone="error">
                        {count(failed)}
                    </Fact>
                )}
                {agents.length > 0 && (
                    <Fact label={agents.length === 1 ? "Agent" : "Agents"}>
                        {agents.map((agent, index) => (
                            <span key={agent}>
                                {index > 0 && ", "}
                                <Link href={withParams(path({ name: "agent", agent, provider: null, model: null }), keepWindow(params))}>{agent}</Link>
                            </span>
                        ))}
                    </Fact>
                )}
                {models.length > 0 && <Fact label={models.length === 1 ? "Model" : "Models"}>{models.join(", ")}</Fact>}
                {users.map((user) => (
                    <Fact key={user} label="User">
                        <Link href={withUser(user)} title="All conversations of this user">
                            {user}
                        </Link>
                    </Fact>
                ))}
                <Fact label="Began">
                    <Ago time={entries[0]!.start} />
                </Fact>
                <Fact label="Latest">
                    <Ago time={entries[entries.length - 1]!.start} />
                </Fact>
            </div>
        </header>
    );
}
