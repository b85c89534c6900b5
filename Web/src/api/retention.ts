import { call } from "./client";

// Retention of a project: how long it keeps its telemetry, and how much of it.

export type KeepCondition = "error" | "exception" | "level" | "kind" | "service" | "environment" | "tag" | "span_name" | "attribute" | "sql" | "metric";

export interface KeepRule {
    name: string;
    condition: KeepCondition;
    /** Days besides the present one; null for as long as the server keeps anything. */
    days: number | null;
    level?: string | null;
    key?: string | null;
    value?: string | null;
    sql?: string | null;
}

export interface RetentionSettings {
    days: number | null;
    bytes: number | null;
    rules: KeepRule[];
}

export interface StoredRetention extends RetentionSettings {
    updated_at: string | null;
    server: { days: number | null; disk_budget_bytes: number | null };
    stored: { bytes: number; records: number; metric_points: number; days: number; kept_days: number; first_day: string | null; last_day: string | null };
}

export type RetentionReason = "age" | "size" | "disk_budget";

export interface RetentionPreview {
    records: number;
    metric_points: number;
    bytes: number;
    days: { day: string; reason: RetentionReason; records: number; metric_points: number; bytes: number; kept_records: number; kept_metric_points: number; kept_bytes: number; drops_kept: boolean }[];
    kept_records: number;
    kept_metric_points: number;
    kept_bytes: number;
    kept: { rule: string; records: number }[];
    is_estimate: boolean;
    remaining_records: number;
    remaining_bytes: number;
}

export interface RetentionStatus {
    work: string | null;
    failure: string | null;
    log: {
        removed_at: string;
        day: string;
        reason: RetentionReason;
        records: number;
        metric_points: number;
        bytes: number;
        kept_records: number;
        kept_metric_points: number;
        dropped_kept: boolean;
        rules: string[];
    }[];
}

const at = (projectId: string, rest = "") => `/api/v1/projects/${encodeURIComponent(projectId)}/retention/${rest}`;

export const fetchRetention = (projectId: string, signal?: AbortSignal) => call<StoredRetention>("GET", at(projectId), undefined, signal);
export const saveRetention = (projectId: string, settings: RetentionSettings) => call<StoredRetention>("PUT", at(projectId), settings);
export const previewRetention = (projectId: string, settings: RetentionSettings) => call<RetentionPreview>("POST", at(projectId, "preview/"), { settings });
export const fetchRetentionStatus = (projectId: string, signal?: AbortSignal) => call<RetentionStatus>("GET", at(projectId, "status/"), undefined, signal);
