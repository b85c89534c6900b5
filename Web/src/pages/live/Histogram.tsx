import { scaleLinear } from "d3-scale";
import { PointerEvent, useEffect, useMemo, useState } from "react";
import { query } from "../../api/client";
import { useWeighted, Weighted } from "../../components/Weighted";
import { compact, count } from "../../lib/format";
import { bounds, bucketWidth, Range, spanSeconds } from "../../lib/range";
import { clock, day, isoTime } from "../../lib/time";
import { useAsync } from "../../lib/useAsync";
import { useDrag } from "../../lib/useDrag";
import { Band, bands, Bucket, BucketRow, fillBuckets, histogramSQL } from "./buckets";

const buckets = 120;
/** Milliseconds between two counts while records stream in. */
const refresh = 2500;

export interface HistogramProps {
    range: Range;
    where: string | undefined;
    isBroken: boolean;
    /** A drag selects a stretch of time instead of zooming into it. */
    isSelecting: boolean;
    /** What is selected. */
    box: { from: number; to: number } | null;
    onZoom(range: Range): void;
}

export function Histogram({ range, where, isBroken, isSelecting, box, onZoom }: HistogramProps) {
    const isWeighted = useWeighted();
    const width = bucketWidth(spanSeconds(range), buckets);
    const [tick, setTick] = useState(0);
    useEffect(() => {
        if (range.kind === "custom") return undefined;
        const timer = setInterval(() => {
            if (!document.hidden) setTick((t) => t + 1);
        }, refresh);
        return () => clearInterval(timer);
    }, [range]);
    const key = isBroken ? null : `${JSON.stringify(range)}${where ?? ""}\n${tick}`.replace(/\n(?=.*\n)/gs, " ");
    const answer = useAsync(key, async (signal) => {
        const ends = bounds(range, Date.now());
        const rows = await query<BucketRow>(histogramSQL(width, where, isWeighted), { from: isoTime(ends.from), to: range.kind === "custom" ? isoTime(ends.to) : undefined, limit: 5000, signal });
        return fillBuckets(rows, ends.from, ends.to, width);
    });
    // The axis stands, and can be dragged over, before the first counts are here.
    const blank = useMemo(() => {
        const ends = bounds(range, Date.now());
        return fillBuckets([], ends.from, ends.to, width);
    }, [range, width]);
    return <Bars list={answer.data ?? blank} isCounted={answer.data !== null} width={width * 1000} isSelecting={isSelecting} box={box} onZoom={onZoom} />;
}

interface BarsProps {
    list: readonly Bucket[];
    isCounted: boolean;
    /** Milliseconds of a bucket. */
    width: number;
    isSelecting: boolean;
    box: { from: number; to: number } | null;
    onZoom(range: Range): void;
}

function Bars({ list, isCounted, width, isSelecting, box, onZoom }: BarsProps) {
    const [at, setAt] = useState<number | null>(null);
    const top = useMemo(() => Math.max(1, ...list.map((b) => b.total)), [list]);
    const total = useMemo(() => list.reduce((sum, b) => sum + b.total, 0), [list]);
    const share = (event: PointerEvent) => {
        const box = event.currentTarget.getBoundingClientRect();
        return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    };
    const timeAt = (x: number) => list[0]!.start + x * list.length * width;
    const placeOf = (ms: number) => (ms - list[0]!.start) / (list.length * width);
    const hovered = at === null || !isCounted ? undefined : list[Math.min(list.length - 1, Math.floor(at * list.length))];
    // In times, not places: the bars move on while the pointer is down.
    const { drag, handlers } = useDrag<number>(
        (event) => timeAt(share(event)),
        (from, to) => {
            if (Math.abs(to - from) <= 0.008 * list.length * width) return;
            onZoom({ kind: "custom", from: Math.floor(Math.min(from, to) / 1000) * 1000, to: Math.ceil(Math.max(from, to) / 1000) * 1000 });
        },
    );
    const shown = drag ?? box;
    const left = shown && Math.max(0, placeOf(Math.min(shown.from, shown.to)));
    const right = shown && Math.min(1, placeOf(Math.max(shown.from, shown.to)));
    const isLong = list.length * width > 86400e3;
    return (
        <div className="hist-root">
            <div
                className="hist"
                role="img"
                aria-label={`${isCounted ? `${count(total)} records in the range, at most ${count(top)} at a time` : "The records in the range are being counted"}. Drag to ${isSelecting ? "select" : "zoom"}.`}
                {...handlers}
                onPointerMove={(event) => {
                    setAt(share(event));
                    handlers.onPointerMove(event);
                }}
                onPointerLeave={() => setAt(null)}
            >
                <BandBars list={list} top={top} hovered={hovered} />
                {left !== null && right !== null && <div className="hist-drag" style={{ left: `${left * 100}%`, width: `${Math.max(0, right - left) * 100}%` }} />}
            </div>
            <div className="hist-axis" aria-hidden="true">
                {[0, 0.25, 0.5, 0.75].map((x) => (
                    <span key={x}>{isLong ? `${day(timeAt(x))} ${clock(timeAt(x)).slice(0, 5)}` : clock(timeAt(x)).slice(0, list.length * width < 600e3 ? 8 : 5)}</span>
                ))}
                <span className="hist-total">
                    {isCounted ? compact(total) : "…"} records <Weighted />
                </span>
            </div>
            {hovered && !drag && (
                <div className="hist-tip" style={{ left: `${Math.min(88, Math.max(4, at! * 100))}%` }}>
                    <strong>
                        {isLong ? `${day(hovered.start)} ` : ""}
                        {clock(hovered.start)}
                    </strong>
                    {bands.map((band) => hovered.counts[band] > 0 && (
                        <span key={band}>
                            <em className={`band-${band}`} />
                            {band} {count(hovered.counts[band])}
                        </span>
                    ))}
                    {hovered.total === 0 && <span className="muted">no records</span>}
                </div>
            )}
        </div>
    );
}

/** Pixels of the bars, and the least height of one that has anything. */
const height = 52;
const least = 2;

/** One shape for each band: bars that move on with time are no elements that move. */
function BandBars({ list, top, hovered }: { list: readonly Bucket[]; top: number; hovered: Bucket | undefined }) {
    const shapes = useMemo(() => {
        const drawn: Record<Band, string> = { error: "", warn: "", info: "", debug: "" };
        const y = scaleLinear().domain([0, top]).range([0, height]);
        list.forEach((bucket, i) => {
            let low = height;
            for (const band of bands) {
                if (bucket.counts[band] === 0) continue;
                const high = Math.min(low, Math.max(least, y(bucket.counts[band])));
                low -= high;
                drawn[band] += `M${i + 0.05} ${low.toFixed(2)}h0.9v${high.toFixed(2)}h-0.9z`;
            }
        });
        return drawn;
    }, [list, top]);
    const at = hovered === undefined ? -1 : list.indexOf(hovered);
    return (
        <svg viewBox={`0 0 ${Math.max(1, list.length)} ${height}`} preserveAspectRatio="none" aria-hidden="true">
            {at >= 0 && <rect className="hist-at" x={at} width={1} y={0} height={height} />}
            {bands.map((band) => (
                <path key={band} className={`band-${band}`} d={shapes[band]} />
            ))}
        </svg>
    );
}
