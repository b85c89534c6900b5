import { useSyncExternalStore } from "react";

/** One clock for all running durations: it ticks only while something shows it. */
function makeClock(interval: number) {
    let now = Date.now();
    let timer: ReturnType<typeof setInterval> | undefined;
    const listeners = new Set<() => void>();
    return {
        subscribe(listener: () => void): () => void {
            listeners.add(listener);
            if (timer === undefined) {
                now = Date.now();
                timer = setInterval(() => {
                    now = Date.now();
                    for (const l of [...listeners]) l();
                }, interval);
            }
            return () => {
                listeners.delete(listener);
                if (listeners.size === 0) {
                    clearInterval(timer);
                    timer = undefined;
                }
            };
        },
        read: () => now,
    };
}

const fast = makeClock(100);
const slow = makeClock(5000);

/** Milliseconds now, ten times a second. */
export function useFastNow(): number {
    return useSyncExternalStore(fast.subscribe, fast.read);
}

/** Milliseconds now, every five seconds: for relative times. */
export function useSlowNow(): number {
    return useSyncExternalStore(slow.subscribe, slow.read);
}
