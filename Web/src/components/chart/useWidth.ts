import { RefObject, useLayoutEffect, useState } from "react";

/** The width of an element in pixels, measured before the first paint and whenever it changes; 0 before that. */
export function useWidth(ref: RefObject<HTMLElement>): number {
    const [width, setWidth] = useState(0);
    useLayoutEffect(() => {
        const element = ref.current;
        if (!element) return undefined;
        setWidth(element.clientWidth);
        const observer = new ResizeObserver(() => setWidth(element.clientWidth));
        observer.observe(element);
        return () => observer.disconnect();
    }, [ref]);
    return width;
}
