// Long texts in pieces: few elements at first, more on demand, and never more work at once than a reader can take in.

/** Characters of a piece of Markdown, and how many of those are drawn as Markdown at most. */
export const markdownPiece = 6000;
const mostMarkdown = 60_000;
/** Characters of a piece of plain text. */
const plainPiece = 50_000;

export interface Piece {
    text: string;
    isPlain: boolean;
}

/** Where a piece that begins at `from` ends: at a line break or a space near its full size, if there is one. */
function endOf(text: string, from: number, size: number): number {
    const full = from + size;
    if (full >= text.length) return text.length;
    const least = from + Math.floor(size * 0.75);
    for (const mark of ["\n\n", "\n", " "]) {
        const at = text.lastIndexOf(mark, full);
        if (at >= least) return at + mark.length;
    }
    // Not between the two halves of a character.
    const code = text.charCodeAt(full - 1);
    return code >= 0xd800 && code <= 0xdbff ? full - 1 : full;
}

const fence = /^\s*(`{3,}|~{3,})/;

/** The code fence that is open at the end of a piece; null when none is. */
function openFence(text: string, open: string | null): string | null {
    for (const line of text.split("\n")) {
        const mark = fence.exec(line)?.[1];
        if (mark === undefined) continue;
        if (open === null) open = mark;
        else if (mark[0] === open[0] && mark.length >= open.length && line.trim() === mark) open = null;
    }
    return open;
}

/** The first pieces of a text, at most `many`. Code that goes on in the next piece goes on as code. */
export function piecesOf(text: string, many: number, isMarkdown: boolean): { pieces: Piece[]; end: number } {
    const pieces: Piece[] = [];
    let at = 0;
    let open: string | null = null;
    while (at < text.length && pieces.length < many) {
        const isPlain: boolean = !isMarkdown || at >= mostMarkdown;
        const end = endOf(text, at, isPlain ? plainPiece : markdownPiece);
        const part = text.slice(at, end);
        if (isPlain) pieces.push({ text: part, isPlain });
        else {
            const after: string | null = openFence(part, open);
            pieces.push({ text: `${open === null ? "" : `${open}\n`}${part}${after === null ? "" : `\n${after}`}`, isPlain });
            open = after;
        }
        at = end;
    }
    return { pieces, end: at };
}

/** How many pieces are drawn after another click: the rest of the Markdown, then half a million characters at a time. */
export function nextMany(many: number): number {
    return many < 10 ? 10 : many + 10;
}
