import { useState } from "react";
import { query } from "../../api/client";
import { setParams } from "../../app/router";
import { Icon } from "../../components/Icon";
import { MenuItem, Popover } from "../../components/Popover";
import { compact } from "../../lib/format";
import { levelNames } from "../../lib/level";
import { bounds, Range } from "../../lib/range";
import { isoTime } from "../../lib/time";
import { useAsync } from "../../lib/useAsync";
import { kinds, pillClauses, Pills, valuesSQL } from "./filters";

/** Values asked for, and drawn at once. */
const most = 2000;
const drawn = 100;
/** From so many values on there is a box to search in. */
const searchFrom = 9;

export interface FilterPillsProps {
    pills: Pills;
    range: Range;
    isComparing: boolean;
    /** Where the list says how many new traces wait above. */
    freshSlot(element: HTMLElement | null): void;
}

export function FilterPills({ pills, range, isComparing, freshSlot }: FilterPillsProps) {
    const any = pills.service || pills.level || pills.scope || pills.tag || pills.kind;
    return (
        <div className="pills" role="toolbar" aria-label="Filters">
            <ValuePill name="service" label="Service" pills={pills} range={range} />
            <Pill name="level" label="Level" value={pills.level} shown={pills.level ? `≥ ${pills.level}` : null}>
                {(choose) => levelNames.map((l) => <Option key={l.name} id={l.name} label={`${l.name} and above`} value={pills.level} onChoose={choose} />)}
            </Pill>
            <ValuePill name="scope" label="Scope" pills={pills} range={range} />
            <ValuePill name="tag" label="Tag" pills={pills} range={range} />
            <ValuePill name="env" label="Environment" pills={pills} range={range} />
            <Pill name="kind" label="Kind" value={pills.kind} shown={kinds.find((k) => k.id === pills.kind)?.label.toLowerCase() ?? null}>
                {(choose) => kinds.map((k) => <Option key={k.id} id={k.id} label={k.label} value={pills.kind} onChoose={choose} />)}
            </Pill>
            {any && (
                <button type="button" className="filter-clear" onClick={() => setParams({ service: null, level: null, scope: null, tag: null, kind: null })}>
                    Clear
                </button>
            )}
            <span className="fresh-slot" ref={freshSlot} />
            <button type="button" className={`tool-button ${isComparing ? "is-on" : ""}`} aria-pressed={isComparing} onClick={() => setParams(isComparing ? { differs: null, box: null } : { differs: "1" })} title="Durations over time, and which values set a selection apart from everything else">
                What differs
            </button>
        </div>
    );
}

function Option({ id, label, value, hint, onChoose }: { id: string; label: string; value: string | null; hint?: string; onChoose(id: string): void }) {
    return (
        <MenuItem checked={id === value} hint={hint} onSelect={() => onChoose(id)}>
            <span dir="auto" title={label}>
                {label}
            </span>
        </MenuItem>
    );
}

interface PillProps {
    name: string;
    label: string;
    value: string | null;
    shown?: string | null;
    children(choose: (id: string) => void): JSX.Element | JSX.Element[];
}

function Pill({ name, label, value, shown, children }: PillProps) {
    return (
        <span className={`filter ${value ? "is-set" : ""}`}>
            <Popover
                className="filter-button"
                title={`Filter by ${label.toLowerCase()}${value ? `: ${value}` : ""}`}
                label={
                    <>
                        {label}
                        {value && <b>{shown ?? value}</b>}
                        {!value && <Icon name="down" size={10} />}
                    </>
                }
            >
                {(close) => {
                    const choose = (id: string | null) => {
                        setParams({ [name]: id });
                        close();
                    };
                    return (
                        <div role="menu" aria-label={label} className="filter-menu">
                            <MenuItem checked={value === null} onSelect={() => choose(null)}>
                                Any
                            </MenuItem>
                            {children(choose)}
                        </div>
                    );
                }}
            </Popover>
            {value && (
                <button type="button" className="filter-off" aria-label={`Remove the ${label.toLowerCase()} filter`} onClick={() => setParams({ [name]: null })}>
                    <Icon name="close" size={10} />
                </button>
            )}
        </span>
    );
}

type ValueName = "service" | "scope" | "tag" | "env";

function ValuePill({ name, label, pills, range }: { name: ValueName; label: string; pills: Pills; range: Range }) {
    return (
        <Pill name={name} label={label} value={pills[name]}>
            {(choose) => <Values name={name} label={label} pills={pills} range={range} onChoose={choose} />}
        </Pill>
    );
}

/** The values that records of the range really have under the other pills, with their numbers. */
function Values({ name, label, pills, range, onChoose }: { name: ValueName; label: string; pills: Pills; range: Range; onChoose(id: string): void }) {
    const [typed, setTyped] = useState("");
    const found = useAsync(name, (signal) => {
        const ends = bounds(range, Date.now());
        return query<{ value: string; n: number }>(valuesSQL(name, pillClauses(pills, name)), { from: isoTime(ends.from), to: range.kind === "custom" ? isoTime(ends.to) : undefined, limit: most, signal });
    });
    const chosen = pills[name];
    if (found.error) return <p className="menu-note">{found.error.detail}</p>;
    if (!found.data) return <p className="menu-note">Looking…</p>;
    const all = chosen !== null && !found.data.some((v) => v.value === chosen) ? [{ value: chosen, n: 0 }, ...found.data] : found.data;
    const needle = typed.trim().toLowerCase();
    const fitting = needle === "" ? all : all.filter((v) => v.value.toLowerCase().includes(needle));
    return (
        <>
            {all.length >= searchFrom && (
                <input
                    type="search"
                    autoFocus
                    className="filter-search"
                    placeholder={`Search ${all.length} values`}
                    aria-label={`Search values of ${label.toLowerCase()}`}
                    value={typed}
                    onChange={(event) => setTyped(event.target.value)}
                    onKeyDown={(event) => {
                        if (event.key === "Enter" && fitting[0]) onChoose(fitting[0].value);
                    }}
                />
            )}
            {fitting.slice(0, drawn).map((v) => (
                <Option key={v.value} id={v.value} label={v.value} value={chosen} hint={compact(v.n)} onChoose={onChoose} />
            ))}
            {fitting.length > drawn && <p className="menu-note">and {fitting.length - drawn} more: type to find them</p>}
            {all.length === 0 && <p className="menu-note">{name === "tag" ? "No record of this range has tags (logfire.info(…, _tags=['one']))." : name === "env" ? "No record of this range names its environment (deployment.environment.name)." : `No record of this range has a ${label.toLowerCase()}.`}</p>}
            {all.length > 0 && fitting.length === 0 && <p className="menu-note">No value contains “{typed.trim()}”.</p>}
        </>
    );
}
