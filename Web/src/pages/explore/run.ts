import { APIError, answer, asAPIError, isAbort } from "../../api/client";
import type { Json, QueryField } from "../../api/types";

export interface Asked {
    sql: string;
    /** ISO times. */
    from: string;
    to?: string;
    limit: number;
    environment: string | null;
    explain?: boolean;
    /** The zone that calendar functions count in, by its IANA name; UTC when absent. */
    timezone?: string;
}

export interface Result {
    fields: readonly QueryField[];
    rows: readonly Record<string, Json>[];
    /** Milliseconds on the server; null when it does not say. */
    elapsed: number | null;
    /** Records of the files that were read; null when the server does not say. */
    scanned: number | null;
    /** Characters of the answer. */
    size: number;
    warnings: readonly string[];
    plan: Plan | null;
}

export interface Plan {
    logical: string;
    physical: string;
    measured: string | null;
}

interface Body {
    schema?: { fields: QueryField[] };
    data: Record<string, Json>[];
    warnings?: string[];
    logical_plan?: string;
    physical_plan?: string;
    physical_plan_with_metrics?: string;
}

function requestBody(asked: Asked): Record<string, unknown> {
    const body: Record<string, unknown> = { sql: asked.sql, min_timestamp: asked.from, limit: asked.limit };
    if (asked.to) body.max_timestamp = asked.to;
    if (asked.environment !== null) body.deployment_environment = [asked.environment];
    if (asked.timezone !== undefined) body.timezone = asked.timezone;
    if (asked.explain) body.explain = true;
    return body;
}

/** A name for a query of this page, so that it can be cancelled by it. */
export function newQueryID(): string {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
}

/** Asks in one form of answer. When the signal ends, the query ends on the server too. */
export async function ask(asked: Asked, accept: string, signal: AbortSignal): Promise<Response> {
    const id = newQueryID();
    const cancel = () => {
        void answer(`/v2/query/${id}`, { method: "DELETE", keepalive: true }).catch(() => {
            // It has ended meanwhile.
        });
    };
    signal.addEventListener("abort", cancel);
    try {
        return await answer("/v2/query", { method: "POST", headers: { "Content-Type": "application/json", Accept: accept, "X-Hearth-Query-Id": id }, body: JSON.stringify(requestBody(asked)), signal });
    } finally {
        signal.removeEventListener("abort", cancel);
    }
}

const header = (response: Response, name: string): number | null => {
    const text = response.headers.get(name);
    const value = text === null ? Number.NaN : Number(text);
    return Number.isFinite(value) ? value : null;
};

export async function run(asked: Asked, signal: AbortSignal): Promise<Result> {
    const response = await ask({ ...asked }, "application/json", signal);
    let text: string;
    try {
        text = await response.text();
    } catch (error) {
        if (isAbort(error)) throw error;
        throw new APIError(0, "The connection was lost while the answer came in.");
    }
    const body = parseBody(text);
    return {
        fields: body.schema?.fields ?? [],
        rows: body.data,
        elapsed: header(response, "X-Hearth-Elapsed-Ms"),
        scanned: header(response, "X-Hearth-Scanned-Records"),
        size: text.length,
        warnings: body.warnings ?? [],
        plan: body.logical_plan === undefined ? null : { logical: body.logical_plan, physical: body.physical_plan ?? "", measured: body.physical_plan_with_metrics ?? null },
    };
}

type SourceReviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

/** Whole numbers that a double cannot hold stay text, digit for digit, where the browser tells them. */
export function parseBody(text: string): Body {
    if (!/[[:,]-?\d{16,}/.test(text)) return JSON.parse(text) as Body;
    const exact: SourceReviver = (_, value, context) => (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) && context?.source && /^-?\d+$/.test(context.source) ? context.source : value);
    return JSON.parse(text, exact as (key: string, value: unknown) => unknown) as Body;
}

/** What to do about a failed query. */
export function adviceFor(error: APIError): string {
    switch (error.code) {
        case "deadline":
            return "Shorten the time range, add a WHERE condition, or read fewer columns; grouping by attributes reads every record of the range.";
        case "too_large":
            return "Select fewer columns (attributes are the largest), cut long texts with left(text, 200), or lower the row limit.";
        case "unknown_table":
            return "The tables on the left are all there are; records has every span and log.";
        case "not_allowed":
            return "Queries read the tables of this project: one SELECT, WITH, DESCRIBE, SUMMARIZE or SHOW TABLES.";
        case "syntax":
            return "Correct the marked place and run it again.";
        case "too_complex":
            return "Split the statement into smaller ones.";
        case "out_of_memory":
            return "Shorten the time range or group by fewer different values.";
        case "execution":
            return error.position === null ? "Correct the statement and run it again." : "Correct the marked place and run it again.";
        default:
            return error.advice;
    }
}

export { asAPIError, isAbort };
