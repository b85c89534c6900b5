// The part of the trace that is in sight, as shares of its whole time.

export interface View {
    from: number;
    to: number;
}

export const wholeView: View = { from: 0, to: 1 };

/** Narrowest view, as a share of the trace. */
const narrowest = 1e-5;

export function zoomTo(a: number, b: number): View {
    const from = Math.max(0, Math.min(a, b));
    const to = Math.min(1, Math.max(a, b));
    if (to - from >= narrowest) return { from, to };
    const middle = (from + to) / 2;
    return { from: Math.max(0, middle - narrowest / 2), to: Math.min(1, middle + narrowest / 2) };
}

/** Zooms by a factor around a point of the view (0 its left edge, 1 its right). */
export function zoomAround(view: View, at: number, factor: number): View {
    const width = Math.min(1, Math.max(narrowest, (view.to - view.from) * factor));
    const center = view.from + (view.to - view.from) * at;
    const from = Math.min(1 - width, Math.max(0, center - width * at));
    return { from, to: from + width };
}

export function isWhole(view: View): boolean {
    return view.from <= 0 && view.to >= 1;
}

const steps = [1, 2, 5];

/** Round times for the axis, in milliseconds from the start of the trace; about `wanted` of them. */
export function ticks(fromMs: number, toMs: number, wanted: number): number[] {
    const rough = (toMs - fromMs) / wanted;
    if (!(rough > 0)) return [];
    const power = 10 ** Math.floor(Math.log10(rough));
    let step = power * (steps.find((s) => s * power >= rough) ?? 10);
    if (step > 600 && step <= 20000) step = [1000, 2000, 5000, 10000, 15000, 20000].find((s) => s >= step) ?? step;
    else if (step > 20000) step = [30000, 60000, 120000, 300000, 600000, 1800000, 3600000].find((s) => s >= step) ?? step;
    const list: number[] = [];
    for (let t = Math.ceil(fromMs / step) * step; t <= toMs + step * 1e-6 && list.length < 50; t += step) list.push(t);
    return list;
}
