import { useState } from "react";
import { Ago } from "../../components/basic";
import { Icon } from "../../components/Icon";
import { duration, plural } from "../../lib/format";
import { Past, searchHistory } from "./history";

/** Statements that ran in this browser, newest first. */
export function HistoryPanel({ history, onOpen, onForget }: { history: readonly Past[]; onOpen(sql: string): void; onForget(sql: string | null): void }) {
    const [typed, setTyped] = useState("");
    const found = searchHistory(history, typed);
    return (
        <div className="schema">
            <div className="schema-search">
                <Icon name="search" size={12} />
                <input type="search" data-search aria-label="Search the history" placeholder="Search what ran before" value={typed} onChange={(event) => setTyped(event.target.value)} />
            </div>
            <div className="schema-list">
                {history.length === 0 && <p className="muted small pad">Statements appear here when they have run. They stay in this browser.</p>}
                {history.length > 0 && found.length === 0 && <p className="muted small pad">No statement has all of these words.</p>}
                <ul className="past">
                    {found.map((p) => (
                        <li key={p.sql}>
                            <button type="button" className="past-open" title={p.sql} onClick={() => onOpen(p.sql)}>
                                <code>{p.sql}</code>
                                <small>
                                    <Ago time={p.at} />
                                    {p.error !== null ? <span className="is-bad" title={p.error}>failed</span> : <>{p.rows !== null && <span>{plural(p.rows, "row")}</span>}{p.elapsed !== null && <span>{duration(p.elapsed / 1000)}</span>}</>}
                                    {p.times > 1 && <span>{p.times}×</span>}
                                </small>
                            </button>
                            <button type="button" className="icon-button" aria-label="Forget this statement" title="Forget this statement" onClick={() => onForget(p.sql)}>
                                <Icon name="close" size={10} />
                            </button>
                        </li>
                    ))}
                </ul>
                {history.length > 1 && typed === "" && (
                    <button type="button" className="link-button small pad" onClick={() => onForget(null)}>
                        Forget all
                    </button>
                )}
            </div>
        </div>
    );
}
