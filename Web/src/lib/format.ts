// How numbers, money and times look everywhere. Unknown is "—", never 0.

export const unknown = "—";

/** Seconds as `850µs`, `340ms`, `1.2s`, `3m 4s`, `2h 5m`. */
export function duration(seconds: number | null | undefined): string {
    if (seconds == null || !Number.isFinite(seconds)) return unknown;
    if (seconds < 0) return `-${duration(-seconds)}`;
    if (seconds === 0) return "0ms";
    if (seconds < 0.0000995) return `${trim(seconds * 1e6, 1)}µs`;
    if (seconds < 0.0009995) return `${Math.round(seconds * 1e6)}µs`;
    if (seconds < 0.00995) return `${trim(seconds * 1e3, 1)}ms`;
    if (seconds < 0.9995) return `${Math.round(seconds * 1e3)}ms`;
    if (seconds < 9.995) return `${trim(seconds, 2)}s`;
    if (seconds < 59.95) return `${trim(seconds, 1)}s`;
    const whole = Math.round(seconds);
    if (whole < 3600) return joined(Math.floor(whole / 60), "m", whole % 60, "s");
    if (whole < 86400) return joined(Math.floor(whole / 3600), "h", Math.round((whole % 3600) / 60), "m");
    return joined(Math.floor(whole / 86400), "d", Math.round((whole % 86400) / 3600), "h");
}

function joined(big: number, bigUnit: string, small: number, smallUnit: string): string {
    return small === 0 ? `${big}${bigUnit}` : `${big}${bigUnit} ${small}${smallUnit}`;
}

function trim(value: number, digits: number): string {
    const text = value.toFixed(digits);
    return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** Tokens and other counts where space is short: `785`, `1.2k`, `9.6M`. */
export function compact(value: number | null | undefined): string {
    if (value == null || !Number.isFinite(value)) return unknown;
    if (value < 0) return `-${compact(-value)}`;
    const units: [number, string][] = [
        [1e9, "B"],
        [1e6, "M"],
        [1e3, "k"],
    ];
    for (const [size, unit] of units) {
        // 999.95k would round to 1000.0k, so it moves up a unit.
        if (value >= size * 0.99995) return `${trim(value / size, value / size < 99.95 ? 1 : 0)}${unit}`;
    }
    return String(Math.round(value));
}

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

export function count(value: number | null | undefined): string {
    return value == null || !Number.isFinite(value) ? unknown : grouped.format(value);
}

/** An average of small whole numbers: `2`, `2.4`. */
export function decimal(value: number | null | undefined): string {
    return value == null || !Number.isFinite(value) ? unknown : value >= 99.95 ? grouped.format(value) : trim(value, 1);
}

/** US dollars in a table: `$86.41`, `$0.0123`, `<$0.01` below one cent when `coarse`. */
export function money(value: number | null | undefined, style: "exact" | "short" | "coarse" = "exact"): string {
    if (value == null || !Number.isFinite(value)) return unknown;
    if (value < 0) return `-${money(-value, style)}`;
    if (value === 0) return "$0";
    if (style === "coarse") {
        if (value < 0.01) return "<$0.01";
        return `$${value < 1000 ? value.toFixed(2) : grouped.format(value)}`;
    }
    if (value >= 100) return `$${new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value)}`;
    if (value >= 1) return `$${value.toFixed(2)}`;
    if (style === "short" && value < 0.0001) return "<$0.0001";
    // Four figures for cents, more for sums so small that they would vanish.
    if (value >= 0.001) return `$${value.toFixed(4)}`;
    if (style === "short") return `$${value.toFixed(4)}`;
    return `$${trim(value, value >= 0.00001 ? 6 : 9)}`;
}

/** A share from 0 to 1 as `0.8%`. */
export function percent(share: number | null | undefined, digits = 1): string {
    if (share == null || !Number.isFinite(share)) return unknown;
    return `${(share * 100).toFixed(digits)}%`;
}

export function bytes(value: number | null | undefined): string {
    if (value == null || !Number.isFinite(value)) return unknown;
    const units = ["B", "KB", "MB", "GB", "TB"];
    let index = 0;
    let size = value;
    while (size >= 999.5 && index < units.length - 1) {
        size /= 1000;
        index += 1;
    }
    return `${index === 0 || size >= 99.5 ? Math.round(size) : trim(size, 1)} ${units[index]}`;
}

/** Tokens per second. */
export function speed(perSecond: number | null | undefined): string {
    if (perSecond == null || !Number.isFinite(perSecond)) return unknown;
    return `${perSecond < 10 ? trim(perSecond, 1) : grouped.format(perSecond)} tok/s`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
    return `${count(n)} ${n === 1 ? one : many}`;
}

export function shortId(id: string): string {
    const signs = [...id];
    return signs.length > 14 ? `${signs.slice(0, 6).join("")}…${signs.slice(-4).join("")}` : id;
}
