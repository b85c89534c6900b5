import { Button } from "../../components/form";
import { Icon } from "../../components/Icon";
import { FailedAction } from "../../components/states";
import type { Action } from "../../lib/useAction";

/** The foot of a form: says whether something is unsaved, saves it or goes back. It keeps its place in all states. */
export function SaveBar({ action, isDirty, onReset, isBlocked, note }: { action: Action<[]>; isDirty: boolean; onReset(): void; isBlocked?: boolean; note?: string }) {
    return (
        <div className={`save-bar ${isDirty ? "is-dirty" : ""}`}>
            <Button tone="primary" disabled={!isDirty || isBlocked} isBusy={action.isBusy} onClick={() => void action.run()}>
                Save changes
            </Button>
            <Button disabled={!isDirty || action.isBusy} onClick={onReset}>
                Discard
            </Button>
            <span className="save-state" role="status">
                {action.isBusy ? (
                    "Saving…"
                ) : action.isDone && !isDirty ? (
                    <>
                        <Icon name="check" /> Saved
                    </>
                ) : isDirty ? (
                    note ?? "Not saved yet"
                ) : (
                    ""
                )}
            </span>
            <FailedAction error={action.error} />
        </div>
    );
}
