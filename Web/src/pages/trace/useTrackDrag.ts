import { MouseEvent, PointerEvent, useRef, useState } from "react";
import { View, zoomTo } from "./view";

/** Pixels that a pointer moves before a press is a drag. */
const slack = 5;

interface Drag {
    /** The left edge of the tracks, and their width, in pixels of the window. */
    left: number;
    width: number;
    from: number;
    to: number;
    isMoving: boolean;
}

/** Zooming by a drag over the bars of the rows; a press that does not move stays a click. */
export function useTrackDrag(view: View, onView: (view: View) => void) {
    const [drag, setDrag] = useState<Drag | null>(null);
    // What is drawn may come later than the pointer, so the handlers read this.
    const current = useRef<Drag | null>(null);
    const put = (next: Drag | null) => {
        current.current = next;
        setDrag(next);
    };
    const hasMoved = useRef(false);
    const share = (d: { left: number; width: number }, x: number) => Math.min(1, Math.max(0, (x - d.left) / d.width));
    return {
        band: drag?.isMoving ? { left: drag.left + Math.min(drag.from, drag.to) * drag.width, width: Math.abs(drag.to - drag.from) * drag.width } : null,
        handlers: {
            onPointerDown(event: PointerEvent) {
                hasMoved.current = false;
                const track = event.button === 0 && event.target instanceof Element ? event.target.closest(".wr-track") : null;
                if (!track) return;
                const box = track.getBoundingClientRect();
                const start = { left: box.left, width: box.width };
                const x = share(start, event.clientX);
                put({ ...start, from: x, to: x, isMoving: false });
            },
            onPointerMove(event: PointerEvent) {
                const before = current.current;
                if (!before) return;
                const to = share(before, event.clientX);
                const isMoving = before.isMoving || Math.abs(to - before.from) * before.width > slack;
                if (isMoving && !before.isMoving) event.currentTarget.setPointerCapture(event.pointerId);
                put({ ...before, to, isMoving });
            },
            onPointerUp() {
                const done = current.current;
                put(null);
                if (!done?.isMoving) return;
                hasMoved.current = true;
                const inView = (x: number) => view.from + (view.to - view.from) * x;
                onView(zoomTo(inView(done.from), inView(done.to)));
            },
            onPointerCancel: () => put(null),
            // The click that ends a drag selects nothing.
            onClickCapture(event: MouseEvent) {
                if (!hasMoved.current) return;
                hasMoved.current = false;
                event.stopPropagation();
            },
        },
    };
}
