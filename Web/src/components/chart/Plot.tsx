import { KeyboardEvent, PointerEvent, useMemo, useRef, useState } from "react";
import { useDrag } from "../../lib/useDrag";
import { headingOf, xAxis, yAxis } from "./axes";
import { Marks, stacked } from "./Marks";
import { areWhole, ChartKind, lengthOf, Series, XDomain } from "./series";
import { useWidth } from "./useWidth";

export interface PlotProps {
    label: string;
    x: XDomain;
    series: readonly Series[];
    colors: readonly string[];
    kind: ChartKind;
    height: number;
    format(value: number | null): string;
    /** Narrows the time range, in milliseconds. */
    onZoom?(from: number, to: number): void;
    empty: string | null;
}

const axisHeight = 18;
const topRoom = 8;

/** Axes, marks, and the values under the pointer or the arrow keys. */
export function Plot({ label, x, series, colors, kind, height, format, onZoom, empty }: PlotProps) {
    const root = useRef<HTMLDivElement>(null);
    const width = useWidth(root);
    const [at, setAt] = useState<number | null>(null);
    /** The step at which a selection with the keyboard began. */
    const [anchor, setAnchor] = useState<number | null>(null);
    const many = lengthOf(x);
    const bottom = height - axisHeight;

    const y = useMemo(() => {
        const isStacked = kind === "bars" || kind === "area";
        let low = 0;
        let high = 0;
        for (const layer of isStacked ? stacked(series, many) : []) {
            for (const [a, b] of layer) {
                low = Math.min(low, a);
                high = Math.max(high, b);
            }
        }
        if (!isStacked) {
            for (const s of series) {
                for (const v of s.values) {
                    if (v === null) continue;
                    low = Math.min(low, v);
                    high = Math.max(high, v);
                }
            }
        }
        return yAxis(low, high, topRoom, bottom, format, areWhole(series));
    }, [series, many, kind, bottom, format]);
    const left = Math.ceil(y.width) + 8;
    const axis = useMemo(() => xAxis(x, left, Math.max(left + 10, width - 4)), [x, left, width]);

    const pixel = (event: PointerEvent) => event.clientX - root.current!.getBoundingClientRect().left;
    const canZoom = onZoom !== undefined && (x.kind === "steps" || x.kind === "times");
    const zoom = (from: number, to: number) => {
        const [a, b] = [axis.timeAt(Math.min(from, to)), axis.timeAt(Math.max(from, to))];
        if (a !== null && b !== null && b > a) onZoom?.(Math.floor(a), Math.ceil(b));
    };
    const { drag, handlers } = useDrag<number>(
        (event) => Math.min(width, Math.max(left, pixel(event))),
        (from, to) => {
            if (Math.abs(to - from) > 5) zoom(from, to);
        },
    );
    const onKeyDown = (event: KeyboardEvent) => {
        const go = (index: number) => {
            const next = Math.min(many - 1, Math.max(0, index));
            setAnchor(event.shiftKey && canZoom ? anchor ?? at ?? next : null);
            setAt(next);
        };
        if (event.key === "ArrowRight") go(at === null ? 0 : at + 1);
        else if (event.key === "ArrowLeft") go(at === null ? many - 1 : at - 1);
        else if (event.key === "Home") go(0);
        else if (event.key === "End") go(many - 1);
        else if (event.key === "Enter" && anchor !== null && at !== null) {
            zoom(axis.left(Math.min(anchor, at)), axis.left(Math.max(anchor, at)) + axis.band);
            setAnchor(null);
        } else if (event.key === "Escape" && at !== null) {
            setAt(null);
            setAnchor(null);
        } else return;
        event.preventDefault();
        event.stopPropagation();
    };
    const selection = drag ?? (anchor !== null && at !== null ? { from: axis.left(Math.min(anchor, at)), to: axis.left(Math.max(anchor, at)) + axis.band } : null);
    const hint = canZoom ? " Arrow keys read the values; with Shift they choose a span of time, Enter zooms in." : " Arrow keys read the values.";

    return (
        <div
            ref={root}
            className={`chart-plot ${canZoom ? "is-zoomable" : ""}`}
            style={{ height }}
            role="group"
            aria-roledescription="chart"
            aria-label={`${label}.${many > 0 && empty === null ? hint : ""}`}
            tabIndex={many > 0 && empty === null ? 0 : undefined}
            onKeyDown={onKeyDown}
            onBlur={() => {
                setAt(null);
                setAnchor(null);
            }}
            {...(canZoom && many > 0 ? handlers : {})}
            onPointerMove={(event) => {
                if (many === 0) return;
                setAt(axis.indexAt(pixel(event)));
                handlers.onPointerMove(event);
            }}
            onPointerLeave={() => setAt(null)}
        >
            {width > 0 && (
                <svg width={width} height={height} aria-hidden="true">
                    {y.ticks.map((tick) => (
                        <g key={tick.at}>
                            <line className="chart-grid" x1={left} x2={width} y1={tick.at} y2={tick.at} />
                            <text className="chart-tick" x={left - 6} y={tick.at} dy="0.32em" textAnchor="end">
                                {tick.label}
                            </text>
                        </g>
                    ))}
                    {axis.ticks.map((tick) => (
                        <text key={tick.at} className="chart-tick" x={tick.at} y={height - 4} textAnchor="middle">
                            {tick.label}
                        </text>
                    ))}
                    {at !== null && kind === "bars" && empty === null && <rect className="chart-at" x={axis.left(at)} width={axis.band} y={topRoom} height={bottom - topRoom} />}
                    {empty === null && <Marks series={series} colors={colors} kind={kind} many={many} x={axis} y={y} />}
                    {at !== null && kind !== "bars" && empty === null && <Cursor x={axis.center(at)} top={topRoom} bottom={bottom} dots={series.flatMap((s, k) => (typeof s.values[at] === "number" && kind === "lines" ? [{ y: y.place(s.values[at]!), color: colors[k]! }] : []))} />}
                    <line className="chart-base" x1={left} x2={width} y1={y.place(0)} y2={y.place(0)} />
                    {selection && <rect className="chart-drag" x={Math.min(selection.from, selection.to)} width={Math.abs(selection.to - selection.from)} y={topRoom} height={bottom - topRoom} />}
                </svg>
            )}
            {empty !== null && <span className="chart-empty">{empty}</span>}
            {at !== null && at < many && empty === null && !drag && <Tip heading={headingOf(x, at)} x={axis.center(at)} width={width} at={at} series={series} colors={colors} format={format} isStacked={kind === "bars" || kind === "area"} />}
        </div>
    );
}

function Cursor({ x, top, bottom, dots }: { x: number; top: number; bottom: number; dots: { y: number; color: string }[] }) {
    return (
        <>
            <line className="chart-cursor" x1={x} x2={x} y1={top} y2={bottom} />
            {dots.map((dot, i) => (
                <circle key={i} className="chart-dot" cx={x} cy={dot.y} r={3} style={{ fill: dot.color }} />
            ))}
        </>
    );
}

/** The most lines that the values under the pointer take. */
const mostLines = 12;

function Tip({ heading, x, width, at, series, colors, format, isStacked }: { heading: string; x: number; width: number; at: number; series: readonly Series[]; colors: readonly string[]; format(value: number | null): string; isStacked: boolean }) {
    const lines = series.map((s, k) => ({ label: s.label, color: colors[k]!, value: s.values[at] ?? null }));
    if (lines.length > mostLines) lines.sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity));
    const known = lines.filter((l) => l.value !== null);
    const side = x > width / 2 ? { right: width - x + 10 } : { left: x + 10 };
    return (
        <div className="chart-tip" role="status" style={side}>
            <strong>{heading}</strong>
            {lines.slice(0, mostLines).map((l) => (
                <span key={l.label}>
                    <em style={{ background: l.color }} />
                    <i>{l.label}</i>
                    <b>{format(l.value)}</b>
                </span>
            ))}
            {lines.length > mostLines && <span className="muted">and {lines.length - mostLines} more</span>}
            {isStacked && known.length > 1 && (
                <span className="chart-sum">
                    <i>together</i>
                    <b>{format(known.reduce((sum, l) => sum + l.value!, 0))}</b>
                </span>
            )}
        </div>
    );
}
