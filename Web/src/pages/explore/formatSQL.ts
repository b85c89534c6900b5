import { isKeyword } from "./keywords";
import { Token, tokenize } from "./tokens";

// Lays SQL out: a clause on each line, long lists one item a line, brackets that do not fit on a line indented.

const indentBy = 4;
const lineWidth = 100;

/** Words that begin a line of their own, as they follow each other. */
const clauses = ["WITH", "SELECT", "FROM", "WHERE", "GROUP BY", "HAVING", "QUALIFY", "WINDOW", "ORDER BY", "LIMIT", "OFFSET", "UNION ALL", "UNION", "EXCEPT", "INTERSECT", "VALUES"];
const joins = /^(?:(?:LEFT|RIGHT|FULL|INNER|CROSS|ASOF|SEMI|ANTI|OUTER|NATURAL) )*JOIN$/;

type Node = { text: string; isComment?: boolean; glueBefore?: boolean; glueAfter?: boolean } | { open: string; close: string; children: Node[]; glueBefore: boolean };

const isGroup = (node: Node): node is Extract<Node, { open: string }> => "open" in node;

/** The text laid out anew; as it was when a string or bracket never ends. */
export function formatSQL(sql: string): string {
    const tokens = tokenize(sql);
    if (tokens.some((t) => t.isOpen)) return sql;
    const parts: string[] = [];
    let rest: Token[] = [];
    for (const token of tokens) {
        if (token.kind === "semicolon") {
            parts.push(statement(rest));
            rest = [];
        } else rest.push(token);
    }
    const hadEnd = tokens.some((t) => t.kind === "semicolon");
    const last = statement(rest);
    if (parts.includes("\0") || last === "\0") return sql;
    const all = last === "" ? parts : [...parts, last];
    return all.join(";\n\n") + (hadEnd && last === "" ? ";" : "");
}

function statement(tokens: readonly Token[]): string {
    const position = { at: 0 };
    const kept = tokens.filter((t) => t.kind !== "space");
    const nodes = parse(kept, position, tokens);
    if (position.at < kept.length) return "\0";
    return nodes === null ? "\0" : block(nodes, 0);
}

const noSpaceBefore = new Set([",", ".", "::", "->", "->>"]);
const noSpaceAfter = new Set([".", "::", "->", "->>"]);

function parse(tokens: readonly Token[], position: { at: number }, all: readonly Token[], isInner = false): Node[] | null {
    const nodes: Node[] = [];
    while (position.at < tokens.length) {
        const token = tokens[position.at]!;
        const before = tokens[position.at - 1];
        const isAdjacent = before !== undefined && before.at + before.text.length === token.at;
        if (token.kind === "close") return isInner ? nodes : null;
        position.at += 1;
        if (token.kind === "open") {
            const children = parse(tokens, position, all, true);
            const close = tokens[position.at];
            if (children === null || !close) return null;
            position.at += 1;
            // `count(*)` and `list[1]` stay together, `IN (…)` and `AS (…)` do not.
            const glueBefore = token.text === "[" ? before !== undefined && (before.kind === "word" || before.kind === "close" || before.kind === "name") : before?.kind === "word" && isAdjacent && !(isKeyword(before.text) && !callable.has(before.text.toUpperCase()));
            nodes.push({ open: token.text, close: close.text, children, glueBefore });
            continue;
        }
        if (token.kind === "comment") {
            nodes.push({ text: token.text, isComment: true });
            continue;
        }
        const isUnary = (token.text === "-" || token.text === "+") && (before === undefined || before.kind === "operator" || before.kind === "open" || before.kind === "comma" || (before.kind === "word" && isKeyword(before.text)));
        nodes.push({
            text: token.kind === "word" && isKeyword(token.text) && before?.kind !== "dot" ? token.text.toUpperCase() : token.text,
            glueBefore: noSpaceBefore.has(token.text),
            glueAfter: noSpaceAfter.has(token.text) || isUnary,
        });
    }
    return isInner ? null : nodes;
}

/** Keywords that are called like functions. */
const callable = new Set(["CAST", "REPLACE", "LEFT", "RIGHT", "EXCLUDE", "ROW"]);

function flat(nodes: readonly Node[]): string {
    let text = "";
    let isGlued = true;
    for (const node of nodes) {
        const piece = isGroup(node) ? `${node.open}${flat(node.children)}${node.close}` : node.text;
        const glue = isGlued || node.glueBefore === true;
        text += glue ? piece : ` ${piece}`;
        isGlued = !isGroup(node) && node.glueAfter === true;
    }
    return text;
}

function hasComment(nodes: readonly Node[]): boolean {
    return nodes.some((n) => (isGroup(n) ? hasComment(n.children) : n.isComment === true));
}

interface Clause {
    head: string;
    body: Node[];
}

function split(nodes: readonly Node[]): Clause[] {
    const found: Clause[] = [];
    let current: Clause = { head: "", body: [] };
    const text = (i: number) => {
        const node = nodes[i];
        return node && !isGroup(node) && !node.isComment ? node.text : "";
    };
    for (let i = 0; i < nodes.length; ) {
        const one = text(i);
        const two = `${one} ${text(i + 1)}`;
        let head = "";
        let many = 1;
        if (clauses.includes(two)) [head, many] = [two, 2];
        else if (clauses.includes(one) && !(one === "EXCEPT" && found.length === 0 && current.head === "SELECT" && isGroup(nodes[i + 1] ?? { text: "" }) && !beginsQuery(nodes[i + 1]!))) head = one;
        else {
            for (let n = 4; n >= 1; n -= 1) {
                const words = Array.from({ length: n }, (_, k) => text(i + k)).join(" ");
                if (joins.test(words)) {
                    [head, many] = [words, n];
                    break;
                }
            }
        }
        if (head === "") {
            current.body.push(nodes[i]!);
            i += 1;
            continue;
        }
        if (current.head !== "" || current.body.length > 0) found.push(current);
        if (head === "SELECT" && text(i + many) === "DISTINCT") [head, many] = ["SELECT DISTINCT", many + 1];
        current = { head, body: [] };
        i += many;
    }
    if (current.head !== "" || current.body.length > 0) found.push(current);
    return found;
}

function beginsQuery(node: Node): boolean {
    if (!isGroup(node)) return false;
    const first = node.children.find((n) => isGroup(n) || !n.isComment);
    return first !== undefined && !isGroup(first) && (first.text === "SELECT" || first.text === "WITH");
}

function block(nodes: readonly Node[], depth: number): string {
    const pad = " ".repeat(depth);
    return split(nodes)
        .map(({ head, body }) => {
            const one = head === "" ? flat(body) : body.length === 0 ? head : `${head} ${flat(body)}`;
            const mustBreak = hasComment(body) || body.some((n) => hasQuery(n));
            if (!mustBreak && depth + one.length <= lineWidth) return pad + one;
            const items = head === "WHERE" || head === "HAVING" || head === "QUALIFY" || joins.test(head) ? onWords(body) : onCommas(body);
            if (items.length === 1 && head !== "" && !hasComment(items[0]!)) return `${pad}${head} ${laid(items[0]!, depth, depth + head.length + 1)}`;
            const inner = depth + (head === "" ? 0 : indentBy);
            const lines = items.map((item) => " ".repeat(inner) + laid(item, inner, inner));
            return head === "" ? lines.join("\n") : `${pad}${head}\n${lines.join("\n")}`;
        })
        .join("\n");
}

function hasQuery(node: Node): boolean {
    return isGroup(node) && (beginsQuery(node) || node.children.some(hasQuery));
}

/** Items of a list, each with the comma after it. */
function onCommas(nodes: readonly Node[]): Node[][] {
    const items: Node[][] = [[]];
    nodes.forEach((node) => {
        const current = items[items.length - 1]!;
        if (!isGroup(node) && node.isComment) {
            // A comment ends the line it is on.
            if (current.length === 0 && items.length > 1 && node.text.startsWith("--")) items[items.length - 2]!.push(node);
            else {
                current.push(node);
                items.push([]);
            }
            return;
        }
        current.push(node);
        if (!isGroup(node) && node.text === ",") items.push([]);
    });
    return items.filter((item) => item.length > 0);
}

/** Conditions, each beginning with its AND, OR or ON; the AND of BETWEEN stays. */
function onWords(nodes: readonly Node[]): Node[][] {
    const items: Node[][] = [[]];
    let isBetween = false;
    let cases = 0;
    for (const node of nodes) {
        const text = isGroup(node) ? "" : node.text;
        if (text === "CASE") cases += 1;
        if (text === "END") cases -= 1;
        if (text === "BETWEEN") isBetween = true;
        const isAnd = text === "AND" && isBetween;
        if (isAnd) isBetween = false;
        if (cases === 0 && !isAnd && (text === "AND" || text === "OR") && items[items.length - 1]!.length > 0) items.push([]);
        items[items.length - 1]!.push(node);
        if (!isGroup(node) && node.isComment) items.push([]);
    }
    return items.filter((item) => item.length > 0);
}

/** A piece whose brackets are opened up where they do not fit. `at` is the column it begins in. */
function laid(nodes: readonly Node[], depth: number, at: number): string {
    if (!nodes.some(hasQuery) && !hasComment(nodes) && at + flat(nodes).length <= lineWidth) return flat(nodes);
    let text = "";
    let isGlued = true;
    let endsLine = false;
    for (const node of nodes) {
        const line = text.slice(text.lastIndexOf("\n") + 1);
        let piece: string;
        if (isGroup(node)) {
            const one = `${node.open}${flat(node.children)}${node.close}`;
            const fits = !hasQuery(node) && !hasComment(node.children) && (text.includes("\n") ? line.length : at + line.length) + one.length <= lineWidth;
            piece = fits ? one : `${node.open}\n${beginsQuery(node) ? block(node.children, depth + indentBy) : onCommas(node.children).map((item) => " ".repeat(depth + indentBy) + laid(item, depth + indentBy, depth + indentBy)).join("\n")}\n${" ".repeat(depth)}${node.close}`;
        } else piece = node.text;
        if (endsLine) text += `\n${" ".repeat(depth)}${piece}`;
        else text += isGlued || node.glueBefore === true ? piece : ` ${piece}`;
        isGlued = !isGroup(node) && node.glueAfter === true;
        endsLine = !isGroup(node) && node.isComment === true && node.text.startsWith("--");
    }
    return text;
}
