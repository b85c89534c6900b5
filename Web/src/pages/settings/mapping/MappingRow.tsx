import { useState } from "react";
import type { MappingRule, StoredMapping } from "../../../api/mapping";
import { SelectField, Switch, TextField } from "../../../components/form";
import { Icon } from "../../../components/Icon";

const unitNames: Record<string, string> = { ns: "nanoseconds", us: "microseconds", ms: "milliseconds", s: "seconds", min: "minutes" };

export function MappingRow(props: { rule: MappingRule; index: number; available: StoredMapping["available"]; fields: Readonly<Record<string, string>>; disabled: boolean; onChange(rule: MappingRule): void; onRemove(): void }) {
    const { rule, index, available, fields, disabled } = props;
    const [isOpen, setOpen] = useState(rule.service_name !== null || rule.scope_name !== null || rule.span_name !== null);
    const error = (field: keyof MappingRule) => fields[`rules[${index}].${field}`];
    const set = (part: Partial<MappingRule>) => props.onChange({ ...rule, ...part });
    const field = available.fields.find((f) => f.id === rule.field);
    const orNull = (text: string) => (text === "" ? null : text);
    return (
        <li className={rule.enabled ? "rule" : "rule is-off"}>
            <div className="rule-grid rule-mapping">
                <TextField label="Attribute" className="mono" placeholder="model_name" value={rule.attribute} disabled={disabled} error={error("attribute") ?? fields[`rules[${index}]`]} onChange={(event) => set({ attribute: event.target.value })} />
                <span className="rule-arrow" aria-hidden="true">
                    →
                </span>
                <SelectField label="Field" value={rule.field} disabled={disabled} error={error("field")} onChange={(event) => set({ field: event.target.value, unit: null })}>
                    {!field && <option value={rule.field}>{rule.field}</option>}
                    {available.fields.map((f) => (
                        <option key={f.id} value={f.id}>
                            {f.title} ({f.id})
                        </option>
                    ))}
                </SelectField>
                {field?.type === "seconds" && (
                    <SelectField label="Unit" value={rule.unit ?? ""} disabled={disabled} error={error("unit")} onChange={(event) => set({ unit: orNull(event.target.value) })}>
                        <option value="">seconds</option>
                        {available.units
                            .filter((u) => u !== "s")
                            .map((u) => (
                                <option key={u} value={u}>
                                    {unitNames[u] ?? u}
                                </option>
                            ))}
                    </SelectField>
                )}
            </div>
            {isOpen && (
                <div className="rule-grid rule-conditions">
                    <TextField label="Only service" placeholder="all" value={rule.service_name ?? ""} disabled={disabled} error={error("service_name")} onChange={(event) => set({ service_name: orNull(event.target.value) })} />
                    <TextField label="Only scope" placeholder="all" value={rule.scope_name ?? ""} disabled={disabled} error={error("scope_name")} onChange={(event) => set({ scope_name: orNull(event.target.value) })} />
                    <TextField label="Only span name" placeholder="all" value={rule.span_name ?? ""} disabled={disabled} error={error("span_name")} onChange={(event) => set({ span_name: orNull(event.target.value) })} />
                </div>
            )}
            <div className="rule-foot">
                <Switch label="On" checked={rule.enabled} disabled={disabled} onChange={(enabled) => set({ enabled })} />
                <button type="button" className="link-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                    {isOpen ? "Fewer conditions" : "Only for some records…"}
                </button>
                <span className="rule-fill" />
                {!disabled && (
                    <button type="button" className="icon-button" onClick={props.onRemove} aria-label={`Remove the rule for ${rule.attribute || `line ${index + 1}`}`} title="Remove">
                        <Icon name="trash" />
                    </button>
                )}
            </div>
        </li>
    );
}
