// What a span says about an HTTP request, under the old and the new names of the conventions.

import type { FullRecord, Json, JsonObject } from "../../api/types";
import { number, text, unwrap } from "../../lib/json";

export interface Header {
    name: string;
    values: string[];
}

export interface HTTPMessage {
    headers: Header[];
    /** As captured; an object when the sender said that it is JSON. */
    body: Json | undefined;
    /** The captured text, byte for byte; null when the sender sent structure. */
    raw: string | null;
    /** Bytes, as the headers or the sender say. */
    size: number | null;
}

export interface HTTPExchange {
    /** True for a request that was answered, false for one that was sent; null when the span does not say. */
    isServer: boolean | null;
    method: string | null;
    route: string | null;
    url: string | null;
    status: number | null;
    protocol: string | null;
    peer: string | null;
    userAgent: string | null;
    request: HTTPMessage;
    response: HTTPMessage;
    /** Parsing of arguments and the endpoint itself, in milliseconds, where FastAPI's instrumentation says so. */
    phases: { name: string; ms: number }[];
}

/** Null for a record that is about no HTTP request. */
export function httpOf(record: FullRecord): HTTPExchange | null {
    const a = record.attributes ?? {};
    const method = text(a["http.request.method"] ?? a["http.method"]) ?? record.http_method;
    const status = number(a["http.response.status_code"] ?? a["http.status_code"] ?? null) ?? record.http_response_status_code;
    const url = text(a["url.full"] ?? a["http.url"]) ?? record.url_full ?? joined(a);
    if (method === null && status === null && !Object.keys(a).some((k) => k.startsWith("http.request.") || k.startsWith("http.response."))) return null;
    const version = text(a["network.protocol.version"] ?? a["http.flavor"]);
    const host = text(a["client.address"] ?? a["network.peer.address"] ?? a["net.peer.ip"] ?? a["net.peer.name"] ?? a["server.address"]);
    const port = text(a["network.peer.port"] ?? a["net.peer.port"] ?? a["server.port"]);
    return {
        isServer: record.otel_span_kind === "SERVER" ? true : record.otel_span_kind === "CLIENT" ? false : null,
        method,
        route: text(a["http.route"]) ?? record.http_route,
        url,
        status,
        protocol: version === null ? null : `HTTP/${version}`,
        peer: host === null ? null : `${host}${port === null ? "" : `:${port}`}`,
        userAgent: text(a["user_agent.original"] ?? a["http.user_agent"]),
        request: message(a, "request"),
        response: message(a, "response"),
        phases: phases(a),
    };
}

function joined(a: JsonObject): string | null {
    const path = text(a["http.target"] ?? a["url.path"]);
    if (path === null) return null;
    const query = text(a["url.query"]);
    return query ? `${path}?${query}` : path;
}

function message(a: JsonObject, side: "request" | "response"): HTTPMessage {
    const prefix = `http.${side}.header.`;
    const headers = Object.keys(a)
        .filter((key) => key.startsWith(prefix))
        .sort()
        .map((key): Header => {
            const value = unwrap(a[key]);
            return { name: key.slice(prefix.length).replace(/_/g, "-"), values: (Array.isArray(value) ? value : [value]).map((v) => text(v) ?? "") };
        });
    const length = headers.find((h) => h.name === "content-length")?.values[0] ?? null;
    const body = a[`http.${side}.body.text`] ?? a[`http.${side}.body.form`] ?? a[`http.${side}.body`];
    return { headers, body: body === undefined ? undefined : unwrap(body), raw: typeof body === "string" ? body : null, size: number(a[`http.${side}.body.size`] ?? a[`http.${side}_content_length`] ?? length) };
}

function phases(a: JsonObject): { name: string; ms: number }[] {
    const between = (name: string, key: string) => {
        const [from, to] = [Date.parse(String(a[`${key}.start_timestamp`])), Date.parse(String(a[`${key}.end_timestamp`]))];
        return Number.isFinite(from) && Number.isFinite(to) ? [{ name, ms: to - from }] : [];
    };
    return [...between("Arguments", "fastapi.arguments"), ...between("Endpoint", "fastapi.endpoint_function")];
}

/** Attributes that the section shows, so that the list below need not. */
export function isHTTPDetail(key: string): boolean {
    return /^http\.(request|response)\.(header|body)/.test(key);
}
