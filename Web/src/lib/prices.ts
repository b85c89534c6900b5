import type { Price, Prices } from "../api/prices";

const suffixes: [string, string][] = [
    ["_mtok", "million tokens"],
    ["_mchars", "million characters"],
    ["_kcount", "1,000"],
    ["_hours", "hour"],
    ["_gpixels", "billion pixels"],
    ["_kpages", "1,000 pages"],
];

export interface Unit {
    label: string;
    per: string;
}

/** `cache_read_mtok` as "Cache read" for a million tokens. */
export function unitOf(key: string): Unit {
    const found = suffixes.find(([suffix]) => key.endsWith(suffix)) ?? (key === "audio_hours" ? ["_hours", "hour"] : undefined);
    const name = (found ? key.slice(0, -found[0].length) : key).replace(/_/g, " ");
    return { label: name.charAt(0).toUpperCase() + name.slice(1), per: found?.[1] ?? "unit" };
}

const order = ["input_mtok", "cache_read_mtok", "cache_write_mtok", "cache_write_5m_mtok", "cache_write_1h_mtok", "output_mtok"];

/** The keys in the order in which people look for them. */
export function sortedUnits(prices: Prices): string[] {
    const rank = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
    return Object.keys(prices).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** Decimal text as dollars with every digit it has, at least two after the point. */
export function dollars(decimal: string): string {
    const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(decimal.trim());
    if (!match) return `$${decimal}`;
    const fraction = (match[3] ?? "").replace(/0+$/, "").padEnd(2, "0");
    return `${match[1]}$${match[2] || "0"}.${fraction}`;
}

/** `$3.00`, with tiers `$3.00, from 200,000 tokens on $6.00`. */
export function priceText(price: Price): string {
    if (typeof price === "string") return dollars(price);
    return [dollars(price.base), ...price.tiers.map((tier) => `above ${tier.start.toLocaleString("en-US")} tokens ${dollars(tier.price)}`)].join(", ");
}

/** The text of a price as it is typed, or null when it is none. */
export function readPrice(text: string): string | null {
    const trimmed = text.trim().replace(/^\$/, "").replace(",", ".");
    return /^\d{0,9}(\.\d{0,12})?$/.test(trimmed) && /\d/.test(trimmed) ? trimmed.replace(/^\./, "0.").replace(/\.$/, "") : null;
}

/** From and to as a phrase; `end` is the first day on which it no longer holds. */
export function periodText(start: string | null, end: string | null): string {
    if (start === null && end === null) return "always";
    if (end === null) return `from ${start}`;
    return start === null ? `before ${end}` : `${start} until before ${end}`;
}
