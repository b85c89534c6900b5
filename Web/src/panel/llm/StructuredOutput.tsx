import { useState } from "react";
import type { LLMCall } from "../../api/types";
import { Fact } from "../../components/basic";
import { JsonTree } from "../../components/JsonTree";
import { plural } from "../../lib/format";
import type { Structured } from "./structured";

/** An answer that had to have a form: its schema, whether it could be read, what does not fit, and earlier attempts. */
export function StructuredOutput({ output, call }: { output: Structured; call: LLMCall | null }) {
    const [isOpen, setOpen] = useState(false);
    const isParsed = call?.json_parse_success ?? output.isParsed;
    const attempts = Math.max(output.attempts, /valid|schema|parse/i.test(call?.retry_cause ?? "") ? (call!.retry_count ?? 0) + 1 : 1);
    return (
        <section className="structured" aria-label="Structured output">
            <h3>Structured output</h3>
            <div className="facts">
                {output.name && (
                    <Fact label="Form">
                        <bdi>{output.name}</bdi>
                    </Fact>
                )}
                {output.mode && <Fact label="Asked by">{output.mode}</Fact>}
                <Fact label="JSON" tone={isParsed === false ? "warn" : undefined}>
                    {isParsed === null ? "no answer" : isParsed ? "parsed" : "did not parse"}
                </Fact>
                <Fact label="Schema" tone={output.problems && output.problems.length > 0 ? "warn" : undefined} title={output.schema === null ? "The sender recorded no schema." : "Checked here against the recorded schema; patterns and formats are not."}>
                    {output.schema === null ? "not recorded" : output.problems === null ? "nothing to check" : output.problems.length === 0 ? "matches" : plural(output.problems.length, "problem")}
                </Fact>
                <Fact label="Attempts" tone={attempts > 1 ? "warn" : undefined}>
                    {attempts}
                    {output.mostAttempts !== null && ` of ${output.mostAttempts + 1}`}
                </Fact>
            </div>
            {output.problems && output.problems.length > 0 && (
                <ul className="problems">
                    {output.problems.map((p, i) => (
                        <li key={i}>
                            <code>{p.path}</code> <bdi>{p.message}</bdi>
                        </li>
                    ))}
                </ul>
            )}
            {output.earlier.length > 0 && (
                <ol className="attempts" aria-label="Earlier attempts">
                    {output.earlier.map((attempt, i) => (
                        <li key={i}>
                            <JsonTree value={attempt.answer} openDepth={0} />
                            <pre className="msg-pre" dir="auto">
                                {(attempt.error ?? "").slice(0, 2000)}
                            </pre>
                        </li>
                    ))}
                </ol>
            )}
            {output.schema !== null && (
                <div className="tool-definition">
                    <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                        <span className={`twist ${isOpen ? "is-open" : ""}`} aria-hidden="true" />
                        Schema
                    </button>
                    {isOpen && (
                        <div className="tool-open">
                            <JsonTree value={output.schema} openDepth={3} />
                        </div>
                    )}
                </div>
            )}
        </section>
    );
}
