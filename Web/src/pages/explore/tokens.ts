// Reads SQL text as tokens: enough for completion, formatting and finding the statement under the cursor; the server does the real parsing.

export type TokenKind = "space" | "comment" | "string" | "name" | "number" | "word" | "operator" | "open" | "close" | "comma" | "semicolon" | "dot";

export interface Token {
    kind: TokenKind;
    text: string;
    /** Offset in the text, in UTF-16 units. */
    at: number;
    /** A string, quoted name or comment that never ends. */
    isOpen?: boolean;
}

const word = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const number = /(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const space = /\s+/y;
const operator = /->>|->|::|<=|>=|<>|!=|\|\||==|!~\*|~\*|!~|@>|<@|\?\||\?&|:=|=>|[-+*/%=<>~!|&^?:@#$]/y;

export function tokenize(sql: string): Token[] {
    const tokens: Token[] = [];
    let at = 0;
    const push = (kind: TokenKind, end: number, isOpen = false) => {
        tokens.push(isOpen ? { kind, text: sql.slice(at, end), at, isOpen } : { kind, text: sql.slice(at, end), at });
        at = end;
    };
    const match = (pattern: RegExp): number => {
        pattern.lastIndex = at;
        const found = pattern.exec(sql);
        return found ? at + found[0]!.length : -1;
    };
    while (at < sql.length) {
        const c = sql[at]!;
        const spaceEnd = match(space);
        if (spaceEnd > 0) push("space", spaceEnd);
        else if (sql.startsWith("--", at)) push("comment", endOr(sql.indexOf("\n", at), sql.length));
        else if (sql.startsWith("/*", at)) {
            const end = sql.indexOf("*/", at + 2);
            push("comment", end < 0 ? sql.length : end + 2, end < 0);
        } else if (c === "'" || c === '"') {
            const end = quoted(sql, at, c);
            push(c === "'" ? "string" : "name", end < 0 ? sql.length : end, end < 0);
        } else if (c === "(" || c === "[" || c === "{") push("open", at + 1);
        else if (c === ")" || c === "]" || c === "}") push("close", at + 1);
        else if (c === ",") push("comma", at + 1);
        else if (c === ";") push("semicolon", at + 1);
        else {
            const wordEnd = match(word);
            const numberEnd = wordEnd > 0 ? -1 : match(number);
            if (wordEnd > 0) push("word", wordEnd);
            else if (numberEnd > 0) push("number", numberEnd);
            else if (c === ".") push("dot", at + 1);
            else {
                const end = match(operator);
                push("operator", end > 0 ? end : at + (sql.codePointAt(at)! > 0xffff ? 2 : 1));
            }
        }
    }
    return tokens;
}

function endOr(index: number, otherwise: number): number {
    return index < 0 ? otherwise : index;
}

/** The offset after the closing quote, doubled ones being part of the text; -1 without one. */
function quoted(sql: string, at: number, quote: string): number {
    for (let i = at + 1; i < sql.length; i += 1) {
        if (sql[i] !== quote) continue;
        if (sql[i + 1] === quote) i += 1;
        else return i + 1;
    }
    return -1;
}

export interface Statement {
    sql: string;
    /** Offset of `sql` in the whole text. */
    at: number;
}

/** The statements of a text, without the semicolons between them; comments alone are none. */
export function statements(text: string): Statement[] {
    const found: Statement[] = [];
    let start = 0;
    let isEmpty = true;
    const end = (to: number) => {
        if (!isEmpty) {
            const raw = text.slice(start, to);
            const lead = raw.length - raw.trimStart().length;
            found.push({ sql: raw.trim(), at: start + lead });
        }
        start = to + 1;
        isEmpty = true;
    };
    for (const token of tokenize(text)) {
        if (token.kind === "semicolon") end(token.at);
        else if (token.kind !== "space" && token.kind !== "comment") isEmpty = false;
    }
    end(text.length);
    return found;
}

/** What Run means: the selected text, else the statement that the cursor is in or behind. */
export function statementAt(text: string, from: number, to: number): Statement | null {
    if (to > from && text.slice(from, to).trim() !== "") {
        const raw = text.slice(from, to);
        return { sql: raw.trim().replace(/;\s*$/, ""), at: from + raw.length - raw.trimStart().length };
    }
    const all = statements(text);
    return all.find((s) => from <= s.at + s.sql.length + 1) ?? all[all.length - 1] ?? null;
}
