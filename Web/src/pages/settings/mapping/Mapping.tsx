import { useMemo } from "react";
import { fetchMapping, MappingRule, saveMapping, StoredMapping } from "../../../api/mapping";
import { useApp } from "../../../app/context";
import { Button } from "../../../components/form";
import { Icon } from "../../../components/Icon";
import { ErrorBox, Loading } from "../../../components/states";
import { useAction } from "../../../lib/useAction";
import { useAsync } from "../../../lib/useAsync";
import { replaced, useDraft, without } from "../../../lib/useDraft";
import { NeedsProject } from "../NeedsProject";
import { Panel } from "../Panel";
import { SaveBar } from "../SaveBar";
import { Apply } from "./Apply";
import { MappingRow } from "./MappingRow";
import { Similar } from "./Similar";

export function Mapping() {
    return <NeedsProject>{(id) => <Loaded projectId={id} />}</NeedsProject>;
}

function Loaded({ projectId }: { projectId: string }) {
    const stored = useAsync(`mapping:${projectId}`, (signal) => fetchMapping(projectId, signal));
    if (!stored.data) return stored.error ? <ErrorBox error={stored.error} onRetry={stored.reload} /> : <Loading what="the mapping rules" />;
    return <Editor projectId={projectId} stored={stored.data} onSaved={stored.reload} />;
}

export function blankRule(attribute: string, field: string): MappingRule {
    return { attribute, field, enabled: true, service_name: null, scope_name: null, span_name: null, unit: null };
}

function Editor({ projectId, stored, onSaved }: { projectId: string; stored: StoredMapping; onSaved(): void }) {
    const { canManage } = useApp();
    const settings = useMemo(() => ({ rules: stored.rules }), [stored]);
    const draft = useDraft(settings);
    const { rules } = draft.value;
    const change = (next: MappingRule[]) => draft.change({ rules: next });
    const save = useAction(async () => {
        draft.adopt({ rules: (await saveMapping(projectId, rules)).rules });
        onSaved();
    });
    const firstField = stored.available.fields[0]?.id ?? "model";
    const isBlocked = rules.some((rule) => rule.attribute.trim() === "");
    return (
        <>
            <Panel
                title="Rules"
                lead="The attribute on the left is read as the field on the right, before anything else that a record says of it. The attribute itself stays as it is."
                tools={
                    canManage && (
                        <Button disabled={rules.length >= stored.available.limits.rules} onClick={() => change([...rules, blankRule("", firstField)])}>
                            <Icon name="plus" size={12} /> Add a rule
                        </Button>
                    )
                }
            >
                {rules.length === 0 ? (
                    <p className="empty-line">No rule. Names of common libraries are known without one; below you see which keys look like a field.</p>
                ) : (
                    <ol className="rules">
                        {rules.map((rule, index) => (
                            <MappingRow
                                key={index}
                                rule={rule}
                                index={index}
                                available={stored.available}
                                fields={save.error?.fields ?? {}}
                                disabled={!canManage}
                                onChange={(next) => change(replaced(rules, index, next))}
                                onRemove={() => change(without(rules, index))}
                            />
                        ))}
                    </ol>
                )}
                {canManage && <SaveBar action={save} isDirty={draft.isDirty} isBlocked={isBlocked} onReset={draft.reset} note={isBlocked ? "A rule lacks its attribute." : "Not saved yet. Saved rules hold for what arrives from then on."} />}
            </Panel>
            <Apply projectId={projectId} isDirty={draft.isDirty} hasRules={stored.rules.length > 0} />
            <Similar projectId={projectId} titles={stored.available.fields} rules={rules} onAdd={canManage ? (key, field) => change([...rules, blankRule(key, field)]) : undefined} />
        </>
    );
}
