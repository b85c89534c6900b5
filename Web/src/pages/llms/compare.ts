import { compact, count, duration, money, percent, speed } from "../../lib/format";
import type { Score } from "./facets";
import type { Figures } from "./queries";

/** What is better: less, more, or neither. */
type Better = "less" | "more" | null;

export interface Measure {
    section: string;
    label: string;
    better: Better;
    value(row: Figures): number | null;
    format(value: number | null): string;
}

const perCall = (read: (r: Figures) => number | null) => (r: Figures) => {
    const value = read(r);
    return value === null || r.calls === 0 ? null : value / r.calls;
};
const share = (v: number | null) => percent(v);

/** What two rows are compared by. */
export const measures: readonly Measure[] = [
    { section: "Calls", label: "Calls", better: null, value: (r) => r.calls, format: count },
    { section: "Calls", label: "Errors", better: "less", value: (r) => (r.calls > 0 ? r.errors / r.calls : null), format: share },
    { section: "Calls", label: "Truncated", better: "less", value: (r) => r.truncated, format: share },
    { section: "Calls", label: "Refusals", better: "less", value: (r) => r.refusals, format: share },
    { section: "Calls", label: "JSON parsed", better: "more", value: (r) => r.parsed, format: share },
    { section: "Calls", label: "Tool calls", better: null, value: (r) => r.tool_calls, format: share },
    { section: "Calls", label: "Retries", better: "less", value: (r) => r.retries, format: count },
    { section: "Time to first token", label: "Average", better: "less", value: (r) => r.first_token_avg, format: duration },
    { section: "Time to first token", label: "p50", better: "less", value: (r) => r.first_token, format: duration },
    { section: "Time to first token", label: "p95", better: "less", value: (r) => r.first_token_p95, format: duration },
    { section: "Total latency", label: "Average", better: "less", value: (r) => r.duration_avg, format: duration },
    { section: "Total latency", label: "p50", better: "less", value: (r) => r.duration_p50, format: duration },
    { section: "Total latency", label: "p95", better: "less", value: (r) => r.duration_p95, format: duration },
    { section: "Total latency", label: "Maximum", better: "less", value: (r) => r.duration_max, format: duration },
    { section: "Total latency", label: "Speed", better: "more", value: (r) => r.speed, format: speed },
    { section: "Tokens", label: "Input", better: null, value: (r) => r.input_tokens, format: compact },
    { section: "Tokens", label: "Output", better: null, value: (r) => r.output_tokens, format: compact },
    { section: "Tokens", label: "Input a call", better: "less", value: perCall((r) => r.input_tokens), format: compact },
    { section: "Tokens", label: "Output a call", better: null, value: perCall((r) => r.output_tokens), format: compact },
    { section: "Tokens", label: "Cache read", better: "more", value: (r) => (r.cache_read === null || !r.input_tokens ? null : r.cache_read / r.input_tokens), format: (v) => percent(v, 0) },
    { section: "Cost", label: "Cost", better: null, value: (r) => r.cost, format: (v) => money(v) },
    { section: "Cost", label: "A priced call", better: "less", value: (r) => (r.cost === null || r.calls <= r.unpriced ? null : r.cost / (r.calls - r.unpriced)), format: (v) => money(v) },
    { section: "Cost", label: "Retrieval", better: null, value: (r) => r.retrieval_cost, format: (v) => money(v) },
    { section: "Cost", label: "Generation", better: null, value: (r) => r.generation_cost, format: (v) => money(v) },
];

/** How the second value stands to the first: `+12%`, and whether that is good news. */
export function difference(first: number | null, second: number | null, better: Better): { text: string; tone: "good" | "bad" | null } | null {
    if (first === null || second === null) return null;
    if (first === second) return { text: "same", tone: null };
    if (first === 0) return { text: "new", tone: better === null ? null : (second > 0) === (better === "more") ? "good" : "bad" };
    const change = (second - first) / Math.abs(first);
    const size = Math.abs(change);
    const text = size < 0.005 ? "same" : size >= 10 ? `×${Math.round(second / first)}` : `${change > 0 ? "+" : "−"}${percent(size, size < 0.1 ? 1 : 0)}`;
    return { text, tone: better === null || size < 0.005 ? null : change > 0 === (better === "more") ? "good" : "bad" };
}

export interface ScorePair {
    name: string;
    first: Score | null;
    second: Score | null;
}

/** Scores of both sides by name, those of both first. */
export function pairScores(first: readonly Score[], second: readonly Score[]): ScorePair[] {
    const names = [...new Set([...first, ...second].map((s) => s.name))];
    const pairs = names.map((name) => ({ name, first: first.find((s) => s.name === name) ?? null, second: second.find((s) => s.name === name) ?? null }));
    return pairs.sort((a, b) => Number(b.first !== null && b.second !== null) - Number(a.first !== null && a.second !== null));
}

export function scoreValue(score: Score | null): number | null {
    return score === null ? null : score.pass_rate ?? score.average;
}

export function scoreText(score: Score | null): string {
    const value = scoreValue(score);
    if (value === null) return score === null ? "—" : "label";
    return score!.pass_rate !== null ? `${percent(value, 0)} passed` : String(Number(value.toPrecision(4)));
}

/** Two keys of rows as the address has them; one when only one is chosen yet. */
export function readCompared(text: string | null): string[] {
    if (!text) return [];
    try {
        const list: unknown = JSON.parse(text);
        return Array.isArray(list) ? list.filter((k) => Array.isArray(k) && k.every((p) => p === null || typeof p === "string")).slice(0, 2).map((k) => JSON.stringify(k)) : [];
    } catch {
        return [];
    }
}

export function writeCompared(keys: readonly string[]): string | null {
    return keys.length === 0 ? null : `[${keys.join(",")}]`;
}
