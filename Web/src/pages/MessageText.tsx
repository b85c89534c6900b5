import type { LiveRecord } from "../api/types";
import { highlight } from "../lib/template";

/** Messages longer than this are cut in rows; the detail shows all of it. */
const longest = 400;

export function MessageText({ record }: { record: Pick<LiveRecord, "message" | "span_name" | "msg_template"> }) {
    const text = (record.message ?? record.span_name).replace(/\s+/g, " ");
    const message = text.length > longest ? `${text.slice(0, longest)}…` : text;
    const pieces = highlight(message, record.msg_template);
    return (
        <span className="message" dir="auto" title={message}>
            {pieces.map((piece, index) =>
                piece.isArgument ? (
                    <span key={index} className="arg">
                        {piece.text}
                    </span>
                ) : piece.isName ? (
                    <b key={index}>{piece.text}</b>
                ) : (
                    piece.text
                ),
            )}
        </span>
    );
}

export function StatusCode({ code }: { code: number }) {
    const tone = code >= 500 ? "error" : code >= 400 ? "warn" : "ok";
    return <span className={`status status-${tone}`}>→ {code}</span>;
}
