import { duration, plural } from "../../lib/format";
import { ChunkTimes, slotsOf } from "./chunks";

const slots = 300;

/** The chunks of a streamed answer on the call's own time axis. */
export function ChunkStrip({ chunks, total }: { chunks: ChunkTimes; total: number }) {
    const marks = slotsOf(chunks.at, total, slots);
    const most = Math.max(...marks.map((m) => m.n));
    const last = chunks.at[chunks.at.length - 1]!;
    const facts = [
        plural(chunks.at.length, "chunk"),
        `first after ${duration(chunks.at[0]!)}`,
        chunks.at.length > 1 ? `last after ${duration(last)}` : null,
        chunks.median !== null ? `usual pause ${duration(chunks.median)}` : null,
        chunks.pause !== null ? `longest ${duration(chunks.pause.to - chunks.pause.from)}, from ${duration(chunks.pause.from)} on` : null,
    ].filter(Boolean);
    const x = (t: number) => Math.min(slots, (t / Math.max(total, 1e-9)) * slots);
    return (
        <figure className="chunks" data-chunks={chunks.at.length}>
            <svg viewBox={`0 0 ${slots} 14`} preserveAspectRatio="none" role="img" aria-label={`Chunks of the answer: ${facts.join(", ")}`}>
                <line className="chunks-base" x1="0" x2={slots} y1="13.5" y2="13.5" vectorEffect="non-scaling-stroke" />
                {chunks.pause && <rect className="chunks-pause" x={x(chunks.pause.from)} width={Math.max(1, x(chunks.pause.to) - x(chunks.pause.from))} y="0" height="13" />}
                {marks.map((m) => (
                    <rect key={m.slot} className="chunks-mark" x={m.slot} width="0.8" y={13 - 4 - (m.n / most) * 9} height={4 + (m.n / most) * 9} />
                ))}
            </svg>
            <figcaption>{facts.join(" · ")}</figcaption>
        </figure>
    );
}
