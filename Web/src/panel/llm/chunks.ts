import type { SpanEvent } from "../../api/types";
import { parseTime } from "../../lib/time";

/** When the chunks of a streamed answer arrived, in seconds from the start of the call. */
export interface ChunkTimes {
    at: number[];
    /** The middle of all pauses between two chunks; null for a single chunk. */
    median: number | null;
    /** The longest pause; null unless it stands out. */
    pause: { from: number; to: number } | null;
}

/** Events that stand for a chunk, as OpenLLMetry, OpenInference, the Vercel AI SDK and hand-written code name them. */
const isChunk = /^(gen_ai\.content\.completion\.chunk|llm\.content\.completion\.chunk|gen_ai\.(client\.|response\.)?(stream\.)?chunk|ai\.stream\.(firstchunk|chunk)|first token stream event|(llm\.)?first_token|(llm\.|stream[._])?(chunk|token|delta))$/i;

/** A pause stands out when it is this many times the usual one, and long enough to be felt. */
const times = 5;
const felt = 0.05;

export function chunkTimes(events: readonly SpanEvent[], startTimestamp: string): ChunkTimes | null {
    const start = parseTime(startTimestamp);
    const at = events
        .filter((e) => e.event_timestamp !== null && isChunk.test(e.event_name ?? ""))
        .map((e) => Math.max(0, (parseTime(e.event_timestamp!) - start) / 1000))
        .sort((a, b) => a - b);
    if (at.length === 0) return null;
    const gaps = at.slice(1).map((t, i) => t - at[i]!);
    const sorted = [...gaps].sort((a, b) => a - b);
    const median = sorted.length === 0 ? null : sorted[Math.floor(sorted.length / 2)]!;
    const longest = gaps.reduce((best, gap, i) => (gap > gaps[best]! ? i : best), 0);
    const size = gaps[longest] ?? 0;
    const stands = median !== null && gaps.length > 1 && size >= felt && size >= median * times;
    return { at, median, pause: stands ? { from: at[longest]!, to: at[longest + 1]! } : null };
}

/** Places on a strip of `slots`, each with how many chunks fall into it: a thousand chunks are as many marks as there is room for. */
export function slotsOf(at: readonly number[], total: number, slots: number): { slot: number; n: number }[] {
    const counts = new Map<number, number>();
    for (const t of at) {
        const slot = Math.min(slots - 1, Math.floor((t / Math.max(total, 1e-9)) * slots));
        counts.set(slot, (counts.get(slot) ?? 0) + 1);
    }
    return [...counts].map(([slot, n]) => ({ slot, n }));
}
