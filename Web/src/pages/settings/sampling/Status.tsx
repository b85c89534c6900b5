import { fetchSamplingStatus } from "../../../api/protect";
import { Button } from "../../../components/form";
import { ErrorBox, Loading } from "../../../components/states";
import { compact, count, percent } from "../../../lib/format";
import { absolute, parseTime } from "../../../lib/time";
import { useAsync } from "../../../lib/useAsync";
import { Panel } from "../Panel";

export function Status({ projectId }: { projectId: string }) {
    const status = useAsync(`sampling-status:${projectId}`, (signal) => fetchSamplingStatus(projectId, signal));
    const s = status.data;
    return (
        <Panel title="What was decided" lead={s?.since ? `Since ${absolute(parseTime(s.since))}.` : undefined} tools={<Button onClick={status.reload}>Refresh</Button>}>
            {status.error && !s ? (
                <ErrorBox error={status.error} onRetry={status.reload} />
            ) : !s ? (
                <Loading what="the decisions" />
            ) : s.since === null && s.kept_traces + s.removed_traces === 0 ? (
                <p className="empty-line">Nothing has been decided: sampling has never been on in this project.</p>
            ) : (
                <>
                    <div className="facts">
                        <span className="fact">
                            <span className="fact-label">Waiting</span>
                            {count(s.waiting_traces)} traces
                        </span>
                        <span className="fact">
                            <span className="fact-label">Kept</span>
                            {count(s.kept_traces)} traces, {compact(s.kept_records)} records
                        </span>
                        <span className="fact">
                            <span className="fact-label">Removed</span>
                            {count(s.removed_traces)} traces, {compact(s.removed_records)} records
                        </span>
                    </div>
                    {s.rules.length > 0 && (
                        <div className="table-wrap">
                            <table className="listing">
                                <thead>
                                    <tr>
                                        <th>Rule</th>
                                        <th className="num">Traces kept</th>
                                        <th className="num">Removed</th>
                                        <th className="num">Share kept</th>
                                    </tr>
                                </thead>
                                <tbody>
                                    {s.rules.map((rule) => (
                                        <tr key={rule.name}>
                                            <td className="cell-wide">{rule.name === "rest" ? "everything else" : rule.name}</td>
                                            <td className="num">{count(rule.kept)}</td>
                                            <td className="num">{count(rule.removed)}</td>
                                            <td className="num">{percent(rule.kept + rule.removed > 0 ? rule.kept / (rule.kept + rule.removed) : null)}</td>
                                        </tr>
                                    ))}
                                </tbody>
                            </table>
                        </div>
                    )}
                </>
            )}
        </Panel>
    );
}
