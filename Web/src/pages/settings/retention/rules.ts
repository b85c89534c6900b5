import type { KeepCondition, KeepRule, RetentionReason, RetentionSettings, StoredRetention } from "../../../api/retention";

export const conditions: { id: KeepCondition; label: string }[] = [
    { id: "error", label: "a record failed" },
    { id: "exception", label: "an exception was recorded" },
    { id: "level", label: "a record has at least the level" },
    { id: "service", label: "the service is" },
    { id: "environment", label: "the environment is" },
    { id: "span_name", label: "a record is named" },
    { id: "tag", label: "a record has the tag" },
    { id: "attribute", label: "an attribute is" },
    { id: "kind", label: "a record is of the kind" },
    { id: "sql", label: "a record meets SQL" },
    { id: "metric", label: "points of the metric" },
];

/** The rule with another condition, keeping name and days. */
export function withCondition(rule: KeepRule, condition: KeepCondition): KeepRule {
    const base = { name: rule.name, days: rule.days, condition };
    switch (condition) {
        case "error":
        case "exception":
            return base;
        case "metric":
            return { ...base, value: null };
        case "level":
            return { ...base, level: "error" };
        case "kind":
            return { ...base, value: "log" };
        case "attribute":
            return { ...base, key: "", value: null };
        case "sql":
            return { ...base, sql: "" };
        default:
            return { ...base, value: "" };
    }
}

/** What is missing in a rule before the server need be asked, or null. */
export function ruleFault(rule: KeepRule): string | null {
    const isEmpty = (text: string | null | undefined) => (text ?? "").trim() === "";
    if (isEmpty(rule.name)) return "name";
    if (rule.condition === "attribute" && isEmpty(rule.key)) return "key";
    if (rule.condition === "sql" && isEmpty(rule.sql)) return "sql";
    if (["service", "environment", "span_name", "tag"].includes(rule.condition) && isEmpty(rule.value)) return "value";
    return null;
}

export function settingsOf(stored: StoredRetention): RetentionSettings {
    return { days: stored.days, bytes: stored.bytes, rules: stored.rules };
}

export const reasonText: Record<RetentionReason, string> = { age: "too old", size: "too large", disk_budget: "disk budget" };

/** Why a rule does nothing, or ends sooner than it says; null when it is as it says. */
export function ruleNote(rule: KeepRule, settings: RetentionSettings, serverDays: number | null): string | null {
    if (serverDays !== null && (rule.days === null || rule.days > serverDays)) return `ends after ${serverDays} days with the server's own limit`;
    if (settings.days !== null && rule.days !== null && rule.days <= settings.days) return "keeps no longer than everything is kept";
    return null;
}

/** Units of sizes as people type them. */
export const sizeUnits = { MB: 1e6, GB: 1e9, TB: 1e12 } as const;
export type SizeUnit = keyof typeof sizeUnits;

export function sizeUnit(bytes: number): SizeUnit {
    return bytes >= 1e12 ? "TB" : bytes >= 1e9 ? "GB" : "MB";
}
