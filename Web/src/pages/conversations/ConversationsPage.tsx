import { useApp } from "../../app/context";
import { RangePicker } from "../../app/RangePicker";
import { setParams } from "../../app/router";
import { TopBar } from "../../app/TopBar";
import { OpenInExplore } from "../../components/OpenInExplore";
import { FilterBox } from "../../components/FilterBox";
import { SelectPill } from "../../components/FilterPill";
import { Notice } from "../../components/form";
import { Empty, ErrorBox, Loading, Progress, Snippet } from "../../components/states";
import { Tabs } from "../../components/Tabs";
import { Weighted } from "../../components/Weighted";
import { count, plural } from "../../lib/format";
import { conversationSnippet, scrubbingOption } from "../../lib/guides";
import type { Range } from "../../lib/range";
import { useAsync } from "../../lib/useAsync";
import { useTarget } from "../add/SendGuides";
import { RangeHint } from "../agents/RangeHint";
import { setRange, usePageWindow } from "../agents/usePage";
import { GroupTable } from "./GroupTable";
import { countScrubbed, fetchFinishReasons, fetchGroups } from "./queries";
import { ConversationFilters, Grouping, groupingNames, groupings, groupsSQL, hasFilters, mostGroups, readFilters, readGrouping, readSort, refusal } from "./source";

/** What people said to the application, together with what it did: by conversation, session or user. */
export function ConversationsPage() {
    const { params } = useApp();
    const page = usePageWindow();
    const by = readGrouping(params);
    const filters = readFilters(params);
    const sort = readSort(params.get("sort"));
    const answer = useAsync(`${by}${JSON.stringify([filters, sort])}${page.key}`, (signal) => fetchGroups(by, page.read().window, filters, sort, signal));
    const reasons = useAsync(`finish${page.key.split("\n")[0]}`, (signal) => fetchFinishReasons(page.read().window, signal));
    const scrubbed = useAsync(by === "session" ? `scrubbed${page.key.split("\n")[0]}` : null, (signal) => countScrubbed(by, page.read().window, signal));
    const rows = answer.data;
    const names = groupingNames[by];
    return (
        <>
            <TopBar search={<FilterBox label="Filter by first prompt, agent, model, user or id" text={filters.text} />} range={<RangePicker range={page.range} onChange={setRange} />} />
            <Progress active={answer.isLoading && !rows} />
            <div className="page" tabIndex={-1}>
                <header className="page-head page-head-row">
                    <div>
                        <h1>
                            Conversations <Weighted />
                        </h1>
                        <p className="muted">Runs and model calls that belong together: who asked, what it took, and how it ended.</p>
                    </div>
                    <OpenInExplore sql={groupsSQL(by, page.read().window, filters, sort)} what={`these ${names.many.toLowerCase()}`} />
                </header>
                <Tabs
                    label="Group by"
                    tabs={groupings.map((g) => ({ id: g, label: groupingNames[g].many }))}
                    selected={by}
                    onSelect={(next) => setParams({ by: next === "conversation" ? null : next, sort: null })}
                />
                <div role="tabpanel" aria-labelledby={`tab-${by}`}>
                    <div className="pills conversation-filters" role="toolbar" aria-label="Filters">
                        <button type="button" className={`filter filter-toggle ${filters.failed ? "is-set" : ""}`} aria-pressed={filters.failed} onClick={() => setParams({ failed: filters.failed ? null : "1" })}>
                            With errors
                        </button>
                        <SelectPill name="finish" label="Finish reason" value={filters.finish} options={[...(reasons.data ?? []).map((r) => ({ id: r.reason, label: r.reason, hint: count(r.calls) })), { id: refusal, label: "any refusal" }].filter((o, i, all) => all.findIndex((p) => p.id === o.id) === i)} />
                        {filters.user !== null && <SelectPill name="user" label="User" value={filters.user} options={[]} />}
                        <span className="run-count muted" role="status">
                            {rows === null ? "" : rows.length >= mostGroups ? `the first ${count(mostGroups)} ${names.many.toLowerCase()}` : `${count(rows.length)} ${rows.length === 1 ? names.one.toLowerCase() : names.many.toLowerCase()}`}
                        </span>
                    </div>
                    {(scrubbed.data ?? 0) > 0 && <Scrubbed calls={scrubbed.data!} />}
                    {answer.error && <ErrorBox error={answer.error} onRetry={answer.reload} />}
                    {!rows ? !answer.error && <Loading what={names.many.toLowerCase()} /> : rows.length === 0 ? <None by={by} filters={filters} range={page.range} /> : <GroupTable by={by} rows={rows} sort={sort} />}
                    {rows && rows.length > 0 && <RangeHint range={page.range} what={`a ${names.one.toLowerCase()}`} />}
                </div>
            </div>
        </>
    );
}

/** The SDK takes `session` for a secret unless it is told otherwise. */
function Scrubbed({ calls }: { calls: number }) {
    return (
        <Notice tone="warn">
            {plural(calls, "call")} came with a session that the Logfire SDK had replaced by “[Scrubbed due to ‘session’]”. Let it through with{" "}
            <code>{scrubbingOption}</code> in <code>logfire.configure</code>.
        </Notice>
    );
}

function None({ by, filters, range }: { by: Grouping; filters: ConversationFilters; range: Range }) {
    const target = useTarget(null);
    const names = groupingNames[by];
    if (hasFilters(filters)) {
        return (
            <Empty title={`No ${names.one.toLowerCase()} matches the filters`}>
                <button type="button" className="button" onClick={() => setParams({ filter: null, user: null, finish: null, failed: null })}>
                    Clear the filters
                </button>
            </Empty>
        );
    }
    return (
        <Empty title={`No ${names.many.toLowerCase()} in this range`}>
            <RangeHint range={range} what={`a ${names.one.toLowerCase()}`} />
            <p className="muted">
                They appear as soon as runs or model calls carry <code>{names.attribute}</code>. Pydantic AI sends conversation ids by itself; this program has one of two turns, a session and a user:
            </p>
            <Snippet label="Python" code={conversationSnippet(target)} />
        </Empty>
    );
}
