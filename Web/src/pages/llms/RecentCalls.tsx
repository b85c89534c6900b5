import { useApp } from "../../app/context";
import { navigate } from "../../app/router";
import { Ago, Chip, Link } from "../../components/basic";
import { Cost } from "../../components/Cost";
import { OpenInExplore } from "../../components/OpenInExplore";
import { count, duration, plural, unknown } from "../../lib/format";
import type { Range } from "../../lib/range";
import type { CallRow } from "./queries";
import { Unknown } from "./values";

/** The newest calls; each leads to its span in its trace. */
export function RecentCalls({ rows, sql, range, onMore }: { rows: readonly CallRow[]; sql: string; range: Range; onMore?(): void }) {
    const { path } = useApp();
    return (
        <section aria-label="Recent calls">
            <div className="section-head">
                <h2>Recent calls</h2>
                <OpenInExplore isIcon what="these calls" sql={sql} range={range} environment={null} />
            </div>
            <div className="table-wrap">
                <table className="plain calls">
                    <thead>
                        <tr>
                            <th>When</th>
                            <th>Service</th>
                            <th>Agent</th>
                            <th>Result</th>
                            <th className="num">Input</th>
                            <th className="num">Output</th>
                            <th className="num">Cost</th>
                            <th className="num">First token</th>
                            <th className="num">Latency</th>
                        </tr>
                    </thead>
                    <tbody>
                        {rows.map((row) => {
                            const href = `${path({ name: "trace", traceId: row.trace_id })}?span=${row.span_id}`;
                            return (
                                <tr key={`${row.trace_id}${row.span_id}`} onClick={(event) => !(event.target instanceof Element && event.target.closest("a")) && navigate(href)}>
                                    <td>
                                        <Link href={href} title="Open the call in its trace">
                                            <Ago time={row.start_timestamp} />
                                        </Link>
                                    </td>
                                    <td>{row.service_name === null ? unknown : <Chip name={row.service_name} />}</td>
                                    <td>{row.agent_name === null ? unknown : <bdi>{row.agent_name}</bdi>}</td>
                                    <td className={row.is_error ? "is-bad" : row.is_truncated ? "is-warn" : ""}>
                                        <bdi>{row.is_error ? row.error_type ?? "error" : row.finish_reasons?.join(", ") ?? unknown}</bdi>
                                        {row.retry_count ? <small className="muted"> after {plural(row.retry_count, "retry", "retries")}</small> : null}
                                    </td>
                                    <td className="num">{count(row.input_tokens)}</td>
                                    <td className="num">{count(row.output_tokens)}</td>
                                    <td className="num">
                                        <Cost call={row} />
                                    </td>
                                    <td className="num">{row.time_to_first_token === null ? <Unknown why="the call did not send its time to first token" /> : duration(row.time_to_first_token)}</td>
                                    <td className="num">{duration(row.duration)}</td>
                                </tr>
                            );
                        })}
                    </tbody>
                </table>
            </div>
            {onMore && (
                <button type="button" className="button table-more" onClick={onMore}>
                    Show older calls
                </button>
            )}
        </section>
    );
}
