import { ReactNode, useRef, useState } from "react";
import { load, save } from "./storage";

const key = "hearth.explore.editor-height";
const isHeight = (value: unknown): value is number => typeof value === "number" && value >= 60 && value <= 2000;

/** Editor above, answer below; the border can be dragged, or moved with the arrow keys. */
export function RowSplit({ upper, lower }: { upper: ReactNode; lower: ReactNode }) {
    const [height, setHeight] = useState(() => load(key, 176, isHeight));
    const root = useRef<HTMLDivElement>(null);
    const keep = (value: number) => {
        const most = (root.current?.clientHeight ?? 800) - 140;
        const next = Math.round(Math.max(64, Math.min(most, value)));
        setHeight(next);
        save(key, next);
    };
    return (
        <div className="row-split" ref={root} style={{ gridTemplateRows: `minmax(64px, ${height}px) 7px minmax(0, 1fr)` }}>
            <div className="row-pane">{upper}</div>
            <div
                className="row-bar"
                role="separator"
                aria-orientation="horizontal"
                aria-label="Height of the editor"
                aria-valuenow={height}
                tabIndex={0}
                onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
                onPointerMove={(event) => {
                    if (event.currentTarget.hasPointerCapture(event.pointerId)) keep(event.clientY - root.current!.getBoundingClientRect().top - 3);
                }}
                onDoubleClick={() => keep(176)}
                onKeyDown={(event) => {
                    if (event.key === "ArrowUp") keep(height - 20);
                    else if (event.key === "ArrowDown") keep(height + 20);
                    else return;
                    event.preventDefault();
                    event.stopPropagation();
                }}
            />
            <div className="row-pane">{lower}</div>
        </div>
    );
}
