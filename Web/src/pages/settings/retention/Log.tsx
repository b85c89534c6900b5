import { useEffect } from "react";
import { fetchRetentionStatus } from "../../../api/retention";
import { Ago } from "../../../components/basic";
import { Button, Notice } from "../../../components/form";
import { ErrorBox, Loading } from "../../../components/states";
import { bytes, compact } from "../../../lib/format";
import { useAsync } from "../../../lib/useAsync";
import { Panel } from "../Panel";
import { reasonText } from "./rules";

/** What was removed, and what is being done. Follows while something is; `onWorked` hears of every change. */
export function Log({ projectId, turn, onWorked }: { projectId: string; turn: number; onWorked(): void }) {
    const status = useAsync(`retention-status:${projectId}\n${turn}`, (signal) => fetchRetentionStatus(projectId, signal));
    const s = status.data;
    const { reload } = status;
    const newest = s?.log[0]?.removed_at;
    useEffect(() => {
        if (newest !== undefined) onWorked();
    }, [newest, s?.log.length]);
    useEffect(() => {
        // After saving the server begins within five seconds; later only what is under way is followed.
        const timer = setInterval(reload, s?.work ? 1000 : 5000);
        return () => clearInterval(timer);
    }, [s?.work === null, reload]);
    return (
        <Panel title="What was removed" lead="The last 200 removals; the server's log has all." tools={<Button onClick={reload}>Refresh</Button>}>
            {s?.failure && <Notice tone="bad">A day could not be removed, and is tried again: {s.failure}</Notice>}
            {s?.work && (
                <p className="muted" role="status">
                    Under way: {s.work}.
                </p>
            )}
            {status.error && !s ? (
                <ErrorBox error={status.error} onRetry={reload} />
            ) : !s ? (
                <Loading what="what was removed" />
            ) : s.log.length === 0 ? (
                <p className="empty-line">Nothing has been removed from this project.</p>
            ) : (
                <div className="table-wrap">
                    <table className="listing">
                        <thead>
                            <tr>
                                <th>When</th>
                                <th>Day (UTC)</th>
                                <th>Why</th>
                                <th className="num">Removed</th>
                                <th className="num">Kept</th>
                                <th className="num">Room</th>
                                <th>Kept by</th>
                            </tr>
                        </thead>
                        <tbody>
                            {s.log.map((entry, index) => (
                                <tr key={index}>
                                    <td>
                                        <Ago time={entry.removed_at} />
                                    </td>
                                    <td>{entry.day}</td>
                                    <td>{entry.dropped_kept ? `${reasonText[entry.reason]}, kept records` : reasonText[entry.reason]}</td>
                                    <td className="num">{compact(entry.records + entry.metric_points)}</td>
                                    <td className="num">{compact(entry.kept_records + entry.kept_metric_points)}</td>
                                    <td className="num">{bytes(entry.bytes)}</td>
                                    <td className="cell-wide">{entry.rules.join(", ") || "—"}</td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
        </Panel>
    );
}
