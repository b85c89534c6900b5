import { useState } from "react";
import { Icon } from "../../components/Icon";
import { ErrorBox } from "../../components/states";
import type { Async } from "../../lib/useAsync";
import { attributePath, literal } from "../../lib/sql";
import type { Table } from "./schema";
import type { Vocabulary } from "./complete";

/** Tables, their columns with types and meaning, and attribute keys that records have. A click puts the name into the editor. */
export function SchemaBrowser({ schema, vocabulary, onInsert, onOpen }: { schema: Async<Table[]>; vocabulary: Vocabulary; onInsert(text: string): void; onOpen(sql: string): void }) {
    const [typed, setTyped] = useState("");
    const [open, setOpen] = useState<ReadonlySet<string>>(new Set(["records"]));
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (text: string) => words.every((w) => text.toLowerCase().includes(w));
    const isSearching = words.length > 0;
    const toggle = (name: string) =>
        setOpen((before) => {
            const after = new Set(before);
            if (!after.delete(name)) after.add(name);
            return after;
        });
    const keys = [...vocabulary.attributes.map((key) => ({ key, insert: attributePath(key), of: "attributes" })), ...vocabulary.resourceAttributes.map((key) => ({ key, insert: `otel_resource_attributes->>${literal(key)}`, of: "resource" }))];
    // Keys that begin with what was typed come first.
    const starts = (key: string) => (key.toLowerCase().startsWith(words[0] ?? "") ? 0 : 1);
    const shownKeys = isSearching ? keys.filter((k) => fits(k.key)).sort((a, b) => starts(a.key) - starts(b.key)) : keys;
    const isKeysOpen = isSearching || open.has("\0keys");
    return (
        <div className="schema">
            <div className="schema-search">
                <Icon name="search" size={12} />
                <input type="search" data-search aria-label="Find a table, column or attribute" placeholder="Find a column or attribute" value={typed} onChange={(event) => setTyped(event.target.value)} />
            </div>
            {schema.error && <ErrorBox error={schema.error} onRetry={schema.reload} />}
            {schema.isLoading && !schema.data && (
                <p className="muted small pad" role="status">
                    Loading the tables…
                </p>
            )}
            <div className="schema-list">
                {(schema.data ?? []).map((table) => {
                    const columns = isSearching && !fits(table.name) ? table.columns.filter((c) => fits(`${c.name} ${c.description}`)) : table.columns;
                    if (isSearching && columns.length === 0) return null;
                    const isOpen = isSearching || open.has(table.name);
                    return (
                        <div key={table.name}>
                            <div className="schema-table">
                                <button type="button" aria-expanded={isOpen} title={table.description} onClick={() => toggle(table.name)}>
                                    <span className={`twist ${isOpen ? "is-open" : ""}`} aria-hidden="true" />
                                    <code>{table.name}</code>
                                    <span className="muted">{columns.length}</span>
                                </button>
                                <button type="button" className="icon-button" title={`New query on ${table.name}`} aria-label={`New query on ${table.name}`} onClick={() => onOpen(`SELECT *\nFROM ${table.name}\nORDER BY ${table.name === "metrics" ? "recorded_timestamp" : "start_timestamp"} DESC\nLIMIT 100`)}>
                                    <Icon name="play" size={10} />
                                </button>
                            </div>
                            {isOpen && table.description !== "" && !isSearching && <p className="schema-about">{table.description}</p>}
                            {isOpen && (
                                <ul>
                                    {columns.map((column) => (
                                        <li key={column.name}>
                                            <button type="button" title={`${column.description === "" ? column.name : column.description}\n\nClick to insert`} onClick={() => onInsert(column.name)}>
                                                <code>{column.name}</code>
                                                <span className="schema-type">{column.type}</span>
                                                {column.description !== "" && <small>{column.description}</small>}
                                            </button>
                                        </li>
                                    ))}
                                </ul>
                            )}
                        </div>
                    );
                })}
                {schema.data && shownKeys.length > 0 && (
                    <div>
                        <div className="schema-table">
                            <button type="button" aria-expanded={isKeysOpen} title="Keys that the newest records of the range have" onClick={() => toggle("\0keys")}>
                                <span className={`twist ${isKeysOpen ? "is-open" : ""}`} aria-hidden="true" />
                                <span>attribute keys seen</span>
                                <span className="muted">{shownKeys.length}</span>
                            </button>
                        </div>
                        {isKeysOpen && (
                            <ul>
                                {shownKeys.slice(0, 400).map((k) => (
                                    <li key={k.of + k.key}>
                                        <button type="button" title={`${k.insert}\n\nClick to insert`} onClick={() => onInsert(k.insert)}>
                                            <code>{k.key}</code>
                                            <span className="schema-type">{k.of}</span>
                                        </button>
                                    </li>
                                ))}
                            </ul>
                        )}
                    </div>
                )}
                {schema.data && isSearching && shownKeys.length === 0 && schema.data.every((t) => !fits(t.name) && !t.columns.some((c) => fits(`${c.name} ${c.description}`))) && <p className="muted small pad">Nothing is called so. Attributes of your own are found once records of the range have them.</p>}
            </div>
        </div>
    );
}
