import { ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";

/** Shows a card beside what it wraps while the pointer or the focus is on it. The card is made only then. */
export function HoverCard({ card, children, className }: { card(): ReactNode; children: ReactNode; className?: string }) {
    const anchor = useRef<HTMLSpanElement>(null);
    const timer = useRef<ReturnType<typeof setTimeout>>();
    const [place, setPlace] = useState<{ left: number; top: number; above: boolean } | null>(null);
    const show = useCallback(() => {
        clearTimeout(timer.current);
        timer.current = setTimeout(() => {
            const box = anchor.current?.getBoundingClientRect();
            if (!box) return;
            const above = box.bottom + 220 > window.innerHeight;
            setPlace({ left: Math.max(8, Math.min(box.left, window.innerWidth - 340)), top: above ? box.top - 6 : box.bottom + 6, above });
        }, 120);
    }, []);
    const hide = useCallback(() => {
        clearTimeout(timer.current);
        setPlace(null);
    }, []);
    useEffect(() => () => clearTimeout(timer.current), []);
    return (
        <span ref={anchor} className={className} onPointerEnter={show} onPointerLeave={hide}>
            {children}
            {place &&
                createPortal(
                    <div className={`hovercard ${place.above ? "is-above" : ""}`} role="tooltip" style={{ left: place.left, top: place.top }}>
                        {card()}
                    </div>,
                    document.body,
                )}
        </span>
    );
}
