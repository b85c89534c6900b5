import { call } from "./client";

// Mapping rules: attributes of your own that are read as a canonical field.

export interface MappingRule {
    attribute: string;
    field: string;
    enabled: boolean;
    /** Conditions: null holds for all. */
    service_name: string | null;
    scope_name: string | null;
    span_name: string | null;
    /** For times: what the number counts; null for the field's own unit. */
    unit: string | null;
}

export interface StoredMapping {
    rules: MappingRule[];
    updated_at: string | null;
    available: {
        fields: { id: string; title: string; type: "text" | "integer" | "number" | "boolean" | "seconds" }[];
        units: string[];
        limits: { rules: number };
    };
}

export interface SimilarKey {
    key: string;
    records: number;
    services: string[];
    example: string | null;
    /** A rule of the project covers it. */
    mapped: boolean;
    /** The server reads it without a rule. */
    known: boolean;
}

export interface SimilarKeys {
    groups: { field: string; keys: SimilarKey[] }[];
}

export interface ApplyStatus {
    state: "idle" | "running" | "done" | "failed";
    done: number;
    total: number;
    changed: number;
    error: string | null;
    started_at: string | null;
    finished_at: string | null;
}

const at = (projectId: string, rest: string) => `/api/v1/projects/${encodeURIComponent(projectId)}/mapping-rules/${rest}`;

export const fetchMapping = (projectId: string, signal?: AbortSignal) => call<StoredMapping>("GET", at(projectId, ""), undefined, signal);
export const saveMapping = (projectId: string, rules: MappingRule[]) => call<StoredMapping>("PUT", at(projectId, ""), { rules });
export const fetchSimilarKeys = (projectId: string, signal?: AbortSignal) => call<SimilarKeys>("GET", at(projectId, "near-duplicate-keys/"), undefined, signal);
export const applyMapping = (projectId: string) => call<ApplyStatus>("POST", at(projectId, "apply/"), {});
export const fetchApply = (projectId: string, signal?: AbortSignal) => call<ApplyStatus>("GET", at(projectId, "apply/"), undefined, signal);
