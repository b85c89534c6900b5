import FoundationEssentials
import Ingest
import OTLPIngest
import Retention
import SQLQuery
import Storage

/// Puts together what the server knows about itself.
struct HealthService: Sendable {
    let store: TelemetryStore
    let queries: QueryEngine
    let pipeline: IngestPipeline
    let mapping: MappingServices
    let sampling: SamplingService
    let retention: RetentionService
    let budget: InFlightBudget
    let audience: LiveAudience
    let version: String
    /// For the free space of its disk; nil leaves that out.
    let dataDirectory: String?
    let diskBudgetBytes: Int64?
    let startTime = Date()
    private let startInstant = ContinuousClock.now

    /// Without new data for this long the store settles (`acceptance.md` D1).
    private static let quietTime = Duration.seconds(10)

    init(_ services: HTTPAPIServices) {
        store = services.store
        queries = services.queries
        pipeline = services.pipeline
        mapping = services.mapping
        sampling = services.sampling
        retention = services.retention
        budget = services.budget
        audience = services.audience
        version = services.version
        dataDirectory = services.dataDirectory
        diskBudgetBytes = services.retention.limits.diskBudgetBytes
    }

    func report() -> HealthReport {
        let statistics = store.statistics
        let work = work(statistics)
        let disk = dataDirectory.flatMap { ProcessFigures.disk($0) }
        let (counts, usage) = (queries.activity.counts, budget.usage)
        var report = HealthReport(
            version: version, warnings: [],
            ingest: HealthReport.Ingest(
                spans: HealthReport.Signal(pipeline.activity.counts(.traces)), logs: HealthReport.Signal(pipeline.activity.counts(.logs)),
                metricPoints: HealthReport.Signal(pipeline.activity.counts(.metrics)), inFlightBytes: usage.used,
                inFlightLimitBytes: budget.limit, inFlightRefusals: usage.refused, queueRefusals: statistics.overloads,
                lastStoredSecondsAgo: pipeline.activity.sinceLastStored?.fractionalSeconds),
            storage: HealthReport.Storage(
                records: statistics.records, metricPoints: statistics.metricPoints, diskBytes: statistics.bytesOnDisk,
                diskBudgetBytes: diskBudgetBytes, diskFreeBytes: disk?.free, diskSizeBytes: disk?.size,
                queueRequests: statistics.queuedBatches, queueBytes: statistics.queuedBytes, commits: statistics.commits,
                commitDuration: HealthReport.Durations(pipeline.activity.commitDurations), reopens: statistics.reopens),
            background: HealthReport.Background(isSettled: work.isEmpty, work: work),
            queries: HealthReport.Queries(
                running: counts.running, waiting: counts.waiting, answered: counts.answered, failed: counts.failed,
                timedOut: counts.timedOut, cancelled: counts.cancelled, refused: counts.refused,
                duration: HealthReport.Durations(queries.activity.durations)),
            live: HealthReport.Live(subscribers: audience.count),
            process: HealthReport.Process(
                residentBytes: ProcessFigures.residentBytes, cpuSeconds: ProcessFigures.cpuSeconds, openFiles: ProcessFigures.openFiles,
                startTime: startTime.timeIntervalSince1970, uptimeSeconds: (ContinuousClock.now - startInstant).fractionalSeconds))
        report.warnings = HealthWarnings.of(
            report, recovery: statistics.recoveryReport, unreadable: statistics.unreadableSegments,
            messages: statistics.unreadableMessages)
        report.warnings += HealthWarnings.of(retention.activity)
        return report
    }

    /// Work that is left: none means settled.
    func work() -> [HealthReport.Work] { work(store.statistics) }

    private func work(_ statistics: StorageStatistics) -> [HealthReport.Work] {
        var work = Self.storageWork(statistics)
        if let quiet = pipeline.activity.sinceLastStored, quiet < Self.quietTime, !work.contains(where: { $0.kind == "seal" }) {
            work.append(
                HealthReport.Work(
                    kind: "settle", detail: "settling begins after \(Self.quietTime.milliseconds / 1_000) s without new data",
                    done: quiet.milliseconds / 1_000, total: Self.quietTime.milliseconds / 1_000, unit: "seconds"))
        }
        if let running = mapping.application.running {
            work.append(
                HealthReport.Work(
                    kind: "mapping", detail: "mapping rules are applied to stored traces", done: Int64(running.done),
                    total: running.total > 0 ? Int64(running.total) : nil, unit: "traces"))
        }
        let waiting = sampling.waitingTraces
        if waiting > 0 {
            work.append(
                HealthReport.Work(
                    kind: "sampling", detail: "\(waiting) traces wait until they are complete or idle", done: 0, total: Int64(waiting),
                    unit: "traces"))
        }
        if let detail = retention.activity.work {
            work.append(
                HealthReport.Work(kind: "retention", detail: detail, done: retention.activity.done, total: nil, unit: "days"))
        }
        return work
    }

    private static func storageWork(_ statistics: StorageStatistics) -> [HealthReport.Work] {
        var work: [HealthReport.Work] = []
        if statistics.queuedBatches > 0 {
            work.append(
                HealthReport.Work(
                    kind: "commit", detail: "requests wait for their commit", done: 0, total: Int64(statistics.queuedBatches),
                    unit: "requests"))
        }
        if !statistics.isSettled {
            let waiting = statistics.waitingHotFiles
            let detail =
                statistics.isSealing
                ? "rows of hot files are moved to segments, \(waiting) to go"
                : waiting > 0 ? "\(waiting) hot files wait to be sealed" : "the hot file is sealed when no data comes for a while"
            work.append(HealthReport.Work(kind: "seal", detail: detail, done: 0, total: waiting > 0 ? Int64(waiting) : nil, unit: "files"))
        }
        return work
    }
}

extension HealthReport.Signal {
    init(_ counts: IngestActivity.Counts) {
        self.init(
            requests: counts.requests, stored: counts.stored, repeatsDropped: counts.repeated, rejected: counts.rejected,
            malformedRequests: counts.malformed, failedRequests: counts.failed)
    }
}

extension Duration {
    var fractionalSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
