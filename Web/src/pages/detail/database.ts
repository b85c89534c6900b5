// What a span says about a database call, under the old and the new names of the conventions.

import type { FullRecord, Json, JsonObject } from "../../api/types";
import { number, text } from "../../lib/json";

export interface DatabaseCall {
    system: string;
    database: string | null;
    collection: string | null;
    operation: string | null;
    statement: string | null;
    rows: number | null;
    peer: string | null;
    parameters: [string, Json][];
    /** The words of a Redis command, as far as the sender kept them. */
    command: string[] | null;
}

export function databaseOf(record: FullRecord): DatabaseCall | null {
    const a = record.attributes ?? {};
    const system = text(a["db.system.name"] ?? a["db.system"]);
    if (system === null) return null;
    const statement = text(a["db.query.text"] ?? a["db.statement"]);
    const host = text(a["server.address"] ?? a["net.peer.name"]);
    const port = text(a["server.port"] ?? a["net.peer.port"]);
    return {
        system,
        database: text(a["db.namespace"] ?? a["db.name"] ?? a["db.redis.database_index"]),
        collection: text(a["db.collection.name"] ?? a["db.sql.table"] ?? a["db.mongodb.collection"]),
        operation: text(a["db.operation.name"] ?? a["db.operation"]),
        statement,
        rows: number(a["db.response.returned_rows"] ?? null),
        peer: host === null ? null : `${host}${port === null ? "" : `:${port}`}`,
        parameters: parameters(a),
        command: system === "redis" && statement !== null ? commandWords(statement) : null,
    };
}

function parameters(a: JsonObject): [string, Json][] {
    return Object.keys(a)
        .filter((key) => /^db\.(query\.parameter|statement\.parameters)\b/.test(key))
        .sort()
        .map((key) => [key.replace(/^db\.(query\.parameter|statement\.parameters)\.?/, "") || "parameters", a[key]!]);
}

/** `SET a:b some text`: the first two words and the rest as one. */
function commandWords(statement: string): string[] {
    const [, command, key, rest] = /^(\S+)(?:\s+(\S+))?(?:\s+([\s\S]+))?$/.exec(statement.trim()) ?? [];
    return [command, key, rest].filter((w): w is string => w !== undefined && w !== "");
}

const breaks = /^(select|from|where|group by|having|order by|limit|offset|union all|union|values|set|returning|on conflict|left outer join|left join|right join|inner join|full join|cross join|join|and|or)\b/i;

/** A statement with its clauses on lines of their own. What stands in quotes, comments and brackets stays as it is. */
export function layOut(statement: string): string {
    const sql = statement.trim();
    if (sql.includes("\n")) return sql;
    let out = "";
    let depth = 0;
    let isBetween = false;
    for (let i = 0; i < sql.length; ) {
        const quoted = /^('(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--.*$|\/\*[\s\S]*?\*\/)/.exec(sql.slice(i));
        if (quoted) {
            out += quoted[0];
            i += quoted[0]!.length;
            continue;
        }
        const c = sql[i]!;
        if (c === "(") depth += 1;
        if (c === ")") depth -= 1;
        const isWordStart = depth === 0 && /[a-z]/i.test(c) && (i === 0 || /\s|\)/.test(sql[i - 1]!));
        const clause = isWordStart ? breaks.exec(sql.slice(i, i + 24)) : null;
        if (isWordStart && /^between\b/i.test(sql.slice(i, i + 8))) isBetween = true;
        if (clause && out.trim() !== "") {
            const word = clause[0]!.toLowerCase();
            if (word === "and" && isBetween) isBetween = false;
            else out = `${out.trimEnd()}\n${word === "and" || word === "or" ? "  " : ""}`;
        }
        out += clause ? clause[0] : c;
        i += clause ? clause[0]!.length : 1;
    }
    return out;
}
