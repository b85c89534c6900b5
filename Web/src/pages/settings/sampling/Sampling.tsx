import { useMemo } from "react";
import { fetchSampling, SamplingSettings, saveSampling, StoredSampling } from "../../../api/protect";
import { useApp } from "../../../app/context";
import { Button, Notice, Switch } from "../../../components/form";
import { Icon } from "../../../components/Icon";
import { NumberField } from "../../../components/NumberField";
import { ErrorBox, Loading } from "../../../components/states";
import { useAction } from "../../../lib/useAction";
import { useAsync } from "../../../lib/useAsync";
import { moved, replaced, useDraft, without } from "../../../lib/useDraft";
import { NeedsProject } from "../NeedsProject";
import { Panel } from "../Panel";
import { SaveBar } from "../SaveBar";
import { RuleRow } from "./RuleRow";
import { rateText, ruleFault } from "./rules";
import { Status } from "./Status";

export function Sampling() {
    return <NeedsProject>{(id) => <Loaded projectId={id} />}</NeedsProject>;
}

function Loaded({ projectId }: { projectId: string }) {
    const stored = useAsync(`sampling:${projectId}`, (signal) => fetchSampling(projectId, signal));
    if (!stored.data) return stored.error ? <ErrorBox error={stored.error} onRetry={stored.reload} /> : <Loading what="the sampling rules" />;
    return <Editor projectId={projectId} stored={stored.data} onSaved={stored.reload} />;
}

function settingsOf(stored: StoredSampling): SamplingSettings {
    const { updated_at: _updated, ...settings } = stored;
    return settings;
}

function Editor({ projectId, stored, onSaved }: { projectId: string; stored: StoredSampling; onSaved(): void }) {
    const { canManage, reloadConfig } = useApp();
    const settings = useMemo(() => settingsOf(stored), [stored]);
    const draft = useDraft(settings);
    const { value, change } = draft;
    const { rules } = value;
    const save = useAction(async () => {
        draft.adopt(settingsOf(await saveSampling(projectId, value)));
        onSaved();
        reloadConfig();
    });
    const fields = save.error?.fields ?? {};
    const isBlocked = rules.some((rule) => ruleFault(rule) !== null);
    return (
        <>
            <Panel title="Tail sampling">
                <Switch
                    label="Remove traces by the rules below"
                    hint="Everything is stored and shown in Live first. When a trace is complete, or nothing has been added to it for the idle time, the rules decide and what is not kept is removed."
                    checked={value.enabled}
                    disabled={!canManage}
                    onChange={(enabled) => change({ enabled })}
                />
                <div className="form-narrow">
                    <NumberField label="Idle time" unit="seconds" min={1} max={3600} value={value.idle_seconds} disabled={!canManage} error={fields.idle_seconds} hint="A trace without a new record for this long is decided as it is." onChange={(idle_seconds) => change({ idle_seconds: Math.round(idle_seconds) })} />
                </div>
                <Notice>
                    A record that is kept stands for others that were not: its <code>sample_weight</code> is 1 divided by the rate of the rule that kept it. Pages that count add up the weights, and say so; in SQL, <code>sum(sample_weight)</code> is the number that was sent.
                </Notice>
            </Panel>
            <Panel
                title="Rules"
                lead="The first rule that matches decides about the whole trace."
                tools={
                    canManage && (
                        <Button onClick={() => change({ rules: [...rules, { name: "", condition: "service", value: "", rate: 1 }] })}>
                            <Icon name="plus" size={12} /> Add a rule
                        </Button>
                    )
                }
            >
                {rules.length === 0 && <p className="empty-line">No rule: the rate below holds for every trace.</p>}
                <ol className="rules">
                    {rules.map((rule, index) => (
                        <RuleRow
                            key={index}
                            rule={rule}
                            index={index}
                            count={rules.length}
                            fields={fields}
                            disabled={!canManage}
                            onChange={(next) => change({ rules: replaced(rules, index, next) })}
                            onMove={(step) => change({ rules: moved(rules, index, step) })}
                            onRemove={() => change({ rules: without(rules, index) })}
                        />
                    ))}
                    <li className="rule rule-rest">
                        <div className="rule-grid rule-sampling">
                            <p>
                                <b>Everything else</b>
                                <span className="muted small"> what no rule matches</span>
                            </p>
                            <NumberField label="Keep" unit="%" scale={0.01} min={0} max={100} value={value.rest} disabled={!canManage} error={fields.rest} hint={rateText(value.rest)} onChange={(rest) => change({ rest })} />
                        </div>
                    </li>
                </ol>
            </Panel>
            {canManage && (
                <div className="sticky-bar">
                    <SaveBar action={save} isDirty={draft.isDirty} isBlocked={isBlocked} onReset={draft.reset} note={isBlocked ? "A rule lacks its name or what it looks for." : "Not saved yet. Traces that were decided already stay as they are."} />
                </div>
            )}
            <Status projectId={projectId} />
        </>
    );
}
