import { useState } from "react";
import { fetchPasswordLink, PasswordLink, redeemPasswordLink } from "../../api/session";
import { navigate } from "../../app/router";
import { Link } from "../../components/basic";
import { Button, Notice, TextField } from "../../components/form";
import { ErrorBox, FailedAction, Loading } from "../../components/states";
import { passwordError, passwordLength } from "../../lib/names";
import { useAction } from "../../lib/useAction";
import { useAsync } from "../../lib/useAsync";
import { DoorFrame, Theming } from "./DoorFrame";
import { PasswordField } from "./PasswordField";

/** Sets a password by a link: the first one of somebody who was invited, or a new one. */
export function InvitePage({ code, theming }: { code: string; theming: Theming }) {
    const link = useAsync(`link:${code}`, (signal) => fetchPasswordLink(code, signal));
    const isReset = link.data?.purpose === "reset";
    return (
        <DoorFrame
            title={isReset ? "Choose a new password" : "Join Hearth"}
            lead={link.data && !isReset && link.data.organization_name ? `You are invited to the organization ${link.data.organization_name}.` : undefined}
            theming={theming}
        >
            {link.error?.status === 404 ? (
                <div className="door-form">
                    <Notice tone="warn">This link has expired or was used already. Ask an owner of the organization for a new one.</Notice>
                    <Link href="/login" className="button">
                        Go to sign in
                    </Link>
                </div>
            ) : link.error ? (
                <ErrorBox error={link.error} onRetry={link.reload} />
            ) : link.data ? (
                <LinkForm code={code} link={link.data} />
            ) : (
                <Loading what="the invitation" />
            )}
        </DoorFrame>
    );
}

function LinkForm({ code, link }: { code: string; link: PasswordLink }) {
    const [name, setName] = useState(link.name);
    const [password, setPassword] = useState("");
    const [isTouched, setTouched] = useState(false);
    const action = useAction(async () => {
        await redeemPasswordLink(code, { password, ...(link.purpose === "invite" && name.trim() !== "" ? { name: name.trim() } : {}) });
        navigate("/", { replace: true });
    });
    const refused = action.error?.fields.password;
    return (
        <form
            className="door-form"
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                setTouched(true);
                if (passwordError(password) === null) void action.run();
            }}
        >
            <TextField label="E-mail" type="email" autoComplete="username" readOnly value={link.email} />
            {link.purpose === "invite" && <TextField label="Your name" autoComplete="name" value={name} onChange={(event) => setName(event.target.value)} />}
            <PasswordField
                isFirst
                label={link.purpose === "invite" ? "Password" : "New password"}
                autoComplete="new-password"
                hint={`At least ${passwordLength} characters.`}
                value={password}
                error={refused ?? (isTouched ? passwordError(password) : null)}
                onChange={setPassword}
            />
            <Button type="submit" tone="primary" isBusy={action.isBusy}>
                {link.purpose === "invite" ? "Join" : "Set the password"}
            </Button>
            <FailedAction error={refused ? null : action.error} />
        </form>
    );
}
