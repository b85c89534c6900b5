import { FormEvent, ReactNode, useState } from "react";
import { setParams } from "../app/router";
import { Icon } from "./Icon";
import { readNumber } from "./NumberField";
import { MenuItem, Popover } from "./Popover";

/** A filter that is a parameter of the address: what it is set to, and a cross to take it off. */
function PillFrame({ name, label, shown, children }: { name: string; label: string; shown: string | null; children(close: () => void): ReactNode }) {
    return (
        <span className={`filter ${shown !== null ? "is-set" : ""}`}>
            <Popover
                className="filter-button"
                title={`Filter by ${label.toLowerCase()}`}
                label={
                    <>
                        {label}
                        {shown !== null ? <b>{shown}</b> : <Icon name="down" size={10} />}
                    </>
                }
            >
                {children}
            </Popover>
            {shown !== null && (
                <button type="button" className="filter-off" aria-label={`Remove the ${label.toLowerCase()} filter`} onClick={() => setParams({ [name]: null })}>
                    <Icon name="close" size={10} />
                </button>
            )}
        </span>
    );
}

export interface PillOption {
    id: string;
    label: string;
    hint?: string;
}

/** One of several values, or any. */
export function SelectPill({ name, label, value, options, shown }: { name: string; label: string; value: string | null; options: readonly PillOption[]; shown?: string | null }) {
    const all = value !== null && !options.some((o) => o.id === value) ? [{ id: value, label: value }, ...options] : options;
    return (
        <PillFrame name={name} label={label} shown={value === null ? null : shown ?? value}>
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
                            hint={option.hint}
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
        </PillFrame>
    );
}

export interface Between {
    min: number | null;
    max: number | null;
}

/** `0.01..2`, `0.01..`, `..2` of an address; null for anything else. */
export function readBetween(text: string | null): Between | null {
    const match = /^([^.]*(?:\.\d+)?)\.\.(.*)$/.exec(text ?? "");
    if (!match) return null;
    const min = readNumber(match[1]!);
    const max = readNumber(match[2]!);
    return min === null && max === null ? null : { min, max };
}

export function writeBetween({ min, max }: Between): string | null {
    return min === null && max === null ? null : `${min ?? ""}..${max ?? ""}`;
}

/** `≥ $0.01`, `≤ 2s`, `1–2`: a range in as few characters as possible. */
export function betweenText({ min, max }: Between, format: (value: number) => string): string {
    if (min === null) return `≤ ${format(max!)}`;
    if (max === null) return `≥ ${format(min)}`;
    return `${format(min)} – ${format(max)}`;
}

/** A number between two bounds, either of which may be left open. */
export function BetweenPill({ name, label, unit, value, format }: { name: string; label: string; unit: string; value: Between | null; format(value: number): string }) {
    return (
        <PillFrame name={name} label={label} shown={value && betweenText(value, format)}>
            {(close) => <BetweenForm name={name} label={label} unit={unit} value={value} close={close} />}
        </PillFrame>
    );
}

function BetweenForm({ name, label, unit, value, close }: { name: string; label: string; unit: string; value: Between | null; close(): void }) {
    const [min, setMin] = useState(value?.min?.toString() ?? "");
    const [max, setMax] = useState(value?.max?.toString() ?? "");
    const isWrong = (text: string) => text.trim() !== "" && readNumber(text) === null;
    const isOutOfOrder = readNumber(min) !== null && readNumber(max) !== null && readNumber(min)! > readNumber(max)!;
    const wrong = isWrong(min) || isWrong(max) ? "Numbers only" : isOutOfOrder ? "The least is above the most" : null;
    const submit = (event: FormEvent) => {
        event.preventDefault();
        if (wrong !== null) return;
        setParams({ [name]: writeBetween({ min: readNumber(min), max: readNumber(max) }) });
        close();
    };
    return (
        <form className="custom-range" onSubmit={submit} aria-label={label}>
            <label>
                At least, {unit}
                <input inputMode="decimal" value={min} aria-invalid={isWrong(min)} onChange={(event) => setMin(event.target.value)} />
            </label>
            <label>
                At most, {unit}
                <input inputMode="decimal" value={max} aria-invalid={isWrong(max)} onChange={(event) => setMax(event.target.value)} />
            </label>
            <button type="submit" className="button" disabled={wrong !== null}>
                {wrong ?? "Apply"}
            </button>
        </form>
    );
}
