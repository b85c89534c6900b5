import { useState } from "react";
import { NewToken, rotateToken, Token } from "../../../api/manage";
import { FormDialog } from "../../../app/FormDialog";
import { Button, SelectField } from "../../../components/form";
import { FailedAction } from "../../../components/states";
import { useAction } from "../../../lib/useAction";
import { NewTokenDialog } from "./NewTokenDialog";

export function RotateTokenDialog({ token, projectId, onCreated, onClose }: { token: Token; projectId: string; onCreated(): void; onClose(): void }) {
    const [grace, setGrace] = useState("24");
    const [made, setMade] = useState<NewToken | null>(null);
    const rotate = useAction(async () => {
        setMade(await rotateToken(token, projectId, Number(grace)));
        onCreated();
    });
    if (made) return <NewTokenDialog token={made} onClose={onClose} />;
    return (
        <FormDialog
            title="Rotate this token"
            onClose={onClose}
            onSubmit={() => void rotate.run()}
            actions={
                <>
                    <Button onClick={onClose}>Cancel</Button>
                    <Button type="submit" tone="primary" isBusy={rotate.isBusy}>
                        Rotate
                    </Button>
                </>
            }
        >
            <p>
                <code>{token.token_prefix}</code> {token.description && <>· {token.description}</>}
            </p>
            <p className="soft">A new token with the same rights is made. The old one goes on working for the time below, so that nothing is lost while you replace it.</p>
            <SelectField data-first label="The old token ends" value={grace} onChange={(event) => setGrace(event.target.value)}>
                <option value="0">at once</option>
                <option value="1">after an hour</option>
                <option value="24">after a day</option>
                <option value="168">after a week</option>
            </SelectField>
            <FailedAction error={rotate.error} />
        </FormDialog>
    );
}
