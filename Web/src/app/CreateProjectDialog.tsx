import { useState } from "react";
import { createProject } from "../api/manage";
import { Button, SelectField, TextField } from "../components/form";
import { FailedAction } from "../components/states";
import { projectNameError } from "../lib/names";
import { useAction } from "../lib/useAction";
import { useApp } from "./context";
import { FormDialog } from "./FormDialog";
import { navigate, pagePath } from "./router";

export function CreateProjectDialog({ onClose }: { onClose(): void }) {
    const app = useApp();
    const [name, setName] = useState("");
    const [description, setDescription] = useState("");
    const [isTouched, setTouched] = useState(false);
    // Only owners of an organization make projects in it.
    const organizations = [...new Set([...(app.isOwner ? [app.organization] : []), ...app.config.projects.filter((p) => p.role === "owner").map((p) => p.organization_name)])];
    const [organization, setOrganization] = useState(organizations[0] ?? app.organization);
    const create = useAction(async () => {
        const made = await createProject({ project_name: name, organization_name: organization, ...(description.trim() === "" ? {} : { description: description.trim() }) });
        app.reloadConfig();
        onClose();
        navigate(pagePath(made.organization_name, made.project_name, { name: "add" }));
    });
    const own = projectNameError(name);
    const refused = create.error?.fields.project_name ?? (create.error?.status === 409 ? create.error.detail : null);
    const submit = () => {
        setTouched(true);
        if (own === null) void create.run();
    };
    return (
        <FormDialog
            title="Create a project"
            onClose={onClose}
            onSubmit={submit}
            actions={
                <>
                    <Button onClick={onClose}>Cancel</Button>
                    <Button type="submit" tone="primary" isBusy={create.isBusy}>
                        Create project
                    </Button>
                </>
            }
        >
            {organizations.length > 1 && (
                <SelectField label="Organization" value={organization} onChange={(event) => setOrganization(event.target.value)}>
                    {organizations.map((o) => (
                        <option key={o}>{o}</option>
                    ))}
                </SelectField>
            )}
            <TextField
                data-first
                label="Name"
                value={name}
                maxLength={60}
                hint="2 to 50 lower-case letters, digits and single hyphens between them. It is part of the address."
                error={refused ?? (isTouched ? own : null)}
                onChange={(event) => {
                    setName(event.target.value);
                    create.clear();
                }}
            />
            <TextField label="Description" hint="Optional." value={description} error={create.error?.fields.description} onChange={(event) => setDescription(event.target.value)} />
            <FailedAction error={refused === null ? create.error : null} />
        </FormDialog>
    );
}
