import type { NewToken } from "../../../api/manage";
import { useApp } from "../../../app/context";
import { FormDialog } from "../../../app/FormDialog";
import { CopyButton } from "../../../components/basic";
import { Button, Notice } from "../../../components/form";
import { Snippets } from "../../../components/Snippets";
import { Target, writeGuides } from "../../../lib/guides";
import { manageGuides, readGuides } from "../../../lib/readGuides";

/** The only look at a new token, with what to paste where. */
export function NewTokenDialog({ token, onClose }: { token: NewToken; onClose(): void }) {
    const { config, organization, project } = useApp();
    const target: Target = { base: config.base_url, grpc: config.grpc_url, token: token.token, project: `${organization}/${project}` };
    const guides = token.kind === "write" ? writeGuides(target, Date.now()) : token.kind === "read" ? readGuides(target) : manageGuides(target);
    return (
        <FormDialog
            title="Your new token"
            isWide
            onClose={onClose}
            onSubmit={onClose}
            actions={
                <Button type="submit" tone="primary">
                    Done
                </Button>
            }
        >
            <Notice tone="warn">It is shown this once. Copy it now; the server keeps a hash of it only.</Notice>
            <div className="secret">
                <code data-token>{token.token}</code>
                <CopyButton text={token.token} label="Copy the token" />
            </div>
            <Snippets guides={guides} label="Where the token goes" />
        </FormDialog>
    );
}
