/// What of a report a person should look at.
enum HealthWarnings {
    /// Shares of the disk and of the budget from which they count as nearly full.
    private static let nearlyFull = 0.9
    /// Bytes below which a disk counts as nearly full whatever its size.
    private static let leastFree: Int64 = 1 << 30

    /// - Parameters:
    ///   - recovery: what was lost when the data folder was opened, in words.
    ///   - unreadable: segments that cannot be read, in words.
    ///   - messages: message bodies that cannot be read, in words.
    static func of(_ report: HealthReport, recovery: String?, unreadable: [String] = [], messages: [String] = []) -> [HealthReport.Warning]
    {
        var warnings: [HealthReport.Warning] = []
        if let recovery {
            warnings.append(
                HealthReport.Warning(
                    code: "recovery", message: "When the data folder was opened: \(recovery)",
                    remedy:
                        "Records that were acknowledged and are missing have to be sent again; the damaged file was kept beside the data."))
        }
        if !unreadable.isEmpty {
            warnings.append(
                HealthReport.Warning(
                    code: "segments_unreadable", message: unreadable.joined(separator: " "),
                    remedy: "Stop the server, run hearth doctor, and repair what it finds or restore a backup."))
        }
        if !messages.isEmpty {
            warnings.append(
                HealthReport.Warning(
                    code: "messages_unreadable", message: messages.joined(separator: " "),
                    remedy:
                        "Stop the server and run hearth doctor, which says how many records have lost messages; a backup may still have them."
                ))
        }
        let storage = report.storage
        if let budget = storage.diskBudgetBytes, Double(storage.diskBytes) >= nearlyFull * Double(budget) {
            warnings.append(
                HealthReport.Warning(
                    code: "disk_budget_nearly_used",
                    message: "Telemetry takes \(bytes(storage.diskBytes)) of the \(bytes(budget)) it may take.",
                    remedy: "The oldest days are removed next. Raise the budget or keep less."))
        }
        if let free = storage.diskFreeBytes, let size = storage.diskSizeBytes,
            free < leastFree || Double(free) < (1 - nearlyFull) / 2 * Double(size)
        {
            warnings.append(
                HealthReport.Warning(
                    code: "disk_nearly_full", message: "The disk of the data folder has \(bytes(free)) left of \(bytes(size)).",
                    remedy: "When it is full, senders get 503 and keep their data until there is room again."))
        }
        let refused = Int64(report.ingest.inFlightRefusals) + report.ingest.queueRefusals
        if refused > 0 {
            warnings.append(
                HealthReport.Warning(
                    code: "ingest_refused",
                    message:
                        "\(times(refused, "request was", "requests were")) answered with 503 since the start because too much came at once.",
                    remedy: "Clients send them again. If it lasts: fewer or smaller requests at once, or a faster disk."))
        }
        let malformed = report.ingest.all.reduce(0) { $0 + $1.malformedRequests }
        let rejected = report.ingest.all.reduce(0) { $0 + $1.rejected }
        if malformed + rejected > 0 {
            warnings.append(
                HealthReport.Warning(
                    code: "ingest_rejected",
                    message:
                        "\(times(malformed, "request", "requests")) and \(times(rejected, "single record", "single records")) were no valid OTLP and are not stored.",
                    remedy: "Each sender was told why; look for “logfire ingest error” in Live."))
        }
        if storage.reopens > 0 {
            warnings.append(
                HealthReport.Warning(
                    code: "engine_reopened",
                    message: "The storage engine was closed and opened again \(times(storage.reopens, "time", "times")) after a failure.",
                    remedy: "No acknowledged record was lost. The server's log says what happened."))
        }
        if report.queries.refused > 0 {
            warnings.append(
                HealthReport.Warning(
                    code: "queries_refused",
                    message: "\(times(report.queries.refused, "query was", "queries were")) refused because too many were running.",
                    remedy: "Dashboards that refresh often, or scripts that ask in parallel, should wait between their queries."))
        }
        return warnings
    }

    /// What keeps telemetry from staying within its limits.
    static func of(_ retention: RetentionService.Activity) -> [HealthReport.Warning] {
        var warnings: [HealthReport.Warning] = []
        if !retention.failures.isEmpty {
            let failures = retention.failures.sorted { $0.key < $1.key }.map { "Project \($0.key), \($0.value)." }
            warnings.append(
                HealthReport.Warning(
                    code: "retention_failed", message: "Days could not be removed. " + failures.joined(separator: " "),
                    remedy: "They are kept and tried again. Correct the rule under Settings → Retention, or look at the server's log."))
        }
        if !retention.droppedKept.isEmpty {
            let projects = retention.droppedKept.keys.sorted().map(String.init).joined(separator: ", ")
            warnings.append(
                HealthReport.Warning(
                    code: "retention_dropped_kept",
                    message:
                        "Records that keep rules keep were removed within the last day, the oldest first, because there was no other room (project \(projects)).",
                    remedy: "Raise the size limit or the disk budget, or let the rules keep less."))
        }
        if retention.isOverBudget {
            warnings.append(
                HealthReport.Warning(
                    code: "retention_over_budget",
                    message: "Telemetry takes more than its disk budget, and nothing more can be removed now.",
                    remedy: "What has just come is moved to its final files first. If it lasts, raise the budget."))
        }
        return warnings
    }

    private static func times(_ count: Int64, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }

    /// For a person: `1.5 GB`.
    static func bytes(_ count: Int64) -> String {
        var (value, unit) = (Double(count), "B")
        for next in ["KB", "MB", "GB", "TB"] where value >= 1_000 {
            value /= 1_000
            unit = next
        }
        let tenths = Int((value * 10).rounded())
        return unit == "B" || tenths >= 1_000 ? "\(Int(value.rounded())) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
    }
}

extension HealthReport.Ingest {
    var all: [HealthReport.Signal] { [spans, logs, metricPoints] }
}
