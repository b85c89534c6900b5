/** How long a new token is good for. */
export const lifetimes = [
    { id: "never", label: "No end", days: null },
    { id: "30d", label: "30 days", days: 30 },
    { id: "90d", label: "90 days", days: 90 },
    { id: "1y", label: "1 year", days: 365 },
    { id: "custom", label: "Until a day…", days: null },
] as const;

export type Lifetime = (typeof lifetimes)[number]["id"];

/** The end as ISO time; undefined for none. A chosen day counts whole, in local time. */
export function expiresAt(lifetime: Lifetime, day: string, now: number): string | undefined {
    if (lifetime === "custom") {
        const end = new Date(`${day}T23:59:59`);
        return Number.isNaN(end.getTime()) ? undefined : end.toISOString();
    }
    const days = lifetimes.find((l) => l.id === lifetime)?.days ?? null;
    return days === null ? undefined : new Date(now + days * 86400e3).toISOString();
}

/** `in 3 days`, `in 5 h`, `12 days ago`: coarse, for tables. */
export function untilText(ms: number, now: number): string {
    const seconds = Math.abs(ms - now) / 1000;
    const text = seconds < 3600 ? `${Math.max(1, Math.round(seconds / 60))} min` : seconds < 2 * 86400 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86400)} days`;
    return ms >= now ? `in ${text}` : `${text} ago`;
}
