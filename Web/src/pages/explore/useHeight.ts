import { RefObject, useLayoutEffect, useState } from "react";

/** The height of an element in pixels. */
export function useHeight(ref: RefObject<HTMLElement>): number {
    const [height, setHeight] = useState(400);
    useLayoutEffect(() => {
        const element = ref.current;
        if (!element) return undefined;
        setHeight(element.clientHeight);
        const observer = new ResizeObserver(() => setHeight(element.clientHeight));
        observer.observe(element);
        return () => observer.disconnect();
    }, [ref]);
    return height;
}
