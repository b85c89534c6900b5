import { useMemo } from "react";
import { fetchRedaction, RedactionSettings, saveRedaction, StoredRedaction } from "../../../api/protect";
import { useApp } from "../../../app/context";
import { Switch, TextArea } from "../../../components/form";
import { ErrorBox, Loading } from "../../../components/states";
import { useAction } from "../../../lib/useAction";
import { useAsync } from "../../../lib/useAsync";
import { useDraft } from "../../../lib/useDraft";
import { NeedsProject } from "../NeedsProject";
import { Panel } from "../Panel";
import { SaveBar } from "../SaveBar";
import { Audit } from "./Audit";
import { Detectors } from "./Detectors";
import { OwnRules } from "./OwnRules";
import { Trial } from "./Trial";

export function Redaction() {
    return <NeedsProject>{(id) => <Loaded projectId={id} />}</NeedsProject>;
}

function Loaded({ projectId }: { projectId: string }) {
    const stored = useAsync(`redaction:${projectId}`, (signal) => fetchRedaction(projectId, signal));
    if (!stored.data) return stored.error ? <ErrorBox error={stored.error} onRetry={stored.reload} /> : <Loading what="the redaction rules" />;
    return <Editor projectId={projectId} stored={stored.data} onSaved={stored.reload} />;
}

function settingsOf(stored: StoredRedaction): RedactionSettings {
    const { updated_at: _updated, available: _available, ...settings } = stored;
    return settings;
}

function Editor({ projectId, stored, onSaved }: { projectId: string; stored: StoredRedaction; onSaved(): void }) {
    const { canManage } = useApp();
    const settings = useMemo(() => settingsOf(stored), [stored]);
    const draft = useDraft(settings);
    const { value, change } = draft;
    const save = useAction(async () => {
        draft.adopt(settingsOf(await saveRedaction(projectId, { ...value, exempt_keys: value.exempt_keys.map((k) => k.trim()).filter((k) => k !== "") })));
        onSaved();
    });
    const fields = save.error?.fields ?? {};
    return (
        <>
            <Panel title="Built-in set">
                <Switch
                    label="Scrub by the SDK's words"
                    hint="Values whose key or text contains password, secret, api key, session, cookie, credit card and the like are replaced. Clients of logfire do this themselves; switched on here it covers all others too."
                    checked={value.scrub_defaults}
                    disabled={!canManage}
                    onChange={(scrub_defaults) => change({ scrub_defaults })}
                />
            </Panel>
            <Detectors available={stored.available} detectors={value.detectors} disabled={!canManage} onChange={(detectors) => change({ detectors })} />
            <OwnRules rules={value.rules} limits={stored.available.limits} fields={fields} disabled={!canManage} onChange={(rules) => change({ rules })} />
            <Panel title="Content of model calls">
                <Switch
                    label="Drop message content"
                    hint="Prompts, answers and the arguments and results of tools are not stored. Roles, names of tools, tokens, cost and times stay."
                    checked={value.drop_message_content}
                    disabled={!canManage}
                    onChange={(drop_message_content) => change({ drop_message_content })}
                />
                <Switch
                    label="Drop binary content"
                    hint="Images, sound and files inside messages and attributes are not stored."
                    checked={value.drop_binary_content}
                    disabled={!canManage}
                    onChange={(drop_binary_content) => change({ drop_binary_content })}
                />
            </Panel>
            <Panel title="Exempt keys" lead="Attributes that no rule touches, one key a line.">
                <TextArea
                    isBare
                    label="Exempt keys, one a line"
                    rows={3}
                    placeholder="order.reference"
                    disabled={!canManage}
                    value={value.exempt_keys.join("\n")}
                    error={Object.entries(fields).find(([path]) => path.startsWith("exempt_keys"))?.[1]}
                    onChange={(event) => change({ exempt_keys: event.target.value === "" ? [] : event.target.value.split("\n") })}
                />
            </Panel>
            {canManage && (
                <div className="sticky-bar">
                    <SaveBar action={save} isDirty={draft.isDirty} onReset={draft.reset} note="Not saved yet. What is stored already is not changed by saving." />
                </div>
            )}
            <Trial projectId={projectId} settings={value} isDirty={draft.isDirty} />
            <Audit projectId={projectId} />
        </>
    );
}
