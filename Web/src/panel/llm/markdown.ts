// A small Markdown reader: enough for what models write. It yields data, never HTML, so nothing in it can run.

export type Inline =
    | { type: "text"; text: string }
    | { type: "code"; text: string }
    | { type: "strong" | "em" | "strike"; children: Inline[] }
    | { type: "link"; children: Inline[]; href: string };

export type Block =
    | { type: "paragraph"; children: Inline[] }
    | { type: "heading"; level: number; children: Inline[] }
    | { type: "code"; language: string; text: string }
    | { type: "list"; ordered: boolean; start: number; items: Block[][] }
    | { type: "quote"; children: Block[] }
    | { type: "table"; head: Inline[][]; rows: Inline[][][] }
    | { type: "rule" };

const listItem = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const fence = /^(\s*)(`{3,}|~{3,})\s*([\w+#.-]*)\s*$/;
const tableRule = /^\s*\|?\s*:?-{1,}:?\s*(\|\s*:?-{1,}:?\s*)*\|?\s*$/;

/** How deep quotes and lists may nest before the rest is plain text. */
const deepest = 8;

export function parseMarkdown(source: string, depth = 0): Block[] {
    const lines = source.replace(/\r\n?/g, "\n").split("\n");
    const blocks: Block[] = [];
    let i = 0;
    while (i < lines.length) {
        const line = lines[i]!;
        const fenced = fence.exec(line);
        if (fenced) {
            const close = new RegExp(`^\\s*${fenced[2]![0] === "`" ? "`" : "~"}{${fenced[2]!.length},}\\s*$`);
            const body: string[] = [];
            i += 1;
            while (i < lines.length && !close.test(lines[i]!)) body.push(lines[i++]!);
            i += 1;
            blocks.push({ type: "code", language: fenced[3]!, text: body.join("\n") });
            continue;
        }
        if (line.trim() === "") {
            i += 1;
            continue;
        }
        const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
        if (heading) {
            blocks.push({ type: "heading", level: heading[1]!.length, children: parseInline(heading[2]!) });
            i += 1;
            continue;
        }
        if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
            blocks.push({ type: "rule" });
            i += 1;
            continue;
        }
        if (/^\s*>/.test(line) && depth < deepest) {
            const body: string[] = [];
            while (i < lines.length && /^\s*>/.test(lines[i]!)) body.push(lines[i++]!.replace(/^\s*>\s?/, ""));
            blocks.push({ type: "quote", children: parseMarkdown(body.join("\n"), depth + 1) });
            continue;
        }
        if (listItem.test(line) && depth < deepest) {
            const [list, next] = parseList(lines, i, depth);
            blocks.push(list);
            i = next;
            continue;
        }
        if (line.includes("|") && i + 1 < lines.length && tableRule.test(lines[i + 1]!) && lines[i + 1]!.includes("-")) {
            const head = cells(line);
            const rows: Inline[][][] = [];
            i += 2;
            while (i < lines.length && lines[i]!.includes("|") && lines[i]!.trim() !== "") rows.push(cells(lines[i++]!));
            blocks.push({ type: "table", head, rows });
            continue;
        }
        const body: string[] = [];
        while (i < lines.length && lines[i]!.trim() !== "" && !startsBlock(lines[i]!, body.length === 0)) body.push(lines[i++]!);
        blocks.push({ type: "paragraph", children: parseInline(body.join("\n")) });
    }
    return blocks;
}

function startsBlock(line: string, isFirst: boolean): boolean {
    if (isFirst) return false;
    return fence.test(line) || /^#{1,6}\s/.test(line) || listItem.test(line) || /^\s*>/.test(line);
}

function parseList(lines: string[], from: number, depth: number): [Block, number] {
    const first = listItem.exec(lines[from]!)!;
    const indent = first[1]!.length;
    const ordered = /\d/.test(first[2]!);
    const items: Block[][] = [];
    let i = from;
    while (i < lines.length) {
        const match = listItem.exec(lines[i]!);
        if (!match || match[1]!.length > indent + 1 || match[1]!.length < indent || /\d/.test(match[2]!) !== ordered) break;
        const body = [match[3]!];
        i += 1;
        while (i < lines.length) {
            const line = lines[i]!;
            const inner = listItem.exec(line);
            if (inner && inner[1]!.length <= indent + 1) break;
            if (line.trim() === "") {
                // A blank line ends the item unless an indented one follows.
                if (i + 1 < lines.length && /^\s{2,}\S/.test(lines[i + 1]!)) {
                    body.push("");
                    i += 1;
                    continue;
                }
                break;
            }
            if (!/^\s/.test(line) && !inner && body[body.length - 1] === "") break;
            body.push(line.replace(/^ {1,4}/, ""));
            i += 1;
        }
        items.push(parseMarkdown(body.join("\n"), depth + 1));
        while (i + 1 < lines.length && lines[i]!.trim() === "" && listItem.test(lines[i + 1]!)) i += 1;
    }
    return [{ type: "list", ordered, start: ordered ? parseInt(first[2]!, 10) : 1, items }, i];
}

function cells(line: string): Inline[][] {
    return line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((c) => parseInline(c.trim().replace(/\\\|/g, "|")));
}

const inlineRule = /(`+)([\s\S]*?[^`])\1(?!`)|\*\*([\s\S]+?)\*\*|__([^_]+?)__|~~([\s\S]+?)~~|\*(\S(?:[^*]*?\S)?)\*|(?<![\w])_(\S(?:[^_]*?\S)?)_(?![\w])|!?\[([^\]]*)\]\(([^)\s]*)(?:\s+"[^"]*")?\)|\\([\\`*_{}[\]()#+\-.!|~])/;

export function parseInline(source: string, depth = 0): Inline[] {
    const out: Inline[] = [];
    let rest = source;
    while (rest !== "") {
        const match = depth < deepest ? inlineRule.exec(rest) : null;
        if (!match) {
            push(out, rest);
            break;
        }
        if (match.index > 0) push(out, rest.slice(0, match.index));
        const [all, , code, strong, strong2, strike, em, em2, label, href, escaped] = match;
        if (code !== undefined) out.push({ type: "code", text: code.trim() });
        else if (strong !== undefined || strong2 !== undefined) out.push({ type: "strong", children: parseInline((strong ?? strong2)!, depth + 1) });
        else if (strike !== undefined) out.push({ type: "strike", children: parseInline(strike, depth + 1) });
        else if (em !== undefined || em2 !== undefined) out.push({ type: "em", children: parseInline((em ?? em2)!, depth + 1) });
        else if (label !== undefined) out.push({ type: "link", children: parseInline(label, depth + 1), href: href ?? "" });
        else if (escaped !== undefined) push(out, escaped);
        rest = rest.slice(match.index + (all ?? "").length);
    }
    return out;
}

function push(out: Inline[], text: string): void {
    const last = out[out.length - 1];
    if (last?.type === "text") last.text += text;
    else out.push({ type: "text", text });
}
