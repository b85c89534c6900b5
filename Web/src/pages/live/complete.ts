import { literal } from "../../lib/sql";

/** Columns of `records`, with what they hold. */
export const columns: readonly [string, string][] = [
    ["service_name", "text"],
    ["level", "number: 9 info, 13 warn, 17 error"],
    ["message", "text"],
    ["span_name", "text"],
    ["kind", "span, log, span_event, pending_span"],
    ["duration", "seconds"],
    ["is_exception", "true or false"],
    ["exception_type", "text"],
    ["exception_message", "text"],
    ["otel_status_code", "UNSET, OK, ERROR"],
    ["otel_status_message", "text"],
    ["otel_scope_name", "text"],
    ["deployment_environment", "text"],
    ["http_response_status_code", "number"],
    ["http_route", "text"],
    ["http_method", "text"],
    ["url_path", "text"],
    ["url_full", "text"],
    ["tags", "list of text"],
    ["trace_id", "text"],
    ["span_id", "text"],
    ["parent_span_id", "text"],
    ["start_timestamp", "time"],
    ["end_timestamp", "time"],
    ["service_version", "text"],
    ["service_namespace", "text"],
    ["service_instance_id", "text"],
    ["process_pid", "number"],
    ["otel_span_kind", "text"],
    ["telemetry_sdk_language", "text"],
    ["log_body", "text"],
    ["attributes", "object"],
    ["otel_resource_attributes", "object"],
];

const words: readonly [string, string][] = [
    ["AND", "both"],
    ["OR", "either"],
    ["NOT", "not"],
    ["ILIKE", "pattern with %, case ignored"],
    ["LIKE", "pattern with %"],
    ["IN", "one of a list"],
    ["BETWEEN", "from … AND …"],
    ["IS NULL", "unknown"],
    ["IS NOT NULL", "known"],
];

const functions: readonly [string, string][] = [
    ["contains(", "text, part"],
    ["lower(", "text"],
    ["length(", "text"],
    ["starts_with(", "text, start"],
    ["regexp_matches(", "text, pattern"],
    ["array_contains(", "tags, 'one'"],
    ["coalesce(", "first that is known"],
    ["CAST(", "value AS type"],
];

const operators: readonly [string, string][] = [
    ["=", "equal"],
    ["<>", "different"],
    [">", "more"],
    [">=", "at least"],
    ["<", "less"],
    ["<=", "at most"],
];

export interface Completion {
    label: string;
    /** The text put in place of `from` … caret. */
    insert: string;
    note: string;
    kind: "recent" | "column" | "attribute" | "value" | "operator" | "word" | "function";
}

export interface Suggestions {
    from: number;
    items: Completion[];
}

export interface Vocabulary {
    keys: readonly string[];
    /** Values seen, by column. */
    values: Readonly<Record<string, readonly string[]>>;
    /** Filters run before, newest first. */
    recent?: readonly string[];
}

const most = 12;

/** What is compared with the value at the end of a text: a column, or the key of an attribute. */
export interface Compared {
    /** The key in `Vocabulary.values`, and the expression in SQL. */
    name: string;
    isAttribute: boolean;
}

const operator = "(?:=|<>|!=|i?like|in\\s*\\((?:\\s*'[^']*'\\s*,)*)\\s*$";
const columnBefore = new RegExp(`([a-z_]\\w*)\\s*${operator}`, "i");
const attributeBefore = new RegExp(`attributes\\s*->>\\s*'((?:[^']|'')*)'\\s*\\)?\\s*${operator}`, "i");

function comparedIn(lead: string): Compared | null {
    const attribute = attributeBefore.exec(lead);
    if (attribute) return { name: `attributes->>${literal(attribute[1]!.replace(/''/g, "'"))}`, isAttribute: true };
    const column = columnBefore.exec(lead);
    return column ? { name: column[1]!.toLowerCase(), isAttribute: false } : null;
}

/** The column or attribute whose values can stand at the caret. */
export function comparedAt(text: string, caret: number): Compared | null {
    const before = text.slice(0, caret);
    const quotes = (before.match(/'/g) ?? []).length;
    const found = comparedIn(quotes % 2 === 1 ? before.slice(0, before.lastIndexOf("'")) : before.replace(/[\w.]*$/, ""));
    return found && (found.isAttribute || columns.some(([name, kind]) => name === found.name && !["object", "time", "seconds"].includes(kind))) ? found : null;
}

/** The statement that gives the values of a column or attribute, most frequent first. */
export function valuesOf(compared: Compared): string {
    const value = compared.isAttribute ? `(${compared.name})` : compared.name;
    return `SELECT value, count(*) AS n FROM (SELECT CAST(${value} AS VARCHAR) AS value FROM records) WHERE value IS NOT NULL AND length(value) <= 120 GROUP BY value ORDER BY n DESC, value`;
}

/** What can stand at the caret. */
export function suggest(text: string, caret: number, vocabulary: Vocabulary): Suggestions {
    if (text === "" && vocabulary.recent && vocabulary.recent.length > 0) {
        const recent = vocabulary.recent.map((r): Completion => ({ label: r, insert: r, note: "", kind: "recent" }));
        return { from: 0, items: [...recent, ...columns.slice(0, most - recent.length).map(entry("column"))] };
    }
    const before = text.slice(0, caret);
    const quotes = (before.match(/'/g) ?? []).length;
    if (quotes % 2 === 1) return insideQuotes(before, vocabulary);

    const word = /[\w.]*$/.exec(before)?.[0] ?? "";
    const from = caret - word.length;
    const lead = before.slice(0, from).trimEnd();
    const afterColumn = /([a-z_][\w]*|attributes\s*->>\s*'[^']*'\s*\)?)$/i.test(lead) && !/\b(and|or|not|like|ilike|in|between|is|null|true|false)$/i.test(lead);
    if (afterColumn && word === "") return { from, items: [...operators.map(entry("operator")), ...words.slice(3).map(entry("word"))].slice(0, most) };

    const compared = comparedIn(before.slice(0, from));
    if (compared) {
        const values = vocabulary.values[compared.name] ?? [];
        return { from, items: pick(values.map((v) => ({ label: v, insert: literal(v), note: "seen", kind: "value" as const })), word) };
    }
    const typed = word.toLowerCase();
    if (typed === "" && /('|\)|\d|\bnull|\btrue|\bfalse)$/i.test(lead)) return { from, items: words.slice(0, 2).map(entry("word")) };
    const items: Completion[] = columns.map(entry("column"));
    items.push(...vocabulary.keys.map((key) => ({ label: key, insert: `(attributes->>${literal(key)})`, note: "attribute", kind: "attribute" as const })));
    if (typed !== "") items.push(...words.map(entry("word")), ...functions.map(entry("function")));
    return { from, items: pick(items, typed) };
}

function insideQuotes(before: string, vocabulary: Vocabulary): Suggestions {
    const open = before.lastIndexOf("'");
    const typed = before.slice(open + 1);
    const lead = before.slice(0, open);
    if (/attributes\s*->>?\s*$/i.test(lead)) {
        return { from: open + 1, items: pick(vocabulary.keys.map((key) => ({ label: key, insert: `${key.replace(/'/g, "''")}'`, note: "attribute", kind: "attribute" as const })), typed) };
    }
    const compared = comparedIn(lead);
    const values = compared ? vocabulary.values[compared.name] ?? [] : [];
    return { from: open + 1, items: pick(values.map((v) => ({ label: v, insert: `${v.replace(/'/g, "''")}'`, note: "seen", kind: "value" as const })), typed) };
}

function entry(kind: Completion["kind"]) {
    return ([label, note]: readonly [string, string]): Completion => ({ label, insert: kind === "function" ? label : `${label} `, note, kind });
}

/** Those that begin with the text first, then those that contain it. */
function pick(items: Completion[], typed: string): Completion[] {
    const t = typed.toLowerCase();
    if (t === "") return items.slice(0, most);
    const starts: Completion[] = [];
    const contains: Completion[] = [];
    for (const item of items) {
        const label = item.label.toLowerCase();
        if (label === t && item.kind !== "value") continue;
        if (label.startsWith(t)) starts.push(item);
        else if (label.includes(t)) contains.push(item);
    }
    return [...starts, ...contains].slice(0, most);
}
