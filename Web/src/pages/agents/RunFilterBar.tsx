import { useEffect, useState } from "react";
import { setParams } from "../../app/router";
import { BetweenPill, SelectPill } from "../../components/FilterPill";
import { OpenInExplore } from "../../components/OpenInExplore";
import { Icon } from "../../components/Icon";
import { compact, count, duration, money, plural, shortId } from "../../lib/format";
import type { ModelOfAgent } from "./agentQueries";
import { filterParams, isFiltered, RunFilters } from "./runFilters";

/** Milliseconds without a key before the text is looked for. */
const pause = 250;

export function RunFilterBar({ filters, models, found, isWhole, sql }: { filters: RunFilters; models: readonly ModelOfAgent[]; found: number | null; isWhole: boolean; sql: string }) {
    return (
        <div className="pills run-filters" role="toolbar" aria-label="Filters">
            <FindBox text={filters.text} />
            <button type="button" className={`filter filter-toggle ${filters.failed ? "is-set" : ""}`} aria-pressed={filters.failed} onClick={() => setParams({ failed: filters.failed ? null : "1" })}>
                Failed
            </button>
            <SelectPill name="model" label="Model" value={filters.model} options={models.flatMap((m) => (m.model === null ? [] : [{ id: m.model, label: m.model, hint: count(m.calls) }]))} />
            <BetweenPill name="cost" label="Cost" unit="US dollars" value={filters.cost} format={(v) => money(v)} />
            <BetweenPill name="duration" label="Duration" unit="seconds" value={filters.duration} format={duration} />
            <BetweenPill name="tokens" label="Tokens" unit="input and output" value={filters.tokens} format={compact} />
            {filters.conversation !== null && <SelectPill name="conversation" label="Conversation" value={filters.conversation} shown={shortId(filters.conversation)} options={[]} />}
            {filters.user !== null && <SelectPill name="user" label="User" value={filters.user} options={[]} />}
            {isFiltered(filters) && (
                <button type="button" className="filter-clear" onClick={() => setParams(Object.fromEntries(filterParams.map((name) => [name, null])))}>
                    Clear
                </button>
            )}
            <span className="run-count muted" role="status">
                {found === null ? "" : isWhole ? plural(found, "run") : `the first ${count(found)} runs`}
            </span>
            <OpenInExplore isIcon sql={sql} what="these runs" />
        </div>
    );
}

/** Searches when the typing pauses, not with every key. */
function FindBox({ text }: { text: string }) {
    const [typed, setTyped] = useState(text);
    useEffect(() => setTyped(text), [text]);
    useEffect(() => {
        if (typed === text) return undefined;
        const timer = setTimeout(() => setParams({ find: typed }, { replace: true }), pause);
        return () => clearTimeout(timer);
    }, [typed, text]);
    return (
        <span className="find">
            <Icon name="search" size={12} />
            <input type="text" data-search aria-label="Find in prompts and answers" placeholder="Find in prompts and answers" spellCheck={false} value={typed} onChange={(event) => setTyped(event.target.value)} />
        </span>
    );
}
