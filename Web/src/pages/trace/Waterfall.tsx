import { PointerEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useApp } from "../../app/context";
import { useKeys } from "../../app/keys";
import { Icon } from "../../components/Icon";
import { reveal, VirtualList } from "../../components/VirtualList";
import { duration, plural } from "../../lib/format";
import { Minimap } from "./Minimap";
import { TraceModel, TraceNode, visibleNodes } from "./model";
import { criticalPath, Segment } from "./timing";
import { isWhole, ticks, View, wholeView, zoomAround, zoomTo } from "./view";
import { WaterfallRow } from "./WaterfallRow";

const rowHeight = 26;
const keyOf = (node: TraceNode) => node.item.id;

export interface WaterfallProps {
    model: TraceModel;
    spanId: string | null;
    onSelect(spanId: string | null): void;
    /** Beside the live list there is less room and the arrow keys belong to the list. */
    isCompact?: boolean;
}

export function Waterfall({ model, spanId, onSelect, isCompact = false }: WaterfallProps) {
    const { config } = useApp();
    const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
    const [view, setView] = useState<View>(wholeView);
    const [text, setText] = useState("");
    const [showsPath, setShowsPath] = useState(true);
    const scroller = useRef<HTMLDivElement>(null);
    const rows = useMemo(() => visibleNodes(model, closed), [model, closed]);
    const path = useMemo(() => (showsPath ? criticalPath(model) : new Map<string, Segment[]>()), [model, showsPath]);
    const found = useMemo(() => search(model, text), [model, text]);

    const toggle = useCallback((node: TraceNode) => {
        setClosed((c) => {
            const next = new Set(c);
            if (!next.delete(node.item.id)) next.add(node.item.id);
            return next;
        });
    }, []);
    const select = useCallback((node: TraceNode) => onSelect(node.item.id), [onSelect]);

    /** Selects a span wherever it is: its ancestors open and the list scrolls to it. */
    const goTo = useCallback(
        (node: TraceNode) => {
            setClosed((c) => {
                const next = new Set(c);
                for (let at = node.parent; at; at = at.parent) next.delete(at.item.id);
                return next.size === c.size ? c : next;
            });
            onSelect(node.item.id);
        },
        [onSelect],
    );
    const index = spanId === null ? -1 : rows.findIndex((n) => n.item.id === spanId);
    const revealed = useRef<string | null>(null);
    useEffect(() => {
        if (index >= 0 && revealed.current !== spanId) {
            revealed.current = spanId;
            reveal(scroller.current, index, rowHeight);
        }
    }, [index, spanId]);

    const step = (by: number) => {
        const next = rows[index < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, index + by))];
        if (next) onSelect(next.item.id);
    };
    const current = index < 0 ? undefined : rows[index];
    const open = () => {
        if (current && closed.has(current.item.id)) toggle(current);
        else step(1);
    };
    const close = () => {
        if (current && current.children.length > 0 && !closed.has(current.item.id)) toggle(current);
        else if (current?.parent) goTo(current.parent);
    };
    const nextIn = (list: readonly TraceNode[]) => {
        if (list.length === 0) return;
        const order = new Map(model.nodes.map((n, i) => [n.item.id, i]));
        const at = spanId === null ? -1 : order.get(spanId) ?? -1;
        goTo(list.find((n) => order.get(n.item.id)! > at) ?? list[0]!);
    };
    const errors = useMemo(() => model.nodes.filter((n) => n.item.isError), [model]);
    useKeys(
        {
            j: () => step(1),
            k: () => step(-1),
            ArrowDown: () => step(1),
            ArrowUp: () => step(-1),
            l: open,
            ArrowRight: open,
            h: close,
            ArrowLeft: close,
            e: () => nextIn(errors),
            n: () => nextIn(found ?? []),
            "0": () => setView(wholeView),
            Escape: () => onSelect(null),
        },
        !isCompact,
    );

    const matches = useMemo(() => (found ? new Set(found.map((n) => n.item.id)) : null), [found]);
    const anyClosed = closed.size > 0;
    return (
        <div className={`waterfall ${isCompact ? "is-compact" : ""}`}>
            <div className="wf-tools">
                <div className="wf-search">
                    <Icon name="search" size={12} />
                    <input
                        type="search"
                        data-search={isCompact ? undefined : true}
                        placeholder="Search in this trace"
                        aria-label="Search in this trace"
                        value={text}
                        onChange={(event) => setText(event.target.value)}
                        onKeyDown={(event) => {
                            if (event.key === "Enter") nextIn(found ?? []);
                            else if (event.key === "Escape") setText("");
                            else return;
                            event.preventDefault();
                        }}
                    />
                    {found && <span className="muted">{plural(found.length, "match", "matches")}</span>}
                </div>
                <button type="button" className="tool-button" disabled={errors.length === 0} onClick={() => nextIn(errors)} title="Go to the next error (e)">
                    {errors.length === 0 ? "No errors" : `Next of ${plural(errors.length, "error")}`}
                </button>
                <button type="button" className={`tool-button ${showsPath ? "is-on" : ""}`} aria-pressed={showsPath} onClick={() => setShowsPath(!showsPath)} title="The spans that decided when the trace ended">
                    Critical path
                </button>
                <button type="button" className="tool-button" onClick={() => setClosed(anyClosed ? new Set() : new Set(model.nodes.filter((n) => n.depth >= 1 && n.children.length > 0).map((n) => n.item.id)))}>
                    {anyClosed ? "Open all" : "Close all"}
                </button>
                {!isWhole(view) && (
                    <button type="button" className="tool-button is-on" onClick={() => setView(wholeView)} title="Show the whole trace (0)">
                        Whole trace
                    </button>
                )}
            </div>
            <Minimap model={model} view={view} onView={setView} />
            <Axis model={model} view={view} onView={setView} isCompact={isCompact} />
            <VirtualList
                className="wf"
                items={rows}
                rowHeight={rowHeight}
                rowKey={keyOf}
                scroller={scroller}
                role="tree"
                label="Spans of the trace"
                activeId={spanId ? `span-${spanId}` : undefined}
                renderRow={(node) => (
                    <WaterfallRow
                        node={node}
                        model={model}
                        view={view}
                        isSelected={node.item.id === spanId}
                        isClosed={closed.has(node.item.id)}
                        critical={path.get(node.item.id)}
                        isMatch={matches?.has(node.item.id) ?? false}
                        isDim={matches !== null && !matches.has(node.item.id)}
                        isNarrow={isCompact}
                        unfinishedAfter={config.unfinished_after_seconds}
                        onSelect={select}
                        onToggle={toggle}
                    />
                )}
            />
        </div>
    );
}

function search(model: TraceModel, text: string): TraceNode[] | null {
    const t = text.trim().toLowerCase();
    if (t === "") return null;
    return model.nodes.filter(({ item: { record } }) => `${record.message ?? ""}\n${record.span_name}\n${record.service_name ?? ""}\n${record.otel_scope_name ?? ""}\n${record.exception_type ?? ""}`.toLowerCase().includes(t));
}

function Axis({ model, view, onView, isCompact }: { model: TraceModel; view: View; onView(view: View): void; isCompact: boolean }) {
    const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
    const width = model.end - model.start;
    const from = view.from * width;
    const to = view.to * width;
    const share = (event: { clientX: number; currentTarget: Element }) => {
        const box = event.currentTarget.getBoundingClientRect();
        return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    };
    const inView = (x: number) => view.from + (view.to - view.from) * x;
    const down = (event: PointerEvent) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        const x = share(event);
        setDrag({ from: x, to: x });
    };
    const up = () => {
        if (drag && Math.abs(drag.to - drag.from) > 0.004) onView(zoomTo(inView(drag.from), inView(drag.to)));
        setDrag(null);
    };
    return (
        <div className="wf-axis">
            <span />
            <div
                className="wf-scale"
                title="Drag to zoom, scroll to zoom around the pointer, double-click for the whole trace"
                onPointerDown={down}
                onPointerMove={(event) => drag && setDrag({ ...drag, to: share(event) })}
                onPointerUp={up}
                onPointerCancel={() => setDrag(null)}
                onDoubleClick={() => onView(wholeView)}
                onWheel={(event) => onView(zoomAround(view, share(event), event.deltaY > 0 ? 1.25 : 0.8))}
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
