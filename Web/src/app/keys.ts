import { useEffect, useRef } from "react";

export type KeyMap = Record<string, (event: KeyboardEvent) => void>;

export function isTyping(target: EventTarget | null): boolean {
    if (!(target instanceof HTMLElement)) return false;
    return target.isContentEditable || target.tagName === "INPUT" || target.tagName === "TEXTAREA" || target.tagName === "SELECT";
}

/** Single keys for the whole page, except while something is typed or a dialog is open. */
export function useKeys(keys: KeyMap, enabled = true): void {
    const current = useRef(keys);
    current.current = keys;
    useEffect(() => {
        if (!enabled) return undefined;
        const listener = (event: KeyboardEvent) => {
            if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
            if (document.querySelector("[role=dialog]")) return;
            const handler = current.current[event.key];
            if (!handler) return;
            event.preventDefault();
            handler(event);
        };
        window.addEventListener("keydown", listener);
        return () => window.removeEventListener("keydown", listener);
    }, [enabled]);
}
