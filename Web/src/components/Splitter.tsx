import { KeyboardEvent, PointerEvent, ReactNode, useRef, useState } from "react";

const key = "hearth.split";

function stored(name: string, fallback: number): number {
    try {
        const value = Number(localStorage.getItem(`${key}.${name}`));
        return value >= 0.2 && value <= 0.8 ? value : fallback;
    } catch {
        return fallback;
    }
}

/** Two panes beside each other; the border between them can be dragged, or moved with the arrow keys. */
export function Splitter({ name, initial, left, right }: { name: string; initial: number; left: ReactNode; right: ReactNode | null }) {
    const [share, setShare] = useState(() => stored(name, initial));
    const root = useRef<HTMLDivElement>(null);
    const keep = (value: number) => {
        const next = Math.min(0.8, Math.max(0.2, value));
        setShare(next);
        try {
            localStorage.setItem(`${key}.${name}`, String(next));
        } catch {
            // The width is then forgotten, nothing else.
        }
    };
    const move = (event: PointerEvent) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId) || !root.current) return;
        const box = root.current.getBoundingClientRect();
        keep((event.clientX - box.left) / box.width);
    };
    const onKeyDown = (event: KeyboardEvent) => {
        if (event.key === "ArrowLeft") keep(share - 0.03);
        else if (event.key === "ArrowRight") keep(share + 0.03);
        else return;
        event.preventDefault();
        event.stopPropagation();
    };
    return (
        <div className="split" ref={root} style={{ gridTemplateColumns: right === null ? "minmax(0, 1fr)" : `minmax(0, ${share}fr) 5px minmax(0, ${1 - share}fr)` }}>
            <div className="split-pane">{left}</div>
            {right !== null && (
                <>
                    <div
                        className="split-bar"
                        role="separator"
                        aria-orientation="vertical"
                        aria-label="Width of the list"
                        aria-valuenow={Math.round(share * 100)}
                        tabIndex={0}
                        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
                        onPointerMove={move}
                        onKeyDown={onKeyDown}
                        onDoubleClick={() => keep(initial)}
                    />
                    <div className="split-pane">{right}</div>
                </>
            )}
        </div>
    );
}
