import { KeyboardEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { useApp } from "../../app/context";
import { useKeys } from "../../app/keys";
import { navigate, withParams } from "../../app/router";
import { Icon } from "../../components/Icon";
import { reveal, VirtualList } from "../../components/VirtualList";
import { count, plural } from "../../lib/format";
import { startOfToday } from "../../lib/time";
import { LiveRowView } from "./LiveRowView";
import { LiveRow, rowKey, visibleRows } from "./rows";
import { capacity } from "./store";
import type { Live } from "./useLive";

const rowHeight = 28;
const keyOf = (row: LiveRow) => row.key;
/** Pages of older records that are read to find the trace of an address. */
const mostLooked = 8;

export interface LiveListProps {
    live: Live;
    /** The rows belong to the filter before, because the present one is broken. */
    isStale: boolean;
    isFiltered: boolean;
    freshSlot: HTMLElement | null;
    traceId: string | null;
    spanId: string | null;
    onSelect(traceId: string | null, spanId: string | null): void;
    onPause(): void;
}

export function LiveList({ live, isStale, isFiltered, freshSlot, traceId, spanId, onSelect, onPause }: LiveListProps) {
    const { config, path } = useApp();
    const { state } = live;
    const [open, setOpen] = useState<ReadonlyMap<string, boolean>>(new Map());
    const [hovered, setHovered] = useState<string | null>(null);
    const scroller = useRef<HTMLDivElement>(null);
    const [isTop, setTop] = useState(true);
    /** Start of the newest trace when the reader was last at the top with free hands. */
    const seen = useRef(-Infinity);

    const rows = useMemo(() => visibleRows(state, open, isFiltered), [state, open, isFiltered]);
    const selectedKey = traceId && spanId ? rowKey(traceId, spanId) : null;
    const selectedIndex = selectedKey === null ? -1 : rows.findIndex((r) => r.key === selectedKey);

    const isReading = !isTop || hovered !== null || selectedKey !== null;
    const newest = state.order[0]?.start ?? -Infinity;
    if (seen.current === -Infinity || (isTop && !isReading)) seen.current = newest;
    let fresh = 0;
    if (!isTop) while (fresh < state.order.length && state.order[fresh]!.start > seen.current) fresh += 1;

    const oldest = state.order[state.order.length - 1]?.start;
    const hasDays = oldest !== undefined && oldest < startOfToday();

    const toggle = useCallback((row: LiveRow) => setOpen((o) => new Map(o).set(row.key, !row.isOpen)), []);
    const select = useCallback((row: LiveRow) => onSelect(row.trace.id, row.node.item.id), [onSelect]);

    // A shared address may name a span inside a closed tree: its ancestors open once.
    const opened = useRef<string | null>(null);
    useEffect(() => {
        if (!traceId || !spanId || selectedIndex >= 0 || opened.current === selectedKey) return;
        const trace = state.traces.get(traceId);
        if (!trace?.items.has(spanId)) return;
        opened.current = selectedKey;
        setOpen((o) => {
            const next = new Map(o);
            for (let at = trace.items.get(spanId)?.parent; at && trace.items.has(at); at = trace.items.get(at)!.parent) {
                if (next.get(rowKey(traceId, at)) === true) break;
                next.set(rowKey(traceId, at), true);
            }
            return next;
        });
    }, [traceId, spanId, selectedIndex, selectedKey, state]);

    // The trace of a shared address may be older than the first page of records: some more pages are looked through for it.
    const looked = useRef(0);
    const isWanted = traceId !== null && !state.traces.has(traceId) && state.held > 0;
    const { hasOlder, isLoadingOlder, loadOlder } = live;
    useEffect(() => {
        if (!isWanted || !hasOlder || isLoadingOlder || looked.current >= mostLooked) return;
        looked.current += 1;
        loadOlder();
    }, [isWanted, hasOlder, isLoadingOlder, loadOlder]);

    // The span of a shared address is brought into sight once.
    const revealed = useRef(false);
    useEffect(() => {
        if (revealed.current || rows.length === 0) return;
        if (selectedKey === null) revealed.current = true;
        else if (selectedIndex >= 0) {
            revealed.current = true;
            const element = scroller.current;
            const top = selectedIndex * rowHeight;
            if (element && top > element.clientHeight - rowHeight * 3) element.scrollTop = top - element.clientHeight / 3;
        }
    }, [rows, selectedIndex, selectedKey]);

    const move = (step: number) => {
        const next = rows[selectedIndex < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, selectedIndex + step))];
        if (!next) return;
        select(next);
        reveal(scroller.current, rows.indexOf(next), rowHeight);
    };
    const current = selectedIndex < 0 ? undefined : rows[selectedIndex];
    const openCurrent = () => {
        if (!current) return;
        if (current.summary.count > 0 && !current.isOpen) toggle(current);
        else if (current.isOpen) move(1);
    };
    const closeCurrent = () => {
        if (!current) return;
        if (current.isOpen) toggle(current);
        else if (current.node.parent) {
            onSelect(current.trace.id, current.node.parent.item.id);
            reveal(scroller.current, rows.findIndex((r) => r.node === current.node.parent), rowHeight);
        }
    };
    const openTrace = () => {
        if (current) navigate(withParams(path({ name: "trace", traceId: current.trace.id }), new URLSearchParams({ span: current.node.item.id })));
    };
    const keys = {
        j: () => move(1),
        k: () => move(-1),
        ArrowDown: () => move(1),
        ArrowUp: () => move(-1),
        l: openCurrent,
        ArrowRight: openCurrent,
        h: closeCurrent,
        ArrowLeft: closeCurrent,
        Escape: () => onSelect(null, null),
        " ": onPause,
    };
    useKeys(keys);
    const onKeyDown = (event: KeyboardEvent) => {
        if (event.key === "Enter" && current && event.target === event.currentTarget) {
            event.preventDefault();
            openTrace();
        }
    };
    // Outside of the list Enter belongs to whatever has the focus; on the bare page it opens the trace.
    useLayoutEffect(() => {
        const listener = (event: globalThis.KeyboardEvent) => {
            if (event.key === "Enter" && document.activeElement === document.body && current) openTrace();
        };
        window.addEventListener("keydown", listener);
        return () => window.removeEventListener("keydown", listener);
    });

    const toTop = () => {
        scroller.current?.scrollTo({ top: 0 });
        setHovered(null);
    };

    return (
        <div className={`live-list ${isStale ? "is-stale" : ""} ${hasDays ? "has-days" : ""}`}>
            {fresh > 0 &&
                freshSlot &&
                createPortal(
                    <button type="button" className="fresh" onClick={toTop}>
                        <Icon name="up" size={12} />
                        {plural(fresh, "new trace")}
                    </button>,
                    freshSlot,
                )}
            <VirtualList
                items={rows}
                rowHeight={rowHeight}
                rowKey={keyOf}
                scroller={scroller}
                role="tree"
                label="Records, newest first"
                activeId={selectedKey ? `row-${selectedKey}` : undefined}
                holdKey={hovered ?? selectedKey}
                holdWhenScrolled
                onScrollTop={(top) => setTop(top < 1)}
                onNearEnd={live.hasOlder ? live.loadOlder : undefined}
                onPointerMove={(event) => {
                    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-row]") : null;
                    setHovered(row?.dataset.row ?? null);
                }}
                onPointerLeave={() => setHovered(null)}
                onKeyDown={onKeyDown}
                isStale={isStale}
                renderRow={(row) => <LiveRowView row={row} isSelected={row.key === selectedKey} unfinishedAfter={config.unfinished_after_seconds} onSelect={select} onToggle={toggle} />}
                footer={live.isLoading && state.held === 0 ? null : <ListEnd live={live} />}
            />
        </div>
    );
}

function ListEnd({ live }: { live: Live }) {
    const { state } = live;
    return (
        <div className="list-end">
            {state.dropped > 0 || state.held >= capacity ? (
                <span>
                    The list holds {count(capacity)} records; {plural(state.dropped, "older trace")} {state.dropped === 1 ? "was" : "were"} let go. Narrow the filter or the range to see them.
                </span>
            ) : live.isLoadingOlder ? (
                <span>Loading older records…</span>
            ) : live.hasOlder ? (
                <button type="button" className="button" onClick={live.loadOlder}>
                    Load older records
                </button>
            ) : (
                <span>
                    {plural(state.held, "record")} in {plural(state.order.length, "trace")}: that is everything in this range.
                </span>
            )}
        </div>
    );
}
