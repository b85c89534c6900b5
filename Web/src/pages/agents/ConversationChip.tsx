import type { CSSProperties } from "react";
import { setParams } from "../../app/router";
import { Link } from "../../components/basic";
import { nameColor } from "../../lib/color";
import { shortId } from "../../lib/format";

/** A conversation's id, short, in the conversation's colour: its end too, because ids that begin with the time begin alike. */
export function ConversationChip({ id, href }: { id: string; href?: string }) {
    const style = { "--c": nameColor(id) } as CSSProperties;
    const shown = shortId(id);
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
