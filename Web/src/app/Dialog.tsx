import { KeyboardEvent, ReactNode, useLayoutEffect, useRef } from "react";
import { createPortal } from "react-dom";

function focusable(within: HTMLElement | null): HTMLElement[] {
    const all = within?.querySelectorAll<HTMLElement>("input, select, textarea, button, a[href], [tabindex]") ?? [];
    return [...all].filter((element) => element.tabIndex >= 0 && !(element as HTMLButtonElement).disabled);
}

/** A panel above the page. It takes the focus, keeps it, and gives it back. */
export function Dialog({ label, onClose, className, children }: { label: string; onClose(): void; className?: string; children: ReactNode }) {
    const panel = useRef<HTMLDivElement>(null);
    // Before the paint, so that what is typed at once is typed here.
    useLayoutEffect(() => {
        const before = document.activeElement as HTMLElement | null;
        const first = panel.current?.querySelector<HTMLElement>("[data-first]") ?? focusable(panel.current)[0];
        (first ?? panel.current)?.focus();
        return () => before?.focus?.();
    }, []);
    const onKeyDown = (event: KeyboardEvent) => {
        if (event.key === "Escape") {
            event.preventDefault();
            event.stopPropagation();
            onClose();
        } else if (event.key === "Tab") {
            const all = focusable(panel.current);
            const first = all[0];
            const last = all[all.length - 1];
            if (all.length === 0) event.preventDefault();
            else if (event.shiftKey && document.activeElement === first) {
                event.preventDefault();
                last?.focus();
            } else if (!event.shiftKey && document.activeElement === last) {
                event.preventDefault();
                first?.focus();
            }
        }
    };
    // At the end of the body: nothing around the place of its button can clip or narrow it.
    return createPortal(
        <div className="veil" onPointerDown={(event) => event.target === event.currentTarget && onClose()}>
            <div ref={panel} className={`dialog ${className ?? ""}`} role="dialog" aria-modal="true" aria-label={label} tabIndex={-1} onKeyDown={onKeyDown}>
                {children}
            </div>
        </div>,
        document.body,
    );
}
