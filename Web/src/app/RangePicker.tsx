import { FormEvent, useState } from "react";
import { Icon } from "../components/Icon";
import { MenuItem, Popover } from "../components/Popover";
import { bounds, presets, Range } from "../lib/range";
import { clock, day } from "../lib/time";

function label(range: Range): string {
    if (range.kind === "custom") return `${day(range.from)} ${clock(range.from)} – ${day(range.to) === day(range.from) ? "" : `${day(range.to)} `}${clock(range.to)}`;
    return presets.find((p) => p.id === range.id)?.label ?? range.id;
}

/** `2026-11-21T14:02`, in local time, as the input wants it. */
function inputValue(ms: number): string {
    const date = new Date(ms - new Date(ms).getTimezoneOffset() * 60000);
    return date.toISOString().slice(0, 16);
}

export function RangePicker({ range, onChange }: { range: Range; onChange(range: Range): void }) {
    return (
        <Popover
            align="right"
            title="Time range"
            label={
                <>
                    <Icon name="clock" />
                    <span>{label(range)}</span>
                </>
            }
        >
            {(close) => (
                <>
                    <div role="menu" aria-label="Time range">
                        {presets.map((p) => (
                            <MenuItem
                                key={p.id}
                                checked={range.kind === "last" && range.id === p.id}
                                hint={p.id}
                                onSelect={() => {
                                    onChange({ kind: "last", id: p.id, seconds: p.seconds });
                                    close();
                                }}
                            >
                                {p.label}
                            </MenuItem>
                        ))}
                    </div>
                    <CustomRange
                        range={range}
                        onChange={(next) => {
                            onChange(next);
                            close();
                        }}
                    />
                </>
            )}
        </Popover>
    );
}

function CustomRange({ range, onChange }: { range: Range; onChange(range: Range): void }) {
    const now = bounds(range, Date.now());
    const [from, setFrom] = useState(inputValue(now.from));
    const [to, setTo] = useState(inputValue(now.to));
    const isValid = Date.parse(to) > Date.parse(from);
    const submit = (event: FormEvent) => {
        event.preventDefault();
        if (isValid) onChange({ kind: "custom", from: Date.parse(from), to: Date.parse(to) });
    };
    return (
        <form className="custom-range" onSubmit={submit}>
            <label>
                From
                <input type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />
            </label>
            <label>
                To
                <input type="datetime-local" value={to} onChange={(event) => setTo(event.target.value)} />
            </label>
            <button type="submit" className="button" disabled={!isValid}>
                {isValid ? "Apply" : "The end is before the start"}
            </button>
        </form>
    );
}
