// Sums of tokens and cost over model calls. Unknown stays unknown: a sum is null when no call reported the value,
// and a cost is marked incomplete when some call has no price.

export interface CallLike {
    provider: string | null;
    model: string | null;
    input_tokens: number | null;
    output_tokens: number | null;
    cost: number | null;
    is_error?: boolean | null;
}

export interface Usage {
    readonly calls: number;
    readonly input: number | null;
    readonly output: number | null;
    readonly cost: number | null;
    /** Calls without a known cost. */
    readonly unpriced: number;
}

export const noUsage: Usage = { calls: 0, input: null, output: null, cost: null, unpriced: 0 };

export function plus(a: number | null, b: number | null): number | null {
    if (a === null) return b;
    return b === null ? a : a + b;
}

/** A failed call without usage cost nothing that anyone could price, so it leaves a sum complete. */
export function isUnpriced(call: CallLike): boolean {
    if (call.cost !== null) return false;
    return !call.is_error || call.input_tokens !== null || call.output_tokens !== null;
}

export function usageOf(call: CallLike): Usage {
    return { calls: 1, input: call.input_tokens, output: call.output_tokens, cost: call.cost, unpriced: isUnpriced(call) ? 1 : 0 };
}

export function addUsage(a: Usage, b: Usage): Usage {
    if (a.calls === 0) return b;
    if (b.calls === 0) return a;
    return {
        calls: a.calls + b.calls,
        input: plus(a.input, b.input),
        output: plus(a.output, b.output),
        cost: plus(a.cost, b.cost),
        unpriced: a.unpriced + b.unpriced,
    };
}

export function totalTokens(usage: Usage): number | null {
    return plus(usage.input, usage.output);
}

/** True when the cost shown is less than what was spent. */
export function isIncomplete(usage: Usage): boolean {
    return usage.unpriced > 0 && usage.cost !== null;
}

export interface ModelUsage {
    provider: string | null;
    model: string | null;
    usage: Usage;
}

export function usageByModel(calls: Iterable<CallLike>): ModelUsage[] {
    const rows = new Map<string, ModelUsage>();
    for (const call of calls) {
        const key = `${call.provider ?? ""}\u0000${call.model ?? ""}`;
        const row = rows.get(key);
        if (row) row.usage = addUsage(row.usage, usageOf(call));
        else rows.set(key, { provider: call.provider, model: call.model, usage: usageOf(call) });
    }
    return [...rows.values()].sort((a, b) => (totalTokens(b.usage) ?? 0) - (totalTokens(a.usage) ?? 0));
}
