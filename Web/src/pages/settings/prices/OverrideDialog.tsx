import { useState } from "react";
import { addOverride, Price, Prices } from "../../../api/prices";
import { FormDialog } from "../../../app/FormDialog";
import { Button, Notice, SelectField, TextField } from "../../../components/form";
import { FailedAction } from "../../../components/states";
import { readPrice, sortedUnits, unitOf } from "../../../lib/prices";
import { useAction } from "../../../lib/useAction";

export interface OverrideStart {
    provider?: string;
    model?: string;
    prices?: Prices;
}

const usual = ["input_mtok", "cache_read_mtok", "output_mtok"];
const others = ["cache_write_mtok", "cache_write_5m_mtok", "cache_write_1h_mtok", "input_audio_mtok", "output_audio_mtok", "output_reasoning_mtok", "requests_kcount", "web_searches_kcount"];

export function OverrideDialog({ start, onAdded, onClose }: { start: OverrideStart; onAdded(): void; onClose(): void }) {
    const [model, setModel] = useState(start.model ?? "");
    const [provider, setProvider] = useState(start.provider ?? "");
    const [from, setFrom] = useState("");
    const [to, setTo] = useState("");
    const [note, setNote] = useState("");
    const [units, setUnits] = useState<string[]>(() => [...new Set([...usual, ...sortedUnits(start.prices ?? {})])]);
    const [texts, setTexts] = useState<Record<string, string>>(() => startTexts(start.prices ?? {}));
    const [isTouched, setTouched] = useState(false);
    const hasTiers = Object.values(start.prices ?? {}).some((p) => typeof p === "object");
    const filled = units.filter((key) => (texts[key] ?? "").trim() !== "");
    const wrong = filled.filter((key) => readPrice(texts[key]!) === null);
    const period = from !== "" && to !== "" && to <= from ? "The end is not after the start." : null;
    const add = useAction(async () => {
        await addOverride({
            model: model.trim(),
            provider: provider.trim() === "" ? null : provider.trim(),
            prices: Object.fromEntries(filled.map((key) => [key, readPrice(texts[key]!)!])),
            start_date: from === "" ? null : from,
            end_date: to === "" ? null : to,
            note: note.trim() === "" ? null : note.trim(),
        });
        onAdded();
        onClose();
    });
    const fields = add.error?.fields ?? {};
    const isReady = model.trim() !== "" && filled.length > 0 && wrong.length === 0 && period === null;
    return (
        <FormDialog
            title="Override a price"
            isWide
            onClose={onClose}
            onSubmit={() => {
                setTouched(true);
                if (isReady) void add.run();
            }}
            actions={
                <>
                    <Button onClick={onClose}>Cancel</Button>
                    <Button type="submit" tone="primary" isBusy={add.isBusy}>
                        Save override
                    </Button>
                </>
            }
        >
            <div className="form-grid">
                <TextField data-first label="Model" className="mono" placeholder="gpt-4o*" hint="As calls name it; a * at the end stands for any text." value={model} error={fields.model ?? (isTouched && model.trim() === "" ? "Which model it is for." : null)} onChange={(event) => setModel(event.target.value)} />
                <TextField label="Provider" placeholder="any" hint="Empty for any provider." value={provider} error={fields.provider} onChange={(event) => setProvider(event.target.value)} />
            </div>
            <fieldset className="price-fields">
                <legend>Prices in US dollars</legend>
                <div className="form-grid">
                    {units.map((key) => {
                        const unit = unitOf(key);
                        return (
                            <TextField
                                key={key}
                                label={
                                    <>
                                        {unit.label} <span className="muted">/ {unit.per}</span>
                                    </>
                                }
                                inputMode="decimal"
                                placeholder="not set"
                                value={texts[key] ?? ""}
                                error={fields[`prices.${key}`] ?? (wrong.includes(key) ? "An amount, such as 2.50." : null)}
                                onChange={(event) => setTexts({ ...texts, [key]: event.target.value })}
                            />
                        );
                    })}
                    <SelectField label="Another unit" value="" onChange={(event) => event.target.value !== "" && setUnits([...units, event.target.value])}>
                        <option value="">add…</option>
                        {others
                            .filter((key) => !units.includes(key))
                            .map((key) => (
                                <option key={key} value={key}>
                                    {unitOf(key).label} / {unitOf(key).per}
                                </option>
                            ))}
                    </SelectField>
                </div>
                {isTouched && filled.length === 0 && (
                    <p className="field-error" role="alert">
                        At least one price.
                    </p>
                )}
                {(fields.prices ?? null) && <p className="field-error">{fields.prices}</p>}
            </fieldset>
            {hasTiers && <Notice>The model is priced by tiers; an override replaces them by one price each. What is left empty is not charged on its own: cached tokens then cost as much as other input.</Notice>}
            <div className="form-grid">
                <TextField label="From" type="date" hint="Empty: from the beginning." value={from} error={fields.start_date} onChange={(event) => setFrom(event.target.value)} />
                <TextField label="Until before" type="date" hint="Empty: no end." value={to} error={fields.end_date ?? period} onChange={(event) => setTo(event.target.value)} />
            </div>
            <TextField label="Note" placeholder="contract of 2026" value={note} onChange={(event) => setNote(event.target.value)} />
            <p className="muted small">
                It holds for calls that arrive from now on, by the time of the call. For what is stored, recompute afterwards.
            </p>
            <FailedAction error={add.error && Object.keys(fields).length === 0 ? add.error : null} />
        </FormDialog>
    );
}

function startTexts(prices: Record<string, Price>): Record<string, string> {
    return Object.fromEntries(Object.entries(prices).map(([key, price]) => [key, typeof price === "string" ? price : price.base]));
}
