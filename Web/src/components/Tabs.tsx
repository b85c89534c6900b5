import type { KeyboardEvent } from "react";
import { count } from "../lib/format";
import { Kbd } from "./basic";

export interface Tab {
    id: string;
    label: string;
    count?: number;
    /** The key that leads to the tab. */
    keyName?: string;
}

export function Tabs({ tabs, selected, onSelect, label, prefix = "" }: { tabs: readonly Tab[]; selected: string; onSelect(id: string): void; label: string; prefix?: string }) {
    const onKeyDown = (event: KeyboardEvent) => {
        const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        if (step === 0) return;
        event.preventDefault();
        event.stopPropagation();
        const next = tabs[(tabs.findIndex((t) => t.id === selected) + step + tabs.length) % tabs.length]!;
        onSelect(next.id);
        document.getElementById(`${prefix}tab-${next.id}`)?.focus();
    };
    return (
        <div className="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
            {tabs.map((tab) => (
                <button key={tab.id} id={`${prefix}tab-${tab.id}`} type="button" role="tab" aria-selected={tab.id === selected} tabIndex={tab.id === selected ? 0 : -1} className={tab.id === selected ? "tab is-on" : "tab"} onClick={() => onSelect(tab.id)}>
                    {tab.label}
                    {tab.count !== undefined && <span className="tab-count">{count(tab.count)}</span>}
                    {tab.keyName && <Kbd>{tab.keyName}</Kbd>}
                </button>
            ))}
        </div>
    );
}
