import { ReactNode, useEffect, useState } from "react";
import { decideDevice, DeviceRequest, fetchDevice, fetchSession, signOut } from "../../api/session";
import { navigate } from "../../app/router";
import { Ago, Link } from "../../components/basic";
import { Button, Notice } from "../../components/form";
import { Icon } from "../../components/Icon";
import { ErrorBox, FailedAction, Loading } from "../../components/states";
import { unknown } from "../../lib/format";
import { parseTime } from "../../lib/time";
import { useAction } from "../../lib/useAction";
import { useAsync } from "../../lib/useAsync";
import { DoorFrame, Theming } from "./DoorFrame";

/** Consent for a terminal that asked for access with `logfire auth`. */
export function DevicePage({ code, theming }: { code: string; theming: Theming }) {
    const device = useAsync(`device:${code}`, (signal) => fetchDevice(code, signal));
    return (
        <DoorFrame title="A terminal asks for access" theming={theming}>
            {device.error?.status === 404 ? (
                <Outcome tone="warn" title="This request has expired">
                    Requests are good for a few minutes and for one use. Start again in the terminal; it prints a new address.
                </Outcome>
            ) : device.error && device.error.status !== 401 ? (
                <ErrorBox error={device.error} onRetry={device.reload} />
            ) : device.data ? (
                <Request code={code} request={device.data} />
            ) : (
                <Loading what="the request" />
            )}
        </DoorFrame>
    );
}

function Request({ code, request }: { code: string; request: DeviceRequest }) {
    const [decided, setDecided] = useState<"approved" | "denied" | "used" | null>(null);
    const isExpired = useIsPast(parseTime(request.expires_at));
    const session = useAsync("session", fetchSession);
    const decide = useAction(async (decision: "approve" | "deny") => {
        const answer = await decideDevice(code, decision);
        setDecided(answer.status === "denied" ? "denied" : "approved");
    });
    const another = useAction(async () => {
        await signOut();
        navigate(`/login?${new URLSearchParams({ next: `/device/${code}` })}`);
    });
    const conflict = decide.error?.status === 409;
    const state = decided ?? (conflict || request.status !== "pending" ? "used" : null);
    if (state === "approved") {
        return (
            <Outcome tone="good" title="Access granted">
                You can return to your terminal; <b>{request.machine_name}</b> is signed in as {request.user_name}. This page can be closed.
            </Outcome>
        );
    }
    if (state === "denied") {
        return (
            <Outcome tone="info" title="Access denied">
                The terminal on <b>{request.machine_name}</b> got nothing. You can return to it or close this page.
            </Outcome>
        );
    }
    if (state === "used") {
        return (
            <Outcome tone="info" title="This request was answered already">
                {request.status === "pending" ? "It was decided elsewhere." : `It was ${request.status}.`} A request is good for one use. If the terminal still waits, start again there.
            </Outcome>
        );
    }
    if (isExpired || decide.error?.status === 404) {
        return (
            <Outcome tone="warn" title="This request has expired">
                Start again in the terminal; it prints a new address.
            </Outcome>
        );
    }
    const user = session.data?.user;
    return (
        <div className="door-form">
            <dl className="consent">
                <dt>Machine</dt>
                <dd>
                    <b>{request.machine_name}</b>
                </dd>
                <dt>Address</dt>
                <dd className="mono">{request.address ?? unknown}</dd>
                <dt>Asked</dt>
                <dd>
                    <Ago time={request.created_at} />
                </dd>
                <dt>Account</dt>
                <dd>
                    {request.user_name}
                    {user?.email && <span className="muted"> · {user.email}</span>}
                    {session.data && !session.data.is_loopback && (
                        <button type="button" className="link-button consent-other" onClick={() => void another.run()}>
                            Use another
                        </button>
                    )}
                </dd>
            </dl>
            <div>
                <h2>What it may do then, in your name</h2>
                <ul className="grants">
                    <li>
                        <Icon name="check" /> list the projects of your organizations
                    </li>
                    <li>
                        <Icon name="check" /> create projects and tokens, where your role allows it
                    </li>
                    <li>
                        <Icon name="check" /> send to them and query what they store
                    </li>
                </ul>
            </div>
            <Notice tone="warn">Approve only if you have just started this yourself, on that machine. Access ends when you revoke it under Settings → Account.</Notice>
            <div className="door-actions">
                <Button onClick={() => void decide.run("deny")} disabled={decide.isBusy}>
                    Deny
                </Button>
                <Button tone="primary" onClick={() => void decide.run("approve")} isBusy={decide.isBusy}>
                    Approve
                </Button>
            </div>
            <FailedAction error={decide.error ?? another.error} />
        </div>
    );
}

function Outcome({ tone, title, children }: { tone: "good" | "warn" | "info"; title: string; children: ReactNode }) {
    return (
        <div className="door-form" role="status">
            <div className={`outcome outcome-${tone}`}>
                <Icon name={tone === "good" ? "check" : tone === "warn" ? "clock" : "close"} size={20} />
            </div>
            <h2 className="outcome-title">{title}</h2>
            <p className="soft">{children}</p>
            <p>
                <Link href="/">Open Hearth</Link>
            </p>
        </div>
    );
}

/** True once a moment has passed while the page is open. */
function useIsPast(ms: number): boolean {
    const [isPast, setPast] = useState(Date.now() >= ms);
    useEffect(() => {
        const left = ms - Date.now();
        setPast(left <= 0);
        if (left <= 0 || left > 86400e3) return undefined;
        const timer = setTimeout(() => setPast(true), left);
        return () => clearTimeout(timer);
    }, [ms]);
    return isPast;
}
