import { call } from "./client";
import type { Json } from "./types";

// Redaction and tail sampling of a project.

export type RedactionAction = "replace" | "hash" | "drop";

export interface RedactionRule {
    name: string;
    /** What the pattern looks at: the text of values, or the keys of attributes. */
    target: "value" | "key";
    pattern: string;
    action: RedactionAction;
    ignore_case: boolean;
    enabled: boolean;
}

export interface RedactionSettings {
    scrub_defaults: boolean;
    detectors: Record<string, RedactionAction>;
    rules: RedactionRule[];
    exempt_keys: string[];
    drop_message_content: boolean;
    drop_binary_content: boolean;
}

export interface StoredRedaction extends RedactionSettings {
    updated_at: string | null;
    available: {
        actions: RedactionAction[];
        detectors: { id: string; title: string; description: string; example: string }[];
        limits: { rules: number; pattern_bytes: number; exempt_keys: number };
    };
}

export interface RedactionChange {
    trace_id: string | null;
    span_id: string | null;
    path: (string | number)[];
    rule: string;
    before: string;
    after: string | null;
}

export interface RedactionTrial {
    records: number;
    changed_records: number;
    total: number;
    counts: { rule: string; count: number }[];
    changes: RedactionChange[];
    sample?: Json;
    microseconds_per_record: number | null;
}

export interface RedactionAudit {
    total: number;
    since: string | null;
    rules: { rule: string; count: number; last_at: string | null }[];
    days: { date: string; rule: string; count: number }[];
}

export type SamplingRule = { name: string; rate: number } & (
    | { condition: "error" | "feedback" }
    | { condition: "duration"; at_least: number }
    | { condition: "level"; level: string }
    | { condition: "evaluation"; evaluation: string | null; below: number }
    | { condition: "attribute"; key: string; value?: string | null }
    | { condition: "service" | "span_name"; value: string }
);

export type SamplingCondition = SamplingRule["condition"];

export interface SamplingSettings {
    enabled: boolean;
    /** Seconds without a new record after which a trace is decided. */
    idle_seconds: number;
    rules: SamplingRule[];
    /** Share of the traces that no rule matches. */
    rest: number;
}

export interface StoredSampling extends SamplingSettings {
    updated_at: string | null;
}

export interface SamplingStatus {
    enabled: boolean;
    since: string | null;
    waiting_traces: number;
    kept_traces: number;
    removed_traces: number;
    kept_records: number;
    removed_records: number;
    rules: { name: string; kept: number; removed: number }[];
}

const at = (projectId: string, rest: string) => `/api/v1/projects/${encodeURIComponent(projectId)}/${rest}`;

export const fetchRedaction = (projectId: string, signal?: AbortSignal) => call<StoredRedaction>("GET", at(projectId, "redaction/"), undefined, signal);
export const saveRedaction = (projectId: string, settings: RedactionSettings) => call<StoredRedaction>("PUT", at(projectId, "redaction/"), settings);
export const tryRedaction = (projectId: string, body: { settings: RedactionSettings; sample?: Json; records?: { limit: number } }) => call<RedactionTrial>("POST", at(projectId, "redaction/test/"), body);
export const fetchRedactionAudit = (projectId: string, signal?: AbortSignal) => call<RedactionAudit>("GET", at(projectId, "redaction/audit/"), undefined, signal);
export const fetchSampling = (projectId: string, signal?: AbortSignal) => call<StoredSampling>("GET", at(projectId, "sampling/"), undefined, signal);
export const saveSampling = (projectId: string, settings: SamplingSettings) => call<StoredSampling>("PUT", at(projectId, "sampling/"), settings);
export const fetchSamplingStatus = (projectId: string, signal?: AbortSignal) => call<SamplingStatus>("GET", at(projectId, "sampling/status/"), undefined, signal);
