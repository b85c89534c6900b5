import type { CSSProperties } from "react";
import { setParams } from "../../app/router";
import { Link } from "../../components/basic";
import { nameColor } from "../../lib/color";

/** The first characters of a conversation's id in the conversation's colour. */
export function ConversationChip({ id, href }: { id: string; href?: string }) {
    const style = { "--c": nameColor(id) } as CSSProperties;
    const shown = [...id].slice(0, 8).join("");
    if (href !== undefined) {
        return (
            <span className="conversation-chip" style={style}>
                <Link href={href} title={`Conversation ${id}`}>
                    {shown}
                </Link>
            </span>
        );
    }
    return (
        <button type="button" className="conversation-chip" style={style} title={`Only the runs of conversation ${id}`} aria-label={`Only conversation ${shown}`} onClick={(event) => {
            event.stopPropagation();
            setParams({ conversation: id });
        }}>
            {shown}
        </button>
    );
}
