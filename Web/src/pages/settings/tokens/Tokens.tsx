import { useState } from "react";
import { expireToken, fetchTokens, removeToken, Token, TokenKind } from "../../../api/manage";
import { ConfirmDialog } from "../../../app/ConfirmDialog";
import { useApp } from "../../../app/context";
import { setParams } from "../../../app/router";
import { Button, Notice } from "../../../components/form";
import { ErrorBox, Loading, Progress } from "../../../components/states";
import { Tabs } from "../../../components/Tabs";
import { plural } from "../../../lib/format";
import { useAsync } from "../../../lib/useAsync";
import { NeedsProject } from "../NeedsProject";
import { Panel } from "../Panel";
import { CreateTokenDialog } from "./CreateTokenDialog";
import { RotateTokenDialog } from "./RotateTokenDialog";
import { TokenTable } from "./TokenTable";

export const kinds: { kind: TokenKind; title: string; one: string; lead: string }[] = [
    { kind: "write", title: "Write tokens", one: "write token", lead: "For programs that send records to this project. They can do nothing else." },
    { kind: "read", title: "Read tokens", one: "read token", lead: "For programs that query this project: SQL, exports, dashboards elsewhere." },
    { kind: "api_key", title: "API keys", one: "API key", lead: "For programs that manage projects, tokens and members of this organization with the rights of a role." },
];

export function Tokens() {
    return <NeedsProject>{(id) => <TokenKinds projectId={id} />}</NeedsProject>;
}

function TokenKinds({ projectId }: { projectId: string }) {
    const { params } = useApp();
    const chosen = kinds.find((k) => k.kind === params.get("kind")) ?? kinds[0]!;
    return (
        <>
            <Tabs label="Kinds of tokens" tabs={kinds.map((k) => ({ id: k.kind, label: k.title }))} selected={chosen.kind} onSelect={(kind) => setParams({ kind: kind === "write" ? null : kind }, { replace: true })} />
            <div role="tabpanel" aria-labelledby={`tab-${chosen.kind}`}>
                <TokenList key={chosen.kind} kind={chosen} projectId={projectId} />
            </div>
        </>
    );
}

type Open = { what: "create" } | { what: "rotate" | "revoke" | "remove"; token: Token } | null;

function TokenList({ kind, projectId }: { kind: (typeof kinds)[number]; projectId: string }) {
    const { organization, project, canManage, isOwner } = useApp();
    const [open, setOpen] = useState<Open>(null);
    const mayLook = kind.kind === "api_key" ? isOwner : canManage;
    const tokens = useAsync(mayLook ? `tokens:${kind.kind}:${projectId}` : null, (signal) => fetchTokens(kind.kind, projectId, organization, signal));
    const close = () => setOpen(null);
    if (!mayLook) return <Notice>{kind.kind === "api_key" ? "Only an owner of the organization can see and make API keys." : "Members and owners of the organization see and make tokens."}</Notice>;
    return (
        <Panel
            title={kind.title}
            lead={kind.lead}
            tools={
                <Button tone="primary" onClick={() => setOpen({ what: "create" })}>
                    Create {kind.one}
                </Button>
            }
        >
            <Progress active={tokens.isLoading && tokens.data !== null} />
            {tokens.error && !tokens.data ? (
                <ErrorBox error={tokens.error} onRetry={tokens.reload} />
            ) : !tokens.data ? (
                <Loading what={kind.title.toLowerCase()} />
            ) : tokens.data.length === 0 ? (
                <p className="empty-line">
                    No {kind.one} yet. Create one; it is shown once, together with what to paste where.
                </p>
            ) : (
                <TokenTable tokens={tokens.data} hasRole={kind.kind === "api_key"} onRotate={(token) => setOpen({ what: "rotate", token })} onRevoke={(token) => setOpen({ what: "revoke", token })} onRemove={(token) => setOpen({ what: "remove", token })} />
            )}
            {tokens.data && tokens.data.length > 0 && <p className="muted small table-note">{plural(tokens.data.filter((t) => t.active).length, `active ${kind.one}`)}. Only a hash is stored: a lost token cannot be shown again, but rotated.</p>}
            {open?.what === "create" && <CreateTokenDialog kind={kind.kind} projectId={projectId} onCreated={tokens.reload} onClose={close} />}
            {open?.what === "rotate" && <RotateTokenDialog token={open.token} projectId={projectId} onCreated={tokens.reload} onClose={close} />}
            {(open?.what === "revoke" || open?.what === "remove") && (
                <ConfirmDialog
                    title={open.what === "revoke" ? "Revoke this token" : "Remove this token from the list"}
                    verb={open.what === "revoke" ? "Revoke" : "Remove"}
                    onClose={close}
                    onConfirm={async () => {
                        await (open.what === "revoke" ? expireToken : removeToken)(open.token, projectId);
                        tokens.reload();
                    }}
                >
                    <p>
                        <code>{open.token.token_prefix}</code> {open.token.description && <>· {open.token.description}</>}
                    </p>
                    <p className="soft">{open.what === "revoke" ? `Programs that use it for ${organization} / ${project} are refused at once.` : "It has ended already; only its line here goes away."}</p>
                </ConfirmDialog>
            )}
        </Panel>
    );
}
