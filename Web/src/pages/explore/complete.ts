import { attributePath, literal } from "../../lib/sql";
import { functions, isKeyword, keywords } from "./keywords";
import { Table, tableNamed } from "./schema";
import { Token, tokenize } from "./tokens";

export interface Completion {
    label: string;
    /** Put in place of `from` … `to`. */
    insert: string;
    note: string;
    kind: "table" | "column" | "attribute" | "function" | "keyword" | "value";
    /** Where the cursor goes, from the end of what was put in. */
    back?: number;
}

export interface Vocabulary {
    tables: readonly Table[];
    /** Keys of attributes and of resource attributes that records really have. */
    attributes: readonly string[];
    resourceAttributes: readonly string[];
}

/** What can stand at the cursor, or the column whose values should be offered. */
export interface Suggestions {
    from: number;
    to: number;
    items: Completion[];
    /** Values of this expression fit; they have to be asked for. */
    valuesOf?: { expression: string; table: string; typed: string; isQuoted: boolean };
}

const most = 60;

/** The tables that a statement reads, by the names it gives them. */
export function tablesIn(tokens: readonly Token[], tables: readonly Table[]): Map<string, string> {
    const found = new Map<string, string>();
    const words = tokens.filter((t) => t.kind !== "space" && t.kind !== "comment");
    words.forEach((token, i) => {
        const before = words[i - 1];
        if (token.kind !== "word" || !before) return;
        const table = tableNamed(tables, token.text);
        const isSource = /^(from|join)$/i.test(before.text) || before.kind === "comma";
        if (!table || !isSource) return;
        const next = words[i + 1];
        const alias = next?.kind === "word" && /^as$/i.test(next.text) ? words[i + 2] : next;
        found.set(token.text.toLowerCase(), table.name);
        if (alias?.kind === "word" && !isKeyword(alias.text)) found.set(alias.text.toLowerCase(), table.name);
    });
    return found;
}

export function suggest(sql: string, caret: number, vocabulary: Vocabulary): Suggestions {
    const tokens = tokenize(sql);
    const index = tokens.findIndex((t) => t.at < caret && caret <= t.at + t.text.length);
    const current = index < 0 ? undefined : tokens[index]!;
    const nothing: Suggestions = { from: caret, to: caret, items: [] };
    if (current?.kind === "comment") return nothing;
    const sources = tablesIn(tokens, vocabulary.tables);
    const mainTable = [...sources.values()][0] ?? "records";
    const before = (current ? tokens.slice(0, index) : tokens.filter((t) => t.at < caret)).filter((t) => t.kind !== "space" && t.kind !== "comment");

    if (current?.kind === "string" && (caret < current.at + current.text.length || current.isOpen)) return inString(current, before, caret, vocabulary, mainTable);
    if (current?.kind === "number") return nothing;
    const isWord = current?.kind === "word";
    const typed = isWord ? sql.slice(current.at, caret) : "";
    const from = isWord ? current.at : caret;
    const to = isWord ? current.at + current.text.length : caret;
    const last = before[before.length - 1];
    const preceding = isWord || current === undefined || current.kind === "space" ? last : current;

    if (preceding?.kind === "dot") {
        const owner = before[before.length - (preceding === last ? 2 : 1)];
        const table = owner && tableNamed(vocabulary.tables, sources.get(owner.text.toLowerCase()) ?? owner.text);
        return { from, to, items: rank(table ? columnsOf([table]) : [], typed) };
    }
    if (preceding && /^(from|join)$/i.test(preceding.text)) {
        const withNames = namesOfWith(tokens);
        return { from, to, items: rank([...withNames, ...vocabulary.tables.map((t): Completion => ({ label: t.name, insert: t.name, note: t.description, kind: "table" }))], typed) };
    }
    const compared = preceding?.kind === "operator" && /^(=|<>|!=|==)$/.test(preceding.text);
    if (compared) {
        const end = before[before.length - 1] === preceding ? before.length - 1 : before.length;
        const expression = expressionBefore(before, end, vocabulary, mainTable);
        if (expression) return { from, to, items: [], valuesOf: { expression, table: mainTable, typed, isQuoted: false } };
    }
    const used = [...new Set(sources.values())].map((name) => tableNamed(vocabulary.tables, name)!).filter(Boolean);
    const known = used.length > 0 ? used : vocabulary.tables.filter((t) => t.name === "records");
    const items: Completion[] = columnsOf(known);
    const hasAttributes = known.some((t) => t.columns.some((c) => c.name === "attributes"));
    if (hasAttributes) items.push(...vocabulary.attributes.map((key): Completion => ({ label: key, insert: attributePath(key), note: "attribute seen", kind: "attribute" })));
    if (hasAttributes) items.push(...vocabulary.resourceAttributes.map((key): Completion => ({ label: key, insert: `otel_resource_attributes->>${literal(key)}`, note: "resource attribute seen", kind: "attribute" })));
    if (typed !== "") {
        items.push(...functions.map(([name, args, gives]): Completion => ({ label: `${name}(${args})`, insert: `${name}()`, note: gives, kind: "function", back: args === "" ? 0 : 1 })));
        items.push(...keywords.map((k): Completion => ({ label: k, insert: `${k} `, note: "", kind: "keyword" })));
        items.push(...vocabulary.tables.map((t): Completion => ({ label: t.name, insert: t.name, note: t.description, kind: "table" })));
    } else if (!preceding) {
        return { from, to, items: ["SELECT", "WITH", "DESCRIBE", "SUMMARIZE", "SHOW TABLES"].map((k) => ({ label: k, insert: `${k} `, note: "", kind: "keyword" as const })) };
    }
    return { from, to, items: rank(items, typed) };
}

function columnsOf(tables: readonly Table[]): Completion[] {
    const seen = new Set<string>();
    const items: Completion[] = [];
    for (const table of tables) {
        for (const column of table.columns) {
            if (seen.has(column.name)) continue;
            seen.add(column.name);
            items.push({ label: column.name, insert: column.name, note: column.description === "" ? column.type : `${column.type} · ${column.description}`, kind: "column" });
        }
    }
    return items;
}

function namesOfWith(tokens: readonly Token[]): Completion[] {
    const words = tokens.filter((t) => t.kind !== "space" && t.kind !== "comment");
    if (!/^with$/i.test(words[0]?.text ?? "")) return [];
    const found: Completion[] = [];
    words.forEach((token, i) => {
        if (token.kind === "word" && !isKeyword(token.text) && /^as$/i.test(words[i + 1]?.text ?? "") && words[i + 2]?.text === "(") found.push({ label: token.text, insert: token.text, note: "of this statement", kind: "table" });
    });
    return found;
}

/** In a quoted text: keys after `attributes->>`, values after a comparison. */
function inString(token: Token, before: readonly Token[], caret: number, vocabulary: Vocabulary, table: string): Suggestions {
    const from = token.at;
    const to = token.isOpen ? caret : token.at + token.text.length;
    const typed = token.text.slice(1, caret - token.at).replace(/''/g, "'");
    const last = before[before.length - 1];
    if (last?.kind === "operator" && /^->>?$/.test(last.text)) {
        const owner = before[before.length - 2]?.text.toLowerCase();
        const keys = owner === "attributes" ? vocabulary.attributes : owner === "otel_resource_attributes" ? vocabulary.resourceAttributes : [];
        return { from, to, items: rank(keys.map((key) => ({ label: key, insert: literal(key), note: owner === "attributes" ? "attribute seen" : "resource attribute seen", kind: "attribute" as const })), typed) };
    }
    let end = before.length - 1;
    let isCompared = last?.kind === "operator" && /^(=|<>|!=|==)$/.test(last.text);
    if (last?.kind === "word" && /^(like|ilike)$/i.test(last.text)) isCompared = true;
    // `IN ('a', 'b'`: back to the bracket.
    if (last?.kind === "comma" || last?.kind === "open") {
        let open = before.length - 1;
        while (open > 0 && before[open]!.kind !== "open") open -= 1;
        if (/^in$/i.test(before[open - 1]?.text ?? "")) {
            isCompared = true;
            end = open - 1;
        }
    }
    if (!isCompared) return { from, to, items: [] };
    if (/^not$/i.test(before[end - 1]?.text ?? "")) end -= 1;
    const expression = expressionBefore(before, end, vocabulary, table);
    return expression ? { from, to, items: [], valuesOf: { expression, table, typed, isQuoted: true } } : { from, to, items: [] };
}

/** The column or attribute that ends before the token `end`, as SQL; null when it is something else. */
function expressionBefore(before: readonly Token[], end: number, vocabulary: Vocabulary, table: string): string | null {
    let last = before[end - 1];
    if (last?.kind === "close") last = before[(end -= 1) - 1];
    if (last?.kind === "string" && /^->>$/.test(before[end - 2]?.text ?? "")) {
        const owner = before[end - 3]?.text.toLowerCase() ?? "";
        return /^(attributes|otel_resource_attributes|otel_scope_attributes)$/.test(owner) ? `(${owner}->>${last.text})` : null;
    }
    if (last?.kind !== "word") return null;
    const column = tableNamed(vocabulary.tables, table)?.columns.find((c) => c.name === last!.text.toLowerCase());
    return column && (column.type === "text" || column.type === "integer" || column.type === "true/false") ? column.name : null;
}

/** Those that begin with the text first, then those with a part that does, then those that contain it. */
export function rank(items: readonly Completion[], typed: string): Completion[] {
    const t = typed.toLowerCase();
    if (t === "") return items.slice(0, most);
    const weight: Record<Completion["kind"], number> = { value: 0, column: 0, table: 1, attribute: 2, function: 3, keyword: 2 };
    const scored: { item: Completion; score: number }[] = [];
    for (const item of items) {
        const label = item.label.toLowerCase();
        const base = label.startsWith(t) ? 0 : label.split(/[._\s(]/).some((part) => part.startsWith(t)) ? 10 : label.includes(t) ? 20 : -1;
        if (base >= 0) scored.push({ item, score: base + weight[item.kind] });
    }
    return scored.sort((a, b) => a.score - b.score).slice(0, most).map((s) => s.item);
}
