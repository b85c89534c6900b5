import { useState } from "react";
import { addMember, Invited } from "../../../api/manage";
import type { Role } from "../../../api/types";
import { useApp } from "../../../app/context";
import { FormDialog } from "../../../app/FormDialog";
import { Button, Notice, SelectField, TextField } from "../../../components/form";
import { FailedAction } from "../../../components/states";
import { emailError } from "../../../lib/names";
import { useAction } from "../../../lib/useAction";
import { LinkDialog } from "./LinkDialog";

export function InviteDialog({ onInvited, onClose }: { onInvited(): void; onClose(): void }) {
    const { organization } = useApp();
    const [email, setEmail] = useState("");
    const [name, setName] = useState("");
    const [role, setRole] = useState<Role>("member");
    const [isTouched, setTouched] = useState(false);
    const [made, setMade] = useState<Invited | null>(null);
    const invite = useAction(async () => {
        setMade(await addMember({ email: email.trim(), role, organization_name: organization, ...(name.trim() === "" ? {} : { name: name.trim() }) }));
        onInvited();
    });
    if (made?.password_link) return <LinkDialog title={`Link for ${made.name}`} link={made.password_link} expires={made.password_link_expires_at} onClose={onClose} />;
    if (made) {
        return (
            <FormDialog
                title="Added"
                onClose={onClose}
                onSubmit={onClose}
                actions={
                    <Button type="submit" tone="primary" data-first>
                        Done
                    </Button>
                }
            >
                <Notice tone="good">
                    {made.name} has an account on this server already and sees the projects of {organization} from now on.
                </Notice>
            </FormDialog>
        );
    }
    const refused = invite.error?.fields.email ?? (invite.error?.status === 409 ? invite.error.detail : null);
    return (
        <FormDialog
            title={`Invite to ${organization}`}
            onClose={onClose}
            onSubmit={() => {
                setTouched(true);
                if (emailError(email) === null) void invite.run();
            }}
            actions={
                <>
                    <Button onClick={onClose}>Cancel</Button>
                    <Button type="submit" tone="primary" isBusy={invite.isBusy}>
                        Invite
                    </Button>
                </>
            }
        >
            <TextField data-first type="email" label="E-mail" value={email} error={refused ?? (isTouched ? emailError(email) : null)} onChange={(event) => setEmail(event.target.value)} />
            <TextField label="Name" hint="Optional; they can change it when they join." value={name} onChange={(event) => setName(event.target.value)} />
            <SelectField label="Role" value={role} onChange={(event) => setRole(event.target.value as Role)}>
                <option>viewer</option>
                <option>member</option>
                <option>owner</option>
            </SelectField>
            <FailedAction error={refused === null ? invite.error : null} />
        </FormDialog>
    );
}
