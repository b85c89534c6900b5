import Accounts
import Retention
import SQLQuery
import Storage

/// What settings would remove from a project now, and what rules would keep of it.
struct RetentionPreview: Encodable, Sendable {
    /// One day of it.
    struct Day: Encodable, Sendable {
        var day: String
        var reason: RetentionReason
        var records: Int64
        var metricPoints: Int64
        var bytes: Int64
        var keptRecords: Int64
        var keptMetricPoints: Int64
        var keptBytes: Int64
        /// Whether records go that a rule keeps.
        var dropsKept: Bool
    }

    struct Kept: Encodable, Sendable {
        var rule: String
        /// Records, whole traces counted, or metric points; what several rules keep counts for each.
        var records: Int64
    }

    /// What goes.
    var records: Int64 = 0
    var metricPoints: Int64 = 0
    var bytes: Int64 = 0
    var days: [Day] = []
    /// What rules keep of these days.
    var keptRecords: Int64 = 0
    var keptMetricPoints: Int64 = 0
    var keptBytes: Int64 = 0
    var kept: [Kept] = []
    /// Whether records of some days were not counted but estimated, because counting took long. Bytes always are.
    var isEstimate = false
    /// What the project has then.
    var remainingRecords: Int64 = 0
    var remainingBytes: Int64 = 0
}

extension RetentionService {
    /// Seconds after which further days are estimated.
    private static let countingTime: Duration = .seconds(10)

    /// What the settings would remove from a project now. Nothing is changed.
    ///
    /// - Throws: ``QueryError`` when a condition cannot be used, `StorageError`.
    func preview(_ settings: RetentionSettings, project: Int32) async throws -> RetentionPreview {
        var projects = try await control.settings(RetentionSettings.self)
        projects[project] = settings
        let plan = RetentionPlan(limits: limits, projects: projects, today: TelemetryStore.day(of: Self.now()))
        let start = ContinuousClock.now
        var days = store.retentionDays
        var total = store.telemetryBytes
        var preview = RetentionPreview()
        var counted: [Int32: RetentionOutcome] = [:]
        var share = 0.1
        while let action = plan.next(days, totalBytes: total) {
            guard let index = days.firstIndex(where: { $0.project == action.project && $0.day == action.day }) else { break }
            var outcome: RetentionOutcome
            if action.rules.isEmpty {
                outcome = Self.everything(of: days[index])
            } else if action.project == project, ContinuousClock.now - start < Self.countingTime,
                let measured = try await store.measure(action, try await selection(action, settings))
            {
                outcome = measured
                let all = measured.records + measured.keptRecords
                if all > 0 { share = Double(measured.keptRecords) / Double(all) }
            } else {
                outcome = Self.estimate(days[index], share)
                if action.project == project { preview.isEstimate = true }
            }
            total -= outcome.bytes
            if action.project == project {
                preview.add(action, outcome)
                counted[action.day] = outcome
            }
            if outcome.keptRecords + outcome.keptMetricPoints == 0 {
                days.remove(at: index)
            } else {
                days[index].bytes = outcome.keptBytes
                days[index].records = outcome.keptRecords
                days[index].metricPoints = outcome.keptMetricPoints
                let rules = projects[action.project]?.rules ?? []
                days[index].keptBy = Set(action.rules.map { rules[$0].identity })
                days[index].hasNewRows = false
            }
        }
        for outcome in counted.values {
            preview.keptRecords += outcome.keptRecords
            preview.keptMetricPoints += outcome.keptMetricPoints
            preview.keptBytes += outcome.keptBytes
        }
        preview.kept = settings.rules.map { rule in
            RetentionPreview.Kept(rule: rule.name, records: counted.values.reduce(0) { $0 + ($1.keptBy[rule.identity] ?? 0) })
        }
        for day in days where day.project == project {
            preview.remainingRecords += day.records
            preview.remainingBytes += day.bytes
        }
        return preview
    }

    private static func everything(of day: RetentionDay) -> RetentionOutcome {
        var outcome = RetentionOutcome()
        outcome.records = day.records
        outcome.metricPoints = day.metricPoints
        outcome.bytes = day.bytes
        return outcome
    }

    private static func estimate(_ day: RetentionDay, _ share: Double) -> RetentionOutcome {
        var outcome = RetentionOutcome()
        // One at least, so that the day is taken for one that has kept records.
        outcome.keptRecords = max(1, Int64(Double(day.records) * share))
        outcome.records = max(0, day.records - outcome.keptRecords)
        outcome.metricPoints = day.metricPoints
        outcome.keptBytes = Int64(Double(day.bytes) * share)
        outcome.bytes = day.bytes - outcome.keptBytes
        return outcome
    }
}

extension RetentionPreview {
    fileprivate mutating func add(_ action: RetentionAction, _ outcome: RetentionOutcome) {
        guard outcome.records + outcome.metricPoints > 0 else { return }
        records += outcome.records
        metricPoints += outcome.metricPoints
        bytes += outcome.bytes
        days.append(
            Day(
                day: UTCDay.text(action.day), reason: action.reason, records: outcome.records, metricPoints: outcome.metricPoints,
                bytes: outcome.bytes, keptRecords: outcome.keptRecords, keptMetricPoints: outcome.keptMetricPoints,
                keptBytes: outcome.keptBytes, dropsKept: action.dropsKept))
    }
}
