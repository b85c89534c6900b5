// The server tells places in a text in Unicode scalars, editors in UTF-16 units, people in lines and columns.

/** The offset in UTF-16 units of a place given in Unicode scalars. */
export function offsetOf(text: string, scalars: number): number {
    let offset = 0;
    for (let i = 0; i < scalars && offset < text.length; i += 1) offset += text.codePointAt(offset)! > 0xffff ? 2 : 1;
    return offset;
}

export interface Place {
    /** From 1. */
    line: number;
    /** From 1, in Unicode scalars. */
    column: number;
}

export function placeOf(text: string, offset: number): Place {
    const before = text.slice(0, offset);
    const lines = before.split("\n");
    return { line: lines.length, column: [...lines[lines.length - 1]!].length + 1 };
}

/** How many units from an offset belong to the word (or sign) that begins there. */
export function wordLength(text: string, offset: number): number {
    const rest = text.slice(offset);
    return /^(?:[\p{L}\p{N}_$.]+|"(?:[^"]|"")*"?|'(?:[^']|'')*'?)/u.exec(rest)?.[0]?.length ?? Math.min(1, rest.length);
}
