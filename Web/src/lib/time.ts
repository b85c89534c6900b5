import { offsetMinutes, shifted, zoneName } from "./zone";

// Times travel as ISO text with microseconds; comparisons use milliseconds as a double.

/** Milliseconds since 1970 with the microseconds kept as a fraction. */
export function parseTime(iso: string): number {
    const whole = Date.parse(iso);
    const fraction = /\.(\d{4,9})/.exec(iso);
    if (!fraction) return whole;
    // Date.parse keeps three digits; the rest is added back.
    const digits = fraction[1]!.padEnd(9, "0");
    return Math.floor(whole) + Number(digits.slice(3)) / 1e6;
}

const two = (n: number) => String(n).padStart(2, "0");

/** Time of day in the chosen zone: `14:02:31`, with milliseconds on demand. */
export function clock(ms: number, withMillis = false): string {
    const date = shifted(ms);
    const text = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
    return withMillis ? `${text}.${String(date.getUTCMilliseconds()).padStart(3, "0")}` : text;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export function day(ms: number): string {
    const date = shifted(ms);
    return `${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
}

/** `Sat 21 Nov 2026, 14:02:31.508 UTC+1`: the whole truth, for titles. */
export function absolute(ms: number): string {
    return `${day(ms)} ${shifted(ms).getUTCFullYear()}, ${clock(ms, true)} ${zoneName(ms)}`;
}

/** `just now`, `12s ago`, `4m ago`, `3h ago`, `2d ago`. */
export function relative(ms: number, now: number): string {
    const seconds = Math.round((now - ms) / 1000);
    if (seconds < 3) return "just now";
    if (seconds < 60) return `${seconds}s ago`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)}m ago`;
    if (seconds < 86400) return `${Math.floor(seconds / 3600)}h ago`;
    return `${Math.floor(seconds / 86400)}d ago`;
}

export function isoTime(ms: number): string {
    return new Date(ms).toISOString();
}

/** Midnight before now, in the chosen zone. */
export function startOfToday(): number {
    const now = Date.now();
    const offset = offsetMinutes(now) * 60000;
    return Math.floor((now + offset) / 86400e3) * 86400e3 - offset;
}
