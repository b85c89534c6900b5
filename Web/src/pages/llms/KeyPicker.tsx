import { useState } from "react";
import { percent } from "../../lib/format";
import { useAsync } from "../../lib/useAsync";
import { fetchKeys, SeenKey } from "./facets";
import type { View } from "./useWindow";

/** Keys drawn at once. */
const most = 80;

/** What calls can be grouped or filtered by: only what some call of the window really has. */
export function KeyPicker({ view, chosen, onPick }: { view: View; chosen: readonly string[]; onPick(id: string): void }) {
    const [text, setText] = useState("");
    const found = useAsync(`keys\n${view.subject}`, (signal) => fetchKeys(view.at(Date.now()).window, signal));
    const wanted = (found.data ?? []).filter((k) => `${k.label} ${k.id}`.toLowerCase().includes(text.toLowerCase().trim()));
    return (
        <div className="keys" role="group" aria-label="Fields, attributes and resource keys">
            <input type="search" className="facet-search" placeholder="Search fields and attribute keys" aria-label="Search fields and attribute keys" value={text} onChange={(event) => setText(event.target.value)} />
            {found.error && <p className="menu-note is-bad">{found.error.detail}</p>}
            {!found.data && !found.error && <p className="menu-note">Reading which keys the calls have…</p>}
            {(["Fields", "Attributes", "Resource"] as const).map((group) => {
                const keys = wanted.filter((k) => k.group === group).slice(0, most);
                return keys.length === 0 ? null : (
                    <section key={group} aria-label={group}>
                        <div className="keys-head">{group}</div>
                        {keys.map((key) => (
                            <Key key={key.id} seen={key} isChosen={chosen.includes(key.id)} onPick={onPick} />
                        ))}
                    </section>
                );
            })}
            {found.data && wanted.length === 0 && <p className="menu-note">{text === "" ? "There are no calls to look at." : `No key contains “${text}”.`}</p>}
        </div>
    );
}

function Key({ seen, isChosen, onPick }: { seen: SeenKey; isChosen: boolean; onPick(id: string): void }) {
    return (
        <button type="button" className={`menu-item ${isChosen ? "is-checked" : ""}`} aria-pressed={isChosen} onClick={() => onPick(seen.id)} title={`${seen.label}: on ${percent(seen.share, 0)} of the newest calls`}>
            <bdi className="key-name">{seen.label}</bdi>
            <span className="menu-hint">{seen.share >= 0.995 ? "all" : seen.share < 0.01 ? "<1%" : percent(seen.share, 0)}</span>
        </button>
    );
}
