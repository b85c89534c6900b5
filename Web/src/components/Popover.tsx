import { KeyboardEvent, ReactNode, useId, useLayoutEffect, useRef, useState } from "react";

/** A button that opens a small panel under itself; Esc, a click elsewhere or a choice closes it. */
export function Popover({ label, title, className, align = "left", children }: { label: ReactNode; title: string; className?: string; align?: "left" | "right" | "above"; children(close: () => void): ReactNode }) {
    const [isOpen, setOpen] = useState(false);
    const root = useRef<HTMLDivElement>(null);
    const button = useRef<HTMLButtonElement>(null);
    const id = useId();
    useLayoutEffect(() => {
        if (!isOpen) return undefined;
        const outside = (event: PointerEvent) => {
            if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
        };
        document.addEventListener("pointerdown", outside);
        root.current?.querySelector<HTMLElement>(".popover input, .popover [aria-checked=true], .popover button")?.focus();
        return () => document.removeEventListener("pointerdown", outside);
    }, [isOpen]);
    const close = () => {
        setOpen(false);
        button.current?.focus();
    };
    const onKeyDown = (event: KeyboardEvent) => {
        if (!isOpen) return;
        if (event.key === "Escape") {
            event.preventDefault();
            event.stopPropagation();
            close();
        } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            const options = [...(root.current?.querySelectorAll<HTMLElement>(".popover button, .popover input") ?? [])];
            const at = options.indexOf(document.activeElement as HTMLElement);
            event.preventDefault();
            options[(at + (event.key === "ArrowDown" ? 1 : options.length - 1) + options.length) % options.length]?.focus();
        }
    };
    return (
        <div className="popover-root" ref={root} onKeyDown={onKeyDown}>
            <button ref={button} type="button" className={className ?? "pill"} aria-haspopup="true" aria-expanded={isOpen} aria-controls={isOpen ? id : undefined} title={title} aria-label={className?.includes("pill-icon") ? title : undefined} onClick={() => setOpen(!isOpen)}>
                {label}
            </button>
            {isOpen && (
                <div className={`popover popover-${align}`} id={id}>
                    {children(close)}
                </div>
            )}
        </div>
    );
}

export function MenuItem({ checked, onSelect, children, hint }: { checked?: boolean; onSelect(): void; children: ReactNode; hint?: ReactNode }) {
    return (
        <button type="button" className={`menu-item ${checked ? "is-checked" : ""}`} role="menuitemradio" aria-checked={checked ?? false} onClick={onSelect}>
            <span>{children}</span>
            {hint && <span className="menu-hint">{hint}</span>}
        </button>
    );
}
