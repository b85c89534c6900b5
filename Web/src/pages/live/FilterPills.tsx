import { useMemo } from "react";
import { setParams } from "../../app/router";
import { Icon } from "../../components/Icon";
import { MenuItem, Popover } from "../../components/Popover";
import { levelNames } from "../../lib/level";
import { kinds, Pills } from "./filters";
import type { LiveState } from "./store";

/** How many records are looked at for the values offered. */
const sample = 4000;

/** `freshSlot` is where the list says how many new traces wait above. */
export function FilterPills({ pills, state, freshSlot }: { pills: Pills; state: LiveState; freshSlot(element: HTMLElement | null): void }) {
    const values = useMemo(() => {
        const services = new Map<string, number>();
        const scopes = new Map<string, number>();
        let looked = 0;
        for (const trace of state.order) {
            for (const { record } of trace.items.values()) {
                if (record.service_name) services.set(record.service_name, (services.get(record.service_name) ?? 0) + 1);
                if (record.otel_scope_name) scopes.set(record.otel_scope_name, (scopes.get(record.otel_scope_name) ?? 0) + 1);
                looked += 1;
            }
            if (looked > sample) break;
        }
        const names = (m: Map<string, number>) => [...m.entries()].sort((a, b) => b[1] - a[1]).map(([name]) => ({ id: name, label: name }));
        return { services: names(services), scopes: names(scopes) };
    }, [state]);
    const any = pills.service || pills.level || pills.scope || pills.kind;
    return (
        <div className="pills" role="toolbar" aria-label="Filters">
            <Pill name="service" label="Service" value={pills.service} options={values.services} />
            <Pill name="level" label="Level" value={pills.level} options={levelNames.map((l) => ({ id: l.name, label: `${l.name} and above` }))} shown={pills.level ? `≥ ${pills.level}` : null} />
            <Pill name="scope" label="Scope" value={pills.scope} options={values.scopes} />
            <Pill name="kind" label="Kind" value={pills.kind} options={kinds.map((k) => ({ id: k.id, label: k.label }))} shown={kinds.find((k) => k.id === pills.kind)?.label.toLowerCase() ?? null} />
            {any && (
                <button type="button" className="filter-clear" onClick={() => setParams({ service: null, level: null, scope: null, kind: null })}>
                    Clear
                </button>
            )}
            <span className="fresh-slot" ref={freshSlot} />
        </div>
    );
}

interface PillProps {
    name: string;
    label: string;
    value: string | null;
    options: { id: string; label: string }[];
    shown?: string | null;
}

function Pill({ name, label, value, options, shown }: PillProps) {
    const all = value !== null && !options.some((o) => o.id === value) ? [{ id: value, label: value }, ...options] : options;
    return (
        <span className={`filter ${value ? "is-set" : ""}`}>
            <Popover
                className="filter-button"
                title={`Filter by ${label.toLowerCase()}`}
                label={
                    <>
                        {label}
                        {value && <b>{shown ?? value}</b>}
                        {!value && <Icon name="down" size={10} />}
                    </>
                }
            >
                {(close) => (
                    <div role="menu" aria-label={label}>
                        <MenuItem
                            checked={value === null}
                            onSelect={() => {
                                setParams({ [name]: null });
                                close();
                            }}
                        >
                            Any
                        </MenuItem>
                        {all.map((option) => (
                            <MenuItem
                                key={option.id}
                                checked={option.id === value}
                                onSelect={() => {
                                    setParams({ [name]: option.id });
                                    close();
                                }}
                            >
                                {option.label}
                            </MenuItem>
                        ))}
                    </div>
                )}
            </Popover>
            {value && (
                <button type="button" className="filter-off" aria-label={`Remove the ${label.toLowerCase()} filter`} onClick={() => setParams({ [name]: null })}>
                    <Icon name="close" size={10} />
                </button>
            )}
        </span>
    );
}
