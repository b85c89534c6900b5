import SelfMetrics
import Testing

@testable import HTTPAPI

@Suite("Health of the server")
struct HealthTests {
    @Test("A histogram counts by upper bounds and estimates quantiles")
    func histogram() throws {
        let histogram = DurationHistogram()
        #expect(histogram.snapshot.quantile(0.5) == nil)
        for milliseconds in [1, 3, 4, 4, 5, 20, 60_000] { histogram.record(.milliseconds(milliseconds)) }
        let snapshot = histogram.snapshot
        #expect(snapshot.count == 7)
        #expect(snapshot.counts[0] == 1 && snapshot.counts[2] == 4 && snapshot.counts.last == 1)
        #expect(abs(snapshot.sum - 60.037) < 1e-9)
        let median = try #require(snapshot.quantile(0.5))
        #expect((0.0025...0.005).contains(median))
        #expect(snapshot.quantile(1) == 30)
    }

    @Test("The text formats: names of counters, units, the end mark")
    func formats() {
        let old = PrometheusText.text(.sample(), isOpenMetrics: false)
        #expect(old.contains("# TYPE hearth_storage_commits_total counter\n"))
        #expect(old.contains("# TYPE hearth_build_info gauge\n"))
        #expect(!old.contains("# UNIT") && !old.contains("# EOF"))
        let new = PrometheusText.text(.sample(), isOpenMetrics: true)
        #expect(new.contains("# TYPE hearth_storage_commits counter\n"))
        #expect(new.contains("hearth_storage_commits_total 12\n"))
        #expect(new.contains("# TYPE hearth_build info\n"))
        #expect(new.contains("# UNIT hearth_storage_disk_bytes bytes\n"))
        #expect(new.contains("hearth_background_progress_ratio{kind=\"seal\"} 0.25\n"))
        #expect(new.contains("hearth_query_duration_seconds_bucket{le=\"1.0\"} 0\n"))
        #expect(new.hasSuffix("# EOF\n"))
    }

    @Test("Warnings name what is the matter and what to do")
    func warnings() {
        func codes(_ change: (inout HealthReport) -> Void, recovery: String? = nil) -> [String] {
            var report = HealthReport.sample()
            change(&report)
            return HealthWarnings.of(report, recovery: recovery).map(\.code)
        }
        #expect(codes { _ in } == [])
        #expect(codes({ _ in }, recovery: "3 rows were lost") == ["recovery"])
        #expect(codes { $0.storage.diskBudgetBytes = 1_100 } == ["disk_budget_nearly_used"])
        #expect(codes { $0.storage.diskFreeBytes = 1 << 29 } == ["disk_nearly_full"])
        #expect(codes { $0.ingest.queueRefusals = 1 } == ["ingest_refused"])
        #expect(codes { $0.ingest.logs.rejected = 1 } == ["ingest_rejected"])
        #expect(codes { $0.storage.reopens = 1 } == ["engine_reopened"])
        #expect(codes { $0.queries.refused = 1 } == ["queries_refused"])
        #expect(HealthWarnings.bytes(999) == "999 B")
        #expect(HealthWarnings.bytes(1_550_000) == "1.6 MB")
        #expect(HealthWarnings.bytes(400_000_000_000) == "400 GB")
    }
}

extension HealthReport {
    fileprivate static func sample() -> HealthReport {
        let signal = Signal(requests: 1, stored: 2, repeatsDropped: 0, rejected: 0, malformedRequests: 0, failedRequests: 0)
        let durations = Durations(DurationHistogram().snapshot)
        return HealthReport(
            version: "1.2.3", warnings: [],
            ingest: Ingest(
                spans: signal, logs: signal, metricPoints: signal, inFlightBytes: 0, inFlightLimitBytes: 256 << 20, inFlightRefusals: 0,
                queueRefusals: 0, lastStoredSecondsAgo: nil),
            storage: Storage(
                records: 4, metricPoints: 2, diskBytes: 1_000, diskBudgetBytes: nil, diskFreeBytes: 1 << 40, diskSizeBytes: 1 << 41,
                queueRequests: 0, queueBytes: 0, commits: 12, commitDuration: durations, reopens: 0),
            background: Background(isSettled: false, work: [Work(kind: "seal", detail: nil, done: 1, total: 4, unit: "rows")]),
            queries: Queries(running: 0, waiting: 0, answered: 0, failed: 0, timedOut: 0, cancelled: 0, refused: 0, duration: durations),
            live: Live(subscribers: 0),
            process: Process(residentBytes: 1, cpuSeconds: 1, openFiles: 1, startTime: 1, uptimeSeconds: 1))
    }
}
