import { useState } from "react";
import { changeRole, fetchMembers, makePasswordLink, Member, removeMember } from "../../../api/manage";
import type { Role } from "../../../api/types";
import { ConfirmDialog } from "../../../app/ConfirmDialog";
import { useApp } from "../../../app/context";
import { Ago } from "../../../components/basic";
import { Button, Notice, SelectField } from "../../../components/form";
import { ErrorBox, FailedAction, Loading } from "../../../components/states";
import { useAction } from "../../../lib/useAction";
import { useAsync } from "../../../lib/useAsync";
import { Panel } from "../Panel";
import { InviteDialog } from "./InviteDialog";
import { LinkDialog } from "./LinkDialog";

const roles: { role: Role; what: string }[] = [
    { role: "owner", what: "everything: projects, members and API keys too" },
    { role: "member", what: "looks at everything, changes settings and tokens of projects" },
    { role: "viewer", what: "looks at everything, changes nothing" },
];

export function Members() {
    const { organization, isOwner, config } = useApp();
    const members = useAsync(`members:${organization}`, (signal) => fetchMembers(organization, signal));
    const [isInviting, setInviting] = useState(false);
    const [leaving, setLeaving] = useState<Member | null>(null);
    const [link, setLink] = useState<{ member: Member; link: string; expires: string } | null>(null);
    const role = useAction(async (member: Member, next: Role) => {
        await changeRole(member.user_id, next, organization);
        members.reload();
    });
    const renew = useAction(async (member: Member) => {
        const made = await makePasswordLink(member.user_id, organization);
        setLink({ member, link: made.password_link, expires: made.expires_at });
    });
    return (
        <>
            {config.is_loopback && (
                <Notice>
                    The server listens on this machine only, so nobody has to sign in. Members count as soon as it is bound to another address (<code>--http 0.0.0.0:4318</code>).
                </Notice>
            )}
            <Panel
                title={`Members of ${organization}`}
                tools={
                    isOwner && (
                        <Button tone="primary" onClick={() => setInviting(true)}>
                            Invite
                        </Button>
                    )
                }
            >
                <FailedAction error={role.error ?? renew.error} />
                {members.error && !members.data ? (
                    <ErrorBox error={members.error} onRetry={members.reload} />
                ) : !members.data ? (
                    <Loading what="the members" />
                ) : members.data.length === 0 ? (
                    <p className="empty-line">Nobody has an account yet.</p>
                ) : (
                    <div className="table-wrap">
                        <table className="listing">
                            <thead>
                                <tr>
                                    <th>Name</th>
                                    <th>Role</th>
                                    <th>Joined</th>
                                    <th>Last signed in</th>
                                    {isOwner && (
                                        <th>
                                            <span className="unseen">Actions</span>
                                        </th>
                                    )}
                                </tr>
                            </thead>
                            <tbody>
                                {members.data.map((member) => (
                                    <tr key={member.user_id}>
                                        <td className="cell-wide">
                                            {member.name}
                                            <small>{member.email}</small>
                                        </td>
                                        <td>
                                            {isOwner ? (
                                                <SelectField isBare label={`Role of ${member.name}`} value={member.role} disabled={role.isBusy} onChange={(event) => void role.run(member, event.target.value as Role)}>
                                                    {roles.map((r) => (
                                                        <option key={r.role}>{r.role}</option>
                                                    ))}
                                                </SelectField>
                                            ) : (
                                                member.role
                                            )}
                                        </td>
                                        <td>
                                            <Ago time={member.created_at} />
                                        </td>
                                        <td>{member.last_login_at ? <Ago time={member.last_login_at} /> : <span className="muted">{member.has_password ? "never" : "invited, no password yet"}</span>}</td>
                                        {isOwner && (
                                            <td className="cell-tools">
                                                <Button isBusy={renew.isBusy} onClick={() => void renew.run(member)} title="A link to set a new password, good for one use">
                                                    {member.has_password ? "Reset password" : "New link"}
                                                </Button>
                                                <Button tone="danger" onClick={() => setLeaving(member)} aria-label={`Remove ${member.name}`}>
                                                    Remove
                                                </Button>
                                            </td>
                                        )}
                                    </tr>
                                ))}
                            </tbody>
                        </table>
                    </div>
                )}
            </Panel>
            <Panel title="What the roles may do">
                <dl className="fact-list">
                    {roles.map((r) => (
                        <div key={r.role} className="contents">
                            <dt>{r.role}</dt>
                            <dd>{r.what}</dd>
                        </div>
                    ))}
                </dl>
            </Panel>
            {isInviting && <InviteDialog onInvited={members.reload} onClose={() => setInviting(false)} />}
            {link && <LinkDialog title={`Password link for ${link.member.name}`} link={link.link} expires={link.expires} onClose={() => setLink(null)} />}
            {leaving && (
                <ConfirmDialog
                    title={`Remove ${leaving.name}`}
                    verb="Remove"
                    onClose={() => setLeaving(null)}
                    onConfirm={async () => {
                        await removeMember(leaving.user_id, organization);
                        members.reload();
                    }}
                >
                    <p className="soft">
                        {leaving.email} no longer sees the projects of {organization}. Tokens that they created for projects go on working.
                    </p>
                </ConfirmDialog>
            )}
        </>
    );
}
