import { queryString } from "./params";
import { Problem, readProblem } from "./problem";
import type { Config, LiveBatch, QueryAnswer } from "./types";

/** A refused or failed request, with the position in the SQL text when the server knows it. */
export class APIError extends Error {
    constructor(
        readonly status: number,
        readonly detail: string,
        readonly position: number | null = null,
        /** What is wrong with single fields of what was sent, by name or path. */
        readonly fields: Readonly<Record<string, string>> = {},
        /** Seconds to wait before another attempt. */
        readonly retryAfter: number | null = null,
        /** The kind of failure of a query: syntax, deadline, too_large, … */
        readonly code: string | null = null,
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
                return "Sign in again or use a token that may read this project.";
            case 403:
                return "Your role in this project does not allow it; an owner can change that under Settings → Members.";
            case 404:
                return "It may have been removed meanwhile. Reload the page to see what is there.";
            case 409:
            case 422:
                return "Correct what is named above, then try again.";
            case 429:
                return `Too many attempts at once; wait ${this.retryAfter === null ? "a moment" : `${this.retryAfter} s`} and try again.`;
            default:
                return this.status >= 500 ? "The server could not answer; its log says why. Try again in a moment." : "Try again.";
        }
    }
}

let projectPath: string | null = null;

/** The `organization/project` that every following call means; null leaves the choice to the server. */
export function setRequestProject(path: string | null): void {
    projectPath = path;
}

/** The project as a parameter of an address, for streams and downloads, which cannot carry headers. */
export function requestProject(): string | undefined {
    return projectPath ?? undefined;
}

const signInListeners = new Set<() => void>();

/** Calls back when the server answers that nobody is signed in. */
export function onSignInNeeded(listener: () => void): () => void {
    signInListeners.add(listener);
    return () => signInListeners.delete(listener);
}

async function failure(response: Response): Promise<APIError> {
    let problem: Problem = { detail: `The server answered ${response.status}.`, position: null, fields: {} };
    try {
        problem = readProblem(await response.json(), problem.detail);
    } catch {
        // A body that is not JSON adds nothing to the status.
    }
    const wait = Number(response.headers.get("Retry-After") ?? "");
    return new APIError(response.status, problem.detail, problem.position, problem.fields, Number.isFinite(wait) && wait > 0 ? Math.ceil(wait) : null, problem.code ?? null);
}

/** One request, with the project it means; a refusal is an APIError. */
export async function answer(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (projectPath !== null) headers.set("X-Hearth-Project", projectPath);
    let response: Response;
    try {
        response = await fetch(path, { ...init, headers });
    } catch (error) {
        if (error instanceof DOMException && error.name === "AbortError") throw error;
        throw new APIError(0, "The server cannot be reached.");
    }
    if (response.ok) return response;
    const error = await failure(response);
    // A wrong password is an answer to the form that sent it; elsewhere the session is over.
    if (response.status === 401 && !path.startsWith("/ui/session") && !path.startsWith("/ui/password")) for (const listener of [...signInListeners]) listener();
    throw error;
}

/** One request whose answer is JSON. */
export async function request<T>(path: string, init: RequestInit): Promise<T> {
    return (await (await answer(path, init)).json()) as T;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One call of the management API. An answer without a body is undefined. */
export async function call<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const response = await answer(path, {
        method,
        signal,
        headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
        body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (response.status === 204) return undefined as T;
    const text = await response.text();
    return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** Reads an answer of one JSON value a line as it arrives. */
export async function callLines<T>(path: string, body: unknown, onLine: (line: T) => void, signal?: AbortSignal): Promise<void> {
    const response = await answer(path, { method: "POST", signal, headers: { Accept: "application/x-ndjson, application/json", "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const reader = response.body?.getReader();
    if (!reader) throw new APIError(0, "The server sent no answer.");
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
        const { done, value } = await reader.read();
        rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
        const lines = rest.split("\n");
        rest = done ? "" : lines.pop()!;
        for (const line of lines) if (line.trim() !== "") onLine(JSON.parse(line) as T);
        if (done) return;
    }
}

export function isAbort(error: unknown): boolean {
    return error instanceof DOMException && error.name === "AbortError";
}

export function asAPIError(error: unknown): APIError {
    if (error instanceof APIError) return error;
    return new APIError(0, error instanceof Error ? error.message : String(error));
}

export async function fetchConfig(signal?: AbortSignal): Promise<Config> {
    const known = await request<Partial<Config>>("/ui/config", { signal });
    const sampling = { enabled: false, since: null };
    // Without a role, as with a read token, one looks and changes nothing.
    return { is_loopback: false, user_name: null, projects: [], sampling, ...known, role: known.role ?? "viewer" } as Config;
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

let known: Promise<ReadonlySet<string>> | null = null;

/** The tables that this server's SQL has, asked for once. */
export function tables(): Promise<ReadonlySet<string>> {
    known ??= request<{ tables: { name: string }[] }>("/v1/schemas", {}).then(
        (answer) => new Set(answer.tables.map((table) => table.name)),
        () => {
            // Asked for again next time.
            known = null;
            return new Set<string>();
        },
    );
    return known;
}
