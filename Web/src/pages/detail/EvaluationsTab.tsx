import { useApp } from "../../app/context";
import { Ago, Link } from "../../components/basic";
import { unknown } from "../../lib/format";
import { Evaluation, isBad, resultText, sourceText } from "./evaluations";

export function EvaluationsTab({ evaluations, spanId }: { evaluations: readonly Evaluation[]; spanId: string }) {
    const { path } = useApp();
    return (
        <ul className="events evaluations">
            {evaluations.map((e, index) => (
                <li key={index}>
                    <div className="event-head">
                        <strong>{e.name ?? "evaluation"}</strong>
                        <span className={`badge ${isBad(e) ? "badge-ember" : e.passed === true ? "badge-green" : ""}`}>{resultText(e)}</span>
                        <span className="muted">
                            {sourceText(e.source)}
                            {e.evaluator_name && e.evaluator_name !== e.name && ` · ${e.evaluator_name}`} · <Ago time={e.start_timestamp} />
                        </span>
                    </div>
                    {e.explanation ? <p className="evaluation-text">{e.explanation}</p> : <p className="muted small">No explanation was given{e.result_type ? ` with this ${e.result_type}` : ""}.</p>}
                    {e.span_id !== spanId && (
                        <Link className="small" href={`${path({ name: "trace", traceId: e.trace_id })}?span=${e.span_id}`}>
                            The record that says so
                        </Link>
                    )}
                </li>
            ))}
            {evaluations.length === 0 && <li className="muted">{unknown}</li>}
        </ul>
    );
}
