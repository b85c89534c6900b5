import { useState } from "react";
import { fetchTokens, removeToken } from "../../../api/manage";
import { changePassword, endSession, fetchSessions } from "../../../api/session";
import { useApp } from "../../../app/context";
import { Ago } from "../../../components/basic";
import { Button, Notice } from "../../../components/form";
import { ErrorBox, FailedAction, Loading } from "../../../components/states";
import { untilText } from "../../../lib/expiry";
import { unknown } from "../../../lib/format";
import { passwordError, passwordLength } from "../../../lib/names";
import { parseTime } from "../../../lib/time";
import { useAction } from "../../../lib/useAction";
import { useAsync } from "../../../lib/useAsync";
import { useSlowNow } from "../../../lib/useNow";
import { PasswordField } from "../../doors/PasswordField";
import { Panel } from "../Panel";

export function Account() {
    const { config } = useApp();
    return (
        <>
            {config.is_loopback ? (
                <Notice>The server listens on this machine only: there is no password to change and no session to end. Bound to another address it asks for accounts.</Notice>
            ) : (
                <>
                    <Password />
                    <Sessions />
                </>
            )}
            <Terminals />
        </>
    );
}

function Password() {
    const [current, setCurrent] = useState("");
    const [next, setNext] = useState("");
    const [isTouched, setTouched] = useState(false);
    const change = useAction(async () => {
        await changePassword(current, next);
        setCurrent("");
        setNext("");
        setTouched(false);
    });
    const wrong = change.error?.status === 401 || change.error?.status === 403 ? change.error.detail : change.error?.fields.current_password;
    const refused = change.error?.fields.new_password ?? change.error?.fields.password;
    return (
        <Panel title="Password" lead="Your other sessions end when it changes.">
            <form
                className="form-narrow"
                noValidate
                onSubmit={(event) => {
                    event.preventDefault();
                    setTouched(true);
                    if (current !== "" && passwordError(next) === null) void change.run();
                }}
            >
                <PasswordField label="Current password" autoComplete="current-password" value={current} error={wrong ?? (isTouched && current === "" ? "Enter the password you have now." : null)} onChange={setCurrent} />
                <PasswordField label="New password" autoComplete="new-password" hint={`At least ${passwordLength} characters.`} value={next} error={refused ?? (isTouched ? passwordError(next) : null)} onChange={setNext} />
                <div className="save-bar">
                    <Button type="submit" tone="primary" isBusy={change.isBusy}>
                        Change password
                    </Button>
                    <span className="save-state" role="status">
                        {change.isDone ? "Changed" : ""}
                    </span>
                </div>
                <FailedAction error={wrong || refused ? null : change.error} />
            </form>
        </Panel>
    );
}

function Sessions() {
    const sessions = useAsync("sessions", fetchSessions);
    const end = useAction(async (id: string) => {
        await endSession(id);
        sessions.reload();
    });
    return (
        <Panel title="Sessions" lead="Browsers that are signed in as you.">
            <FailedAction error={end.error} />
            {sessions.error && !sessions.data ? (
                <ErrorBox error={sessions.error} onRetry={sessions.reload} />
            ) : !sessions.data ? (
                <Loading what="your sessions" />
            ) : (
                <div className="table-wrap">
                    <table className="listing">
                        <thead>
                            <tr>
                                <th>Browser</th>
                                <th>Address</th>
                                <th>Last used</th>
                                <th>
                                    <span className="unseen">Actions</span>
                                </th>
                            </tr>
                        </thead>
                        <tbody>
                            {sessions.data.map((s) => (
                                <tr key={s.id}>
                                    <td className="cell-wide">
                                        {browserName(s.user_agent)}
                                        <small title={s.user_agent ?? undefined}>{s.is_current ? "this one" : "\u00a0"}</small>
                                    </td>
                                    <td className="mono">{s.address ?? unknown}</td>
                                    <td>
                                        <Ago time={s.last_used_at ?? s.created_at} />
                                    </td>
                                    <td className="cell-tools">
                                        {!s.is_current && (
                                            <Button isBusy={end.isBusy} onClick={() => void end.run(s.id)}>
                                                End
                                            </Button>
                                        )}
                                    </td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
        </Panel>
    );
}

/** `Firefox on Linux` out of a user agent. */
export function browserName(agent: string | null): string {
    if (agent === null || agent === "") return "Unknown browser";
    const browser = /Edg\//.test(agent) ? "Edge" : /Firefox\//.test(agent) ? "Firefox" : /Chrome\//.test(agent) ? "Chrome" : /Safari\//.test(agent) ? "Safari" : agent.split(/[ /]/)[0]!;
    const system = /Windows/.test(agent) ? "Windows" : /Android/.test(agent) ? "Android" : /iPhone|iPad/.test(agent) ? "iOS" : /Mac OS/.test(agent) ? "macOS" : /Linux/.test(agent) ? "Linux" : null;
    return system ? `${browser} on ${system}` : browser;
}

function Terminals() {
    const { organization } = useApp();
    const tokens = useAsync("user-tokens", (signal) => fetchTokens("user", "", organization, signal));
    const now = useSlowNow();
    const end = useAction(async (index: number) => {
        await removeToken(tokens.data![index]!, "");
        tokens.reload();
    });
    return (
        <Panel title="Signed-in terminals" lead={<>Machines that were let in with <code>logfire auth</code>.</>}>
            <FailedAction error={end.error} />
            {tokens.error && !tokens.data ? (
                <ErrorBox error={tokens.error} onRetry={tokens.reload} />
            ) : !tokens.data ? (
                <Loading what="your terminals" />
            ) : tokens.data.length === 0 ? (
                <p className="empty-line">
                    None. <code>logfire --base-url {window.location.origin} auth</code> asks here for access.
                </p>
            ) : (
                <div className="table-wrap">
                    <table className="listing">
                        <thead>
                            <tr>
                                <th>Terminal</th>
                                <th>Token</th>
                                <th>Granted</th>
                                <th>Last used</th>
                                <th>Expires</th>
                                <th>
                                    <span className="unseen">Actions</span>
                                </th>
                            </tr>
                        </thead>
                        <tbody>
                            {tokens.data.map((token, index) => (
                                <tr key={token.id} className={token.active ? "" : "is-over"}>
                                    <td className="cell-wide">{token.description ?? unknown}</td>
                                    <td>
                                        <code>{token.token_prefix}</code>
                                    </td>
                                    <td>
                                        <Ago time={token.created_at} />
                                    </td>
                                    <td>{token.last_used_at ? <Ago time={token.last_used_at} /> : <span className="muted">never</span>}</td>
                                    <td>{token.expires_at ? untilText(parseTime(token.expires_at), now) : <span className="muted">never</span>}</td>
                                    <td className="cell-tools">
                                        <Button tone="danger" isBusy={end.isBusy} onClick={() => void end.run(index)} aria-label={`Revoke the terminal ${token.description ?? token.token_prefix}`}>
                                            Revoke
                                        </Button>
                                    </td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
        </Panel>
    );
}
