import { useEffect, useState } from "react";
import { changeProject, deleteProject, fetchProject, Project } from "../../../api/manage";
import { ConfirmDialog } from "../../../app/ConfirmDialog";
import { useApp } from "../../../app/context";
import { navigate, pagePath } from "../../../app/router";
import { Ago, CopyButton } from "../../../components/basic";
import { Button, Notice, TextField } from "../../../components/form";
import { ErrorBox, Loading } from "../../../components/states";
import { projectNameError } from "../../../lib/names";
import { useAction } from "../../../lib/useAction";
import { useAsync } from "../../../lib/useAsync";
import { NeedsProject } from "../NeedsProject";
import { Panel } from "../Panel";
import { SaveBar } from "../SaveBar";

export function General() {
    return <NeedsProject>{(id) => <ProjectSettings id={id} />}</NeedsProject>;
}

function ProjectSettings({ id }: { id: string }) {
    const project = useAsync(`project:${id}`, (signal) => fetchProject(id, signal));
    if (!project.data) return project.error ? <ErrorBox error={project.error} onRetry={project.reload} /> : <Loading what="the project" />;
    return (
        <>
            <Names project={project.data} onChange={project.reload} />
            <Facts project={project.data} />
            <Danger project={project.data} />
        </>
    );
}

function Names({ project, onChange }: { project: Project; onChange(): void }) {
    const { isOwner, reloadConfig } = useApp();
    const [name, setName] = useState(project.project_name);
    const [description, setDescription] = useState(project.description ?? "");
    const reset = () => {
        setName(project.project_name);
        setDescription(project.description ?? "");
    };
    useEffect(reset, [project.project_name, project.description]);
    const own = projectNameError(name);
    const save = useAction(async () => {
        const changed = await changeProject(project.id, {
            ...(name === project.project_name ? {} : { project_name: name }),
            description: description.trim() === "" ? null : description.trim(),
        });
        if (changed.project_name !== project.project_name) {
            navigate(pagePath(changed.organization_name, changed.project_name, { name: "settings", section: "general" }), { replace: true });
        }
        reloadConfig();
        onChange();
    });
    const refused = save.error?.fields.project_name ?? (save.error?.status === 409 ? save.error.detail : null);
    const isDirty = name !== project.project_name || description !== (project.description ?? "");
    return (
        <Panel title="Name and description">
            <div className="form-grid">
                <TextField
                    label="Name"
                    value={name}
                    disabled={!isOwner}
                    error={refused ?? (name === project.project_name ? null : own)}
                    hint={name === project.project_name ? "2 to 50 lower-case letters, digits and single hyphens between them." : "The address of every page changes with it; tokens keep working."}
                    onChange={(event) => {
                        setName(event.target.value);
                        save.clear();
                    }}
                />
                <TextField label="Description" value={description} disabled={!isOwner} hint="What sends here, for others." onChange={(event) => setDescription(event.target.value)} />
            </div>
            {isOwner && <SaveBar action={save} isDirty={isDirty} isBlocked={own !== null} onReset={reset} />}
        </Panel>
    );
}

function Facts({ project }: { project: Project }) {
    return (
        <Panel title="About">
            <dl className="fact-list">
                <dt>Organization</dt>
                <dd>{project.organization_name}</dd>
                <dt>Project id</dt>
                <dd>
                    <code>{project.id}</code>
                    <CopyButton text={project.id} label="Copy the project id" />
                </dd>
                <dt>Created</dt>
                <dd>
                    <Ago time={project.created_at} />
                </dd>
            </dl>
        </Panel>
    );
}

function Danger({ project }: { project: Project }) {
    const { isOwner } = useApp();
    const [isAsking, setAsking] = useState(false);
    const path = `${project.organization_name}/${project.project_name}`;
    const isDefault = path === "local/default";
    return (
        <Panel
            title="Delete the project"
            lead="Its records, tokens and settings are removed. This cannot be undone."
            tone="danger"
            tools={
                <Button tone="danger" disabled={!isOwner || isDefault} onClick={() => setAsking(true)}>
                    Delete…
                </Button>
            }
        >
            {isDefault ? <p className="muted small">The first project of the server takes what comes without a token; it cannot be deleted.</p> : !isOwner && <p className="muted small">Only an owner can delete a project.</p>}
            {isAsking && (
                <ConfirmDialog
                    title={`Delete ${path}`}
                    verb="Delete the project"
                    typed={path}
                    onClose={() => setAsking(false)}
                    onConfirm={async () => {
                        await deleteProject(project.id);
                        window.location.assign("/");
                    }}
                >
                    <Notice tone="warn">All records of this project are removed, and its tokens stop working at once. Programs that still send get an error.</Notice>
                </ConfirmDialog>
            )}
        </Panel>
    );
}
