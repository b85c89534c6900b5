import { useState } from "react";
import { createToken, NewToken, TokenKind } from "../../../api/manage";
import type { Role } from "../../../api/types";
import { useApp } from "../../../app/context";
import { FormDialog } from "../../../app/FormDialog";
import { Button, SelectField, TextField } from "../../../components/form";
import { FailedAction } from "../../../components/states";
import { expiresAt, Lifetime, lifetimes } from "../../../lib/expiry";
import { useAction } from "../../../lib/useAction";
import { NewTokenDialog } from "./NewTokenDialog";

const names: Record<TokenKind, string> = { write: "write token", read: "read token", api_key: "API key", user: "token" };

export function CreateTokenDialog({ kind, projectId, onCreated, onClose }: { kind: TokenKind; projectId: string; onCreated(): void; onClose(): void }) {
    const { organization, project } = useApp();
    const [description, setDescription] = useState("");
    const [lifetime, setLifetime] = useState<Lifetime>("never");
    const [day, setDay] = useState("");
    const [role, setRole] = useState<Role>("member");
    const [reach, setReach] = useState<"project" | "organization">("project");
    const [made, setMade] = useState<NewToken | null>(null);
    const end = expiresAt(lifetime, day, Date.now());
    const isWrong = lifetime === "custom" && (end === undefined || Date.parse(end) < Date.now());
    const create = useAction(async () => {
        const token = await createToken(kind, projectId, {
            ...(description.trim() === "" ? {} : { description: description.trim() }),
            ...(end === undefined ? {} : { expires_at: end }),
            ...(kind === "api_key" ? { role, organization_name: organization, ...(reach === "project" ? { project_id: projectId } : {}) } : {}),
        });
        setMade(token);
        onCreated();
    });
    if (made) return <NewTokenDialog token={made} onClose={onClose} />;
    return (
        <FormDialog
            title={`Create ${kind === "api_key" ? "an" : "a"} ${names[kind]}`}
            onClose={onClose}
            onSubmit={() => !isWrong && void create.run()}
            actions={
                <>
                    <Button onClick={onClose}>Cancel</Button>
                    <Button type="submit" tone="primary" disabled={isWrong} isBusy={create.isBusy}>
                        Create
                    </Button>
                </>
            }
        >
            <p className="muted">{kind === "api_key" ? `For the organization ${organization}.` : `For the project ${organization} / ${project}.`}</p>
            <TextField data-first label="Description" placeholder={kind === "write" ? "checkout service, production" : kind === "read" ? "weekly report" : "deployment script"} hint="Where it is used, so that you know what stops when you revoke it." value={description} error={create.error?.fields.description} onChange={(event) => setDescription(event.target.value)} />
            {kind === "api_key" && (
                <div className="form-grid">
                    <SelectField label="Rights" value={role} onChange={(event) => setRole(event.target.value as Role)} hint={{ viewer: "Reads everything, changes nothing.", member: "Sends, reads, changes settings and tokens of projects.", owner: "Everything: projects and members too." }[role]}>
                        <option value="viewer">viewer</option>
                        <option value="member">member</option>
                        <option value="owner">owner</option>
                    </SelectField>
                    <SelectField label="Reach" value={reach} onChange={(event) => setReach(event.target.value as "project" | "organization")}>
                        <option value="project">this project only</option>
                        <option value="organization">all projects of {organization}</option>
                    </SelectField>
                </div>
            )}
            <div className="form-grid">
                <SelectField label="Ends" value={lifetime} onChange={(event) => setLifetime(event.target.value as Lifetime)}>
                    {lifetimes.map((l) => (
                        <option key={l.id} value={l.id}>
                            {l.label}
                        </option>
                    ))}
                </SelectField>
                {lifetime === "custom" && <TextField label="Last day" type="date" value={day} error={day !== "" && isWrong ? "A day that is not over." : create.error?.fields.expires_at} onChange={(event) => setDay(event.target.value)} />}
            </div>
            <FailedAction error={create.error && !create.error.fields.description && !create.error.fields.expires_at ? create.error : null} />
        </FormDialog>
    );
}
