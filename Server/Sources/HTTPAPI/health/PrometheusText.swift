import SelfMetrics

/// A report in the text format of Prometheus 0.0.4, or of OpenMetrics 1.0.
struct PrometheusText {
    private enum Kind: String {
        case counter, gauge, histogram, info
    }

    private let isOpenMetrics: Bool
    private var text = ""

    static func text(_ report: HealthReport, isOpenMetrics: Bool) -> String {
        var writer = PrometheusText(isOpenMetrics: isOpenMetrics)
        writer.process(report)
        writer.ingest(report.ingest)
        writer.storage(report.storage)
        writer.background(report.background)
        writer.queries(report.queries)
        writer.gauge("hearth_live_subscribers", "Connections that follow the live view.", [([:], Double(report.live.subscribers))])
        writer.gauge(
            "hearth_warnings", "Conditions a person should look at, by name.",
            report.warnings.isEmpty ? [] : report.warnings.map { (["code": $0.code], 1) })
        if isOpenMetrics { writer.text += "# EOF\n" }
        return writer.text
    }

    private typealias Samples = [(labels: KeyValuePairs<String, String>, value: Double)]

    private init(isOpenMetrics: Bool) { self.isOpenMetrics = isOpenMetrics }

    // MARK: Families

    private mutating func process(_ report: HealthReport) {
        head("hearth_build", .info, "The program.", unit: nil)
        sample("hearth_build_info", ["version": report.version], 1)
        let process = report.process
        gauge("hearth_uptime_seconds", "Time since the server was started.", [([:], process.uptimeSeconds)], unit: "seconds")
        gauge("process_start_time_seconds", "Start of the process since the Unix epoch.", [([:], process.startTime)], unit: "seconds")
        counter("process_cpu_seconds", "User and system CPU time.", [([:], process.cpuSeconds)], unit: "seconds")
        if let bytes = process.residentBytes {
            gauge("process_resident_memory_bytes", "Resident memory.", [([:], Double(bytes))], unit: "bytes")
        }
        if let files = process.openFiles { gauge("process_open_fds", "Open file descriptors.", [([:], Double(files))]) }
    }

    private mutating func ingest(_ ingest: HealthReport.Ingest) {
        let signals: [(String, HealthReport.Signal)] = [("traces", ingest.spans), ("logs", ingest.logs), ("metrics", ingest.metricPoints)]
        func samples(_ value: (HealthReport.Signal) -> Int64) -> Samples { signals.map { (["signal": $0.0], Double(value($0.1))) } }
        counter("hearth_ingest_requests", "OTLP requests that were stored.", samples(\.requests))
        counter("hearth_ingest_records", "New spans, logs and metric points that were stored.", samples(\.stored))
        counter("hearth_ingest_repeats_dropped", "Rows that had been stored before and were dropped.", samples(\.repeatsDropped))
        counter("hearth_ingest_rejected_records", "Records that were left out of a request (partial success).", samples(\.rejected))
        counter("hearth_ingest_malformed_requests", "Requests that were no OTLP.", samples(\.malformedRequests))
        counter("hearth_ingest_failed_requests", "Requests that could not be stored and have to be sent again.", samples(\.failedRequests))
        counter(
            "hearth_ingest_refusals", "Requests answered with 503.",
            [
                (["reason": "in_flight_limit"], Double(ingest.inFlightRefusals)),
                (["reason": "queue_full"], Double(ingest.queueRefusals)),
            ])
        gauge("hearth_ingest_in_flight_bytes", "Request bodies held now.", [([:], Double(ingest.inFlightBytes))], unit: "bytes")
        gauge(
            "hearth_ingest_in_flight_limit_bytes", "Request bodies that may be held at once.", [([:], Double(ingest.inFlightLimitBytes))],
            unit: "bytes")
    }

    private mutating func storage(_ storage: HealthReport.Storage) {
        gauge("hearth_storage_records", "Stored spans and logs.", [([:], Double(storage.records))])
        gauge("hearth_storage_metric_points", "Stored metric points.", [([:], Double(storage.metricPoints))])
        gauge("hearth_storage_disk_bytes", "Size of the telemetry folder.", [([:], Double(storage.diskBytes))], unit: "bytes")
        if let budget = storage.diskBudgetBytes {
            gauge("hearth_storage_disk_budget_bytes", "Size the telemetry folder may have.", [([:], Double(budget))], unit: "bytes")
        }
        if let free = storage.diskFreeBytes {
            gauge("hearth_storage_disk_free_bytes", "Free bytes of the data folder's file system.", [([:], Double(free))], unit: "bytes")
        }
        gauge("hearth_storage_queue_requests", "Requests that wait for their commit.", [([:], Double(storage.queueRequests))])
        gauge("hearth_storage_queue_bytes", "Bytes that wait for their commit.", [([:], Double(storage.queueBytes))], unit: "bytes")
        counter("hearth_storage_commits", "Transactions.", [([:], Double(storage.commits))])
        histogram(
            "hearth_storage_commit_duration_seconds", "From a decoded request to the end of the commit that made it durable.",
            storage.commitDuration.snapshot)
        counter("hearth_storage_reopens", "Times the engine was opened again after a failure.", [([:], Double(storage.reopens))])
    }

    private mutating func background(_ background: HealthReport.Background) {
        gauge("hearth_background_settled", "1 when no background work is left.", [([:], background.isSettled ? 1 : 0)])
        let kinds = Dictionary(grouping: background.work, by: \.kind).sorted { $0.key < $1.key }
        gauge(
            "hearth_background_work", "Pieces of background work that are left, by kind.",
            kinds.map { (["kind": $0.key], Double($0.value.count)) })
        let known = kinds.compactMap { kind, work -> (labels: KeyValuePairs<String, String>, value: Double)? in
            let totals = work.compactMap(\.total)
            guard totals.count == work.count, totals.reduce(0, +) > 0 else { return nil }
            return (["kind": kind], Double(work.reduce(0) { $0 + $1.done }) / Double(totals.reduce(0, +)))
        }
        gauge("hearth_background_progress_ratio", "Share of the background work that is done, by kind.", known, unit: "ratio")
    }

    private mutating func queries(_ queries: HealthReport.Queries) {
        gauge("hearth_queries_running", "Queries that run.", [([:], Double(queries.running))])
        gauge("hearth_queries_waiting", "Queries that wait for a thread.", [([:], Double(queries.waiting))])
        counter(
            "hearth_queries", "Queries that ended, by outcome.",
            [
                (["outcome": "answered"], Double(queries.answered)), (["outcome": "failed"], Double(queries.failed)),
                (["outcome": "timed_out"], Double(queries.timedOut)), (["outcome": "cancelled"], Double(queries.cancelled)),
                (["outcome": "refused"], Double(queries.refused)),
            ])
        histogram("hearth_query_duration_seconds", "From a query's arrival to its last row.", queries.duration.snapshot)
    }

    // MARK: Lines

    /// - Parameter name: without `_total`, which the samples have.
    private mutating func counter(_ name: String, _ help: String, _ samples: Samples, unit: String? = nil) {
        head(name, .counter, help, unit: unit)
        for entry in samples { sample(name + "_total", entry.labels, entry.value) }
    }

    private mutating func gauge(_ name: String, _ help: String, _ samples: Samples, unit: String? = nil) {
        head(name, .gauge, help, unit: unit)
        for entry in samples { sample(name, entry.labels, entry.value) }
    }

    private mutating func histogram(_ name: String, _ help: String, _ snapshot: DurationHistogram.Snapshot) {
        head(name, .histogram, help, unit: "seconds")
        var below: Int64 = 0
        for (bound, count) in zip(DurationHistogram.bounds, snapshot.counts) {
            below += count
            sample(name + "_bucket", ["le": Self.number(bound, isBound: true)], Double(below))
        }
        sample(name + "_bucket", ["le": "+Inf"], Double(snapshot.count))
        sample(name + "_sum", [:], snapshot.sum)
        sample(name + "_count", [:], Double(snapshot.count))
    }

    /// The older format names the family as its samples, and knows neither units nor infos.
    private mutating func head(_ name: String, _ kind: Kind, _ help: String, unit: String?) {
        var (family, type) = (name, kind.rawValue)
        if !isOpenMetrics {
            if kind == .counter { family += "_total" }
            if kind == .info { (family, type) = (name + "_info", "gauge") }
        }
        text += "# TYPE \(family) \(type)\n"
        if isOpenMetrics, let unit { text += "# UNIT \(family) \(unit)\n" }
        text += "# HELP \(family) \(help)\n"
    }

    private mutating func sample(_ name: String, _ labels: KeyValuePairs<String, String>, _ value: Double) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",") + "}"
        }
        text += " \(Self.number(value, isBound: false))\n"
    }

    /// Whole numbers without a fraction, except bounds, which OpenMetrics wants as floats.
    private static func number(_ value: Double, isBound: Bool) -> String {
        if !isBound, value == value.rounded(), value.magnitude < 1e15 { return String(Int64(value)) }
        return "\(value)"
    }

    private static func escaped(_ label: String) -> String {
        label.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
