import { memo, useMemo, useState } from "react";
import { bytes, count } from "../../lib/format";
import { MarkdownView } from "./MarkdownView";
import { nextMany, piecesOf } from "./pieces";

/** A text of any length. The beginning is drawn; the rest comes in steps, or all of it as plain text. */
export function LongText({ text, isMarkdown }: { text: string; isMarkdown: boolean }) {
    const [many, setMany] = useState(1);
    const { pieces, end } = useMemo(() => piecesOf(text, many, isMarkdown), [text, many, isMarkdown]);
    const rest = text.length - end;
    const step = rest > 0 ? piecesOf(text, nextMany(many), isMarkdown).end - end : 0;
    return (
        <>
            {pieces.map((piece, index) => (
                <PieceView key={index} text={piece.text} isPlain={piece.isPlain} />
            ))}
            {rest > 0 && (
                <p className="long-more">
                    <button type="button" className="button" onClick={() => setMany(nextMany(many))}>
                        Show {count(step)} more characters
                    </button>
                    {rest > step && (
                        <button type="button" className="link-button" onClick={() => setMany(Infinity)}>
                            Show all ({bytes(text.length)})
                        </button>
                    )}
                </p>
            )}
        </>
    );
}

const PieceView = memo(function PieceView({ text, isPlain }: { text: string; isPlain: boolean }) {
    if (!isPlain) return <MarkdownView text={text} />;
    return (
        <pre className="msg-pre" dir="auto">
            {text}
        </pre>
    );
});
