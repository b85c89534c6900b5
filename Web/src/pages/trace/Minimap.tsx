import { PointerEvent, useEffect, useRef, useState } from "react";
import { useDrag } from "../../lib/useDrag";
import type { Category } from "./categories";
import type { TraceModel } from "./model";
import { isWhole, View, wholeView, zoomTo } from "./view";

const height = 42;

/** The whole trace in small; dragging over it sets the view. */
export function Minimap({ model, view, onView }: { model: TraceModel; view: View; onView(view: View): void }) {
    const canvas = useRef<HTMLCanvasElement>(null);
    const [width, setWidth] = useState(0);
    useEffect(() => {
        const element = canvas.current?.parentElement;
        if (!element) return undefined;
        const observer = new ResizeObserver(() => setWidth(element.clientWidth));
        observer.observe(element);
        return () => observer.disconnect();
    }, []);
    useEffect(() => {
        if (canvas.current && width > 0) draw(canvas.current, width, model);
        // The colours change with the theme, which is an attribute of the page.
        const observer = new MutationObserver(() => canvas.current && draw(canvas.current, width, model));
        observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
        return () => observer.disconnect();
    }, [model, width]);
    const share = (event: PointerEvent) => {
        const box = event.currentTarget.getBoundingClientRect();
        return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    };
    const { drag, handlers } = useDrag<number>(share, (from, to) => {
        if (Math.abs(to - from) > 0.004) onView(zoomTo(from, to));
    });
    const shown = drag ?? view;
    return (
        <div
            className="minimap"
            style={{ height }}
            role="img"
            aria-label="The whole trace. Drag to zoom; double-click shows all of it."
            {...handlers}
            onDoubleClick={() => onView(wholeView)}
        >
            <canvas ref={canvas} />
            {!(isWhole(view) && !drag) && (
                <>
                    <div className="minimap-veil" style={{ left: 0, width: `${Math.min(shown.from, shown.to) * 100}%` }} />
                    <div className="minimap-veil" style={{ left: `${Math.max(shown.from, shown.to) * 100}%`, right: 0 }} />
                </>
            )}
        </div>
    );
}

function draw(canvas: HTMLCanvasElement, width: number, model: TraceModel): void {
    const ratio = window.devicePixelRatio || 1;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.scale(ratio, ratio);
    const style = getComputedStyle(document.documentElement);
    const colors: Record<string, string> = {};
    const color = (name: string) => (colors[name] ??= style.getPropertyValue(name).trim());
    const names: Record<Category, string> = { model: "--ember-fill", tool: "--teal-fill", retrieval: "--violet-fill", guardrail: "--amber-fill", http: "--blue-fill", database: "--green-fill", own: "--grey-fill", idle: "--line" };
    const line = Math.max(0.5, Math.min(5, (height - 6) / (model.deepest + 1)));
    const scale = width / (model.end - model.start);
    // Of many spans on the same pixels one is drawn, and errors over everything else.
    const drawn = new Uint8Array(Math.ceil(width + 2) * height * 2);
    for (const isErrorTurn of [false, true]) {
        for (const { item, depth } of model.nodes) {
            if (item.isPoint || item.isError !== isErrorTurn) continue;
            const x = (item.start - model.start) * scale;
            const w = Math.max(1, (item.end - item.start) * scale);
            if (w <= 1.5) {
                const cell = Math.floor(x) * height * 2 + Math.min(height * 2 - 1, Math.floor((3 + depth * line) * 2));
                if (drawn[cell] === (isErrorTurn ? 2 : 1)) continue;
                drawn[cell] = isErrorTurn ? 2 : 1;
            }
            context.fillStyle = color(item.isError ? "--red-fill" : names[item.category]);
            context.fillRect(x, 3 + depth * line, w, Math.max(0.5, line - 0.7));
        }
    }
}
