/** A stretch of a message; `isArgument` marks what was filled into the template. */
export interface Piece {
    text: string;
    isArgument: boolean;
    /** The model, agent or tool that a span of the GenAI conventions is named after. */
    isName?: boolean;
}

const named = /^((?:chat|invoke_agent|execute_tool|create_agent|invoke_workflow|embeddings|generate_content|text_completion) )(\S.*)$/;

const placeholder = /\{[^{}]*\}/g;

/**
 * Splits a message into template text and filled-in arguments by matching the template's fixed text in order.
 * A message that does not follow its template comes back as one plain piece.
 */
export function highlight(message: string, template: string | null): Piece[] {
    const plain: Piece[] = [{ text: message, isArgument: false }];
    const name = template ? null : named.exec(message);
    if (name) return [{ text: name[1]!, isArgument: false }, { text: name[2]!, isArgument: false, isName: true }];
    if (!template || !template.includes("{") || template.length > 2000) return plain;
    const fixed = template.replace(/\{\{|\}\}/g, (m) => (m === "{{" ? "\u0001" : "\u0002")).split(placeholder)
        .map((t) => t.replace(/\u0001/g, "{").replace(/\u0002/g, "}"));
    if (fixed.length < 2) return plain;
    const pieces: Piece[] = [];
    let at = 0;
    for (let i = 0; i < fixed.length; i += 1) {
        const part = fixed[i]!;
        const last = i === fixed.length - 1;
        let found: number;
        if (i === 0) found = message.startsWith(part) ? 0 : -1;
        else if (last) found = message.endsWith(part) && message.length - part.length >= at ? message.length - part.length : -1;
        else found = part === "" ? at : message.indexOf(part, at);
        if (found < 0) return plain;
        if (found > at) pieces.push({ text: message.slice(at, found), isArgument: true });
        if (part !== "") pieces.push({ text: part, isArgument: false });
        at = found + part.length;
    }
    return pieces;
}
