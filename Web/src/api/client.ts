import { queryString } from "./params";
import type { Config, LiveBatch, QueryAnswer } from "./types";

/** A refused or failed request, with the position in the SQL text when the server knows it. */
export class APIError extends Error {
    constructor(
        readonly status: number,
        readonly detail: string,
        readonly position: number | null = null,
    ) {
        super(detail);
        this.name = "APIError";
    }

    /** What the reader can try next. */
    get advice(): string {
        switch (this.status) {
            case 0:
                return "Check that the server is running, then try again.";
            case 400:
                return "Correct the filter or query and run it again.";
            case 401:
            case 403:
                return "Sign in again or use a token that may read this project.";
            case 429:
                return "Too many queries run at once; wait a moment and try again.";
            default:
                return this.status >= 500 ? "The server could not answer; its log says why. Try again in a moment." : "Try again.";
        }
    }
}

async function failure(response: Response): Promise<APIError> {
    let detail = `The server answered ${response.status}.`;
    let position: number | null = null;
    try {
        const body = (await response.json()) as { detail?: unknown; title?: unknown; position?: unknown };
        if (typeof body.detail === "string") detail = body.detail;
        else if (typeof body.title === "string") detail = body.title;
        if (typeof body.position === "number") position = body.position;
    } catch {
        // A body that is not JSON adds nothing to the status.
    }
    return new APIError(response.status, detail, position);
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
    let response: Response;
    try {
        response = await fetch(path, init);
    } catch (error) {
        if (error instanceof DOMException && error.name === "AbortError") throw error;
        throw new APIError(0, "The server cannot be reached.");
    }
    if (!response.ok) throw await failure(response);
    return (await response.json()) as T;
}

export function isAbort(error: unknown): boolean {
    return error instanceof DOMException && error.name === "AbortError";
}

export function asAPIError(error: unknown): APIError {
    if (error instanceof APIError) return error;
    return new APIError(0, error instanceof Error ? error.message : String(error));
}

export function fetchConfig(signal?: AbortSignal): Promise<Config> {
    return request<Config>("/ui/config", { signal });
}

export interface QueryOptions {
    /** ISO time; bounds start_timestamp from below. */
    from?: string;
    to?: string;
    limit?: number;
    signal?: AbortSignal;
}

const beginning = "1970-01-01T00:00:00Z";

/** Runs one SQL statement and returns its rows. */
export async function query<Row>(sql: string, options: QueryOptions = {}): Promise<Row[]> {
    const body: Record<string, unknown> = { sql, min_timestamp: options.from ?? beginning, limit: options.limit ?? 1000, include_schema: false };
    if (options.to) body.max_timestamp = options.to;
    const answer = await request<QueryAnswer<Row>>("/v2/query", {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify(body),
        signal: options.signal,
    });
    return answer.data;
}

export interface LiveOptions {
    from: string;
    to?: string;
    where?: string;
    limit?: number;
    signal?: AbortSignal;
}

/** The newest records, for the first paint of the live list. */
export function fetchLive(options: LiveOptions): Promise<LiveBatch> {
    const params = queryString({ limit: String(options.limit ?? 300), min_timestamp: options.from, max_timestamp: options.to, q: options.where });
    return request<LiveBatch>(`/ui/live?${params}`, { signal: options.signal });
}

/** Attribute keys that records really have, for completion. */
export async function fetchAttributeKeys(from: string, signal?: AbortSignal): Promise<string[]> {
    const answer = await request<{ keys: string[] }>(`/ui/attribute-keys?${queryString({ min_timestamp: from })}`, { signal });
    return answer.keys;
}
