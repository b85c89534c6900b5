import type { Asked } from "./run";

// Answers as files, and the same question for other programs.

export interface ExportForm {
    name: string;
    extension: string;
    mediaType: string;
}

export const exportForms: readonly ExportForm[] = [
    { name: "CSV", extension: "csv", mediaType: "text/csv" },
    { name: "JSON", extension: "json", mediaType: "application/json" },
    { name: "NDJSON", extension: "ndjson", mediaType: "application/x-ndjson" },
    { name: "Parquet", extension: "parquet", mediaType: "application/vnd.apache.parquet" },
    { name: "Arrow", extension: "arrow", mediaType: "application/vnd.apache.arrow.stream" },
];

/** `hearth-20261121-1402.csv`. */
export function fileName(form: ExportForm, now: Date): string {
    const two = (n: number) => String(n).padStart(2, "0");
    return `hearth-${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}-${two(now.getHours())}${two(now.getMinutes())}.${form.extension}`;
}

export interface Site {
    url: string;
    /** `organization/project`. */
    project: string;
    /** On loopback no token is asked for. */
    isLoopback: boolean;
}

function payload(asked: Asked): Record<string, unknown> {
    return { sql: asked.sql, min_timestamp: asked.from, ...(asked.to ? { max_timestamp: asked.to } : {}), limit: asked.limit, ...(asked.timezone === undefined ? {} : { timezone: asked.timezone }), ...(asked.environment === null ? {} : { deployment_environment: [asked.environment] }) };
}

/** Text within single quotes of a shell. */
function shellQuoted(text: string): string {
    return `'${text.replace(/'/g, "'\\''")}'`;
}

export function asCurl(asked: Asked, site: Site): string {
    const auth = site.isLoopback ? "" : ' \\\n  -H "Authorization: Bearer $HEARTH_READ_TOKEN"';
    return `curl -sS ${shellQuoted(`${site.url}/v2/query`)}${auth} \\\n  -H ${shellQuoted(`X-Hearth-Project: ${site.project}`)} \\\n  -H 'Content-Type: application/json' -H 'Accept: text/csv' \\\n  --data-binary ${shellQuoted(JSON.stringify(payload(asked), null, 2))}`;
}

/** A value as Python writes it. */
function python(value: unknown): string {
    if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
    if (typeof value === "string" && value.includes("\n")) {
        const text = value.replace(/\\/g, "\\\\").replace(/"""/g, '\\"\\"\\"');
        return `"""\n${text}${text.endsWith('"') ? "\\n" : ""}\n"""`;
    }
    return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

export function asPython(asked: Asked, site: Site): string {
    const fields = Object.entries(payload(asked)).map(([name, value]) => `    ${JSON.stringify(name)}: ${python(value)},`);
    const headers = [`    "Content-Type": "application/json",`, `    "X-Hearth-Project": ${JSON.stringify(site.project)},`, ...(site.isLoopback ? [] : ['    "Authorization": f"Bearer {os.environ[\'HEARTH_READ_TOKEN\']}",'])];
    return `import json
${site.isLoopback ? "" : "import os\n"}import urllib.request

query = {
${fields.join("\n")}
}
headers = {
${headers.join("\n")}
}
request = urllib.request.Request(${JSON.stringify(`${site.url}/v2/query`)}, json.dumps(query).encode(), headers)
with urllib.request.urlopen(request) as answer:
    rows = json.load(answer)["data"]
for row in rows:
    print(row)
`;
}
