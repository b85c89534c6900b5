import type { Health } from "../../../api/health";

/** A report and when it came, in milliseconds. */
export interface Sample {
    at: number;
    health: Health;
}

/** Samples kept for the small lines: two minutes at the page's pace. */
export const kept = 60;

/** Adds a sample; a server that was started again begins anew, because its counters do. */
export function added(samples: readonly Sample[], next: Sample): Sample[] {
    const last = samples[samples.length - 1];
    if (last && last.health.process.start_time !== next.health.process.start_time) return [next];
    return [...samples, next].slice(-kept);
}

/** Growth of a counter per second between neighbouring samples; the first has none. */
export function rates(samples: readonly Sample[], counter: (health: Health) => number): (number | null)[] {
    return samples.map((sample, i) => {
        const before = samples[i - 1];
        if (!before || sample.at <= before.at) return null;
        return Math.max(0, counter(sample.health) - counter(before.health)) / ((sample.at - before.at) / 1000);
    });
}

/** The newest known rate; null before there are two samples. */
export function rate(samples: readonly Sample[], counter: (health: Health) => number): number | null {
    const all = rates(samples, counter);
    return all.length === 0 ? null : all[all.length - 1]!;
}

const titles: Record<string, string> = {
    settle: "Waiting to settle",
    seal: "Sealing",
    merge: "Merging segments",
    rotate: "Starting a new file",
    checkpoint: "Checkpoint",
    retention: "Removing old data",
    commit: "Committing",
    mapping: "Applying mapping rules",
    sampling: "Sampling",
    migrate: "Migrating",
};

/** What a kind of work is called on screen. */
export function workTitle(kind: string): string {
    return titles[kind] ?? kind.charAt(0).toUpperCase() + kind.slice(1).replaceAll("_", " ");
}
