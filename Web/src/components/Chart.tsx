import { PointerEvent, useRef, useState } from "react";
import { clock, day } from "../lib/time";

export interface Series {
    label: string;
    values: readonly (number | null)[];
    tone: string;
}

export interface ChartProps {
    title: string;
    headline: string;
    /** Start of every step, in milliseconds. */
    starts: readonly number[];
    series: readonly Series[];
    kind: "bars" | "lines";
    format(value: number | null): string;
}

const width = 360;
const height = 96;

/** A small chart of values over time, with the values of the step under the pointer. */
export function Chart({ title, headline, starts, series, kind, format }: ChartProps) {
    const [at, setAt] = useState<number | null>(null);
    const root = useRef<HTMLDivElement>(null);
    const many = starts.length;
    const stacked = kind === "bars";
    const sums = starts.map((_, i) => series.reduce((s, x) => s + (x.values[i] ?? 0), 0));
    const top = Math.max(1e-12, ...(stacked ? sums : series.flatMap((s) => s.values.map((v) => v ?? 0))));
    const isEmpty = series.every((s) => s.values.every((v) => v === null || v === 0));
    const move = (event: PointerEvent) => {
        const box = root.current!.getBoundingClientRect();
        setAt(Math.min(many - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * many))));
    };
    const step = width / Math.max(1, many);
    return (
        <figure className="chart">
            <figcaption>
                <span>{title}</span>
                {series.length > 1 && (
                    <span className="chart-legend">
                        {series.map((s) => (
                            <span key={s.label}>
                                <em style={{ background: `var(--${s.tone})` }} />
                                {s.label}
                            </span>
                        ))}
                    </span>
                )}
                <b>{headline}</b>
            </figcaption>
            <div ref={root} className="chart-plot" onPointerMove={move} onPointerLeave={() => setAt(null)}>
                <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={`${title}: ${headline}`}>
                    <line className="chart-base" x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} />
                    {at !== null && <rect className="chart-at" x={at * step} width={step} y="0" height={height} />}
                    {stacked ? <Bars series={series} many={many} step={step} top={top} /> : series.map((s) => <path key={s.label} className="chart-line" style={{ stroke: `var(--${s.tone})` }} d={linePath(s.values, step, top)} vectorEffect="non-scaling-stroke" />)}
                </svg>
                {isEmpty && <span className="chart-empty">none in this range</span>}
                {at !== null && (
                    <div className="chart-tip" style={at > many / 2 ? { right: `${(1 - at / many) * 100 + 2}%` } : { left: `${((at + 1) / many) * 100 + 2}%` }}>
                        <strong>
                            {day(starts[at]!)} {clock(starts[at]!).slice(0, 5)}
                        </strong>
                        {series.map((s) => (
                            <span key={s.label}>
                                <em style={{ background: `var(--${s.tone})` }} />
                                {s.label} {format(s.values[at] ?? null)}
                            </span>
                        ))}
                    </div>
                )}
            </div>
            {many > 0 && (
                <div className="chart-axis" aria-hidden="true">
                    <span>{label(starts[0]!, starts)}</span>
                    <span className="muted">{isEmpty ? "" : `max ${format(top)}`}</span>
                    <span>{label(starts[many - 1]!, starts)}</span>
                </div>
            )}
        </figure>
    );
}

function label(ms: number, starts: readonly number[]): string {
    const span = starts[starts.length - 1]! - starts[0]!;
    return span > 1.5 * 86400e3 ? day(ms) : span > 18 * 3600e3 ? `${day(ms)} ${clock(ms).slice(0, 5)}` : clock(ms).slice(0, 5);
}

function Bars({ series, many, step, top }: { series: readonly Series[]; many: number; step: number; top: number }) {
    const bars: JSX.Element[] = [];
    for (let i = 0; i < many; i += 1) {
        let y = height;
        for (const s of series) {
            const value = s.values[i] ?? 0;
            if (value <= 0) continue;
            const h = Math.max(1, (value / top) * (height - 4));
            y -= h;
            bars.push(<rect key={`${i}-${s.label}`} x={i * step + step * 0.12} y={y} width={step * 0.76} height={h} style={{ fill: `var(--${s.tone})` }} />);
        }
    }
    return <>{bars}</>;
}

function linePath(values: readonly (number | null)[], step: number, top: number): string {
    let path = "";
    let pen = false;
    values.forEach((v, i) => {
        if (v === null) {
            pen = false;
            return;
        }
        const x = (i + 0.5) * step;
        const y = height - 2 - (v / top) * (height - 6);
        path += `${pen ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
        if (!pen && (values[i + 1] ?? null) === null) path += "h2";
        pen = true;
    });
    return path;
}
