import { PointerEvent, useRef, useState } from "react";

export interface Drag<P> {
    from: P;
    to: P;
}

/**
 * A press that moves, from one place to another; `finish` gets both when the pointer is let go. What is drawn may come later than the
 * pointer on a busy machine, so the handlers never read it: the places are kept beside the state.
 */
export function useDrag<P>(placeOf: (event: PointerEvent) => P, finish: (from: P, to: P) => void) {
    const [drag, setDrag] = useState<Drag<P> | null>(null);
    const current = useRef<Drag<P> | null>(null);
    const put = (next: Drag<P> | null) => {
        current.current = next;
        setDrag(next);
    };
    return {
        drag,
        handlers: {
            onPointerDown(event: PointerEvent) {
                if (event.button !== 0) return;
                event.currentTarget.setPointerCapture(event.pointerId);
                const place = placeOf(event);
                put({ from: place, to: place });
            },
            onPointerMove(event: PointerEvent) {
                if (current.current) put({ from: current.current.from, to: placeOf(event) });
            },
            onPointerUp(event: PointerEvent) {
                const done = current.current;
                if (!done) return;
                put(null);
                finish(done.from, placeOf(event));
            },
            onPointerCancel: () => put(null),
        },
    };
}
