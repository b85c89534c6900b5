import { useMemo, useState } from "react";
import { fetchRetention, KeepRule, previewRetention, RetentionPreview, saveRetention, StoredRetention } from "../../../api/retention";
import { ConfirmDialog } from "../../../app/ConfirmDialog";
import { useApp } from "../../../app/context";
import { Button } from "../../../components/form";
import { Icon } from "../../../components/Icon";
import { ErrorBox, FailedAction, Loading } from "../../../components/states";
import { useAction } from "../../../lib/useAction";
import { useAsync } from "../../../lib/useAsync";
import { canonical, replaced, useDraft, without } from "../../../lib/useDraft";
import { NeedsProject } from "../NeedsProject";
import { Panel } from "../Panel";
import { SaveBar } from "../SaveBar";
import { Limits } from "./Limits";
import { Log } from "./Log";
import { previewText, PreviewTable } from "./PreviewTable";
import { RuleRow } from "./RuleRow";
import { ruleFault, ruleNote, settingsOf } from "./rules";

export function Retention() {
    return <NeedsProject>{(id) => <Loaded projectId={id} />}</NeedsProject>;
}

function Loaded({ projectId }: { projectId: string }) {
    const stored = useAsync(`retention:${projectId}`, (signal) => fetchRetention(projectId, signal));
    if (!stored.data) return stored.error ? <ErrorBox error={stored.error} onRetry={stored.reload} /> : <Loading what="the retention settings" />;
    return <Editor projectId={projectId} stored={stored.data} onSaved={stored.reload} />;
}

function Editor({ projectId, stored, onSaved }: { projectId: string; stored: StoredRetention; onSaved(): void }) {
    const { canManage } = useApp();
    const settings = useMemo(() => settingsOf(stored), [stored]);
    const draft = useDraft(settings);
    const { value, change } = draft;
    const { rules } = value;
    const [asked, setAsked] = useState<RetentionPreview | null>(null);
    const [shown, setShown] = useState<{ of: string; preview: RetentionPreview } | null>(null);
    const [turn, setTurn] = useState(0);
    const store = async () => {
        draft.adopt(settingsOf(await saveRetention(projectId, value)));
        setShown(null);
        setTurn((t) => t + 1);
        onSaved();
    };
    // What removes something is asked for first.
    const save = useAction(async () => {
        const preview = await previewRetention(projectId, value);
        if (preview.records + preview.metric_points > 0) setAsked(preview);
        else await store();
    });
    const look = useAction(async () => setShown({ of: canonical(value), preview: await previewRetention(projectId, value) }));
    const fields = { ...look.error?.fields, ...save.error?.fields };
    const isBlocked = rules.some((rule) => ruleFault(rule) !== null);
    const add = (rule: KeepRule) => change({ rules: [...rules, rule] });
    return (
        <>
            <Limits stored={stored} value={value} fields={fields} disabled={!canManage} onChange={change} />
            <Panel
                title="Keep rules"
                lead="What stays when the rest of its day goes. A record that a rule keeps keeps its whole trace, with all messages."
                tools={
                    canManage && (
                        <Button onClick={() => add({ name: "", condition: "service", days: 90, value: "" })}>
                            <Icon name="plus" size={12} /> Add a rule
                        </Button>
                    )
                }
            >
                {rules.length === 0 && (
                    <p className="empty-line">
                        No rule: a day goes with everything in it.{" "}
                        {canManage && (
                            <button type="button" className="link-button" onClick={() => add({ name: "errors", condition: "error", days: 90 })}>
                                Keep errors for 90 days
                            </button>
                        )}
                    </p>
                )}
                <ol className="rules">
                    {rules.map((rule, index) => (
                        <RuleRow
                            key={index}
                            rule={rule}
                            index={index}
                            fields={fields}
                            note={ruleNote(rule, value, stored.server.days)}
                            disabled={!canManage}
                            onChange={(next) => change({ rules: replaced(rules, index, next) })}
                            onRemove={() => change({ rules: without(rules, index) })}
                        />
                    ))}
                </ol>
                {rules.length > 0 && value.days === null && value.bytes === null && stored.server.disk_budget_bytes === null && <p className="muted small">Rules alone remove nothing: without a limit everything is kept.</p>}
            </Panel>
            <Panel
                title="What this removes"
                lead="What would go now with the settings above, saved or not. Nothing is changed by looking."
                tools={
                    <Button isBusy={look.isBusy} disabled={isBlocked} onClick={() => void look.run()}>
                        Preview
                    </Button>
                }
            >
                <FailedAction error={look.error} />
                {look.isBusy ? (
                    <Loading what="what would be removed" />
                ) : shown && shown.of === canonical(value) ? (
                    <PreviewTable preview={shown.preview} />
                ) : (
                    <p className="empty-line">{shown ? "The settings have changed since the last preview." : "Not looked at yet."}</p>
                )}
            </Panel>
            {canManage && (
                <div className="sticky-bar">
                    <SaveBar action={save} isDirty={draft.isDirty} isBlocked={isBlocked} onReset={draft.reset} note={isBlocked ? "A rule lacks its name or what it looks for." : "Not saved yet. Before anything is removed you are asked."} />
                </div>
            )}
            <Log projectId={projectId} turn={turn} onWorked={onSaved} />
            {asked && (
                <ConfirmDialog title="Remove these records?" verb="Save and remove" onConfirm={store} onClose={() => setAsked(null)}>
                    <p>{previewText(asked)}</p>
                    {asked.kept.length > 0 && asked.kept_records > 0 && <p>Rules keep {asked.kept_records.toLocaleString("en-US")} records of these days.</p>}
                    <p className="muted">From then on days go as they pass the limits. What is removed comes back from a backup only.</p>
                </ConfirmDialog>
            )}
        </>
    );
}
