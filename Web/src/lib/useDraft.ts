import { useCallback, useEffect, useMemo, useState } from "react";

export interface Draft<T> {
    value: T;
    isDirty: boolean;
    change(part: Partial<T>): void;
    reset(): void;
    /** Takes what was just stored as the new state, whatever the server made of it. */
    adopt(stored: T): void;
}

/** JSON text with the members of objects in order of their names, so that equal settings have equal texts. */
export function canonical(value: unknown): string {
    return JSON.stringify(value, (_, inner: unknown) =>
        typeof inner === "object" && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
    );
}

/** A copy of stored settings that is edited until it is saved; what is stored meanwhile replaces an untouched copy only. */
export function useDraft<T extends object>(stored: T): Draft<T> {
    const text = useMemo(() => canonical(stored), [stored]);
    const [draft, setDraft] = useState({ base: text, value: stored });
    const isDirty = canonical(draft.value) !== draft.base;
    useEffect(() => {
        setDraft((d) => (d.base === text ? d : canonical(d.value) === d.base || canonical(d.value) === text ? { base: text, value: stored } : { ...d, base: text }));
    }, [text, stored]);
    const change = useCallback((part: Partial<T>) => setDraft((d) => ({ ...d, value: { ...d.value, ...part } })), []);
    const reset = useCallback(() => setDraft({ base: text, value: stored }), [text, stored]);
    const adopt = useCallback((value: T) => setDraft({ base: canonical(value), value }), []);
    return { value: draft.value, isDirty, change, reset, adopt };
}

/** An array with one element replaced. */
export function replaced<T>(list: readonly T[], index: number, value: T): T[] {
    return list.map((old, i) => (i === index ? value : old));
}

export function without<T>(list: readonly T[], index: number): T[] {
    return list.filter((_, i) => i !== index);
}

/** An array with one element moved by `step` places; at an end it stays. */
export function moved<T>(list: readonly T[], index: number, step: number): T[] {
    const to = index + step;
    if (to < 0 || to >= list.length) return [...list];
    const next = [...list];
    const [element] = next.splice(index, 1);
    next.splice(to, 0, element!);
    return next;
}
