import { ReactNode, useMemo, useState } from "react";
import { ChartTable } from "./chart/ChartTable";
import { Legend } from "./chart/Legend";
import { colorsOf } from "./chart/Marks";
import { Plot } from "./chart/Plot";
import { ChartKind, emptiness, Series, XDomain } from "./chart/series";
import { Icon } from "./Icon";

export type { ChartKind, Series, XDomain } from "./chart/series";

export interface ChartProps {
    title: string;
    /** The figure for the whole range. */
    headline?: string;
    /** Start of every step of equal width, in milliseconds: short for `x` of kind `steps`. */
    starts?: readonly number[];
    /** Where the values stand, when not in steps of time. */
    x?: XDomain;
    series: readonly Series[];
    kind: ChartKind;
    format(value: number | null): string;
    /** Pixels of the plot with its time axis. */
    height?: number;
    /** Called with the two ends, in milliseconds, when the reader drags over a span of time. */
    onZoom?(from: number, to: number): void;
    /** Buttons and links beside the headline, such as OpenInExplore. */
    actions?: ReactNode;
    /** Without a frame of its own. */
    isBare?: boolean;
}

const noSteps: readonly number[] = [];

/** Values over time, over numbers or by name, with axes, the values under the pointer, and the same as a table. Unknown is a gap. */
export function Chart({ title, headline, starts = noSteps, x, series, kind, format, height = 148, onZoom, actions, isBare = false }: ChartProps) {
    const [isTable, setTable] = useState(false);
    const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
    const domain = useMemo<XDomain>(() => x ?? { kind: "steps", starts, width: starts.length > 1 ? starts[1]! - starts[0]! : 60_000 }, [x, starts]);
    const colors = useMemo(() => colorsOf(series), [series]);
    const shown = useMemo(() => series.map((s, k) => ({ series: s, color: colors[k]! })).filter((s) => !hidden.has(s.series.label)), [series, colors, hidden]);
    const visible = useMemo(() => shown.map((s) => s.series), [shown]);
    const visibleColors = useMemo(() => shown.map((s) => s.color), [shown]);
    const toggle = (label: string) =>
        setHidden((before) => {
            const after = new Set(before);
            if (!after.delete(label)) after.add(label);
            // The last one cannot be hidden: all come back.
            return after.size >= series.length ? new Set() : after;
        });
    const nothing = emptiness(series);
    return (
        <figure className={isBare ? "chart is-bare" : "chart"}>
            <figcaption>
                <span className="chart-title">{title}</span>
                {series.length > 1 && <Legend series={series} colors={colors} hidden={hidden} onToggle={toggle} />}
                <span className="chart-actions">
                    <button type="button" className={`icon-button ${isTable ? "is-on" : ""}`} aria-pressed={isTable} title={isTable ? `${title}: show the chart` : `${title}: show the values as a table`} aria-label={`${title}: values as a table`} onClick={() => setTable(!isTable)}>
                        <Icon name="table" size={13} />
                    </button>
                    {actions}
                </span>
                {headline !== undefined && <b>{headline}</b>}
            </figcaption>
            {isTable ? (
                <ChartTable title={title} x={domain} series={series} format={format} height={height} />
            ) : (
                <Plot
                    label={headline === undefined ? title : `${title}: ${headline}`}
                    x={domain}
                    series={visible}
                    colors={visibleColors}
                    kind={kind}
                    height={height}
                    format={format}
                    onZoom={onZoom}
                    empty={nothing === "unknown" ? "no values in this range" : nothing === "zero" && kind === "bars" ? "none in this range" : null}
                />
            )}
        </figure>
    );
}
