import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useApp } from "../../app/context";
import { useKeys } from "../../app/keys";
import { RangePicker } from "../../app/RangePicker";
import { setParams, withParams } from "../../app/router";
import { TopBar, useEnvironment } from "../../app/TopBar";
import { Tabs as SideTabs } from "../../components/Tabs";
import { exploreParams, exploreRange, ExploreView } from "../../lib/explore";
import { bounds, Range, readRange, writeRange } from "../../lib/range";
import { isoTime } from "../../lib/time";
import { zone } from "../../lib/zone";
import { Editor, EditorHandle } from "./Editor";
import { Examples } from "./Examples";
import { Fault, FaultPlace } from "./Fault";
import { formatSQL } from "./formatSQL";
import { loadHistory, Past, remember, saveHistory } from "./history";
import { HistoryPanel } from "./HistoryPanel";
import { isKeyword } from "./keywords";
import { nearest } from "./nearest";
import { offsetOf, wordLength } from "./places";
import { ResultPane } from "./ResultPane";
import { RowSplit } from "./RowSplit";
import type { Asked } from "./run";
import { Running } from "./Running";
import { SchemaBrowser } from "./SchemaBrowser";
import { load, save } from "./storage";
import { add, close, newTab, open, Tab } from "./tabs";
import { TabStrip } from "./TabStrip";
import { SideButton } from "./SideButton";
import { statementAt } from "./tokens";
import { Toolbar } from "./Toolbar";
import { useRuns } from "./useRuns";
import { useTabs } from "./useTabs";
import { useVocabulary } from "./useVocabulary";

type Side = "schema" | "history" | "none";
/** Pixels of a window that has no room for the tables beside the editor: they lie over it while they are open. */
const narrow = 1000;
const sideKey = "hearth.explore.side";
const isSide = (value: unknown): value is Side => value === "schema" || value === "history" || value === "none";
const isView = (value: string | null): value is ExploreView => value === "table" || value === "chart" || value === "details" || value === "plan";

/** Days and hours begin where the reader's do, as times are shown. */
function zoneOfQueries(): string | undefined {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return zone() === "utc" || own === "UTC" || own === undefined ? undefined : own;
}

export default function ExplorePage() {
    const app = useApp();
    const { params } = app;
    const project = `${app.organization}/${app.project}`;
    const environment = useEnvironment();
    const range = useMemo(() => readRange(params, exploreRange), [params]);
    const { tabs, setTabs, update, active, latest } = useTabs(project);
    const [side, setSide] = useState<Side>(() => (window.innerWidth < narrow ? "none" : load(sideKey, "schema", isSide)));
    const [history, setHistory] = useState<Past[]>(() => loadHistory(project));
    const editor = useRef<EditorHandle>(null);
    const pane = useRef<HTMLDivElement>(null);
    const { schema, vocabulary, fetchValues } = useVocabulary(project, bounds(range, Date.now()).from);
    const runs = useRuns((_, { text, result, error }) => {
        setHistory((list) => {
            const next = remember(list, { sql: text, at: Date.now(), elapsed: result?.elapsed ?? null, rows: result?.rows.length ?? null, error: error?.detail ?? null });
            saveHistory(project, next);
            return next;
        });
    });
    const outcome = runs.outcome(active.id);
    const isRunning = outcome?.state === "running";

    const askedFor = (sql: string, limit: number, explain: boolean): Asked => {
        const ends = bounds(range, Date.now());
        return { sql, from: isoTime(ends.from), to: range.kind === "custom" ? isoTime(ends.to) : undefined, limit, environment, explain, timezone: zoneOfQueries() };
    };
    /** The text that the address was made for, so that a change from elsewhere is seen. */
    const addressed = useRef<string | null>(null);
    const address = (tab: Tab, sql: string | null, view: ExploreView) => {
        addressed.current = sql;
        setParams({ sql, view: view === "table" ? null : view, limit: tab.limit === 1000 ? null : String(tab.limit) }, { replace: true });
    };
    const runTab = (tab: Tab, text: string, from: number, to: number, view = tab.view, limit = tab.limit) => {
        const statement = statementAt(text, from, to);
        if (!statement) return;
        update(tab.id, { ran: text, sql: text, view, limit });
        address({ ...tab, limit }, text, view);
        runs.start(tab.id, askedFor(statement.sql, limit, view === "plan"), text, statement.at);
    };
    const run = (view?: ExploreView, limit?: number) => {
        const read = editor.current?.read() ?? { text: active.sql, from: 0, to: 0 };
        runTab(active, read.text, read.from, read.to, view ?? (active.view === "plan" && view === undefined ? "plan" : active.view), limit ?? active.limit);
    };

    // A statement in the address: a shared link, a page's "Open in Explore", going back.
    const wanted = params.get("sql");
    useEffect(() => {
        if (wanted === null || wanted === addressed.current) {
            if (wanted === null && addressed.current === null && active.ran !== null) address(active, active.ran, active.view);
            return;
        }
        const limit = Number(params.get("limit"));
        const view = params.get("view");
        const more = { ...(isView(view) ? { view } : {}), ...(limit > 0 ? { limit } : {}) };
        const next = open(latest.current, wanted, more);
        setTabs(next);
        const tab = next.list.find((t) => t.id === next.active)!;
        addressed.current = wanted;
        const known = runs.outcome(tab.id);
        if (!known || known.text !== wanted || known.state === "cancelled") runTab(tab, wanted, 0, 0);
    }, [wanted]);

    // Another window of time or environment: the same question again.
    const windowKey = `${JSON.stringify(range)}${environment ?? ""}`;
    const lastWindow = useRef(windowKey);
    useEffect(() => {
        if (lastWindow.current === windowKey) return;
        lastWindow.current = windowKey;
        if (outcome && active.ran !== null) runs.start(active.id, askedFor(outcome.asked.sql, active.limit, active.view === "plan"), outcome.text, outcome.statementAt);
    }, [windowKey]);

    const select = (id: string) => {
        const tab = tabs.list.find((t) => t.id === id)!;
        setTabs({ ...tabs, active: id });
        address(tab, tab.ran, tab.view);
    };
    const openSQL = (sql: string, more: Partial<Tab> = {}, isRun = true) => {
        const next = open(latest.current, sql, more);
        setTabs(next);
        const tab = next.list.find((t) => t.id === next.active)!;
        if (isRun) runTab(tab, sql, 0, 0);
        else address(tab, tab.ran, tab.view);
        editor.current?.focus();
    };
    const closeTab = (id: string) => {
        runs.drop(id);
        const next = close(tabs, id);
        setTabs(next);
        const tab = next.list.find((t) => t.id === next.active)!;
        address(tab, tab.ran, tab.view);
    };
    const addTab = () => {
        setTabs((t) => add(t, newTab()));
        address(active, null, "table");
        requestAnimationFrame(() => editor.current?.focus());
    };
    const show = (view: ExploreView) => {
        update(active.id, { view });
        if (active.ran !== null) address(active, active.ran, view);
        if (view === "plan" && outcome && !outcome.result?.plan && !isRunning) run("plan");
    };
    const format = () => {
        const read = editor.current?.read();
        if (read) editor.current?.replace(formatSQL(read.text));
    };
    const pickSide = (next: Side) => {
        const chosen = side === next ? "none" : next;
        setSide(chosen);
        save(sideKey, chosen);
    };

    const place = useMemo<FaultPlace | null>(() => {
        if (outcome?.state !== "failed" || outcome.error?.position == null || outcome.text !== active.sql) return null;
        const from = outcome.statementAt + offsetOf(outcome.asked.sql, outcome.error.position);
        return { from, to: from + wordLength(outcome.text, from) };
    }, [outcome, active.sql]);
    const fault = useMemo(() => (place && outcome?.error ? { ...place, message: outcome.error.detail } : null), [place, outcome]);
    const suggestion = useMemo(() => {
        if (!place || !outcome?.error) return null;
        const word = outcome.text.slice(place.from, place.to).split(".").pop()!;
        if (!/^\w{2,}$/.test(word) || isKeyword(word)) return null;
        if (outcome.error.code === "unknown_table") return nearest(word, vocabulary.tables.map((t) => t.name));
        if (!/column|referenced|not found/i.test(outcome.error.detail)) return null;
        return nearest(word, new Set(vocabulary.tables.flatMap((t) => t.columns.map((c) => c.name))));
    }, [place, outcome, vocabulary]);

    useLayoutEffect(() => {
        const listener = (event: KeyboardEvent) => {
            const isCommand = event.ctrlKey || event.metaKey;
            if (isCommand && event.key === "Enter" && !event.defaultPrevented) run();
            else if (event.key === "Escape" && isRunning && !event.defaultPrevented) runs.cancel(active.id);
            else if (event.altKey && !isCommand && event.code === "KeyN") addTab();
            else if (event.altKey && !isCommand && event.code === "KeyW") closeTab(active.id);
            else if (event.altKey && !isCommand && /^Digit[1-9]$/.test(event.code) && tabs.list[Number(event.code.slice(5)) - 1]) select(tabs.list[Number(event.code.slice(5)) - 1]!.id);
            else return;
            event.preventDefault();
        };
        window.addEventListener("keydown", listener);
        return () => window.removeEventListener("keydown", listener);
    });
    useKeys({
        "1": () => show("table"),
        "2": () => show("chart"),
        "3": () => show("details"),
        "4": () => show("plan"),
        b: () => pickSide("schema"),
        h: () => pickSide("history"),
        i: () => editor.current?.focus(),
        n: addTab,
    });

    const setWindow = (next: Range) => {
        const changed = new URLSearchParams(params);
        writeRange(changed, next, exploreRange);
        setParams({ range: changed.get("range"), from: changed.get("from"), to: changed.get("to") });
    };
    const limits = [100, 1000, 10_000, 100_000, active.limit].filter((n, i, all) => n <= Math.max(app.config.query_limit_max, 100) && all.indexOf(n) === i).sort((a, b) => a - b);
    const higher = limits.find((n) => n > active.limit);
    const isEmpty = active.sql.trim() === "";
    const sideTabs = [
        { id: "schema", label: "Tables" },
        { id: "history", label: "History", count: history.length },
    ];
    const link = () => new URL(withParams(app.path({ name: "explore" }), exploreParams({ sql: active.sql, range, environment, view: active.view, ...(active.limit === 1000 ? {} : { limit: active.limit }) })), window.location.href).href;
    const current = (): Asked | null => {
        const read = editor.current?.read();
        const statement = read ? statementAt(read.text, read.from, read.to) : null;
        return statement ? askedFor(statement.sql, active.limit, false) : null;
    };

    return (
        <>
            <TopBar
                search={
                    <div className="explore-top">
                        <h1>Explore</h1>
                        <TabStrip tabs={tabs} isRunning={(id) => runs.outcome(id)?.state === "running"} onSelect={select} onClose={closeTab} onNew={addTab} onRename={(id, name) => update(id, { name })} />
                    </div>
                }
                range={<RangePicker range={range} onChange={setWindow} />}
            />
            <div className={`explore ${side === "none" ? "has-no-side" : ""}`}>
                <aside className="explore-side" aria-label="Tables and history">
                    {side === "none" ? (
                        <div className="side-buttons">
                            <SideButton icon="table" label="Tables" hint="b" onClick={() => pickSide("schema")} />
                            <SideButton icon="clock" label="History" hint="h" onClick={() => pickSide("history")} />
                        </div>
                    ) : (
                        <div className="side-head">
                            <SideTabs tabs={sideTabs} selected={side} onSelect={(id) => side !== id && pickSide(id as Side)} label="Beside the editor" prefix="side-" />
                            <SideButton icon="close" label="Hide the tables and the history" hint={side === "schema" ? "b" : "h"} onClick={() => pickSide(side)} />
                        </div>
                    )}
                    {side === "schema" && <SchemaBrowser schema={schema} vocabulary={vocabulary} onInsert={(text) => editor.current?.insert(text)} onOpen={(sql) => openSQL(sql)} />}
                    {side === "history" && (
                        <HistoryPanel
                            history={history}
                            onOpen={(sql) => openSQL(sql, {}, false)}
                            onForget={(sql) => {
                                const next = sql === null ? [] : history.filter((p) => p.sql !== sql);
                                setHistory(next);
                                saveHistory(project, next);
                            }}
                        />
                    )}
                </aside>
                <div className="explore-main" id="query-panel" role="tabpanel" aria-label="Query">
                    <RowSplit
                        upper={<Editor ref={editor} id={active.id} text={active.sql} onChange={(sql) => update(latest.current.active, { sql })} onRun={() => run()} onFormat={format} vocabulary={vocabulary} fetchValues={fetchValues} fault={fault} />}
                        lower={
                            <div className="explore-answer">
                                <Toolbar isRunning={isRunning} canRun={!isEmpty} limit={active.limit} limits={limits} site={{ url: app.config.base_url, project, isLoopback: app.config.is_loopback }} asked={current} link={link} onRun={() => run(active.view === "plan" ? "table" : undefined)} onCancel={() => runs.cancel(active.id)} onFormat={format} onExplain={() => run("plan")} onLimit={(limit) => update(active.id, { limit })} />
                                {isRunning && <Running since={outcome.since} onCancel={() => runs.cancel(active.id)} />}
                                {outcome?.state === "failed" && outcome.error && (
                                    <Fault
                                        error={outcome.error}
                                        text={outcome.text}
                                        place={place}
                                        suggestion={suggestion}
                                        onReveal={() => place && editor.current?.reveal(place.from, place.to)}
                                        onRetry={() => run()}
                                        onReplace={(name) => {
                                            if (!place) return;
                                            const word = outcome.text.slice(place.from, place.to);
                                            const from = place.to - word.split(".").pop()!.length;
                                            editor.current?.replaceAt(from, place.to, name);
                                            run();
                                        }}
                                    />
                                )}
                                {outcome?.state === "cancelled" && (
                                    <p className="state muted" role="status">
                                        Cancelled, here and on the server. Run it again with Ctrl+Enter.
                                    </p>
                                )}
                                {outcome?.result && outcome.state !== "failed" && outcome.state !== "cancelled" && (
                                    <ResultPane key={active.id} outcome={outcome} view={active.view === "plan" && !outcome.result.plan ? "table" : active.view} onView={show} chart={active.chart} onChart={(chart) => update(active.id, { chart })} onMore={higher === undefined ? null : () => run(undefined, higher)} pane={pane} />
                                )}
                                {!outcome && (isEmpty ? <Examples onOpen={(example) => openSQL(example.sql, { name: example.title, view: example.view })} /> : <p className="state muted">Ctrl+Enter runs the statement.</p>)}
                            </div>
                        }
                    />
                </div>
            </div>
        </>
    );
}

