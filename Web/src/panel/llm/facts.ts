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
    if (a["gen_ai.request.stream"] === true) add("stream", true);
    return [...settings].map(([name, value]) => ({ name, value }));
}

export interface CostPart {
    label: string;
    tokens: number | null;
    cost: number | null;
    note: string | null;
}

/** The token table of a call. Cached, written and reasoning tokens are parts of the totals, never added to them. */
export function costParts(call: LLMCall): CostPart[] {
    const rows: CostPart[] = [{ label: "Input", tokens: call.input_tokens, cost: call.input_cost, note: null }];
    if (call.cache_read_tokens) rows.push({ label: "Cached", tokens: call.cache_read_tokens, cost: null, note: "of input" });
    if (call.cache_write_tokens) rows.push({ label: "Cache write", tokens: call.cache_write_tokens, cost: null, note: "of input" });
    rows.push({ label: "Output", tokens: call.output_tokens, cost: call.output_cost, note: null });
    if (call.reasoning_tokens) rows.push({ label: "Reasoning", tokens: call.reasoning_tokens, cost: null, note: "of output" });
    return rows;
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
