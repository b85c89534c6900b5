import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useApp } from "../../app/context";
import { useKeys } from "../../app/keys";
import { reveal, VirtualList } from "../../components/VirtualList";
import { Axis } from "./Axis";
import type { Category } from "./categories";
import { CollapseMenu } from "./CollapseMenu";
import { Minimap } from "./Minimap";
import { TraceModel, TraceNode, visibleNodes } from "./model";
import { wholeUpTo } from "./queries";
import { TextStore } from "./texts";
import { criticalPath, Segment } from "./timing";
import { useIdle } from "./useIdle";
import { useSearch } from "./useSearch";
import { useTrackDrag } from "./useTrackDrag";
import { View, wholeView } from "./view";
import { WaterfallRow } from "./WaterfallRow";
import { WaterfallTools } from "./WaterfallTools";

const rowHeight = 26;
const keyOf = (node: TraceNode) => node.item.id;
const noPath: ReadonlyMap<string, Segment[]> = new Map();

export interface WaterfallProps {
    model: TraceModel;
    spanId: string | null;
    onSelect(spanId: string | null): void;
    /** Spans of this kind stand out, the others fade. */
    focus?: Category | null;
    /** Beside the live list there is less room and the arrow keys belong to the list. */
    isCompact?: boolean;
    label?: string;
}

export function Waterfall({ model, spanId, onSelect, focus = null, isCompact = false, label = "Spans of the trace" }: WaterfallProps) {
    const { config } = useApp();
    const traceId = model.nodes[0]?.item.record.trace_id ?? "";
    const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
    const [view, setView] = useState<View>(wholeView);
    const [text, setText] = useState("");
    const [showsPath, setShowsPath] = useState(true);
    const scroller = useRef<HTMLDivElement>(null);
    const isLong = model.nodes.length > wholeUpTo;
    const rows = useMemo(() => visibleNodes(model, closed), [model, closed]);
    const path = useIdle(() => criticalPath(model), !isLong, [model]);
    const found = useSearch(model, traceId, text);
    const texts = useMemo(() => (isLong ? new TextStore(traceId) : null), [isLong, traceId]);
    useEffect(() => () => texts?.close(), [texts]);
    const drag = useTrackDrag(view, setView);

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
    const index = useMemo(() => (spanId === null ? -1 : rows.findIndex((n) => n.item.id === spanId)), [rows, spanId]);
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
    /** The next of a list after the selected span, or the one before it; from an end on to the other. */
    const nextIn = (list: readonly TraceNode[], by = 1) => {
        if (list.length === 0) return;
        const at = spanId === null ? -1 : model.byId.get(spanId)?.item.index ?? -1;
        const next = by > 0 ? list.find((n) => n.item.index > at) ?? list[0]! : [...list].reverse().find((n) => n.item.index < at) ?? list[list.length - 1]!;
        goTo(next);
    };
    const errors = useMemo(() => model.nodes.filter((n) => n.item.isError), [model]);
    useKeys(
        {
            j: () => step(1),
            k: () => step(-1),
            ArrowDown: () => step(1),
            ArrowUp: () => step(-1),
            PageDown: () => step(20),
            PageUp: () => step(-20),
            Home: () => step(-Infinity),
            End: () => step(Infinity),
            l: open,
            ArrowRight: open,
            h: close,
            ArrowLeft: close,
            e: () => nextIn(errors),
            n: () => nextIn(found.now()),
            N: () => nextIn(found.now(), -1),
            c: () => setShowsPath((s) => !s),
            "0": () => setView(wholeView),
            Escape: () => onSelect(null),
        },
        !isCompact,
    );

    const matches = useMemo(() => (found.nodes ? new Set(found.nodes) : null), [found.nodes]);
    return (
        <div className={`waterfall ${isCompact ? "is-compact" : ""}`}>
            <WaterfallTools
                text={text}
                onText={setText}
                found={found}
                errors={errors.length}
                at={current ? errors.indexOf(current) : -1}
                showsPath={showsPath}
                view={view}
                isCompact={isCompact}
                onNextMatch={(by) => nextIn(found.now(), by)}
                onNextError={() => nextIn(errors)}
                onPath={() => setShowsPath(!showsPath)}
                onView={setView}
            >
                <CollapseMenu model={model} closed={closed} onClosed={setClosed} />
            </WaterfallTools>
            <Minimap model={model} view={view} onView={setView} />
            <Axis model={model} view={view} onView={setView} isCompact={isCompact} />
            <div className="wf-rows" {...drag.handlers}>
                <VirtualList
                    className="wf"
                    items={rows}
                    rowHeight={rowHeight}
                    rowKey={keyOf}
                    scroller={scroller}
                    role="tree"
                    label={label}
                    activeId={spanId ? `span-${spanId}` : undefined}
                    renderRow={(node) => (
                        <WaterfallRow
                            node={node}
                            model={model}
                            view={view}
                            texts={texts}
                            isSelected={node.item.id === spanId}
                            isClosed={closed.has(node.item.id)}
                            critical={(showsPath && path ? path : noPath).get(node.item.id)}
                            isMatch={matches?.has(node) ?? false}
                            isDim={(matches !== null && !matches.has(node)) || (focus !== null && node.item.category !== focus)}
                            isNarrow={isCompact}
                            unfinishedAfter={config.unfinished_after_seconds}
                            onSelect={select}
                            onToggle={toggle}
                        />
                    )}
                />
                {drag.band && <div className="wf-band" style={{ left: drag.band.left, width: drag.band.width }} />}
            </div>
        </div>
    );
}
