import { bisectCenter } from "d3-array";
import { scaleBand, scaleLinear, scaleTime, scaleUtc } from "d3-scale";
import { timeDay, timeMonth, timeYear, utcDay, utcMinute, utcMonth, utcSecond, utcYear } from "d3-time";
import { timeFormat, utcFormat } from "d3-time-format";
import { clock, day } from "../../lib/time";
import { zone } from "../../lib/zone";
import { XDomain } from "./series";

export interface Tick {
    at: number;
    label: string;
}

/** Where each x lies on the screen, in pixels. */
export interface XAxis {
    left(index: number): number;
    center(index: number): number;
    /** The width of a step; bars of it. */
    band: number;
    /** The most that a bar may take of a step, in pixels. */
    widest?: number;
    indexAt(pixel: number): number;
    /** The time under a pixel; null where x is no time. */
    timeAt(pixel: number): number | null;
    ticks: Tick[];
}

const formatsIn = (format: typeof timeFormat) => ({
    millisecond: format(".%L"),
    second: format("%H:%M:%S"),
    minute: format("%H:%M"),
    day: format("%-d %b"),
    month: format("%b"),
    year: format("%Y"),
});
const [local, utc] = [formatsIn(timeFormat), formatsIn(utcFormat)];

/** A scale whose ticks stand at round times of the chosen zone. */
const scaleOfTime = () => (zone() === "utc" ? scaleUtc() : scaleTime());

/** As much of a time as tells it from its neighbours: `14:05`, at midnight `21 Nov`. */
export function timeTick(date: Date): string {
    const isUTC = zone() === "utc";
    const formats = isUTC ? utc : local;
    // Seconds and minutes begin at the same instants everywhere.
    if (utcSecond(date) < date) return formats.millisecond(date);
    if (utcMinute(date) < date) return formats.second(date);
    if ((isUTC ? utcDay : timeDay)(date) < date) return formats.minute(date);
    if ((isUTC ? utcMonth : timeMonth)(date) < date) return formats.day(date);
    return (isUTC ? utcYear : timeYear)(date) < date ? formats.month(date) : formats.year(date);
}

/** Pixels that a label of the x axis needs. */
const labelRoom = 62;

export function xAxis(x: XDomain, from: number, to: number): XAxis {
    const many = Math.max(2, Math.floor((to - from) / labelRoom));
    switch (x.kind) {
        case "steps": {
            const first = x.starts[0] ?? 0;
            const scale = scaleOfTime().domain([first, first + x.width * Math.max(1, x.starts.length)]).range([from, to]);
            const band = (to - from) / Math.max(1, x.starts.length);
            return {
                left: (i) => from + i * band,
                center: (i) => from + (i + 0.5) * band,
                band,
                indexAt: (pixel) => clamp(Math.floor((pixel - from) / band), x.starts.length),
                timeAt: (pixel) => scale.invert(pixel).getTime(),
                ticks: fitting(scale.ticks(many).map((date) => ({ at: scale(date), label: timeTick(date) })), from, to),
            };
        }
        case "names": {
            const keys = x.names.map((_, i) => String(i));
            const scale = scaleBand().domain(keys).range([from, to]).paddingInner(0).paddingOuter(0);
            const step = scale.step();
            const every = Math.max(1, Math.ceil(labelRoom / Math.max(1, step)));
            const room = Math.max(4, Math.floor((step * every) / 6.4) - 1);
            return {
                left: (i) => scale(String(i)) ?? from,
                center: (i) => (scale(String(i)) ?? from) + step / 2,
                band: step,
                widest: 72,
                indexAt: (pixel) => clamp(Math.floor((pixel - from) / step), x.names.length),
                timeAt: () => null,
                ticks: x.names.flatMap((name, i) => (i % every === 0 ? [{ at: (scale(String(i)) ?? from) + step / 2, label: name.length > room ? `${name.slice(0, room - 1)}…` : name }] : [])),
            };
        }
        default: {
            const ends = [x.at[0] ?? 0, x.at[x.at.length - 1] ?? 1] as const;
            const low = ends[0];
            const high = ends[1] > low ? ends[1] : low + 1;
            // Room for half a bar or point at both ends.
            const pad = Math.min(14, (to - from) / 12);
            const time = scaleOfTime().domain([low, high]).range([from + pad, to - pad]);
            const linear = scaleLinear().domain([low, high]).range([from + pad, to - pad]);
            const place = (i: number) => linear(x.at[i] ?? low);
            const centers = x.at.map((_, i) => place(i));
            let gap = to - from;
            for (let i = 1; i < centers.length; i += 1) if (centers[i]! > centers[i - 1]!) gap = Math.min(gap, centers[i]! - centers[i - 1]!);
            const band = Math.min(34, Math.max(2, gap));
            const numbers = () => {
                const format = linear.tickFormat(many);
                return linear.ticks(many).map((value) => ({ at: linear(value), label: format(value) }));
            };
            return {
                left: (i) => place(i) - band / 2,
                center: place,
                band,
                indexAt: (pixel) => (centers.length === 0 ? 0 : bisectCenter(centers, pixel)),
                timeAt: (pixel) => (x.kind === "times" ? time.invert(pixel).getTime() : null),
                ticks: fitting(x.kind === "times" ? time.ticks(many).map((date) => ({ at: time(date), label: timeTick(date) })) : numbers(), from, to),
            };
        }
    }
}

function clamp(index: number, many: number): number {
    return Math.min(many - 1, Math.max(0, index));
}

/** Without labels that would be cut off at the edges or run into their neighbour. */
function fitting(ticks: readonly Tick[], from: number, to: number): Tick[] {
    const kept: Tick[] = [];
    let end = -Infinity;
    for (const tick of ticks) {
        const half = tick.label.length * 3.2;
        if (tick.at - half < from - 10 || tick.at + half > to + 8 || tick.at - half < end + 10) continue;
        kept.push(tick);
        end = tick.at + half;
    }
    return kept;
}

export interface YAxis {
    place(value: number): number;
    ticks: Tick[];
    /** Pixels that the widest label takes. */
    width: number;
}

/** From 0 (or the lowest value, when that is negative) to a round number above the highest. */
export function yAxis(low: number, high: number, top: number, bottom: number, format: (value: number) => string, isWhole: boolean): YAxis {
    const many = Math.max(2, Math.min(6, Math.round((bottom - top) / 34)));
    const least = Math.min(0, low);
    const most = high > least ? high : least + 1;
    const scale = scaleLinear().domain([least, most]).nice(many).range([bottom, top]);
    const ticks = scale
        .ticks(many)
        .filter((value) => !isWhole || Number.isInteger(value))
        .map((value) => ({ at: scale(value), label: shortened(format(value)) }));
    return { place: (value) => scale(value), ticks, width: Math.max(0, ...ticks.map((tick) => tick.label.length)) * 6.1 };
}

/** `8.0%` as `8%`, `$0.0500` as `$0.05`: on an axis, digits that say nothing are noise. */
export function shortened(label: string): string {
    return label.replace(/(\.\d*?)0+(?=\D*$)/, (_, kept: string) => (kept === "." ? "" : kept));
}

/** What stands at one x, as a heading: `21 Nov 14:05 – 14:10`. */
export function headingOf(x: XDomain, index: number): string {
    switch (x.kind) {
        case "steps": {
            const start = x.starts[index];
            if (start === undefined) return "";
            const end = start + x.width;
            const withSeconds = x.width < 60_000;
            const cut = (ms: number) => (withSeconds ? clock(ms) : clock(ms).slice(0, 5));
            if (x.width >= 86_400_000) return x.width === 86_400_000 ? day(start) : `${day(start)} – ${day(end)}`;
            return `${day(start)} ${cut(start)} – ${cut(end)}`;
        }
        case "names":
            return x.names[index] ?? "";
        case "times": {
            const at = x.at[index];
            return at === undefined ? "" : `${day(at)} ${clock(at)}`;
        }
        case "numbers":
            return String(x.at[index] ?? "");
    }
}
