// Two traces, step by step: spans of the same service and name are one step.

import type { TraceModel } from "./model";
import { selfTime } from "./timing";

export interface StepSide {
    spans: number;
    errors: number;
    /** Milliseconds spent in the steps themselves, and in them with everything below. */
    self: number;
    total: number;
}

export interface Step {
    service: string | null;
    name: string;
    left: StepSide | null;
    right: StepSide | null;
    /** Milliseconds of own time that the right trace has more. */
    difference: number;
}

export function compareTraces(left: TraceModel, right: TraceModel): Step[] {
    const steps = new Map<string, Step>();
    const collect = (model: TraceModel, side: "left" | "right") => {
        for (const node of model.nodes) {
            const { record, isPoint, isError, start, end } = node.item;
            if (isPoint) continue;
            const key = `${record.service_name ?? ""}\u0000${record.span_name}`;
            let step = steps.get(key);
            if (!step) steps.set(key, (step = { service: record.service_name, name: record.span_name, left: null, right: null, difference: 0 }));
            const sum = (step[side] ??= { spans: 0, errors: 0, self: 0, total: 0 });
            sum.spans += 1;
            sum.errors += isError ? 1 : 0;
            sum.self += selfTime(node);
            sum.total += end - start;
        }
    };
    collect(left, "left");
    collect(right, "right");
    for (const step of steps.values()) step.difference = (step.right?.self ?? 0) - (step.left?.self ?? 0);
    return [...steps.values()].sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference) || (a.name < b.name ? -1 : 1));
}
