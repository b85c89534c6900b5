import { call } from "./client";

// The state of the server at one moment: GET /api/v1/health.

export interface HealthWarning {
    /** Stable name, such as `disk_nearly_full`. */
    code: string;
    message: string;
    remedy: string;
}

/** Requests and rows of one signal since the start. */
export interface SignalCounts {
    requests: number;
    stored: number;
    repeats_dropped: number;
    rejected: number;
    malformed_requests: number;
    failed_requests: number;
}

/** Seconds; quantiles are null without observations. */
export interface Durations {
    count: number;
    sum: number;
    p50: number | null;
    p95: number | null;
    p99: number | null;
}

export interface Work {
    kind: string;
    detail: string | null;
    done: number;
    total: number | null;
    unit: string;
}

export interface Health {
    version: string;
    warnings: HealthWarning[];
    ingest: {
        spans: SignalCounts;
        logs: SignalCounts;
        metric_points: SignalCounts;
        in_flight_bytes: number;
        in_flight_limit_bytes: number;
        in_flight_refusals: number;
        queue_refusals: number;
        last_stored_seconds_ago: number | null;
    };
    storage: {
        records: number;
        metric_points: number;
        disk_bytes: number;
        disk_budget_bytes: number | null;
        disk_free_bytes: number | null;
        disk_size_bytes: number | null;
        queue_requests: number;
        queue_bytes: number;
        commits: number;
        commit_duration: Durations;
        reopens: number;
    };
    background: { is_settled: boolean; work: Work[] };
    queries: {
        running: number;
        waiting: number;
        answered: number;
        failed: number;
        timed_out: number;
        cancelled: number;
        refused: number;
        duration: Durations;
    };
    live: { subscribers: number };
    process: { resident_bytes: number | null; cpu_seconds: number; open_files: number | null; start_time: number; uptime_seconds: number };
}

export const fetchHealth = (signal?: AbortSignal) => call<Health>("GET", "/api/v1/health", undefined, signal);
