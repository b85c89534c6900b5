import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Json } from "../../api/types";
import { CopyButton } from "../../components/basic";
import { Icon } from "../../components/Icon";
import { JsonTree } from "../../components/JsonTree";
import { isObject, unwrap } from "../../lib/json";
import { plain } from "./values";

/** The whole of one value, beside its cell; Esc or a click elsewhere closes it. */
export function CellViewer({ name, value, anchor, onClose }: { name: string; value: Json; anchor: DOMRect; onClose(): void }) {
    const root = useRef<HTMLDivElement>(null);
    const [place, setPlace] = useState<{ left: number; top: number } | null>(null);
    useLayoutEffect(() => {
        const box = root.current!.getBoundingClientRect();
        const below = anchor.bottom + 4 + box.height <= window.innerHeight - 8;
        setPlace({ left: Math.max(8, Math.min(anchor.left, window.innerWidth - box.width - 12)), top: below ? anchor.bottom + 4 : Math.max(8, anchor.top - box.height - 4) });
        root.current!.focus();
    }, [anchor]);
    useEffect(() => {
        const outside = (event: PointerEvent) => {
            if (event.target instanceof Node && !root.current?.contains(event.target)) onClose();
        };
        document.addEventListener("pointerdown", outside);
        return () => document.removeEventListener("pointerdown", outside);
    }, [onClose]);
    const inner = unwrap(value);
    const isTree = Array.isArray(inner) || isObject(inner);
    return (
        <div
            ref={root}
            className="cell-viewer"
            role="dialog"
            aria-label={`All of ${name}`}
            tabIndex={-1}
            style={place ?? { opacity: 0, left: 0, top: 0 }}
            onKeyDown={(event) => {
                if (event.key !== "Escape") return;
                event.preventDefault();
                event.stopPropagation();
                onClose();
            }}
        >
            <header>
                <strong>{name}</strong>
                <CopyButton text={() => (isTree ? JSON.stringify(inner, null, 2) : plain(value))} label={`Copy ${name}`} />
                <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
                    <Icon name="close" size={12} />
                </button>
            </header>
            <div className="cell-viewer-body">{isTree ? <JsonTree value={value} openDepth={2} /> : <pre>{plain(value)}</pre>}</div>
        </div>
    );
}
