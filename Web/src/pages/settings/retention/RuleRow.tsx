import type { KeepCondition, KeepRule } from "../../../api/retention";
import { SelectField, Switch, TextArea, TextField } from "../../../components/form";
import { Icon } from "../../../components/Icon";
import { NumberField } from "../../../components/NumberField";
import { conditions, withCondition } from "./rules";

interface Props {
    rule: KeepRule;
    index: number;
    fields: Readonly<Record<string, string>>;
    note: string | null;
    disabled: boolean;
    onChange(rule: KeepRule): void;
    onRemove(): void;
}

export function RuleRow({ rule, index, fields, note, disabled, onChange, onRemove }: Props) {
    const error = (field: string) => fields[`rules[${index}].${field}`] ?? fields[`settings.rules[${index}].${field}`];
    return (
        <li className="rule">
            <div className="rule-grid rule-retention">
                <TextField label="Name" placeholder="errors" value={rule.name} disabled={disabled} error={error("name") ?? fields[`rules[${index}]`]} onChange={(event) => onChange({ ...rule, name: event.target.value })} />
                <SelectField label="Keep traces when" value={rule.condition} disabled={disabled} error={error("condition")} onChange={(event) => onChange(withCondition(rule, event.target.value as KeepCondition))}>
                    {conditions.map((c) => (
                        <option key={c.id} value={c.id}>
                            {c.label}
                        </option>
                    ))}
                </SelectField>
                <Detail rule={rule} error={error} disabled={disabled} onChange={onChange} />
                <div className="rule-days">
                    {rule.days === null ? (
                        <p className="rule-forever">
                            <span className="field-label">Keep for</span>
                            <span>as long as anything is kept</span>
                        </p>
                    ) : (
                        <NumberField label="Keep for" unit="days" min={0} max={36500} value={rule.days} disabled={disabled} error={error("days")} hint={note ?? undefined} onChange={(days) => onChange({ ...rule, days: Math.round(days) })} />
                    )}
                    <Switch label="No end" checked={rule.days === null} disabled={disabled} hint={rule.days === null ? note ?? undefined : undefined} onChange={(isForever) => onChange({ ...rule, days: isForever ? null : 90 })} />
                </div>
            </div>
            {!disabled && (
                <div className="rule-side">
                    <button type="button" className="icon-button" onClick={onRemove} aria-label={`Remove ${rule.name || `rule ${index + 1}`}`} title="Remove">
                        <Icon name="trash" />
                    </button>
                </div>
            )}
        </li>
    );
}

const placeholders: Partial<Record<KeepCondition, [label: string, placeholder: string]>> = {
    service: ["Service", "checkout"],
    environment: ["Environment", "production"],
    span_name: ["Name", "POST /orders*"],
    tag: ["Tag", "vip"],
    metric: ["Metric", "every metric"],
};

/** What the condition needs to know. */
function Detail({ rule, error, disabled, onChange }: { rule: KeepRule; error(field: string): string | undefined; disabled: boolean; onChange(rule: KeepRule): void }) {
    switch (rule.condition) {
        case "error":
            return <p className="rule-none muted small">status ERROR or an exception</p>;
        case "exception":
            return <p className="rule-none muted small">caught or not</p>;
        case "level":
            return (
                <SelectField label="Level" value={rule.level ?? "error"} disabled={disabled} error={error("level")} onChange={(event) => onChange({ ...rule, level: event.target.value })}>
                    {["debug", "info", "notice", "warn", "error", "fatal"].map((level) => (
                        <option key={level}>{level}</option>
                    ))}
                </SelectField>
            );
        case "kind":
            return (
                <SelectField label="Kind" value={rule.value ?? "log"} disabled={disabled} error={error("value")} onChange={(event) => onChange({ ...rule, value: event.target.value })}>
                    {["span", "log", "span_event"].map((kind) => (
                        <option key={kind}>{kind}</option>
                    ))}
                </SelectField>
            );
        case "attribute":
            return (
                <div className="rule-pair">
                    <TextField label="Key" className="mono" placeholder="tenant" value={rule.key ?? ""} disabled={disabled} error={error("key")} onChange={(event) => onChange({ ...rule, key: event.target.value })} />
                    <TextField label="Value" className="mono" placeholder="present" hint="* stands for any text" value={rule.value ?? ""} disabled={disabled} error={error("value")} onChange={(event) => onChange({ ...rule, value: event.target.value === "" ? null : event.target.value })} />
                </div>
            );
        case "sql":
            return <TextArea label="Condition" className="mono" rows={2} placeholder="duration > 30 AND tags IS NOT NULL" hint="as after WHERE, over records" value={rule.sql ?? ""} disabled={disabled} error={error("sql")} onChange={(event) => onChange({ ...rule, sql: event.target.value })} />;
        default: {
            const [label, placeholder] = placeholders[rule.condition] ?? ["Value", ""];
            return <TextField label={label} className="mono" placeholder={placeholder} hint="* stands for any text" value={rule.value ?? ""} disabled={disabled} error={error("value")} onChange={(event) => onChange({ ...rule, value: event.target.value === "" && rule.condition === "metric" ? null : event.target.value })} />;
        }
    }
}
