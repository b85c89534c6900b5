import { FormEvent, useState } from "react";
import { Icon } from "../components/Icon";
import { MenuItem, Popover } from "../components/Popover";
import { bounds, presets, Range } from "../lib/range";
import { clock, day } from "../lib/time";
import { inputTime, parseInput, setZone, useZone, zoneName } from "../lib/zone";

function label(range: Range): string {
    if (range.kind === "custom") return `${day(range.from)} ${clock(range.from)} – ${day(range.to) === day(range.from) ? "" : `${day(range.to)} `}${clock(range.to)}`;
    return presets.find((p) => p.id === range.id)?.label ?? range.id;
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
    const zone = useZone();
    const now = bounds(range, Date.now());
    const [from, setFrom] = useState(inputTime(now.from));
    const [to, setTo] = useState(inputTime(now.to));
    const isValid = parseInput(to) > parseInput(from);
    const submit = (event: FormEvent) => {
        event.preventDefault();
        if (isValid) onChange({ kind: "custom", from: parseInput(from), to: parseInput(to) });
    };
    return (
        <form className="custom-range" onSubmit={submit}>
            <label>
                From
                <input type="datetime-local" step="1" value={from} onChange={(event) => setFrom(event.target.value)} />
            </label>
            <label>
                To
                <input type="datetime-local" step="1" value={to} onChange={(event) => setTo(event.target.value)} />
            </label>
            <button type="submit" className="button" disabled={!isValid}>
                {isValid ? "Apply" : "The end is before the start"}
            </button>
            <p className="range-zone">
                Times are in {zone === "utc" ? "UTC" : `your zone, ${zoneName(Date.now())}`}.{" "}
                <button type="button" className="link-button" onClick={() => setZone(zone === "utc" ? "local" : "utc")}>
                    Use {zone === "utc" ? "your zone" : "UTC"}
                </button>
            </p>
        </form>
    );
}
