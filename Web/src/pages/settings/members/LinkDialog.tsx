import { FormDialog } from "../../../app/FormDialog";
import { CopyButton } from "../../../components/basic";
import { Button, Notice } from "../../../components/form";
import { absolute, parseTime } from "../../../lib/time";

/** A link that sets a password, to be handed over by the owner. */
export function LinkDialog({ title, link, expires, onClose }: { title: string; link: string; expires: string | null; onClose(): void }) {
    return (
        <FormDialog
            title={title}
            isWide
            onClose={onClose}
            onSubmit={onClose}
            actions={
                <Button type="submit" tone="primary">
                    Done
                </Button>
            }
        >
            <Notice tone="warn">
                Send this link yourself: the server sends no mail. It is shown this once and is good for one use{expires ? `, until ${absolute(parseTime(expires))}` : ""}.
            </Notice>
            <div className="secret">
                <code>{link}</code>
                <CopyButton text={link} label="Copy the link" />
            </div>
        </FormDialog>
    );
}
