import { area, line, stack, stackOffsetDiverging } from "d3-shape";
import { memo } from "react";
import type { XAxis, YAxis } from "./axes";
import { ChartKind, Series, seriesColor } from "./series";

export interface MarksProps {
    series: readonly Series[];
    /** Colours in the order of all series, hidden ones too. */
    colors: readonly string[];
    kind: ChartKind;
    many: number;
    x: XAxis;
    y: YAxis;
}

/** The bars, lines or points themselves. */
export const Marks = memo(function Marks({ series, colors, kind, many, x, y }: MarksProps) {
    switch (kind) {
        case "bars":
            return <Bars series={series} colors={colors} many={many} x={x} y={y} />;
        case "area":
            return <Areas series={series} colors={colors} many={many} x={x} y={y} />;
        case "points":
            return (
                <>
                    {series.map((s, k) =>
                        s.values.map((value, i) => (value === null ? null : <circle key={`${k}-${i}`} className="chart-point" cx={x.center(i)} cy={y.place(value)} r={3} style={{ fill: colors[k] }} />)),
                    )}
                </>
            );
        default:
            return (
                <>
                    {series.map((s, k) => (
                        <path key={s.label} className="chart-line" style={{ stroke: colors[k] }} d={linePath(s.values, x, y)} />
                    ))}
                </>
            );
    }
});

/** A line with gaps where the value is unknown; a lone value between gaps is a dot. */
function linePath(values: readonly (number | null)[], x: XAxis, y: YAxis): string {
    return (
        line<number | null>()
            .defined((v) => v !== null)
            .x((_, i) => x.center(i))
            .y((v) => y.place(v ?? 0))(values) ?? ""
    );
}

type Part = Omit<MarksProps, "kind">;

export function stacked(series: readonly Series[], many: number) {
    return stack<number>()
        .keys(series.map((_, k) => String(k)))
        .value((i, k) => series[Number(k)]!.values[i] ?? 0)
        .offset(stackOffsetDiverging)(Array.from({ length: many }, (_, i) => i));
}

function Bars({ series, colors, many, x, y }: Part) {
    const gap = x.band > 6 ? Math.min(4, x.band * 0.2) : x.band > 3 ? 1 : 0;
    const width = Math.max(1, Math.min(x.widest ?? Infinity, x.band - gap));
    const inset = (x.band - width) / 2;
    return (
        <>
            {stacked(series, many).map((layer, k) => {
                // One path for a series: a chart of 200 steps is a handful of elements, not a thousand.
                let d = "";
                layer.forEach(([low, high], i) => {
                    if (high === low) return;
                    const top = y.place(high);
                    const height = Math.max(1, y.place(low) - top);
                    d += `M${(x.left(i) + inset).toFixed(1)} ${top.toFixed(1)}h${width.toFixed(1)}v${height.toFixed(1)}h${(-width).toFixed(1)}z`;
                });
                return <path key={series[k]!.label} className="chart-bars" d={d} style={{ fill: colors[k] }} />;
            })}
        </>
    );
}

function Areas({ series, colors, many, x, y }: Part) {
    const layers = stacked(series, many);
    const shape = (k: number) =>
        area<[number, number]>()
            .defined((_, i) => series[k]!.values[i] !== null)
            .x((_, i) => x.center(i))
            .y0(([low]) => y.place(low))
            .y1(([, high]) => y.place(high));
    return (
        <>
            {layers.map((layer, k) => (
                <g key={series[k]!.label} style={{ color: colors[k] }}>
                    <path className="chart-area" d={shape(k)(layer) ?? ""} />
                    <path className="chart-line" style={{ stroke: "currentColor" }} d={linePath(layer.map(([, high], i) => (series[k]!.values[i] === null ? null : high)), x, y)} />
                </g>
            ))}
        </>
    );
}

export function colorsOf(series: readonly Series[]): string[] {
    return series.map(seriesColor);
}
