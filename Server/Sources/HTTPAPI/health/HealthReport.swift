import SelfMetrics

/// The state of the server at one moment: what `/metrics`, `/api/v1/health` and the health page say.
struct HealthReport: Encodable, Sendable {
    /// Something a person should know or do.
    struct Warning: Encodable, Sendable, Equatable {
        /// Stable name, such as `disk_nearly_full`.
        var code: String
        /// What is the matter.
        var message: String
        /// What to do about it.
        var remedy: String
    }

    /// Requests and rows of one signal since the start.
    struct Signal: Encodable, Sendable {
        var requests: Int64
        var stored: Int64
        var repeatsDropped: Int64
        var rejected: Int64
        var malformedRequests: Int64
        var failedRequests: Int64
    }

    struct Ingest: Encodable, Sendable {
        var spans: Signal
        var logs: Signal
        var metricPoints: Signal
        var inFlightBytes: Int
        var inFlightLimitBytes: Int
        /// Requests answered with 503: bodies beyond the in-flight limit, and commits beyond the queue's.
        var inFlightRefusals: Int
        var queueRefusals: Int64
        /// Seconds since the last request was stored.
        @Nullable var lastStoredSecondsAgo: Double?
    }

    struct Storage: Encodable, Sendable {
        var records: Int64
        var metricPoints: Int64
        var diskBytes: Int64
        /// Most bytes that telemetry may take; nil without such a limit.
        @Nullable var diskBudgetBytes: Int64?
        /// Of the file system; nil when it does not say.
        @Nullable var diskFreeBytes: Int64?
        @Nullable var diskSizeBytes: Int64?
        var queueRequests: Int
        var queueBytes: Int
        var commits: Int64
        var commitDuration: Durations
        var reopens: Int64
    }

    /// Work behind the answered requests.
    struct Work: Encodable, Sendable, Equatable {
        /// One word, such as `seal`.
        var kind: String
        /// For a person.
        @Nullable var detail: String?
        var done: Int64
        @Nullable var total: Int64?
        var unit: String

        /// From 0 to 1; nil when the whole is not known.
        var progress: Double? {
            guard let total, total > 0 else { return nil }
            return min(1, Double(done) / Double(total))
        }
    }

    struct Background: Encodable, Sendable {
        /// Whether no work is left.
        var isSettled: Bool
        var work: [Work]
    }

    struct Queries: Encodable, Sendable {
        var running: Int
        var waiting: Int
        var answered: Int64
        var failed: Int64
        var timedOut: Int64
        var cancelled: Int64
        var refused: Int64
        var duration: Durations
    }

    /// Seconds; quantiles are estimates from a histogram, nil without observations.
    struct Durations: Encodable, Sendable {
        var count: Int64
        var sum: Double
        @Nullable var p50: Double?
        @Nullable var p95: Double?
        @Nullable var p99: Double?
        /// For the text format only.
        let snapshot: DurationHistogram.Snapshot

        private enum CodingKeys: String, CodingKey { case count, sum, p50, p95, p99 }

        init(_ snapshot: DurationHistogram.Snapshot) {
            self.snapshot = snapshot
            count = snapshot.count
            sum = snapshot.sum
            p50 = snapshot.quantile(0.5)
            p95 = snapshot.quantile(0.95)
            p99 = snapshot.quantile(0.99)
        }
    }

    struct Live: Encodable, Sendable {
        var subscribers: Int
    }

    struct Process: Encodable, Sendable {
        @Nullable var residentBytes: Int64?
        var cpuSeconds: Double
        @Nullable var openFiles: Int?
        /// Seconds since the Unix epoch.
        var startTime: Double
        var uptimeSeconds: Double
    }

    var version: String
    var warnings: [Warning]
    var ingest: Ingest
    var storage: Storage
    var background: Background
    var queries: Queries
    var live: Live
    var process: Process
}
