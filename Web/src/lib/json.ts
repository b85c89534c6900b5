import type { Json, JsonObject } from "../api/types";

export function isObject(value: unknown): value is JsonObject {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value inside text that holds a JSON object or array; anything else comes back unchanged. */
export function unwrap(value: Json | undefined): Json {
    if (value === undefined) return null;
    if (typeof value !== "string") return value;
    const text = value.trim();
    const first = text[0];
    if (first !== "{" && first !== "[") return value;
    try {
        return JSON.parse(text) as Json;
    } catch {
        return value;
    }
}

export function pretty(value: Json): string {
    return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

export function text(value: Json | undefined): string | null {
    if (value === null || value === undefined) return null;
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    return JSON.stringify(value);
}

export function number(value: Json | undefined): number | null {
    if (typeof value === "number") return value;
    if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))) return Number(value);
    return null;
}

/**
 * Collects `prefix.0.role`, `prefix.0.message.content`, … into an array of nested values.
 * Indexes may start at 0 or 1 and may have gaps.
 */
export function unflatten(attributes: JsonObject, prefix: string): JsonObject[] {
    const lead = `${prefix}.`;
    const slots = new Map<number, JsonObject>();
    for (const key of Object.keys(attributes)) {
        if (!key.startsWith(lead)) continue;
        const path = key.slice(lead.length).split(".");
        const index = Number(path[0]);
        if (!Number.isInteger(index)) continue;
        const slot = slots.get(index) ?? bare();
        slots.set(index, slot);
        place(slot, path.slice(1), attributes[key] ?? null);
    }
    return [...slots.entries()].sort((a, b) => a[0] - b[0]).map(([, slot]) => slot);
}

/** An object that inherits nothing: keys come from outside, and one named `__proto__` must be a key like any other. */
function bare(): JsonObject {
    return Object.create(null) as JsonObject;
}

function place(target: JsonObject, path: string[], value: Json): void {
    let node = target;
    for (let i = 0; i < path.length; i += 1) {
        const key = path[i]!;
        if (i === path.length - 1) {
            node[key] = value;
            return;
        }
        const next = node[key];
        if (isObject(next)) node = next;
        else node = node[key] = bare();
    }
}

/** The values of an object whose keys are indexes, in order: what `unflatten` leaves for nested lists. */
export function indexed(value: Json | undefined): Json[] {
    if (Array.isArray(value)) return value;
    if (!isObject(value)) return [];
    return Object.keys(value)
        .filter((k) => /^\d+$/.test(k))
        .sort((a, b) => Number(a) - Number(b))
        .map((k) => value[k]!);
}
