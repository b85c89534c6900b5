import { useEffect } from "react";
import { applyMapping, fetchApply } from "../../../api/mapping";
import { useApp } from "../../../app/context";
import { Ago } from "../../../components/basic";
import { Button, Notice } from "../../../components/form";
import { Meter } from "../../../components/Meter";
import { FailedAction } from "../../../components/states";
import { count, plural } from "../../../lib/format";
import { useAction } from "../../../lib/useAction";
import { useAsync } from "../../../lib/useAsync";
import { Panel } from "../Panel";

/** Milliseconds between two looks at a run. */
const interval = 800;

/** Reads what is stored once more by the saved rules. */
export function Apply({ projectId, isDirty, hasRules }: { projectId: string; isDirty: boolean; hasRules: boolean }) {
    const { canManage } = useApp();
    const status = useAsync(`apply:${projectId}`, (signal) => fetchApply(projectId, signal));
    const start = useAction(async () => {
        await applyMapping(projectId);
        status.reload();
    });
    const s = status.data;
    const isRunning = s?.state === "running";
    const { reload } = status;
    useEffect(() => {
        if (!isRunning) return undefined;
        const timer = setTimeout(reload, interval);
        return () => clearTimeout(timer);
    }, [isRunning, reload, s]);
    return (
        <Panel
            title="Apply to stored data"
            lead="What is stored already is read once more by the saved rules. Until then they hold for new records only."
            tools={
                canManage && (
                    <Button isBusy={start.isBusy || isRunning} disabled={isDirty} title={isDirty ? "Save the rules first" : undefined} onClick={() => void start.run()}>
                        {isRunning ? "Applying…" : "Apply"}
                    </Button>
                )
            }
        >
            <FailedAction error={start.error ?? status.error} />
            {isRunning ? (
                <Meter done={s.done} total={s.total} label="Records read" note={`${count(s.done)} of ${plural(s.total, "record")} · ${count(s.changed)} changed`} />
            ) : s?.state === "failed" ? (
                <Notice tone="bad">The run stopped: {s.error ?? "the server's log says why"}. What was changed before stays; starting again is safe.</Notice>
            ) : s?.state === "done" ? (
                <p className="muted" role="status">
                    Done {s.finished_at && <Ago time={s.finished_at} />}: {plural(s.done, "record")} read, {count(s.changed)} changed.
                </p>
            ) : (
                <p className="muted">{hasRules ? "Not applied yet." : "No rule is saved. Applying takes back what earlier rules made of stored records."}</p>
            )}
        </Panel>
    );
}
