import { FormEvent, ReactNode, useState } from "react";
import { Button, TextField } from "../components/form";
import { FailedAction } from "../components/states";
import { useAction } from "../lib/useAction";
import { FormDialog } from "./FormDialog";

/** Asks before something that cannot be undone; with `typed`, that text has to be written out first. */
export function ConfirmDialog({ title, children, verb, typed, onConfirm, onClose }: { title: string; children: ReactNode; verb: string; typed?: string; onConfirm(): Promise<void>; onClose(): void }) {
    const [text, setText] = useState("");
    const action = useAction(async () => {
        await onConfirm();
        onClose();
    });
    const isReady = typed === undefined || text.trim() === typed;
    const submit = (event: FormEvent) => {
        event.preventDefault();
        if (isReady) void action.run();
    };
    return (
        <FormDialog
            title={title}
            onClose={onClose}
            onSubmit={submit}
            actions={
                <>
                    <Button onClick={onClose} data-first={typed === undefined ? true : undefined}>
                        Cancel
                    </Button>
                    <Button type="submit" tone="danger" disabled={!isReady} isBusy={action.isBusy}>
                        {verb}
                    </Button>
                </>
            }
        >
            {children}
            {typed !== undefined && <TextField data-first label={<>Type <code>{typed}</code> to confirm</>} value={text} onChange={(event) => setText(event.target.value)} />}
            <FailedAction error={action.error} />
        </FormDialog>
    );
}
