import type { FullRecord, Json, JsonObject } from "../../api/types";
import { isObject, unwrap } from "../../lib/json";

/** What the SDK adds for its own purposes; kept in Raw, hidden elsewhere. */
const bookkeeping = new Set(["logfire.msg", "logfire.msg_template", "logfire.span_type", "logfire.json_schema", "logfire.level_num", "logfire.pending_parent_id", "logfire.tags", "logfire.null_args", "logfire.sample_rate", "logfire.disable_console_log"]);

/** Where in the source the record was made. */
const sourceKeys = new Set(["code.filepath", "code.lineno", "code.function", "code.file.path", "code.line.number", "code.function.name"]);

export interface SplitAttributes {
    /** Arguments that the program itself passed. */
    arguments: JsonObject;
    /** Everything else that is worth showing. */
    rest: JsonObject;
    source: string | null;
}

/** The arguments are what the JSON schema names, without the conventions' own keys. */
export function splitAttributes(attributes: JsonObject, schema: Json): SplitAttributes {
    const named = schemaKeys(schema);
    const split: SplitAttributes = { arguments: {}, rest: {}, source: sourceLine(attributes) };
    for (const key of Object.keys(attributes).sort()) {
        if (bookkeeping.has(key) || sourceKeys.has(key)) continue;
        const isArgument = named.has(key) && !key.includes(".");
        (isArgument ? split.arguments : split.rest)[key] = attributes[key]!;
    }
    return split;
}

function schemaKeys(schema: Json): Set<string> {
    const value = unwrap(schema);
    if (!isObject(value) || !isObject(value.properties ?? null)) return new Set();
    return new Set(Object.keys(value.properties as JsonObject));
}

function sourceLine(a: JsonObject): string | null {
    const file = a["code.filepath"] ?? a["code.file.path"];
    if (typeof file !== "string") return null;
    const line = a["code.lineno"] ?? a["code.line.number"];
    const name = a["code.function"] ?? a["code.function.name"];
    return `${file}${line !== undefined ? `:${String(line)}` : ""}${typeof name === "string" ? ` in ${name}` : ""}`;
}

/** Those whose key or value contains the text, case ignored. */
export function filterAttributes(attributes: JsonObject, text: string): JsonObject {
    const t = text.trim().toLowerCase();
    if (t === "") return attributes;
    return Object.fromEntries(Object.entries(attributes).filter(([key, value]) => key.toLowerCase().includes(t) || JSON.stringify(value).toLowerCase().includes(t)));
}

/** Where the source line can be read: on the host of the repository that the sender names, at the revision that ran. */
export function sourceLink(record: Pick<FullRecord, "attributes" | "otel_resource_attributes">): string | null {
    const resource = record.otel_resource_attributes ?? {};
    const a = record.attributes ?? {};
    const repository = resource["vcs.repository.url.full"];
    const revision = resource["vcs.repository.ref.revision"] ?? resource["vcs.ref.head.revision"];
    const file = a["code.filepath"] ?? a["code.file.path"];
    const line = a["code.lineno"] ?? a["code.line.number"];
    if (typeof repository !== "string" || typeof revision !== "string" || typeof file !== "string" || !/^https:\/\/[\w.-]+\/[\w./-]+$/.test(repository)) return null;
    if (file.startsWith("/") || file.includes("..") || file.includes("site-packages")) return null;
    const root = resource["logfire.code.root_path"];
    const path = `${typeof root === "string" && root !== "" ? `${root.replace(/^\/+|\/+$/g, "")}/` : ""}${file}`;
    return `${repository.replace(/\.git$/, "").replace(/\/$/, "")}/blob/${encodeURIComponent(revision)}/${path.split("/").map(encodeURIComponent).join("/")}${line === undefined ? "" : `#L${String(line)}`}`;
}
