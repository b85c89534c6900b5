import type { SamplingCondition, SamplingRule } from "../../../api/protect";

export const conditions: { id: SamplingCondition; label: string }[] = [
    { id: "error", label: "a span failed" },
    { id: "duration", label: "the trace took at least" },
    { id: "level", label: "a record has at least the level" },
    { id: "service", label: "the service is" },
    { id: "span_name", label: "a span is named" },
    { id: "attribute", label: "an attribute is" },
    { id: "evaluation", label: "an evaluation scored below" },
    { id: "feedback", label: "feedback was negative" },
];

/** The rule with another condition, keeping name and rate. */
export function withCondition(rule: SamplingRule, condition: SamplingCondition): SamplingRule {
    const base = { name: rule.name, rate: rule.rate };
    switch (condition) {
        case "error":
        case "feedback":
            return { ...base, condition };
        case "duration":
            return { ...base, condition, at_least: 5 };
        case "level":
            return { ...base, condition, level: "warn" };
        case "evaluation":
            return { ...base, condition, evaluation: null, below: 0.5 };
        case "attribute":
            return { ...base, condition, key: "", value: null };
        case "service":
        case "span_name":
            return { ...base, condition, value: "" };
    }
}

/** What a rate means for a trace: `keeps all`, `removes all`, `each counts 10 times`. */
export function rateText(rate: number): string {
    if (rate >= 1) return "keeps all";
    if (rate <= 0) return "removes all";
    const weight = Number((1 / rate).toPrecision(3));
    return `each counts ${Number.isInteger(weight) ? "" : "about "}${weight.toLocaleString("en-US")} times`;
}

/** What is missing in a rule before the server need be asked, or null. */
export function ruleFault(rule: SamplingRule): string | null {
    if (rule.name.trim() === "") return "name";
    if (rule.condition === "attribute" && rule.key.trim() === "") return "key";
    if ((rule.condition === "service" || rule.condition === "span_name") && rule.value.trim() === "") return "value";
    return null;
}
