import { APIError, call, callLines } from "./client";
import { queryString } from "./params";

// Prices of models: the data of the server, overrides of the project, recomputing stored calls.

/** US dollars as decimal text, alone or by the number of input tokens. */
export type Price = string | { base: string; tiers: { start: number; price: string }[] };

/** By unit, such as `input_mtok` for a million input tokens. */
export type Prices = Record<string, Price>;

export interface PricedModel {
    provider: string;
    model: string;
    name: string | null;
    context_window: number | null;
    is_deprecated: boolean;
    is_override: boolean;
    prices: Prices;
}

export interface Override {
    id: number;
    provider: string | null;
    model: string;
    prices: Prices;
    start_date: string | null;
    /** The first day on which it no longer holds. */
    end_date: string | null;
    note: string | null;
    created_at: string;
}

export interface ModelPrices {
    version: string;
    provider: string;
    provider_name: string | null;
    model: string;
    name: string | null;
    context_window: number | null;
    is_deprecated: boolean;
    is_fallback: boolean;
    in_force: Prices;
    overrides: Override[];
    entries: { start_date?: string | null; start_time?: string | null; end_time?: string | null; is_in_force: boolean; prices: Prices }[];
    variants: { when: Record<string, string>; start_date?: string | null; prices: Prices }[];
}

export interface PriceVersion {
    name: string;
    sha256: string;
    providers: number;
    models: number;
    installed_at: string | null;
    is_active: boolean;
    is_bundled: boolean;
}

export interface RecomputeStep {
    calls: number;
    total?: number;
    changed: number;
    done?: boolean;
    error?: string;
}

export interface RecomputeResult extends RecomputeStep {
    dry_run: boolean;
    newly_priced: number;
    newly_unpriced: number;
    kept_sent: number;
    cost_before: number | null;
    cost_after: number | null;
    models: { provider: string | null; model: string | null; calls: number; changed: number; cost_before: number | null; cost_after: number | null }[];
}

const base = "/api/v1/prices";

export const findModels = (model: string, signal?: AbortSignal) => call<{ version: string; models: PricedModel[] }>("GET", `${base}/models?${queryString({ model })}`, undefined, signal);
export const showModel = (model: string, provider: string, signal?: AbortSignal) => call<ModelPrices>("GET", `${base}/models/show?${queryString({ model, provider })}`, undefined, signal);
export interface Calculated {
    provider?: string;
    model?: string;
    input_price?: string;
    output_price?: string;
    total_price?: string;
    prices?: Prices;
    error?: string;
    detail?: string;
}

/** What a usage costs by the prices in force at a time, and which prices those are. */
export const calculate = (item: { provider: string | null; model: string; usage: Record<string, number>; timestamp: string; context?: Record<string, string> }, signal?: AbortSignal) =>
    call<{ version: string; results: Calculated[] }>("POST", `${base}/calculate`, { items: [item] }, signal);
export const fetchVersions = (signal?: AbortSignal) => call<{ versions: PriceVersion[] }>("GET", `${base}/versions`, undefined, signal);
export const activateVersion = (name: string) => call<PriceVersion>("POST", `${base}/versions/${encodeURIComponent(name)}/activate`, {});
export const addVersion = (name: string, data: unknown) => call<PriceVersion>("POST", `${base}/versions?${queryString({ name })}`, data);
export const fetchOverrides = (signal?: AbortSignal) => call<{ overrides: Override[] }>("GET", `${base}/overrides`, undefined, signal);
export const addOverride = (values: Omit<Override, "id" | "created_at">) => call<Override>("POST", `${base}/overrides`, values);
export const removeOverride = (id: number) => call<void>("DELETE", `${base}/overrides/${id}`);

/** Prices stored calls anew; a dry run only says what would change. Steps arrive while it works. */
export async function recompute(values: { since: string; until: string | null; dry_run: boolean }, onStep: (step: RecomputeStep) => void, signal?: AbortSignal): Promise<RecomputeResult> {
    let last: RecomputeStep | null = null;
    await callLines<RecomputeStep>(
        `${base}/recompute`,
        values,
        (step) => {
            last = step;
            if (!step.done && !step.error) onStep(step);
        },
        signal,
    );
    const end = last as RecomputeStep | null;
    if (end?.error) throw new APIError(500, end.error);
    if (!end?.done) throw new APIError(0, "The answer ended before the work was done.");
    return end as RecomputeResult;
}
