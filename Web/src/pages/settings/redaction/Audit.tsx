import { fetchRedactionAudit, RedactionAudit } from "../../../api/protect";
import { Ago } from "../../../components/basic";
import { Sparkline } from "../../../components/Sparkline";
import { Button } from "../../../components/form";
import { ErrorBox, Loading } from "../../../components/states";
import { count, unknown } from "../../../lib/format";
import { absolute, parseTime } from "../../../lib/time";
import { useAsync } from "../../../lib/useAsync";
import { Panel } from "../Panel";

/** How often each rule found something. The values themselves are nowhere. */
export function Audit({ projectId }: { projectId: string }) {
    const audit = useAsync(`audit:${projectId}`, (signal) => fetchRedactionAudit(projectId, signal));
    return (
        <Panel
            title="What was redacted"
            lead={audit.data?.since ? `${count(audit.data.total)} values since ${absolute(parseTime(audit.data.since))}. Only the counts are kept, never the values.` : "Only counts are kept, never the values."}
            tools={<Button onClick={audit.reload}>Refresh</Button>}
        >
            {audit.error && !audit.data ? (
                <ErrorBox error={audit.error} onRetry={audit.reload} />
            ) : !audit.data ? (
                <Loading what="the counts" />
            ) : audit.data.rules.length === 0 ? (
                <p className="empty-line">No rule has found anything yet.</p>
            ) : (
                <div className="table-wrap">
                    <table className="listing">
                        <thead>
                            <tr>
                                <th>Rule</th>
                                <th className="num">Values</th>
                                <th>Last</th>
                                <th className="num">Last 30 days</th>
                            </tr>
                        </thead>
                        <tbody>
                            {audit.data.rules.map((r) => (
                                <tr key={r.rule}>
                                    <td className="cell-wide">{r.rule}</td>
                                    <td className="num">{count(r.count)}</td>
                                    <td>{r.last_at ? <Ago time={r.last_at} /> : unknown}</td>
                                    <td className="num">
                                        <Sparkline values={dailyCounts(audit.data!, r.rule, Date.now())} tone="muted" label={`${r.rule}: values a day`} />
                                    </td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
        </Panel>
    );
}

/** Values a day of one rule over the last 30 days, oldest first; a day without an entry had none. */
export function dailyCounts(audit: RedactionAudit, rule: string, now: number, days = 30): number[] {
    const byDay = new Map(audit.days.filter((d) => d.rule === rule).map((d) => [d.date, d.count]));
    return Array.from({ length: days }, (_, i) => byDay.get(new Date(now - (days - 1 - i) * 86400e3).toISOString().slice(0, 10)) ?? 0);
}
