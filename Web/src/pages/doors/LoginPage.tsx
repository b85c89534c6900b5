import { useEffect, useState } from "react";
import { fetchSession, signIn } from "../../api/session";
import { navigate, nextAddress } from "../../app/router";
import { Button, TextField } from "../../components/form";
import { ErrorBox, FailedAction, Loading } from "../../components/states";
import { duration } from "../../lib/format";
import { useAction } from "../../lib/useAction";
import { useAsync } from "../../lib/useAsync";
import { useCountdown } from "../../lib/useCountdown";
import { DoorFrame, Theming } from "./DoorFrame";
import { PasswordField } from "./PasswordField";

export function LoginPage({ params, theming }: { params: URLSearchParams; theming: Theming }) {
    const next = nextAddress(params);
    const session = useAsync("session", fetchSession);
    const isIn = session.data !== null && session.data.user !== null;
    const needsSetup = session.data?.needs_setup ?? false;
    useEffect(() => {
        if (isIn) navigate(next, { replace: true });
        else if (needsSetup) navigate("/setup", { replace: true });
    }, [isIn, needsSetup, next]);
    return (
        <DoorFrame title="Sign in" lead={next.startsWith("/device/") ? "A terminal asks for access; sign in to look at its request." : undefined} theming={theming}>
            {session.error ? <ErrorBox error={session.error} onRetry={session.reload} /> : !session.data || isIn || needsSetup ? <Loading what="your session" /> : <LoginForm next={next} />}
        </DoorFrame>
    );
}

function LoginForm({ next }: { next: string }) {
    const [email, setEmail] = useState("");
    const [password, setPassword] = useState("");
    const [isTouched, setTouched] = useState(false);
    const login = useAction(async () => {
        await signIn(email.trim(), password);
        navigate(next, { replace: true });
    });
    const wait = useCountdown(login.error?.status === 429 ? login.error.retryAfter : null, login.error);
    const isMissing = email.trim() === "" || password === "";
    return (
        <form
            className="door-form"
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                setTouched(true);
                if (!isMissing && wait === null) void login.run();
            }}
        >
            <TextField
                label="E-mail"
                type="email"
                name="email"
                autoComplete="username"
                inputMode="email"
                required
                autoFocus
                value={email}
                error={isTouched && email.trim() === "" ? "Enter your e-mail address." : null}
                onChange={(event) => setEmail(event.target.value)}
            />
            <PasswordField label="Password" autoComplete="current-password" value={password} error={isTouched && password === "" ? "Enter your password." : null} onChange={setPassword} />
            <Button type="submit" tone="primary" isBusy={login.isBusy} disabled={wait !== null}>
                {login.isBusy ? "Signing in…" : wait === null ? "Sign in" : `Wait ${duration(wait)}`}
            </Button>
            {wait !== null ? (
                <p className="failed-action" role="alert">
                    <span>
                        Too many attempts. <span className="muted">Try again in {duration(wait)}.</span>
                    </span>
                </p>
            ) : login.error?.status === 401 ? (
                <p className="failed-action" role="alert">
                    <span>
                        {login.error.detail} <span className="muted">Check both and try again; after several wrong attempts you have to wait.</span>
                    </span>
                </p>
            ) : (
                login.error?.status !== 429 && <FailedAction error={login.error} />
            )}
            <p className="door-note muted">No account, or the password is lost? An owner of your organization can send you a link under Settings → Members.</p>
        </form>
    );
}
