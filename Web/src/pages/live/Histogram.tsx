import { PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { query } from "../../api/client";
import { useWeighted, Weighted } from "../../components/Weighted";
import { compact, count } from "../../lib/format";
import { bounds, bucketWidth, Range, spanSeconds } from "../../lib/range";
import { clock, day, isoTime } from "../../lib/time";
import { useAsync } from "../../lib/useAsync";
import { bands, Bucket, BucketRow, fillBuckets, histogramSQL } from "./buckets";

const buckets = 120;
/** Milliseconds between two counts while records stream in. */
const refresh = 2500;

export interface HistogramProps {
    range: Range;
    where: string | undefined;
    isBroken: boolean;
    /** Changes when records came in. */
    version: number;
    /** A drag selects a stretch of time instead of zooming into it. */
    isSelecting: boolean;
    /** What is selected. */
    box: { from: number; to: number } | null;
    onZoom(range: Range): void;
}

export function Histogram({ range, where, isBroken, version, isSelecting, box, onZoom }: HistogramProps) {
    const isWeighted = useWeighted();
    const width = bucketWidth(spanSeconds(range), buckets);
    const [tick, setTick] = useState(0);
    const counted = useRef(version);
    useEffect(() => {
        if (range.kind === "custom") return undefined;
        const timer = setInterval(() => setTick((t) => t + 1), refresh);
        return () => clearInterval(timer);
    }, [range]);
    useEffect(() => {
        counted.current = version;
    }, [version]);
    const key = isBroken ? null : `${JSON.stringify(range)}${where ?? ""}\n${tick}`.replace(/\n(?=.*\n)/gs, " ");
    const answer = useAsync(key, async (signal) => {
        const ends = bounds(range, Date.now());
        const rows = await query<BucketRow>(histogramSQL(width, where, isWeighted), { from: isoTime(ends.from), to: range.kind === "custom" ? isoTime(ends.to) : undefined, limit: 5000, signal });
        return fillBuckets(rows, ends.from, ends.to, width);
    });
    return <Bars list={answer.data ?? []} width={width * 1000} isSelecting={isSelecting} box={box} onZoom={onZoom} />;
}

function Bars({ list, width, isSelecting, box, onZoom }: { list: readonly Bucket[]; width: number; isSelecting: boolean; box: { from: number; to: number } | null; onZoom(range: Range): void }) {
    const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
    const [at, setAt] = useState<number | null>(null);
    const root = useRef<HTMLDivElement>(null);
    const top = useMemo(() => Math.max(1, ...list.map((b) => b.total)), [list]);
    const total = useMemo(() => list.reduce((sum, b) => sum + b.total, 0), [list]);
    const share = (event: PointerEvent) => {
        const box = root.current!.getBoundingClientRect();
        return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    };
    const timeAt = (x: number) => list[0]!.start + x * list.length * width;
    const placeOf = (ms: number) => (ms - list[0]!.start) / (list.length * width);
    const hovered = at === null || list.length === 0 ? undefined : list[Math.min(list.length - 1, Math.floor(at * list.length))];
    const finish = () => {
        if (drag && Math.abs(drag.to - drag.from) > 0.008) {
            const [a, b] = [timeAt(Math.min(drag.from, drag.to)), timeAt(Math.max(drag.from, drag.to))];
            onZoom({ kind: "custom", from: Math.floor(a / 1000) * 1000, to: Math.ceil(b / 1000) * 1000 });
        }
        setDrag(null);
    };
    const isLong = list.length * width > 86400e3;
    return (
        <div className="hist-root">
            <div
                ref={root}
                className="hist"
                role="img"
                aria-label={`${count(total)} records in the range, at most ${count(top)} at a time. Drag to ${isSelecting ? "select" : "zoom"}.`}
                onPointerDown={(event) => {
                    if (event.button !== 0 || list.length === 0) return;
                    event.currentTarget.setPointerCapture(event.pointerId);
                    const x = share(event);
                    setDrag({ from: x, to: x });
                }}
                onPointerMove={(event) => {
                    const x = share(event);
                    setAt(x);
                    setDrag((d) => d && { ...d, to: x });
                }}
                onPointerUp={finish}
                onPointerLeave={() => setAt(null)}
                onPointerCancel={() => setDrag(null)}
            >
                {list.map((bucket) => (
                    <i key={bucket.start} className={bucket === hovered ? "is-on" : ""}>
                        {bands.map((band) => bucket.counts[band] > 0 && <b key={band} className={`band-${band}`} style={{ height: `${Math.max(4, (bucket.counts[band] / top) * 100)}%` }} />)}
                    </i>
                ))}
                {box && !drag && list.length > 0 && <div className="hist-drag" style={{ left: `${Math.max(0, placeOf(box.from)) * 100}%`, width: `${(Math.min(1, placeOf(box.to)) - Math.max(0, placeOf(box.from))) * 100}%` }} />}
                {drag && <div className="hist-drag" style={{ left: `${Math.min(drag.from, drag.to) * 100}%`, width: `${Math.abs(drag.to - drag.from) * 100}%` }} />}
            </div>
            {list.length > 0 && (
                <div className="hist-axis" aria-hidden="true">
                    {[0, 0.25, 0.5, 0.75].map((x) => (
                        <span key={x}>{isLong ? `${day(timeAt(x))} ${clock(timeAt(x)).slice(0, 5)}` : clock(timeAt(x)).slice(0, list.length * width < 600e3 ? 8 : 5)}</span>
                    ))}
                    <span className="hist-total">
                        {compact(total)} records <Weighted />
                    </span>
                </div>
            )}
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
