import { useState } from "react";
import type { RetentionSettings, StoredRetention } from "../../../api/retention";
import { Fact } from "../../../components/basic";
import { Notice, SelectField, Switch } from "../../../components/form";
import { Meter } from "../../../components/Meter";
import { NumberField } from "../../../components/NumberField";
import { bytes, compact, plural } from "../../../lib/format";
import { Panel } from "../Panel";
import { SizeUnit, sizeUnit, sizeUnits } from "./rules";

export function Limits({ stored, value, fields, disabled, onChange }: { stored: StoredRetention; value: RetentionSettings; fields: Readonly<Record<string, string>>; disabled: boolean; onChange(part: Partial<RetentionSettings>): void }) {
    const [unit, setUnit] = useState<SizeUnit>(sizeUnit(value.bytes ?? stored.stored.bytes));
    const { server } = stored;
    return (
        <Panel title="Limits" lead="Days begin at midnight UTC and go as a whole, but for what the keep rules below keep.">
            <Stored stored={stored} limit={value.bytes} />
            <div className="retention-limit">
                <Switch label="Remove days by their age" hint="Counted by the time at which records start, beside the present day." checked={value.days !== null} disabled={disabled} onChange={(isOn) => onChange({ days: isOn ? Math.min(30, server.days ?? 30) : null })} />
                {value.days !== null && <NumberField label="Keep" unit="days" min={0} max={36500} value={value.days} disabled={disabled} error={fields.days} onChange={(days) => onChange({ days: Math.round(days) })} />}
            </div>
            <div className="retention-limit">
                <Switch label="Remove the oldest days when the folder grows too large" hint="Rows, messages and their search index. Removing begins at 95 %, so that the folder stays below." checked={value.bytes !== null} disabled={disabled} onChange={(isOn) => onChange({ bytes: isOn ? startSize(stored.stored.bytes) : null })} />
                {value.bytes !== null && (
                    <div className="retention-size">
                        <NumberField key={unit} label="Keep the folder below" min={unit === "MB" ? 1.1 : 0.002} max={1000} scale={sizeUnits[unit]} value={value.bytes} disabled={disabled} error={fields.bytes} onChange={(size) => onChange({ bytes: Math.round(size) })} />
                        <SelectField label="Unit" value={unit} disabled={disabled} onChange={(event) => setUnit(event.target.value as SizeUnit)}>
                            {Object.keys(sizeUnits).map((name) => (
                                <option key={name}>{name}</option>
                            ))}
                        </SelectField>
                    </div>
                )}
            </div>
            {server.days !== null && (
                <Notice>
                    This server keeps nothing longer than {plural(server.days, "day")} (<code>--retention-days</code>), keep rules included.
                </Notice>
            )}
            {server.disk_budget_bytes !== null && (
                <Notice>
                    All projects of this server together may take {bytes(server.disk_budget_bytes)} (<code>--disk-budget-bytes</code>): the oldest days of any project go first.
                </Notice>
            )}
        </Panel>
    );
}

/** A limit that removes nothing at once: twice what there is, in round figures. */
function startSize(now: number): number {
    const wanted = Math.max(1e9, now * 2);
    const step = 10 ** Math.floor(Math.log10(wanted));
    return Math.ceil(wanted / step) * step;
}

function Stored({ stored, limit }: { stored: StoredRetention; limit: number | null }) {
    const s = stored.stored;
    if (s.days === 0) return <p className="empty-line">No day is stored in its final files yet; what has just come gets there within an hour.</p>;
    return (
        <div className="retention-stored">
            <div className="facts">
                <Fact label="Stored">{bytes(s.bytes)}</Fact>
                <Fact label="Records">{compact(s.records)}</Fact>
                {s.metric_points > 0 && <Fact label="Metric points">{compact(s.metric_points)}</Fact>}
                <Fact label="Days">
                    {plural(s.days, "day")}, {s.first_day} to {s.last_day}
                </Fact>
                {s.kept_days > 0 && <Fact label="Cut down by rules">{plural(s.kept_days, "day")}</Fact>}
            </div>
            {limit !== null && limit > 0 && <Meter done={Math.min(s.bytes, limit)} total={limit} label={`${bytes(s.bytes)} of ${bytes(limit)}`} />}
        </div>
    );
}
