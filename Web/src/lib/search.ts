import { attribute, literal } from "./sql";

const keywords = /\b(and|or|not|is|in|like|ilike|between|null|true|false|similar|exists)\b/i;

/**
 * Whether the text is meant as a SQL condition rather than as words to look for. Words with a colon, a question mark or an
 * apostrophe stay words; operators, calls and condition keywords make it SQL.
 */
export function looksLikeSQL(text: string): boolean {
    const t = text.trim();
    if (t === "") return false;
    // The inside of quotes says nothing about the form.
    const bare = t.replace(/'(?:[^']|'')*'/g, "''").replace(/"(?:[^"]|"")*"/g, "x");
    if (/(<=|>=|<>|!=|=|<|>|->|~)/.test(bare)) return true;
    if (/^(is_\w+|not\s+\w+)$/i.test(bare)) return true;
    if (/^\s*\(?\s*[a-z_]+\s*\(.*\)/i.test(bare)) return true;
    // `level is null`, `service_name in ('a')`: an identifier, then a keyword.
    const match = /^\(*\s*(?:not\s+)?[a-z_][\w.]*\s+(\w+)/i.exec(bare);
    return match !== null && /^(is|in|like|ilike|between|similar)$/i.test(match[1]!) && (keywords.exec(bare)?.index ?? -1) >= 0 && /''|\(|\bnull\b|\btrue\b|\bfalse\b|\d/i.test(bare);
}

/** Columns that plain words are looked for in: what rows show, then prompts and answers. */
const searched = [
    "message",
    "span_name",
    attribute("gen_ai.input.messages"),
    attribute("gen_ai.output.messages"),
    attribute("pydantic_ai.all_messages"),
];

/** The condition that finds the words, case ignored. */
export function wordsCondition(words: string): string {
    const text = words.trim().replace(/^"(.*)"$/s, "$1");
    // The wildcards of ILIKE would match too much, so text that has them is compared as it is.
    if (/[%_\\]/.test(text)) {
        const needle = literal(text.toLowerCase());
        return searched.map((column) => `contains(lower(${column}), ${needle})`).join(" OR ");
    }
    const pattern = literal(`%${text}%`);
    return searched.map((column) => `${column} ILIKE ${pattern}`).join(" OR ");
}

export interface Filters {
    /** What the reader typed: a condition or words. */
    text: string;
    /** Conditions of the pills and the environment. */
    clauses: string[];
}

export interface Condition {
    /** The WHERE text sent to the server; undefined when nothing is filtered. */
    where: string | undefined;
    /** Characters before the typed text inside `where`. */
    offset: number;
    isWords: boolean;
    /** The condition that stands for the typed text. */
    typed: string;
}

export function condition(filters: Filters): Condition {
    const text = filters.text.trim();
    const isWords = text !== "" && !looksLikeSQL(text);
    const typed = isWords ? wordsCondition(text) : text;
    const clauses = filters.clauses.filter((c) => c !== "");
    if (typed === "") return { where: clauses.length > 0 ? clauses.join(" AND ") : undefined, offset: 0, isWords, typed };
    if (clauses.length === 0) return { where: typed, offset: 0, isWords, typed };
    // The line break ends a comment at the end of the typed text.
    return { where: `(${typed}\n) AND ${clauses.join(" AND ")}`, offset: 1, isWords, typed };
}
