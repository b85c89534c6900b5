import type { SamplingCondition, SamplingRule } from "../../../api/protect";
import { SelectField, TextField } from "../../../components/form";
import { Icon } from "../../../components/Icon";
import { NumberField } from "../../../components/NumberField";
import { conditions, rateText, withCondition } from "./rules";

export function RuleRow(props: { rule: SamplingRule; index: number; count: number; fields: Readonly<Record<string, string>>; disabled: boolean; onChange(rule: SamplingRule): void; onMove(step: number): void; onRemove(): void }) {
    const { rule, index, fields, disabled, onChange } = props;
    const error = (field: string) => fields[`rules[${index}].${field}`];
    const name = rule.name || `rule ${index + 1}`;
    return (
        <li className="rule">
            <div className="rule-grid rule-sampling">
                <TextField label="Name" placeholder="errors" value={rule.name} disabled={disabled} error={error("name") ?? fields[`rules[${index}]`]} onChange={(event) => onChange({ ...rule, name: event.target.value })} />
                <SelectField label="When" value={rule.condition} disabled={disabled} error={error("condition")} onChange={(event) => onChange(withCondition(rule, event.target.value as SamplingCondition))}>
                    {conditions.map((c) => (
                        <option key={c.id} value={c.id}>
                            {c.label}
                        </option>
                    ))}
                </SelectField>
                <Detail rule={rule} error={error} disabled={disabled} onChange={onChange} />
                <NumberField label="Keep" unit="%" scale={0.01} min={0} max={100} value={rule.rate} disabled={disabled} error={error("rate")} hint={rateText(rule.rate)} onChange={(rate) => onChange({ ...rule, rate })} />
            </div>
            {!disabled && (
                <div className="rule-side">
                    <button type="button" className="icon-button" disabled={index === 0} onClick={() => props.onMove(-1)} aria-label={`Move ${name} up`} title="Up">
                        <Icon name="up" size={12} />
                    </button>
                    <button type="button" className="icon-button" disabled={index === props.count - 1} onClick={() => props.onMove(1)} aria-label={`Move ${name} down`} title="Down">
                        <Icon name="down" size={12} />
                    </button>
                    <button type="button" className="icon-button" onClick={props.onRemove} aria-label={`Remove ${name}`} title="Remove">
                        <Icon name="trash" />
                    </button>
                </div>
            )}
        </li>
    );
}

/** What the condition needs to know. */
function Detail({ rule, error, disabled, onChange }: { rule: SamplingRule; error(field: string): string | undefined; disabled: boolean; onChange(rule: SamplingRule): void }) {
    switch (rule.condition) {
        case "error":
        case "feedback":
            return <p className="rule-none muted small">{rule.condition === "error" ? "status ERROR or an exception" : "a thumb down or a negative score"}</p>;
        case "duration":
            return <NumberField label="Duration" unit="seconds" min={0} max={86400} value={rule.at_least} disabled={disabled} error={error("at_least")} onChange={(at_least) => onChange({ ...rule, at_least })} />;
        case "level":
            return (
                <SelectField label="Level" value={rule.level} disabled={disabled} error={error("level")} onChange={(event) => onChange({ ...rule, level: event.target.value })}>
                    {["debug", "info", "notice", "warn", "error", "fatal"].map((level) => (
                        <option key={level}>{level}</option>
                    ))}
                </SelectField>
            );
        case "evaluation":
            return (
                <div className="rule-pair">
                    <TextField label="Evaluation" placeholder="any" value={rule.evaluation ?? ""} disabled={disabled} error={error("evaluation")} onChange={(event) => onChange({ ...rule, evaluation: event.target.value === "" ? null : event.target.value })} />
                    <NumberField label="Below" min={-1e6} max={1e6} value={rule.below} disabled={disabled} error={error("below")} onChange={(below) => onChange({ ...rule, below })} />
                </div>
            );
        case "attribute":
            return (
                <div className="rule-pair">
                    <TextField label="Key" className="mono" placeholder="tenant" value={rule.key} disabled={disabled} error={error("key")} onChange={(event) => onChange({ ...rule, key: event.target.value })} />
                    <TextField label="Value" className="mono" placeholder="present" hint="* stands for any text" value={rule.value ?? ""} disabled={disabled} error={error("value")} onChange={(event) => onChange({ ...rule, value: event.target.value === "" ? null : event.target.value })} />
                </div>
            );
        case "service":
        case "span_name":
            return <TextField label={rule.condition === "service" ? "Service" : "Span name"} className="mono" placeholder={rule.condition === "service" ? "checkout" : "GET /health*"} hint="* stands for any text" value={rule.value} disabled={disabled} error={error("value")} onChange={(event) => onChange({ ...rule, value: event.target.value })} />;
    }
}
