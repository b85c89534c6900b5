import { useSyncExternalStore } from "react";

// Every view is a path and a query string; the history holds nothing else.

/** Pages that belong to no project: they have addresses of their own and no sidebar. */
export type Door = { name: "login" } | { name: "setup" } | { name: "invite"; code: string } | { name: "device"; code: string };

export const sections = ["general", "tokens", "members", "redaction", "sampling", "retention", "mapping", "instrumentation", "prices", "health", "account"] as const;
export type Section = (typeof sections)[number];

export type Page =
    | { name: "live" }
    | { name: "add" }
    | { name: "settings"; section: Section }
    | { name: "llms" }
    | { name: "llm"; provider: string; model: string }
    | { name: "trace"; traceId: string }
    | { name: "agents" }
    /** One agent; without a name it is known by provider and model. */
    | { name: "agent"; agent: string | null; provider: string | null; model: string | null }
    | { name: "run"; traceId: string; spanId: string }
    | { name: "conversations" }
    | { name: "conversation"; id: string }
    | { name: "explore" }
    | { name: "missing" };

export interface Location {
    organization: string | null;
    project: string | null;
    page: Page;
    /** Set for a page outside of all projects. */
    door: Door | null;
    params: URLSearchParams;
}

function parseDoor(parts: string[]): Door | null {
    const [name, code] = parts;
    if (parts.length === 1 && (name === "login" || name === "setup")) return { name };
    if (parts.length === 2 && code !== undefined && (name === "invite" || name === "device")) return { name, code };
    return null;
}

export function parseLocation(pathname: string, search: string): Location {
    const parts = pathname.split("/").filter((s) => s !== "").map(decode);
    const params = new URLSearchParams(search);
    const door = parseDoor(parts);
    if (door) return { organization: null, project: null, page: { name: "missing" }, door, params };
    const [organization, project, ...rest] = parts;
    return { organization: organization ?? null, project: project ?? null, page: parsePage(rest), door: null, params };
}

function parsePage(rest: string[]): Page {
    const [name, first, second] = rest;
    if (name === undefined) return { name: "live" };
    if (name === "llms" && first === undefined) return { name: "llms" };
    if (name === "llms" && second !== undefined && rest.length === 3) return { name: "llm", provider: first!, model: second };
    if (name === "traces" && first !== undefined && rest.length === 2) return { name: "trace", traceId: first };
    if (name === "agents" && first === undefined) return { name: "agents" };
    if (name === "agents" && rest.length === 2) return { name: "agent", agent: first!, provider: null, model: null };
    if (name === "agents" && rest.length === 4 && first === unnamed) return { name: "agent", agent: null, provider: known(second!), model: known(rest[3]!) };
    if (name === "runs" && second !== undefined && rest.length === 3) return { name: "run", traceId: first!, spanId: second };
    if (name === "conversations" && first === undefined) return { name: "conversations" };
    if (name === "conversations" && rest.length === 2) return { name: "conversation", id: first! };
    if (name === "explore" && rest.length === 1) return { name: "explore" };
    if (name === "add-data" && rest.length === 1) return { name: "add" };
    if (name === "settings" && rest.length <= 2) {
        const section = sections.find((s) => s === (first ?? "general"));
        if (section) return { name: "settings", section };
    }
    return { name: "missing" };
}

/** In the place of an agent's name in an address, followed by provider and model. */
const unnamed = "-";
/** In the place of a provider or model that nobody named. */
const nobody = "(unknown)";

function known(segment: string): string | null {
    return segment === nobody ? null : segment;
}

function decode(segment: string): string {
    try {
        return decodeURIComponent(segment);
    } catch {
        return segment;
    }
}

export function pagePath(organization: string, project: string, page: Page): string {
    const base = `/${encodeURIComponent(organization)}/${encodeURIComponent(project)}`;
    switch (page.name) {
        case "llms":
            return `${base}/llms`;
        case "llm":
            return `${base}/llms/${encodeURIComponent(page.provider)}/${encodeURIComponent(page.model)}`;
        case "agents":
            return `${base}/agents`;
        case "agent":
            if (page.agent !== null) return `${base}/agents/${encodeURIComponent(page.agent)}`;
            return `${base}/agents/${unnamed}/${encodeURIComponent(page.provider ?? nobody)}/${encodeURIComponent(page.model ?? nobody)}`;
        case "run":
            return `${base}/runs/${encodeURIComponent(page.traceId)}/${encodeURIComponent(page.spanId)}`;
        case "conversations":
            return `${base}/conversations`;
        case "conversation":
            return `${base}/conversations/${encodeURIComponent(page.id)}`;
        case "explore":
            return `${base}/explore`;
        case "add":
            return `${base}/add-data`;
        case "settings":
            return page.section === "general" ? `${base}/settings` : `${base}/settings/${page.section}`;
        case "trace":
            return `${base}/traces/${encodeURIComponent(page.traceId)}`;
        default:
            return base;
    }
}

/** Where to go after signing in: an address of this site, whatever the parameter says. */
export function nextAddress(params: URLSearchParams): string {
    const next = params.get("next") ?? "/";
    return /^\/(?![/\\])/.test(next) && !next.startsWith("/login") ? next : "/";
}

export function withParams(path: string, params: URLSearchParams): string {
    const text = params.toString();
    return text === "" ? path : `${path}?${text}`;
}

/** The parameters that hold on every page: the time range and the environment. */
export function keepWindow(params: URLSearchParams): URLSearchParams {
    const kept = new URLSearchParams();
    for (const key of ["range", "from", "to", "env"]) if (params.get(key)) kept.set(key, params.get(key)!);
    return kept;
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
    listeners.add(listener);
    window.addEventListener("popstate", listener);
    return () => {
        listeners.delete(listener);
        window.removeEventListener("popstate", listener);
    };
}

export function navigate(href: string, options: { replace?: boolean } = {}): void {
    if (href === window.location.pathname + window.location.search) return;
    if (options.replace) window.history.replaceState(null, "", href);
    else window.history.pushState(null, "", href);
    for (const listener of [...listeners]) listener();
}

/** Changes some query parameters of the present page; null removes one. */
export function setParams(changes: Record<string, string | null>, options: { replace?: boolean } = {}): void {
    const params = new URLSearchParams(window.location.search);
    for (const [key, value] of Object.entries(changes)) {
        if (value === null || value === "") params.delete(key);
        else params.set(key, value);
    }
    navigate(withParams(window.location.pathname, params), options);
}

/** Narrows the page's time range to what was chosen in a chart; times in milliseconds. */
export function zoomTo(from: number, to: number): void {
    setParams({ range: null, from: new Date(from).toISOString(), to: new Date(to).toISOString() });
}

export function useHref(): string {
    return useSyncExternalStore(subscribe, () => window.location.pathname + window.location.search);
}
