import { KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { APIError, fetchAttributeKeys, query } from "../../api/client";
import { setParams } from "../../app/router";
import { Kbd } from "../../components/basic";
import { Icon } from "../../components/Icon";
import { Condition, looksLikeSQL } from "../../lib/search";
import { isoTime } from "../../lib/time";
import { useAsync } from "../../lib/useAsync";
import { comparedAt, suggest, valuesOf, Vocabulary } from "./complete";
import { recentSearches, rememberSearch } from "./recent";
import { SavedMenu } from "./SavedMenu";
import type { LiveState } from "./store";

/** Values of a column or attribute that are asked for. */
const mostValues = 500;

export function SearchBox({ text, filter, error, state }: { text: string; filter: Condition; error: APIError | null; state: LiveState }) {
    const [typed, setTyped] = useState(text);
    const [caret, setCaret] = useState(0);
    const [isFocused, setFocused] = useState(false);
    /** -1: nothing chosen, so that Enter runs what is typed. */
    const [chosen, setChosen] = useState(-1);
    const [isHidden, setHidden] = useState(false);
    const input = useRef<HTMLInputElement>(null);
    useEffect(() => setTyped(text), [text]);

    const keys = useAsync(isFocused ? "keys" : null, (signal) => fetchAttributeKeys(isoTime(Date.now() - 86400e3), signal));
    const compared = isFocused ? comparedAt(typed, caret) : null;
    const stored = useAsync(compared ? `values:${compared.name}` : null, (signal) => query<{ value: string }>(valuesOf(compared!), { from: isoTime(Date.now() - 86400e3), limit: mostValues, signal }));
    const vocabulary = useMemo<Vocabulary>(() => {
        const values = isFocused ? seenValues(state) : {};
        if (compared && stored.data) values[compared.name] = stored.data.map((v) => v.value);
        return { keys: keys.data ?? [], values, recent: isFocused ? recentSearches() : [] };
    }, [keys.data, state, isFocused, compared?.name, stored.data]);
    const suggestions = suggest(typed, caret, vocabulary);
    const isOpen = isFocused && !isHidden && suggestions.items.length > 0 && (typed !== text || caret > 0 || typed === "");

    const run = (value: string) => {
        setHidden(true);
        rememberSearch(value);
        setParams({ q: value.trim() });
    };
    const accept = (index: number) => {
        const item = suggestions.items[index];
        if (!item) return;
        if (item.kind === "recent") {
            setTyped(item.insert);
            run(item.insert);
            return;
        }
        const rest = typed.slice(caret);
        const next = typed.slice(0, suggestions.from) + item.insert + (item.insert.endsWith("'") && rest.startsWith("'") ? rest.slice(1) : rest);
        const at = suggestions.from + item.insert.length;
        setTyped(next);
        setChosen(-1);
        requestAnimationFrame(() => {
            input.current?.setSelectionRange(at, at);
            setCaret(at);
        });
    };
    const onKeyDown = (event: KeyboardEvent) => {
        const many = suggestions.items.length;
        if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
            setChosen((c) => (event.key === "ArrowDown" ? (c + 1) % many : c <= 0 ? many - 1 : c - 1));
        } else if (isOpen && event.key === "Tab" && !event.shiftKey && typed !== "") {
            accept(Math.max(0, chosen));
        } else if (event.key === "Enter") {
            if (isOpen && chosen >= 0) accept(chosen);
            else run(typed);
        } else if (event.key === "Escape") {
            if (isOpen) setHidden(true);
            else input.current?.blur();
        } else return;
        event.preventDefault();
        event.stopPropagation();
    };
    const follow = () => setCaret(input.current?.selectionStart ?? typed.length);
    const isBroken = error !== null && error.status === 400;

    return (
        <div className={`search ${isBroken ? "is-broken" : ""}`}>
            <Kbd>/</Kbd>
            <input
                ref={input}
                data-search
                type="text"
                role="combobox"
                aria-label="Filter: a SQL condition, or words to look for"
                aria-expanded={isOpen}
                aria-controls="search-list"
                aria-activedescendant={chosen >= 0 ? `search-${chosen}` : undefined}
                aria-invalid={isBroken}
                autoComplete="off"
                spellCheck={false}
                placeholder="level >= 13 AND service_name = 'agent'   or just words"
                value={typed}
                onChange={(event) => {
                    setTyped(event.target.value);
                    setCaret(event.target.selectionStart ?? event.target.value.length);
                    setChosen(-1);
                    setHidden(false);
                }}
                onSelect={follow}
                onKeyDown={onKeyDown}
                onFocus={() => {
                    setFocused(true);
                    setHidden(typed !== "");
                }}
                onBlur={() => setFocused(false)}
            />
            {typed !== text && <span className="search-hint">{typed.trim() === "" ? "Enter clears" : looksLikeSQL(typed) ? "Enter filters" : "Enter searches"}</span>}
            {typed !== "" && (
                <button
                    type="button"
                    className="icon-button"
                    aria-label="Clear the filter"
                    onClick={() => {
                        setTyped("");
                        run("");
                    }}
                >
                    <Icon name="close" size={12} />
                </button>
            )}
            <SavedMenu />
            {isOpen && (
                <ul id="search-list" className="suggestions" role="listbox" aria-label="Completions">
                    {suggestions.items.map((item, index) => (
                        <li
                            key={item.kind + item.label}
                            id={`search-${index}`}
                            role="option"
                            aria-selected={index === chosen}
                            className={index === chosen ? "is-on" : ""}
                            onPointerDown={(event) => {
                                event.preventDefault();
                                accept(index);
                            }}
                        >
                            <span className={`suggestion-kind kind-${item.kind}`}>{item.kind}</span>
                            <code>{item.label}</code>
                            <span className="muted">{item.note}</span>
                        </li>
                    ))}
                    <li className="suggestion-foot" role="presentation">
                        <Kbd>Tab</Kbd> completes <Kbd>↑</Kbd> <Kbd>↓</Kbd> choose <Kbd>Enter</Kbd> runs
                    </li>
                </ul>
            )}
            {isBroken && !isOpen && <SearchError error={error} filter={filter} />}
            {!isBroken && filter.isWords && text !== "" && !isOpen && (
                <div className="search-ran" role="status">
                    <span>
                        Words: messages, names and prompts that contain <b>{text.trim()}</b>
                    </span>
                    <button type="button" className="link-button" title={filter.typed} onClick={() => setParams({ q: filter.typed })}>
                        as SQL
                    </button>
                </div>
            )}
        </div>
    );
}

function SearchError({ error, filter }: { error: APIError; filter: Condition }) {
    const at = error.position === null ? null : error.position - filter.offset;
    const sql = filter.typed;
    return (
        <div className="search-error" role="alert">
            <strong>{error.detail}</strong>
            {at !== null && at >= 0 && at <= sql.length && (
                <code>
                    {sql.slice(0, at)}
                    <mark>{sql.slice(at, at + wordLength(sql.slice(at))) || " "}</mark>
                    {sql.slice(at + wordLength(sql.slice(at)))}
                </code>
            )}
            <span>{error.advice}</span>
        </div>
    );
}

function wordLength(rest: string): number {
    return Math.max(1, /^[\w.]+/.exec(rest)?.[0]?.length ?? 1);
}

/** Values of the columns that are compared most, from the records on the list. */
function seenValues(state: LiveState): Record<string, string[]> {
    const sets: Record<string, Set<string>> = {
        service_name: new Set(),
        otel_scope_name: new Set(),
        deployment_environment: new Set(),
        exception_type: new Set(),
        span_name: new Set(),
        http_method: new Set(),
        kind: new Set(["span", "log", "span_event", "pending_span"]),
        otel_status_code: new Set(["UNSET", "OK", "ERROR"]),
    };
    let looked = 0;
    for (const trace of state.order) {
        for (const { record } of trace.items.values()) {
            for (const column of Object.keys(sets)) {
                const value = (record as unknown as Record<string, unknown>)[column];
                if (typeof value === "string") sets[column]!.add(value);
            }
            looked += 1;
        }
        if (looked > 3000) break;
    }
    return Object.fromEntries(Object.entries(sets).map(([column, values]) => [column, [...values].sort()]));
}
