import { ReactNode, RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

export interface VirtualListProps<T> {
    items: readonly T[];
    rowHeight: number;
    rowKey(item: T): string;
    renderRow(item: T, index: number): ReactNode;
    /** The row that must stay where it is when rows come in above; null lets the list flow. */
    holdKey?: string | null;
    /** Hold whatever is on top as soon as the list is scrolled. */
    holdWhenScrolled?: boolean;
    scroller: RefObject<HTMLDivElement>;
    onScrollTop?(top: number): void;
    onNearEnd?(): void;
    label: string;
    role?: "tree" | "list";
    activeId?: string;
    className?: string;
    footer?: ReactNode;
    /** The rows are shown although they no longer hold. */
    isStale?: boolean;
    onPointerMove?(event: React.PointerEvent): void;
    onPointerLeave?(): void;
    onKeyDown?(event: React.KeyboardEvent): void;
}

/** Rows drawn beyond each edge, so that a quick scroll does not show blanks. */
const margin = 12;
/** Room below the last row, in pixels. */
const footerHeight = 64;

/** A list of rows of one height, of which only those in sight exist. */
export function VirtualList<T>(props: VirtualListProps<T>) {
    const { items, rowHeight, rowKey, scroller, holdKey = null, holdWhenScrolled = false } = props;
    const [view, setView] = useState({ top: 0, height: 800 });
    /** The held row and its distance from the upper edge, as last drawn. */
    const anchor = useRef<{ key: string; offset: number } | null>(null);
    const { onScrollTop, onNearEnd } = props;

    const measure = useCallback(() => {
        const element = scroller.current;
        if (!element) return;
        setView((v) => (v.top === element.scrollTop && v.height === element.clientHeight ? v : { top: element.scrollTop, height: element.clientHeight }));
    }, [scroller]);

    useEffect(() => {
        const element = scroller.current;
        if (!element) return undefined;
        measure();
        const observer = new ResizeObserver(measure);
        observer.observe(element);
        return () => observer.disconnect();
    }, [measure, scroller]);

    // Before the paint: put the held row back where it was.
    useLayoutEffect(() => {
        const element = scroller.current;
        const held = anchor.current;
        if (!element || !held) return;
        const index = items.findIndex((item) => rowKey(item) === held.key);
        if (index < 0) return;
        const wanted = index * rowHeight - held.offset;
        if (Math.abs(wanted - element.scrollTop) >= 1) {
            element.scrollTop = wanted;
            measure();
        }
    }, [items, rowHeight, rowKey, measure, scroller]);

    // After every draw: remember which row is held, and where.
    useLayoutEffect(() => {
        const element = scroller.current;
        if (!element) return;
        const top = element.scrollTop;
        let index = holdKey === null ? -1 : items.findIndex((item) => rowKey(item) === holdKey);
        if (index >= 0 && (index + 1) * rowHeight <= top) index = -1;
        if (index >= 0 && index * rowHeight >= top + element.clientHeight) index = -1;
        if (index < 0 && holdWhenScrolled && top > 0) index = Math.floor(top / rowHeight);
        const item = index >= 0 ? items[index] : undefined;
        anchor.current = item === undefined ? null : { key: rowKey(item), offset: index * rowHeight - top };
    });

    const onScroll = () => {
        measure();
        const element = scroller.current;
        if (!element) return;
        onScrollTop?.(element.scrollTop);
        if (onNearEnd && element.scrollHeight - element.scrollTop - element.clientHeight < rowHeight * 8) onNearEnd();
    };

    const first = Math.max(0, Math.floor(view.top / rowHeight) - margin);
    const last = Math.min(items.length, Math.ceil((view.top + view.height) / rowHeight) + margin);
    const rows: ReactNode[] = [];
    for (let i = first; i < last; i += 1) {
        const item = items[i]!;
        rows.push(
            <div key={rowKey(item)} className="vrow" role="presentation" style={{ height: rowHeight, transform: `translateY(${i * rowHeight}px)` }}>
                {props.renderRow(item, i)}
            </div>,
        );
    }
    return (
        <div ref={scroller} className={`vlist ${props.className ?? ""}`} onScroll={onScroll} onPointerMove={props.onPointerMove} onPointerLeave={props.onPointerLeave}>
            <div
                className="vlist-body"
                role={items.length > 0 ? props.role ?? "list" : undefined}
                aria-label={items.length > 0 ? props.label : undefined}
                aria-activedescendant={items.length > 0 ? props.activeId : undefined}
                aria-disabled={props.isStale || undefined}
                tabIndex={0}
                style={{ height: items.length * rowHeight }}
                onKeyDown={props.onKeyDown}
            >
                {rows}
            </div>
            {props.footer && (
                <div className="vlist-footer" style={{ height: footerHeight }}>
                    {props.footer}
                </div>
            )}
        </div>
    );
}

/** Scrolls so that the row is in sight, with one row of room. */
export function reveal(element: HTMLElement | null, index: number, rowHeight: number): void {
    if (!element || index < 0) return;
    const top = index * rowHeight;
    if (top < element.scrollTop + rowHeight) element.scrollTop = Math.max(0, top - rowHeight);
    else if (top + rowHeight * 2 > element.scrollTop + element.clientHeight) element.scrollTop = top + rowHeight * 2 - element.clientHeight;
}
