import { KeyboardEvent, useState } from "react";
import { Icon } from "../../components/Icon";
import { Tabs, titleOf } from "./tabs";

/** The open queries; a double click or F2 names one. */
export function TabStrip({ tabs, isRunning, onSelect, onClose, onNew, onRename }: { tabs: Tabs; isRunning(id: string): boolean; onSelect(id: string): void; onClose(id: string): void; onNew(): void; onRename(id: string, name: string): void }) {
    const [renaming, setRenaming] = useState<string | null>(null);
    const onKeyDown = (event: KeyboardEvent) => {
        if (renaming !== null) return;
        const at = tabs.list.findIndex((t) => t.id === tabs.active);
        const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        if (step !== 0) {
            const next = tabs.list[(at + step + tabs.list.length) % tabs.list.length]!;
            onSelect(next.id);
            document.getElementById(`query-${next.id}`)?.focus();
        } else if (event.key === "Delete") onClose(tabs.active);
        else if (event.key === "F2") setRenaming(tabs.active);
        else return;
        event.preventDefault();
        event.stopPropagation();
    };
    return (
        <div className="query-tabs">
            <div className="query-tab-list" role="tablist" aria-label="Queries" onKeyDown={onKeyDown}>
                {tabs.list.map((tab) => {
                    const isOn = tab.id === tabs.active;
                    if (renaming === tab.id) {
                        const finish = (name: string) => {
                            onRename(tab.id, name.trim());
                            setRenaming(null);
                        };
                        return (
                            <input
                                key={tab.id}
                                className="query-rename"
                                aria-label="Name of the query"
                                autoFocus
                                defaultValue={tab.name === "" ? titleOf(tab) : tab.name}
                                onFocus={(event) => event.target.select()}
                                onBlur={(event) => finish(event.target.value)}
                                onKeyDown={(event) => {
                                    event.stopPropagation();
                                    if (event.key === "Enter") finish(event.currentTarget.value);
                                    else if (event.key === "Escape") setRenaming(null);
                                }}
                            />
                        );
                    }
                    return (
                        <button
                            key={tab.id}
                            id={`query-${tab.id}`}
                            type="button"
                            role="tab"
                            aria-selected={isOn}
                            aria-controls="query-panel"
                            tabIndex={isOn ? 0 : -1}
                            className={isOn ? "query-tab is-on" : "query-tab"}
                            title={`${tab.sql.trim().slice(0, 300) || "Nothing written yet"}\n\nDouble click or F2 names it, Delete closes it`}
                            onClick={() => onSelect(tab.id)}
                            onDoubleClick={() => setRenaming(tab.id)}
                            onAuxClick={(event) => {
                                if (event.button === 1) onClose(tab.id);
                            }}
                        >
                            {isRunning(tab.id) && <span className="query-dot" aria-label="running" role="img" />}
                            <span>{titleOf(tab)}</span>
                        </button>
                    );
                })}
            </div>
            <button type="button" className="icon-button" title="Close this query (Alt+W)" aria-label="Close this query" onClick={() => onClose(tabs.active)}>
                <Icon name="close" size={12} />
            </button>
            <button type="button" className="icon-button" title="New query (Alt+N)" aria-label="New query" onClick={onNew}>
                <Icon name="plus" size={13} />
            </button>
        </div>
    );
}
