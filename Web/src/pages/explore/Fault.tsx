import type { APIError } from "../../api/client";
import { CopyButton } from "../../components/basic";
import { Icon } from "../../components/Icon";
import { placeOf } from "./places";
import { adviceFor } from "./run";

export interface FaultPlace {
    /** UTF-16 units of the editor's text. */
    from: number;
    to: number;
}

/** What went wrong, where, and what to do. */
export function Fault({ error, text, place, suggestion, onReveal, onRetry, onReplace }: { error: APIError; text: string; place: FaultPlace | null; suggestion: string | null; onReveal(): void; onRetry(): void; onReplace(name: string): void }) {
    const at = place ? placeOf(text, place.from) : null;
    const lines = text.split("\n");
    const line = at ? lines[at.line - 1]! : "";
    const start = place ? text.lastIndexOf("\n", place.from - 1) + 1 : 0;
    const [from, to] = place ? [place.from - start, Math.min(line.length, place.to - start)] : [0, 0];
    // A long line is shown around the place.
    const cut = Math.max(0, from - 60);
    return (
        <div className="fault" role="alert">
            <Icon name="warn" size={16} />
            <div>
                <strong>
                    {at && (
                        <button type="button" className="fault-place" title="Go there" onClick={onReveal}>
                            Line {at.line}, column {at.column}
                        </button>
                    )}
                    {error.detail}
                    <CopyButton text={error.detail} label="Copy the message" />
                </strong>
                {at && (
                    <pre>
                        <span className="muted">{String(at.line).padStart(3)} │ </span>
                        {cut > 0 && "…"}
                        {line.slice(cut, from)}
                        <mark>{line.slice(from, to) || " "}</mark>
                        {line.slice(to, to + 120)}
                    </pre>
                )}
                <p>
                    {suggestion !== null && (
                        <>
                            Did you mean{" "}
                            <button type="button" className="button" onClick={() => onReplace(suggestion)}>
                                <code>{suggestion}</code>
                            </button>
                            ?{" "}
                        </>
                    )}
                    {adviceFor(error)}
                </p>
                {(error.status === 0 || error.status === 429 || error.status >= 500) && (
                    <button type="button" className="button" onClick={onRetry}>
                        Run again
                    </button>
                )}
            </div>
        </div>
    );
}
