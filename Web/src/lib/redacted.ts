// Where two texts differ after redaction, for marking what was found and what stands there now.

export interface Piece {
    text: string;
    isMarked: boolean;
}

/** What redaction writes in the place of a value. */
const placeholder = /(\[(?:Redacted|Dropped): [^\]]*\]|\[[^\[\]:]+:[0-9a-f]{16}\]|\[Scrubbed due to '[^']*'\])/;

/** The text with its placeholders marked. */
export function markPlaceholders(text: string): Piece[] {
    return text
        .split(placeholder)
        .map((part, index) => ({ text: part, isMarked: index % 2 === 1 }))
        .filter((piece) => piece.text !== "");
}

/** The text before, with what was found in it marked. Without a text after, all of it went. */
export function markFound(before: string, after: string | null): Piece[] {
    if (after === null || after === "") return before === "" ? [] : [{ text: before, isMarked: true }];
    const kept = after
        .split(placeholder)
        .filter((_, index) => index % 2 === 0)
        // A text that was cut for display ends in the middle of what it held.
        .map((part, index, all) => (index === all.length - 1 ? part.replace(/…$/, "") : part));
    const pieces: Piece[] = [];
    let position = 0;
    const push = (text: string, isMarked: boolean) => {
        if (text !== "") pieces.push({ text, isMarked });
    };
    for (const [index, part] of kept.entries()) {
        const isLast = index === kept.length - 1;
        const found = part === "" ? (isLast && index > 0 ? before.length : position) : isLast && before.endsWith(part) && before.length - part.length >= position ? before.length - part.length : before.indexOf(part, position);
        if (found < 0) return frame(before, after);
        push(before.slice(position, found), true);
        push(part, false);
        position = found + part.length;
    }
    push(before.slice(position), kept.length > 1);
    return pieces;
}

/** All between the beginning and the end that both texts share. */
function frame(before: string, after: string): Piece[] {
    let head = 0;
    while (head < before.length && before[head] === after[head]) head += 1;
    let tail = 0;
    while (tail < before.length - head && tail < after.length - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
    return [
        { text: before.slice(0, head), isMarked: false },
        { text: before.slice(head, before.length - tail), isMarked: true },
        { text: before.slice(before.length - tail), isMarked: false },
    ].filter((piece) => piece.text !== "");
}
