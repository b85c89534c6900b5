import { useState } from "react";
import { RedactionChange, RedactionSettings, RedactionTrial, tryRedaction } from "../../../api/protect";
import type { Json } from "../../../api/types";
import { useApp } from "../../../app/context";
import { Link } from "../../../components/basic";
import { Button, TextArea } from "../../../components/form";
import { FailedAction } from "../../../components/states";
import { count, plural } from "../../../lib/format";
import { markFound, markPlaceholders, Piece } from "../../../lib/redacted";
import { useAction } from "../../../lib/useAction";
import { Panel } from "../Panel";

const example = `Mail jane@example.com about order C-12345678.`;

/** Tries the rules as they stand in the form, saved or not; nothing is stored or changed. */
export function Trial({ projectId, settings, isDirty }: { projectId: string; settings: RedactionSettings; isDirty: boolean }) {
    const [source, setSource] = useState<"sample" | "records">("sample");
    const [sample, setSample] = useState("");
    const [result, setResult] = useState<{ trial: RedactionTrial; source: "sample" | "records" } | null>(null);
    const test = useAction(async () => {
        const trial = await tryRedaction(projectId, source === "sample" ? { settings, sample: readSample(sample) } : { settings, records: { limit: 200 } });
        setResult({ trial, source });
    });
    return (
        <Panel title="Try the rules" lead={isDirty ? "With the rules above as they stand now, saved or not. Nothing is stored." : "With the rules above. Nothing is stored."}>
            <div className="switch trial-source" role="group" aria-label="What to try the rules on">
                <button type="button" className={source === "sample" ? "is-on" : ""} aria-pressed={source === "sample"} onClick={() => setSource("sample")}>
                    Pasted sample
                </button>
                <button type="button" className={source === "records" ? "is-on" : ""} aria-pressed={source === "records"} onClick={() => setSource("records")}>
                    Newest stored records
                </button>
            </div>
            {source === "sample" ? (
                <TextArea isBare label="Sample: text or JSON" rows={4} placeholder={example} value={sample} onChange={(event) => setSample(event.target.value)} />
            ) : (
                <p className="muted">The newest 200 records of this project are read and run through the rules. They stay as they are.</p>
            )}
            <div className="save-bar">
                <Button tone="primary" isBusy={test.isBusy} disabled={source === "sample" && sample.trim() === ""} onClick={() => void test.run()}>
                    {test.isBusy ? "Trying…" : "Try"}
                </Button>
                {source === "sample" && sample === "" && (
                    <button type="button" className="link-button" onClick={() => setSample(example)}>
                        Fill in an example
                    </button>
                )}
            </div>
            {test.error && Object.entries(test.error.fields).map(([path, message]) => <FieldFault key={path} path={path} message={message} />)}
            <FailedAction error={test.error && Object.keys(test.error.fields).length === 0 ? test.error : null} />
            {result && !test.error && <Result trial={result.trial} source={result.source} />}
        </Panel>
    );
}

function FieldFault({ path, message }: { path: string; message: string }) {
    return (
        <p className="field-error">
            <code>{path}</code>: {message}
        </p>
    );
}

/** JSON where the text is a JSON object or list, else the text itself. */
export function readSample(text: string): Json {
    const trimmed = text.trim();
    if (trimmed.startsWith("{") || trimmed.startsWith("[")) {
        try {
            return JSON.parse(trimmed) as Json;
        } catch {
            return text;
        }
    }
    return text;
}

function Result({ trial, source }: { trial: RedactionTrial; source: "sample" | "records" }) {
    const hasSample = source === "sample" && trial.sample !== undefined;
    return (
        <div className="trial-result" role="status">
            <p>
                {trial.total === 0 ? "Nothing was found." : <b>{plural(trial.total, "match", "matches")}</b>}
                {source === "records" && ` in ${count(trial.changed_records)} of ${plural(trial.records, "record")}`}
                {trial.microseconds_per_record !== null && <span className="muted"> · {trial.microseconds_per_record < 10 ? trial.microseconds_per_record.toFixed(1) : Math.round(trial.microseconds_per_record)} µs a record</span>}
            </p>
            {trial.counts.length > 0 && (
                <div className="facts">
                    {trial.counts.map((c) => (
                        <span key={c.rule} className="fact">
                            <span className="fact-label">{c.rule}</span>
                            {count(c.count)}
                        </span>
                    ))}
                </div>
            )}
            {hasSample && (
                <figure className="snippet">
                    <figcaption>What would be stored</figcaption>
                    <pre>
                        <code>
                            <Marked pieces={markPlaceholders(typeof trial.sample === "string" ? trial.sample : JSON.stringify(trial.sample, null, 2))} tone="new" />
                        </code>
                    </pre>
                </figure>
            )}
            {trial.changes.length > 0 && (
                <ul className="changes">
                    {trial.changes.map((change, index) => (
                        <Change key={index} change={change} />
                    ))}
                </ul>
            )}
            {trial.total > trial.changes.length && <p className="muted small">The first {count(trial.changes.length)} are shown.</p>}
        </div>
    );
}

function Change({ change }: { change: RedactionChange }) {
    const { path } = useApp();
    return (
        <li>
            <p className="change-head">
                <code>{change.path.join(".") || "(the text)"}</code>
                <span className="muted">{change.rule}</span>
                {change.trace_id && change.span_id && <Link href={`${path({ name: "trace", traceId: change.trace_id })}?span=${change.span_id}`}>record</Link>}
            </p>
            <p className="change-text">
                <Marked pieces={markFound(change.before, change.after)} tone="old" />
            </p>
            <p className="change-text is-after">{change.after === null || change.after === "" ? <span className="muted">dropped</span> : <Marked pieces={markPlaceholders(change.after)} tone="new" />}</p>
        </li>
    );
}

function Marked({ pieces, tone }: { pieces: readonly Piece[]; tone: "old" | "new" }) {
    return (
        <>
            {pieces.map((piece, index) =>
                piece.isMarked ? (
                    <mark key={index} className={`mark-${tone}`}>
                        {piece.text}
                    </mark>
                ) : (
                    <span key={index}>{piece.text}</span>
                ),
            )}
        </>
    );
}
