import { KeyboardEvent, MouseEvent, PointerEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Json } from "../../api/types";
import { Cell } from "./Cell";
import { CellViewer } from "./CellViewer";
import { between, gutter, headHeight, initialWidths, inSight, narrowest, offsets, rowHeight } from "./grid";
import { cellText, plain, ResultColumn, rowsAsText } from "./values";

export interface Sort {
    column: string;
    descending: boolean;
}

export interface ResultTableProps {
    columns: readonly ResultColumn[];
    /** In the order in which they are shown. */
    rows: readonly Record<string, Json>[];
    sort: Sort | null;
    onSort(column: string): void;
    isRaw: boolean;
    /** Rows that are selected, by their place. */
    selected: ReadonlySet<number>;
    onSelect(rows: ReadonlySet<number>): void;
    active: { row: number; column: number };
    onActive(cell: { row: number; column: number }): void;
    onOpen(row: number): void;
    onCopied(what: string): void;
}

const beyond = 8;

/** The rows of an answer: only what is in sight exists, in both directions. */
export function ResultTable({ columns, rows, sort, onSort, isRaw, selected, onSelect, active, onActive, onOpen, onCopied }: ResultTableProps) {
    const scroller = useRef<HTMLDivElement>(null);
    const [view, setView] = useState({ top: 0, left: 0, height: 600, width: 1200 });
    const names = useMemo(() => columns.map((c) => c.name), [columns]);
    const [own, setOwn] = useState<Readonly<Record<string, number>>>({});
    // By the first rows that came: sorting must not move columns.
    const fitted = useMemo(() => initialWidths(columns, rows), [columns]);
    const widths = useMemo(() => columns.map((c, i) => own[c.name] ?? fitted[i]!), [columns, own, fitted]);
    const at = useMemo(() => offsets(widths), [widths]);
    const [viewer, setViewer] = useState<{ name: string; value: Json; anchor: DOMRect } | null>(null);
    const closeViewer = useCallback(() => {
        setViewer(null);
        scroller.current?.focus();
    }, []);
    const anchorRow = useRef(0);

    const measure = useCallback(() => {
        const element = scroller.current;
        if (element) setView({ top: element.scrollTop, left: element.scrollLeft, height: element.clientHeight, width: element.clientWidth });
    }, []);
    useEffect(() => {
        measure();
        const observer = new ResizeObserver(measure);
        observer.observe(scroller.current!);
        return () => observer.disconnect();
    }, [measure]);
    // The active cell stays in sight.
    useEffect(() => {
        const element = scroller.current;
        if (!element || element !== document.activeElement) return;
        const top = active.row * rowHeight;
        if (top < element.scrollTop) element.scrollTop = top;
        else if (top + rowHeight + headHeight > element.scrollTop + element.clientHeight) element.scrollTop = top + rowHeight + headHeight - element.clientHeight + 12;
        const [from, to] = [at[active.column] ?? 0, at[active.column + 1] ?? 0];
        if (from - gutter < element.scrollLeft) element.scrollLeft = from - gutter;
        else if (to > element.scrollLeft + element.clientWidth) element.scrollLeft = to - element.clientWidth;
    }, [active, at]);

    const first = Math.max(0, Math.floor(view.top / rowHeight) - beyond);
    const last = Math.min(rows.length - 1, Math.ceil((view.top + view.height) / rowHeight) + beyond);
    const sight = inSight(at, view.left + gutter, view.left + view.width);
    const total = at[at.length - 1]!;

    const select = (row: number, event: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean }) => {
        if (event.shiftKey) onSelect(new Set(between(anchorRow.current, row)));
        else if (event.ctrlKey || event.metaKey) {
            const next = new Set(selected);
            if (!next.delete(row)) next.add(row);
            anchorRow.current = row;
            onSelect(next);
        } else {
            anchorRow.current = row;
            onSelect(new Set([row]));
        }
    };
    const go = (row: number, column: number, event: KeyboardEvent) => {
        const cell = { row: Math.min(rows.length - 1, Math.max(0, row)), column: Math.min(columns.length - 1, Math.max(0, column)) };
        onActive(cell);
        if (event.shiftKey) onSelect(new Set(between(anchorRow.current, cell.row)));
        else anchorRow.current = cell.row;
    };
    const activeLink = () => scroller.current?.querySelector<HTMLElement>(`#cell-${active.row}-${active.column} a, #cell-${active.row}-${active.column} button`);
    const copy = () => {
        const chosen = [...selected].sort((a, b) => a - b).map((i) => rows[i]!);
        const text = chosen.length > 0 ? rowsAsText(columns, chosen, "tsv") : plain(rows[active.row]?.[names[active.column]!]);
        void navigator.clipboard?.writeText(text).then(() => onCopied(chosen.length > 0 ? `${chosen.length} ${chosen.length === 1 ? "row" : "rows"}` : names[active.column]!));
    };
    const onKeyDown = (event: KeyboardEvent) => {
        if (event.target !== scroller.current) return;
        const isCommand = event.ctrlKey || event.metaKey;
        const page = Math.max(1, Math.floor((view.height - headHeight) / rowHeight) - 1);
        const { row, column } = active;
        if (event.key === "ArrowDown") go(isCommand ? rows.length - 1 : row + 1, column, event);
        else if (event.key === "ArrowUp") go(isCommand ? 0 : row - 1, column, event);
        else if (event.key === "ArrowRight") go(row, isCommand ? columns.length - 1 : column + 1, event);
        else if (event.key === "ArrowLeft") go(row, isCommand ? 0 : column - 1, event);
        else if (event.key === "PageDown") go(row + page, column, event);
        else if (event.key === "PageUp") go(row - page, column, event);
        else if (event.key === "Home") go(isCommand ? 0 : row, 0, event);
        else if (event.key === "End") go(isCommand ? rows.length - 1 : row, columns.length - 1, event);
        else if (event.key === " ") select(row, { shiftKey: false, ctrlKey: true, metaKey: false });
        else if (event.key === "Enter" && activeLink()) activeLink()!.click();
        else if (event.key === "Enter") onOpen(row);
        else if (isCommand && event.key.toLowerCase() === "a") onSelect(new Set(rows.map((_, i) => i)));
        else if (isCommand && event.key.toLowerCase() === "c" && window.getSelection()?.toString() === "") copy();
        else if (event.key === "Escape" && selected.size > 0) onSelect(new Set());
        else if (event.key === "s" && !isCommand) onSort(names[column]!);
        else return;
        event.preventDefault();
        event.stopPropagation();
    };

    return (
        <>
            <div
                ref={scroller}
                className="grid"
                role="grid"
                aria-label="Rows of the answer"
                aria-rowcount={rows.length + 1}
                aria-colcount={columns.length + 1}
                aria-multiselectable="true"
                aria-activedescendant={active.row >= first && active.row <= last ? `cell-${active.row}-${active.column}` : undefined}
                tabIndex={0}
                onScroll={measure}
                onKeyDown={onKeyDown}
            >
                <div className="grid-head" role="row" aria-rowindex={1} style={{ width: total, height: headHeight }}>
                    <div className="grid-corner" role="columnheader" aria-colindex={1} aria-label="Row" style={{ width: gutter }}>
                        #
                    </div>
                    {columns.map((column, i) =>
                        i < sight.first || i > sight.last ? null : (
                            <Head
                                key={column.name}
                                column={column}
                                index={i}
                                left={at[i]!}
                                width={widths[i]!}
                                sort={sort?.column === column.name ? sort : null}
                                onSort={() => onSort(column.name)}
                                onWidth={(width) => setOwn((o) => ({ ...o, [column.name]: width }))}
                                fit={() => {
                                    const longest = Math.max(column.name.length + 2, ...rows.slice(0, 2000).map((r) => Math.min(400, cellText(column, r[column.name], isRaw).length)));
                                    setOwn((o) => ({ ...o, [column.name]: Math.min(900, Math.max(narrowest, Math.round(longest * 7.3 + 22))) }));
                                }}
                            />
                        ),
                    )}
                </div>
                <div className="grid-body" style={{ width: total, height: rows.length * rowHeight }} role="presentation">
                    {Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => first + k).map((r) => {
                        const row = rows[r]!;
                        return (
                            <div
                                key={r}
                                className={`grid-row ${selected.has(r) ? "is-selected" : ""} ${r === active.row ? "is-active" : ""}`}
                                role="row"
                                aria-rowindex={r + 2}
                                aria-selected={selected.has(r)}
                                style={{ transform: `translateY(${r * rowHeight}px)`, height: rowHeight, width: total }}
                                onDoubleClick={() => onOpen(r)}
                            >
                                <div className="grid-number" role="rowheader" aria-colindex={1} style={{ width: gutter }} onClick={(event: MouseEvent) => select(r, event)} title="Click selects the row, Shift the rows between">
                                    {r + 1}
                                </div>
                                {columns.map((column, i) =>
                                    i < sight.first || i > sight.last ? null : (
                                        <div
                                            key={column.name}
                                            id={`cell-${r}-${i}`}
                                            role="gridcell"
                                            aria-colindex={i + 2}
                                            className={`grid-cell ${column.isNumeric ? "is-number" : ""} ${r === active.row && i === active.column ? "is-active" : ""}`}
                                            style={{ left: at[i]!, width: widths[i]! }}
                                            onClick={(event) => {
                                                onActive({ row: r, column: i });
                                                if (event.shiftKey || event.ctrlKey || event.metaKey) select(r, event);
                                                else anchorRow.current = r;
                                            }}
                                        >
                                            <Cell column={column} row={row} names={names} isRaw={isRaw} onExpand={(element) => setViewer({ name: column.name, value: row[column.name] ?? null, anchor: element.getBoundingClientRect() })} />
                                        </div>
                                    ),
                                )}
                            </div>
                        );
                    })}
                </div>
            </div>
            {viewer && <CellViewer {...viewer} onClose={closeViewer} />}
        </>
    );
}

function Head({ column, index, left, width, sort, onSort, onWidth, fit }: { column: ResultColumn; index: number; left: number; width: number; sort: Sort | null; onSort(): void; onWidth(width: number): void; fit(): void }) {
    const begin = useRef<{ x: number; width: number } | null>(null);
    const clamp = (w: number) => Math.max(narrowest, Math.min(1600, Math.round(w)));
    return (
        <div className={`grid-th ${column.isNumeric ? "is-number" : ""}`} role="columnheader" aria-colindex={index + 2} aria-sort={sort === null ? "none" : sort.descending ? "descending" : "ascending"} style={{ left, width }}>
            <button type="button" onClick={onSort} title={`Sort by ${column.name} (${column.type})`}>
                <span className="grid-name">{column.name}</span>
                <span className="sort-mark" aria-hidden="true">
                    {sort === null ? "" : sort.descending ? "↓" : "↑"}
                </span>
                <small>{column.type}</small>
            </button>
            <span
                className="grid-resize"
                role="separator"
                aria-orientation="vertical"
                aria-label={`Width of ${column.name}`}
                aria-valuenow={width}
                tabIndex={0}
                onPointerDown={(event: PointerEvent) => {
                    event.preventDefault();
                    event.currentTarget.setPointerCapture(event.pointerId);
                    begin.current = { x: event.clientX, width };
                }}
                onPointerMove={(event: PointerEvent) => {
                    if (begin.current) onWidth(clamp(begin.current.width + event.clientX - begin.current.x));
                }}
                onPointerUp={() => (begin.current = null)}
                onPointerCancel={() => (begin.current = null)}
                onDoubleClick={fit}
                onKeyDown={(event) => {
                    if (event.key === "ArrowLeft") onWidth(clamp(width - 16));
                    else if (event.key === "ArrowRight") onWidth(clamp(width + 16));
                    else if (event.key === "Enter") fit();
                    else return;
                    event.preventDefault();
                    event.stopPropagation();
                }}
            />
        </div>
    );
}
