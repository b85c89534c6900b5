import { useMemo, useState } from "react";
import { createToken } from "../../api/manage";
import { useApp } from "../../app/context";
import { Link } from "../../components/basic";
import { Button } from "../../components/form";
import { FailedAction } from "../../components/states";
import { Snippets } from "../../components/Snippets";
import { Target, writeGuides } from "../../lib/guides";
import { useAction } from "../../lib/useAction";

export const tokenPlaceholder = "YOUR_WRITE_TOKEN";

/** Where this project's records go. On loopback the first project needs no token; elsewhere one stands in until it is made. */
export function useTarget(made: string | null): Target {
    const { config, organization, project } = useApp();
    const isOpen = config.is_loopback && organization === "local" && project === "default";
    return useMemo(
        () => ({ base: config.base_url, grpc: config.grpc_url, token: made ?? (isOpen ? null : tokenPlaceholder), project: `${organization}/${project}` }),
        [config.base_url, config.grpc_url, made, isOpen, organization, project],
    );
}

/** How to send here, for each kind of client, with the right address and, once made, the right token. */
export function SendGuides({ initial, onChoose }: { initial?: string; onChoose?(id: string): void }) {
    const { canManage, projectId, path } = useApp();
    const [made, setMade] = useState<string | null>(null);
    const target = useTarget(made);
    // One time for all pieces, so that they do not change while they are read.
    const [opened] = useState(() => Date.now());
    const guides = useMemo(() => writeGuides(target, opened), [target, opened]);
    const make = useAction(async () => {
        const token = await createToken("write", projectId!, { description: "Made on the page Add data" });
        setMade(token.token);
    });
    const needsToken = target.token === tokenPlaceholder;
    return (
        <div className="send">
            {made !== null ? (
                <p className="send-token is-made" role="status">
                    The pieces below contain a new write token. It is shown this once: copy what you need. <Link href={path({ name: "settings", section: "tokens" })}>All tokens</Link>
                </p>
            ) : needsToken && projectId !== null && canManage ? (
                <div className="send-token">
                    <Button tone="primary" isBusy={make.isBusy} onClick={() => void make.run()}>
                        Create a write token
                    </Button>
                    <span className="muted">and fill it in below, or put one that you have in the place of {tokenPlaceholder}.</span>
                </div>
            ) : needsToken ? (
                <p className="send-token muted">Put a write token of this project in the place of {tokenPlaceholder}.</p>
            ) : (
                <p className="send-token muted">On this machine no token is needed for this project.</p>
            )}
            <FailedAction error={make.error} />
            <Snippets guides={guides} label="Kinds of clients" initial={initial} onChoose={onChoose} />
        </div>
    );
}
