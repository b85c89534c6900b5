import type { RedactionAction, RedactionRule, StoredRedaction } from "../../../api/protect";
import { Button, SelectField, Switch, TextField } from "../../../components/form";
import { Icon } from "../../../components/Icon";
import { replaced, without } from "../../../lib/useDraft";
import { Panel } from "../Panel";
import { actionTexts } from "./Detectors";

const blank: RedactionRule = { name: "", target: "value", pattern: "", action: "replace", ignore_case: true, enabled: true };

export function OwnRules(props: { rules: readonly RedactionRule[]; limits: StoredRedaction["available"]["limits"]; fields: Readonly<Record<string, string>>; disabled: boolean; onChange(rules: RedactionRule[]): void }) {
    const { rules, fields, disabled, onChange } = props;
    return (
        <Panel
            title="Own rules"
            lead="Regular expressions over the text of values or over the keys of attributes. All rules apply, in any order."
            tools={
                !disabled && (
                    <Button disabled={rules.length >= props.limits.rules} onClick={() => onChange([...rules, blank])}>
                        <Icon name="plus" size={12} /> Add a rule
                    </Button>
                )
            }
        >
            {rules.length === 0 ? (
                <p className="empty-line">No rule of your own.</p>
            ) : (
                <ol className="rules">
                    {rules.map((rule, index) => (
                        <Rule key={index} rule={rule} index={index} fields={fields} disabled={disabled} onChange={(next) => onChange(replaced(rules, index, next))} onRemove={() => onChange(without(rules, index))} />
                    ))}
                </ol>
            )}
        </Panel>
    );
}

function Rule({ rule, index, fields, disabled, onChange, onRemove }: { rule: RedactionRule; index: number; fields: Readonly<Record<string, string>>; disabled: boolean; onChange(rule: RedactionRule): void; onRemove(): void }) {
    const error = (field: keyof RedactionRule) => fields[`rules[${index}].${field}`];
    const set = (part: Partial<RedactionRule>) => onChange({ ...rule, ...part });
    return (
        <li className={rule.enabled ? "rule" : "rule is-off"}>
            <div className="rule-grid rule-redaction">
                <TextField label="Name" placeholder="customer number" value={rule.name} disabled={disabled} error={error("name")} onChange={(event) => set({ name: event.target.value })} />
                <SelectField label="Looks at" value={rule.target} disabled={disabled} error={error("target")} onChange={(event) => set({ target: event.target.value as RedactionRule["target"] })}>
                    <option value="value">values</option>
                    <option value="key">keys</option>
                </SelectField>
                <TextField label="Pattern" className="mono" placeholder={rule.target === "key" ? "^internal\\." : "C-[0-9]{8}"} value={rule.pattern} disabled={disabled} error={error("pattern") ?? fields[`rules[${index}]`]} onChange={(event) => set({ pattern: event.target.value })} />
                <SelectField label="Action" value={rule.action} disabled={disabled} error={error("action")} onChange={(event) => set({ action: event.target.value as RedactionAction })}>
                    {(["replace", "hash", "drop"] as const).map((action) => (
                        <option key={action} value={action}>
                            {actionTexts[action]}
                        </option>
                    ))}
                </SelectField>
            </div>
            <div className="rule-foot">
                <Switch label="On" checked={rule.enabled} disabled={disabled} onChange={(enabled) => set({ enabled })} />
                <Switch label="Ignore upper and lower case" checked={rule.ignore_case} disabled={disabled} onChange={(ignore_case) => set({ ignore_case })} />
                <span className="rule-fill" />
                {!disabled && (
                    <button type="button" className="icon-button" onClick={onRemove} aria-label={`Remove the rule ${rule.name || index + 1}`} title="Remove">
                        <Icon name="trash" />
                    </button>
                )}
            </div>
        </li>
    );
}
