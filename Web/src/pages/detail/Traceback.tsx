import { useState } from "react";
import { CopyButton } from "../../components/basic";
import { plural } from "../../lib/format";
import { Frame, parseTraceback, Part } from "./frames";

/** A traceback under its own head, as frames or as the text that was sent. */
export function Traceback({ text }: { text: string }) {
    const parts = parseTraceback(text);
    const [isRaw, setRaw] = useState(parts === null);
    return (
        <figure className="snippet traceback">
            <figcaption>
                Traceback
                <span>
                    {parts && (
                        <button type="button" className="link-button small" onClick={() => setRaw(!isRaw)}>
                            {isRaw ? "As frames" : "As text"}
                        </button>
                    )}
                    <CopyButton text={text} label="Copy the traceback" />
                </span>
            </figcaption>
            {isRaw || !parts ? (
                <pre>
                    <code>{text}</code>
                </pre>
            ) : (
                <Parts parts={parts} />
            )}
        </figure>
    );
}

/** A traceback for places with a head of their own. */
export function TracebackBody({ text }: { text: string }) {
    const parts = parseTraceback(text);
    return <div className="traceback">{parts ? <Parts parts={parts} /> : <pre>{text}</pre>}</div>;
}

function Parts({ parts }: { parts: readonly Part[] }) {
    return (
        <div className="frames">
            {parts.map((part, index) =>
                part.kind === "frames" ? (
                    <Frames key={index} frames={part.frames} />
                ) : (
                    <p key={index} className={part.kind === "error" ? "frames-error" : "frames-note"}>
                        {part.text}
                    </p>
                ),
            )}
        </div>
    );
}

/** Runs of library frames fold into one line, so that the program's own stand out. */
function Frames({ frames }: { frames: readonly Frame[] }) {
    const groups: Frame[][] = [];
    const hasOwn = frames.some((f) => !f.isLibrary);
    for (const f of frames) {
        const last = groups[groups.length - 1];
        if (hasOwn && last && f.isLibrary && last[0]!.isLibrary) last.push(f);
        else groups.push([f]);
    }
    return (
        <ol>
            {groups.map((group, index) => (group[0]!.isLibrary && group.length > 1 ? <Folded key={index} frames={group} /> : group.map((f, i) => <FrameRow key={`${index}-${i}`} frame={f} />)))}
        </ol>
    );
}

function Folded({ frames }: { frames: readonly Frame[] }) {
    const [isOpen, setOpen] = useState(false);
    return (
        <>
            <li className="frame is-library">
                <button type="button" className="link-button small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                    {isOpen ? "Hide" : "Show"} {plural(frames.length, "library frame")}
                </button>
            </li>
            {isOpen && frames.map((f, i) => <FrameRow key={i} frame={f} />)}
        </>
    );
}

function FrameRow({ frame }: { frame: Frame }) {
    return (
        <li className={`frame ${frame.isLibrary ? "is-library" : ""}`}>
            <div className="frame-place">
                {frame.name && <b>{frame.name}</b>}
                <code>
                    {frame.file}
                    {frame.line !== null && `:${frame.line}`}
                </code>
            </div>
            {frame.code.length > 0 && (
                <pre>
                    <code>{frame.code.join("\n")}</code>
                </pre>
            )}
        </li>
    );
}
