import { useState } from "react";
import { fetchSession, setUp } from "../../api/session";
import { navigate } from "../../app/router";
import { Link } from "../../components/basic";
import { Button, Notice, TextField } from "../../components/form";
import { ErrorBox, FailedAction, Loading } from "../../components/states";
import { emailError, passwordError, passwordLength } from "../../lib/names";
import { useAction } from "../../lib/useAction";
import { useAsync } from "../../lib/useAsync";
import { DoorFrame, Theming } from "./DoorFrame";
import { PasswordField } from "./PasswordField";

/** The first owner of a new server, made once with the code that the server printed at its first start. */
export function SetupPage({ params, theming }: { params: URLSearchParams; theming: Theming }) {
    const session = useAsync("session", fetchSession);
    const lead = "Create the first account. It becomes owner of this server and can invite others.";
    return (
        <DoorFrame title="Set up Hearth" lead={session.data?.needs_setup === false ? undefined : lead} theming={theming}>
            {session.error ? (
                <ErrorBox error={session.error} onRetry={session.reload} />
            ) : !session.data ? (
                <Loading what="the state of this server" />
            ) : session.data.needs_setup ? (
                <SetupForm code={params.get("code") ?? ""} />
            ) : (
                <div className="door-form">
                    <Notice>This server is set up already. The code was good for one use.</Notice>
                    <Link href="/" className="button button-primary">
                        Go to Hearth
                    </Link>
                </div>
            )}
        </DoorFrame>
    );
}

function SetupForm({ code: given }: { code: string }) {
    const [code, setCode] = useState(given);
    const [name, setName] = useState("");
    const [email, setEmail] = useState("");
    const [password, setPassword] = useState("");
    const [isTouched, setTouched] = useState(false);
    const action = useAction(async () => {
        await setUp({ code: code.trim(), email: email.trim(), name: name.trim(), password });
        navigate("/", { replace: true });
    });
    const own = {
        code: code.trim() === "" ? "The code that the server printed when it started." : null,
        name: name.trim() === "" ? "How others will see you." : null,
        email: emailError(email),
        password: passwordError(password),
    };
    const refused = action.error?.fields ?? {};
    const wrongCode = action.error?.status === 403 ? action.error.detail : null;
    const at = (field: keyof typeof own) => refused[field] ?? (isTouched ? own[field] : null);
    const isNamed = wrongCode !== null || (["code", "name", "email", "password"] as const).some((field) => refused[field] !== undefined);
    return (
        <form
            className="door-form"
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                setTouched(true);
                if (Object.values(own).every((error) => error === null)) void action.run();
            }}
        >
            <TextField
                label="One-time code"
                className="mono"
                autoFocus={given === ""}
                required
                hint="The server printed it in its terminal or log at the first start."
                value={code}
                error={wrongCode ?? at("code")}
                onChange={(event) => setCode(event.target.value)}
            />
            <TextField label="Your name" name="name" autoComplete="name" autoFocus={given !== ""} required value={name} error={at("name")} onChange={(event) => setName(event.target.value)} />
            <TextField label="E-mail" type="email" name="email" autoComplete="username" required value={email} error={at("email")} onChange={(event) => setEmail(event.target.value)} />
            <PasswordField label="Password" autoComplete="new-password" hint={`At least ${passwordLength} characters.`} value={password} error={at("password")} onChange={setPassword} />
            <Button type="submit" tone="primary" isBusy={action.isBusy}>
                Create the account
            </Button>
            <FailedAction error={isNamed ? null : action.error} />
        </form>
    );
}
