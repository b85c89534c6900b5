import type { RetentionPreview } from "../../../api/retention";
import { bytes, compact, count, plural } from "../../../lib/format";
import { reasonText } from "./rules";

const shownDays = 100;

/** In one sentence what settings would remove now. */
export function previewText(preview: RetentionPreview): string {
    if (preview.records + preview.metric_points === 0) return "Nothing would be removed now.";
    const about = preview.is_estimate ? "About " : "";
    const points = preview.metric_points > 0 ? ` and ${plural(preview.metric_points, "metric point")}` : "";
    const days = new Set(preview.days.map((d) => d.day)).size;
    return `${about}${plural(preview.records, "record")}${points} of ${plural(days, "day")} would be removed${preview.bytes > 0 ? `, about ${bytes(preview.bytes)}` : ""}.`;
}

export function PreviewTable({ preview }: { preview: RetentionPreview }) {
    const kept = preview.kept.filter((k) => k.records > 0);
    return (
        <div className="trial-result" role="status">
            <p>
                <b>{previewText(preview)}</b>
                {preview.days.length > 0 && (
                    <span className="muted">
                        {" "}
                        {bytes(preview.remaining_bytes)} with {plural(preview.remaining_records, "record")} would stay.
                    </span>
                )}
            </p>
            {preview.days.some((d) => d.drops_kept) && <p className="failed-action">Records that rules keep would have to go too: the limit is too small for them.</p>}
            {kept.length > 0 && (
                <div className="facts">
                    {kept.map((k) => (
                        <span key={k.rule} className="fact">
                            <span className="fact-label">kept by {k.rule}</span>
                            {count(k.records)}
                        </span>
                    ))}
                </div>
            )}
            {preview.days.length > 0 && (
                <div className="table-wrap">
                    <table className="listing">
                        <thead>
                            <tr>
                                <th>Day (UTC)</th>
                                <th>Why</th>
                                <th className="num">Removed</th>
                                <th className="num">Kept</th>
                                <th className="num">Room</th>
                            </tr>
                        </thead>
                        <tbody>
                            {preview.days.slice(0, shownDays).map((d, index) => (
                                <tr key={index}>
                                    <td>{d.day}</td>
                                    <td>{d.drops_kept ? `${reasonText[d.reason]}, kept records` : reasonText[d.reason]}</td>
                                    <td className="num">{compact(d.records + d.metric_points)}</td>
                                    <td className="num">{compact(d.kept_records + d.kept_metric_points)}</td>
                                    <td className="num">{bytes(d.bytes)}</td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                </div>
            )}
            {preview.days.length > shownDays && <p className="muted small">The first {shownDays} of {count(preview.days.length)} are shown.</p>}
        </div>
    );
}
