import type { Price, Prices } from "../../api/prices";
import type { Json, JsonObject, LLMCall } from "../../api/types";
import { isObject, number, text, unwrap } from "../../lib/json";

export interface Setting {
    name: string;
    value: string;
}

const skipped = new Set(["model", "stream"]);

/** What the request was sent with: temperature, limits, seeds, whatever else it names. */
export function requestSettings(a: JsonObject): Setting[] {
    const settings = new Map<string, string>();
    const add = (name: string, value: Json | undefined) => {
        const shown = text(value ?? null);
        if (shown !== null && shown !== "" && !settings.has(name)) settings.set(name, shown);
    };
    for (const key of Object.keys(a)) {
        const match = /^gen_ai\.(?:openai\.)?request\.(.+)$/.exec(key) ?? /^openai\.request\.(.+)$/.exec(key) ?? /^ai\.settings\.(.+)$/.exec(key);
        if (match && !skipped.has(match[1]!)) add(match[1]!, a[key]);
    }
    const parameters = unwrap(a["llm.invocation_parameters"]);
    if (isObject(parameters)) for (const [k, v] of Object.entries(parameters)) if (!skipped.has(k) && k !== "tools" && k !== "messages") add(k, v);
    const request = unwrap(a.request_data);
    if (isObject(request)) for (const k of ["temperature", "top_p", "max_tokens", "max_completion_tokens", "tool_choice", "reasoning", "seed"]) add(k, request[k]);
    // Hand-written calls and older releases of OpenLLMetry name them bare.
    for (const k of ["temperature", "top_p", "top_k", "max_tokens", "seed", "frequency_penalty", "presence_penalty", "stop"]) {
        add(k, a[`llm.${k}`]);
        add(k, a[k]);
    }
    if (a["gen_ai.request.stream"] === true) add("stream", true);
    return [...settings].map(([name, value]) => ({ name, value }));
}

export interface CostPart {
    label: string;
    tokens: number | null;
    cost: number | null;
    /** US dollars for a million tokens: the price that was used, or what the sum comes to. */
    price: number | null;
    note: string | null;
}

/** The price that holds for this much input: the base, or the tier that it reaches. */
export function priceFor(price: Price | undefined, inputTokens: number): number | null {
    if (price === undefined) return null;
    if (typeof price === "string") return Number(price);
    let found = price.base;
    for (const tier of [...price.tiers].sort((a, b) => a.start - b.start)) if (inputTokens > tier.start) found = tier.price;
    return Number(found);
}

/**
 * The token table of a call. Cached, written and reasoning tokens are parts of the totals, never added to them.
 * With prices each part has its own money, as long as the parts add up to what the call cost.
 */
export function costParts(call: LLMCall, prices: Prices | null = null): CostPart[] {
    const rate = (part: string, other: string | null = null) => (prices === null ? null : priceFor(prices[part] ?? (other === null ? undefined : prices[other]), call.input_tokens ?? 0));
    const each = (tokens: number | null, price: number | null) => (tokens === null || price === null ? null : (tokens * price) / 1e6);
    const sumRate = (cost: number | null, tokens: number | null) => (cost === null || !tokens ? null : (cost / tokens) * 1e6);
    const read = call.cache_read_tokens ?? 0;
    const written = call.cache_write_tokens ?? 0;
    const hasParts = read > 0 || written > 0;
    const inputRate = rate("input_mtok");
    const parts = {
        fresh: each(call.input_tokens === null ? null : Math.max(0, call.input_tokens - read - written), inputRate),
        read: each(read, rate("cache_read_mtok", "input_mtok")),
        written: each(written, rate("cache_write_mtok", "input_mtok")),
    };
    const inputSum = parts.fresh === null || parts.read === null || parts.written === null ? null : parts.fresh + parts.read + parts.written;
    // Prices that do not give the cost of the call are not the ones that were used: audio, other tiers, a sender of its own mind.
    const holds = inputSum !== null && call.input_cost !== null && near(inputSum, call.input_cost);
    const outputRate = rate("output_mtok");
    const outputHolds = outputRate !== null && call.output_cost !== null && near(each(call.output_tokens, outputRate) ?? 0, call.output_cost);

    const rows: CostPart[] = [{ label: "Input", tokens: call.input_tokens, cost: call.input_cost, price: hasParts ? null : holds ? inputRate : sumRate(call.input_cost, call.input_tokens), note: null }];
    if (hasParts && holds) rows.push({ label: "Uncached", tokens: Math.max(0, (call.input_tokens ?? 0) - read - written), cost: parts.fresh, price: inputRate, note: "of input" });
    if (call.cache_read_tokens) rows.push({ label: "Cached", tokens: read, cost: holds ? parts.read : null, price: holds ? rate("cache_read_mtok", "input_mtok") : null, note: "of input" });
    if (call.cache_write_tokens) rows.push({ label: "Cache write", tokens: written, cost: holds ? parts.written : null, price: holds ? rate("cache_write_mtok", "input_mtok") : null, note: "of input" });
    rows.push({ label: "Output", tokens: call.output_tokens, cost: call.output_cost, price: outputHolds ? outputRate : sumRate(call.output_cost, call.output_tokens), note: null });
    if (call.reasoning_tokens) rows.push({ label: "Reasoning", tokens: call.reasoning_tokens, cost: outputHolds ? each(call.reasoning_tokens, outputRate) : null, price: outputHolds ? outputRate : null, note: "of output" });
    return rows;
}

function near(a: number, b: number): boolean {
    return Math.abs(a - b) <= Math.max(1e-9, Math.abs(b) * 1e-6);
}

export interface MetricTotals {
    input: number | null;
    output: number | null;
    cost: number | null;
}

/** The sums that the sender put on the span under `logfire.metrics`. */
export function sentTotals(a: JsonObject): MetricTotals | null {
    const metrics = unwrap(a["logfire.metrics"]);
    if (!isObject(metrics)) return null;
    const cost = metrics["operation.cost"];
    const tokens = metrics["gen_ai.client.token.usage"];
    const totals: MetricTotals = { input: null, output: null, cost: isObject(cost) ? number(cost.total) : null };
    if (isObject(tokens) && Array.isArray(tokens.details)) {
        for (const detail of tokens.details) {
            if (!isObject(detail) || !isObject(detail.attributes ?? null)) continue;
            const kind = (detail.attributes as JsonObject)["gen_ai.token.type"];
            const total = number(detail.total);
            if (total === null) continue;
            if (kind === "input") totals.input = (totals.input ?? 0) + total;
            if (kind === "output") totals.output = (totals.output ?? 0) + total;
        }
    }
    return totals.input === null && totals.output === null && totals.cost === null ? null : totals;
}

/** Whether two sums differ by more than the rounding of floating point. */
export function differs(a: number | null, b: number | null): boolean {
    if (a === null || b === null) return a !== b && a !== null;
    return Math.abs(a - b) > Math.max(1e-9, Math.abs(b) * 1e-6);
}
