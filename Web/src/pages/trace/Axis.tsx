import { useEffect, useRef } from "react";
import { duration } from "../../lib/format";
import { useDrag } from "../../lib/useDrag";
import type { TraceModel } from "./model";
import { ticks, View, wholeView, zoomAround, zoomTo } from "./view";

export function Axis({ model, view, onView, isCompact }: { model: TraceModel; view: View; onView(view: View): void; isCompact: boolean }) {
    const scale = useRef<HTMLDivElement>(null);
    const latest = useRef({ view, onView });
    latest.current = { view, onView };
    const width = model.end - model.start;
    const from = view.from * width;
    const to = view.to * width;
    const share = (event: { clientX: number; currentTarget: Element }) => {
        const box = event.currentTarget.getBoundingClientRect();
        return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    };
    // React listens passively to the wheel; the page must not scroll with it.
    useEffect(() => {
        const element = scale.current;
        if (!element) return undefined;
        const wheel = (event: WheelEvent) => {
            event.preventDefault();
            const box = element.getBoundingClientRect();
            latest.current.onView(zoomAround(latest.current.view, Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)), event.deltaY > 0 ? 1.25 : 0.8));
        };
        element.addEventListener("wheel", wheel, { passive: false });
        return () => element.removeEventListener("wheel", wheel);
    }, []);
    const inView = (x: number) => view.from + (view.to - view.from) * x;
    const { drag, handlers } = useDrag<number>(share, (a, b) => {
        if (Math.abs(b - a) > 0.004) onView(zoomTo(inView(a), inView(b)));
    });
    return (
        <div className="wf-axis">
            <span />
            <div
                ref={scale}
                className="wf-scale"
                title="Drag to zoom, scroll to zoom around the pointer, double-click for the whole trace"
                {...handlers}
                onDoubleClick={() => onView(wholeView)}
            >
                {ticks(from, to, isCompact ? 4 : 8).map((t) => (
                    <span key={t} style={{ left: `${((t - from) / (to - from)) * 100}%` }}>
                        {t === 0 ? "0" : duration(t / 1000)}
                    </span>
                ))}
                {drag && <i style={{ left: `${Math.min(drag.from, drag.to) * 100}%`, width: `${Math.abs(drag.to - drag.from) * 100}%` }} />}
            </div>
            <span />
        </div>
    );
}
