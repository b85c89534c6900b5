import { useLayoutEffect, useRef } from "react";

export type KeyMap = Record<string, (event: KeyboardEvent) => void>;

export function isTyping(target: EventTarget | null): boolean {
    if (!(target instanceof HTMLElement)) return false;
    return target.isContentEditable || target.tagName === "INPUT" || target.tagName === "TEXTAREA" || target.tagName === "SELECT";
}

/** Keys that scroll: within a text that is read they do that. */
const scrolling = new Set(["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End", " "]);

function isReading(target: EventTarget | null): boolean {
    return target instanceof Element && target.closest(".detail-body") !== null;
}

/** Single keys for the whole page, except while something is typed or a dialog is open. What a page takes, the frame around it does not. */
export function useKeys(keys: KeyMap, enabled = true, owner: "page" | "frame" = "page"): void {
    const current = useRef(keys);
    current.current = keys;
    // Before the paint: what is seen can be steered.
    useLayoutEffect(() => {
        if (!enabled) return undefined;
        const listener = (event: KeyboardEvent) => {
            if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
            if (document.querySelector("[role=dialog]") || (scrolling.has(event.key) && isReading(event.target))) return;
            const handler = current.current[event.key];
            if (!handler) return;
            event.preventDefault();
            handler(event);
        };
        // An event comes to the document before it comes to the window.
        const target = owner === "page" ? document : window;
        target.addEventListener("keydown", listener as EventListener);
        return () => target.removeEventListener("keydown", listener as EventListener);
    }, [enabled, owner]);
}
