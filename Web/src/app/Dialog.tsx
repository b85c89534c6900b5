import { KeyboardEvent, ReactNode, useEffect, useRef } from "react";

/** A panel above the page. It takes the focus, keeps it, and gives it back. */
export function Dialog({ label, onClose, className, children }: { label: string; onClose(): void; className?: string; children: ReactNode }) {
    const panel = useRef<HTMLDivElement>(null);
    useEffect(() => {
        const before = document.activeElement as HTMLElement | null;
        const first = panel.current?.querySelector<HTMLElement>("input, button, [tabindex]");
        (first ?? panel.current)?.focus();
        return () => before?.focus?.();
    }, []);
    const onKeyDown = (event: KeyboardEvent) => {
        if (event.key === "Escape") {
            event.preventDefault();
            event.stopPropagation();
            onClose();
        } else if (event.key === "Tab") {
            const all = [...(panel.current?.querySelectorAll<HTMLElement>("input, button, a[href], [tabindex]") ?? [])];
            const first = all[0];
            const last = all[all.length - 1];
            if (event.shiftKey && document.activeElement === first) {
                event.preventDefault();
                last?.focus();
            } else if (!event.shiftKey && document.activeElement === last) {
                event.preventDefault();
                first?.focus();
            }
        }
    };
    return (
        <div className="veil" onPointerDown={(event) => event.target === event.currentTarget && onClose()}>
            <div ref={panel} className={`dialog ${className ?? ""}`} role="dialog" aria-modal="true" aria-label={label} tabIndex={-1} onKeyDown={onKeyDown}>
                {children}
            </div>
        </div>
    );
}
