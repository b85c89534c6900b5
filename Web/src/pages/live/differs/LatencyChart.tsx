import { PointerEvent, useEffect, useRef, useState } from "react";
import { query } from "../../../api/client";
import { Loading } from "../../../components/states";
import { compact, count, duration } from "../../../lib/format";
import { bounds, bucketWidth, Range, spanSeconds } from "../../../lib/range";
import { clock, day, isoTime, parseTime } from "../../../lib/time";
import { useAsync } from "../../../lib/useAsync";
import { useDrag } from "../../../lib/useDrag";
import { Box, isLong, latencySQL, stepsPerDecade, stepStart } from "./selection";

interface Cell {
    t: string;
    step: number;
    n: number;
    errors: number;
}

const height = 132;
/** Columns of the chart. */
const columns = 160;

export interface LatencyChartProps {
    range: Range;
    where: string | undefined;
    box: Box | null;
    onBox(box: Box | null): void;
}

interface Corner {
    x: number;
    y: number;
}

/** Durations over time, darker where more spans are; a box drawn on it is the selection. */
export function LatencyChart({ range, where, box, onBox }: LatencyChartProps) {
    const canvas = useRef<HTMLCanvasElement>(null);
    const plot = useRef<HTMLDivElement>(null);
    const [width, setWidth] = useState(0);
    const seconds = bucketWidth(spanSeconds(range), columns);
    const answer = useAsync(`${JSON.stringify(range)}${where ?? ""}`.replace(/\n/g, " "), async (signal) => {
        const ends = bounds(range, Date.now());
        const cells = await query<Cell>(latencySQL(seconds, where), { from: isoTime(ends.from), to: range.kind === "custom" ? isoTime(ends.to) : undefined, limit: 10000, signal });
        return { cells, ...ends };
    });
    useEffect(() => {
        if (!plot.current) return undefined;
        const observer = new ResizeObserver(() => plot.current && setWidth(plot.current.clientWidth));
        observer.observe(plot.current);
        return () => observer.disconnect();
    }, []);
    const data = answer.data;
    const steps = data?.cells.map((c) => c.step) ?? [];
    const low = Math.min(...steps, -3 * stepsPerDecade);
    const high = Math.max(...steps, 0) + 1;
    useEffect(() => {
        if (!canvas.current || !data || width === 0) return undefined;
        const paint = () => canvas.current && draw(canvas.current, width, data, seconds * 1000, low, high);
        paint();
        // The colours change with the theme, which is an attribute of the page.
        const observer = new MutationObserver(paint);
        observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
        return () => observer.disconnect();
    }, [data, width, seconds, low, high]);

    const corner = (event: PointerEvent): Corner => {
        const area = event.currentTarget.getBoundingClientRect();
        const share = (v: number, all: number) => Math.min(1, Math.max(0, v / all));
        return { x: share(event.clientX - area.left, area.width), y: share(event.clientY - area.top, area.height) };
    };
    const timeAt = (x: number) => data!.from + x * (data!.to - data!.from);
    const durationAt = (y: number) => stepStart(high - y * (high - low));
    const { drag, handlers } = useDrag<Corner>(corner, (from, to) => {
        if (!data || Math.abs(to.x - from.x) <= 0.005) return;
        const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
        const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
        onBox({ from: timeAt(left), to: timeAt(right), least: durationAt(bottom), most: durationAt(top) });
    });
    const place = (ms: number) => ((ms - data!.from) / (data!.to - data!.from)) * 100;
    const level = (s: number) => ((high - Math.log10(s) * stepsPerDecade) / (high - low)) * 100;
    const shown = drag
        ? { left: Math.min(drag.from.x, drag.to.x) * 100, top: Math.min(drag.from.y, drag.to.y) * 100, width: Math.abs(drag.to.x - drag.from.x) * 100, height: Math.abs(drag.to.y - drag.from.y) * 100 }
        : box && data
          ? { left: place(box.from), width: place(box.to) - place(box.from), top: box.most === null ? 0 : level(box.most), height: box.least === null || box.most === null ? 100 : level(box.least) - level(box.most) }
          : null;
    const total = data?.cells.reduce((sum, c) => sum + c.n, 0) ?? 0;
    const decades: number[] = [];
    for (let d = Math.ceil(low / stepsPerDecade); d * stepsPerDecade < high; d += 1) decades.push(d);
    return (
        <figure className="durations">
            <figcaption>
                Durations of {compact(total)} spans over time <span className="muted">drag a box over what looks odd</span>
            </figcaption>
            <div className="durations-frame">
                <div className="durations-scale" aria-hidden="true">
                    {decades.map((d) => (
                        <span key={d} style={{ top: `${level(10 ** d)}%` }}>
                            {duration(10 ** d)}
                        </span>
                    ))}
                </div>
                <div
                    ref={plot}
                    className="durations-plot"
                    style={{ height }}
                    role="img"
                    aria-label={`Durations of ${count(total)} spans over time. Drag a box to select some.`}
                    {...(data ? handlers : {})}
                >
                    <canvas ref={canvas} />
                    {decades.map((d) => (
                        <u key={d} className="durations-line" style={{ top: `${level(10 ** d)}%` }} />
                    ))}
                    {shown && <div className="durations-box" style={{ left: `${shown.left}%`, top: `${shown.top}%`, width: `${shown.width}%`, height: `${shown.height}%` }} />}
                    {data && total === 0 && <p className="durations-none">No finished spans in this range.</p>}
                    {!data && <Loading what="durations" />}
                </div>
            </div>
            {data && (
                <div className="durations-axis" aria-hidden="true">
                    {[0, 0.25, 0.5, 0.75].map((x) => (
                        <span key={x}>{isLong(range) ? `${day(timeAt(x))} ${clock(timeAt(x)).slice(0, 5)}` : clock(timeAt(x)).slice(0, 8)}</span>
                    ))}
                </div>
            )}
        </figure>
    );
}

function draw(canvas: HTMLCanvasElement, width: number, data: { cells: Cell[]; from: number; to: number }, step: number, low: number, high: number): void {
    const ratio = window.devicePixelRatio || 1;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.scale(ratio, ratio);
    const style = getComputedStyle(document.documentElement);
    const [good, bad] = [style.getPropertyValue("--blue-fill").trim(), style.getPropertyValue("--red-fill").trim()];
    const most = Math.log1p(Math.max(1, ...data.cells.map((c) => c.n)));
    const perMs = width / (data.to - data.from);
    const tall = height / (high - low);
    for (const cell of data.cells) {
        const x = (parseTime(cell.t) - data.from) * perMs;
        context.globalAlpha = 0.16 + 0.84 * (Math.log1p(cell.n) / most);
        context.fillStyle = cell.errors * 2 > cell.n ? bad : good;
        context.fillRect(x, (high - cell.step - 1) * tall, Math.max(1.5, step * perMs - 0.5), Math.max(1.5, tall - 0.5));
    }
    context.globalAlpha = 1;
}
