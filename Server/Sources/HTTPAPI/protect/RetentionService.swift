public import Accounts
import FoundationEssentials
public import Logging
public import Retention
public import SQLQuery
public import ServiceLifecycle
public import Storage
import Synchronization
import TelemetryModel

extension RetentionSettings: StoredSetting {
    public static let settingName = "retention"
}

/// Keeps the projects' telemetry within its limits, as long as the server runs.
public final class RetentionService: Service {
    /// What it is about, for the health page.
    struct Activity: Sendable, Equatable {
        /// For a person; nil when there is nothing to do.
        var work: String?
        /// Days that were done in the present look.
        var done: Int64 = 0
        /// Why days could not be done, by project; kept until a look does without.
        var failures: [Int32: String] = [:]
        /// Projects of which kept records had to go, and when that was last; forgotten after a day.
        var droppedKept: [Int32: ContinuousClock.Instant] = [:]
        /// Whether the folder is larger than its budget and nothing more can go.
        var isOverBudget = false
    }

    let control: ControlStore
    let limits: RetentionLimits
    let store: TelemetryStore
    let queries: QueryEngine
    private let logger: Logger
    private let current = Mutex(Activity())
    private let delays = Mutex<[DayKey: Delay]>([:])

    public init(control: ControlStore, store: TelemetryStore, queries: QueryEngine, limits: RetentionLimits, logger: Logger) {
        self.control = control
        self.store = store
        self.queries = queries
        self.limits = limits
        self.logger = logger
    }

    var activity: Activity { current.withLock { $0 } }

    func settings(project: Int32) async throws -> RetentionSettings { try await control.setting(RetentionSettings.self, project: project) }

    /// Seconds between two looks.
    private static let interval: Duration = .seconds(5)

    public func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            while !Task.isCancelled {
                do { try await Task.sleep(for: Self.interval) } catch { return }
                await look()
            }
        }
    }

    static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1e6) }

    // MARK: Looking

    /// Does everything that has to be done now.
    func look() async {
        // It goes on after the backup.
        if store.isRetentionHeld { return }
        var activity = Activity()
        let before = self.activity
        activity.droppedKept = before.droppedKept.filter { $0.value.duration(to: .now) < .seconds(86_400) }
        do {
            let projects = try await control.settings(RetentionSettings.self)
            if limits.isUnlimited, projects.values.allSatisfy(\.isUnlimited) { return publish(activity) }
            let plan = RetentionPlan(limits: limits, projects: projects, today: TelemetryStore.day(of: Self.now()))
            var blocked = waiting(projects, &activity)
            while !Task.isCancelled, !store.isRetentionHeld {
                var days = store.retentionDays
                for index in days.indices where blocked.contains(DayKey(days[index])) { days[index].isBlocked = true }
                guard let action = plan.next(days, totalBytes: store.telemetryBytes) else { break }
                let settings = projects[action.project] ?? RetentionSettings()
                let key = DayKey(project: action.project, day: action.day)
                activity.work = Self.describe(action)
                publish(activity)
                do {
                    try await carryOut(action, settings)
                    activity.done += 1
                    delays.withLock { $0[key] = nil }
                    if action.dropsKept { activity.droppedKept[action.project] = .now }
                } catch {
                    if Task.isCancelled || store.isRetentionHeld { break }
                    blocked.insert(key)
                    let reason = "\(UTCDay.text(action.day)): \(Self.message(of: error))"
                    activity.failures[action.project] = reason
                    postpone(key, settings, reason)
                    logger.warning("a day of project \(action.project) could not be removed or cut down: \(reason)")
                }
            }
            if let budget = limits.diskBudgetBytes { activity.isOverBudget = store.telemetryBytes > budget }
        } catch {
            logger.error("retention could not be looked at: \(error)")
        }
        activity.work = nil
        if activity.isOverBudget, !before.isOverBudget {
            logger.warning("the telemetry folder is larger than its budget, and nothing more can be removed now")
        }
        publish(activity)
    }

    private struct DayKey: Hashable {
        var project: Int32
        var day: Int32

        init(project: Int32, day: Int32) {
            self.project = project
            self.day = day
        }

        init(_ day: RetentionDay) { self.init(project: day.project, day: day.day) }
    }

    /// When a day that failed is tried again.
    private struct Delay {
        var settings: RetentionSettings
        var reason: String
        var until: ContinuousClock.Instant
        var seconds: Double
    }

    /// Days that failed and are not tried yet: writing a day anew again and again would only keep the disk busy.
    private func waiting(_ projects: [Int32: RetentionSettings], _ activity: inout Activity) -> Set<DayKey> {
        let waiting = delays.withLock { delays in
            // With other settings it may go well.
            delays = delays.filter { $0.value.settings == projects[$0.key.project] ?? RetentionSettings() }
            return delays.filter { $0.value.until > .now }
        }
        for (key, delay) in waiting { activity.failures[key.project] = delay.reason }
        return Set(waiting.keys)
    }

    private func postpone(_ key: DayKey, _ settings: RetentionSettings, _ reason: String) {
        delays.withLock { delays in
            let seconds = min(3_600, (delays[key]?.seconds ?? 2.5) * 2)
            delays[key] = Delay(settings: settings, reason: reason, until: .now + .seconds(seconds), seconds: seconds)
        }
    }

    private func publish(_ activity: Activity) { current.withLock { $0 = activity } }

    private static func describe(_ action: RetentionAction) -> String {
        "\(UTCDay.text(action.day)) of project \(action.project) is "
            + (action.rules.isEmpty ? "removed" : "cut down to what \(action.rules.count == 1 ? "a keep rule keeps" : "keep rules keep")")
    }

    static func message(of error: any Error) -> String { (error as? QueryError)?.message ?? "\(error)" }

    private func carryOut(_ action: RetentionAction, _ settings: RetentionSettings) async throws {
        let selection = try await selection(action, settings)
        guard let outcome = try await store.carryOut(action, selection), outcome.records + outcome.metricPoints > 0 else { return }
        let entry = RetentionLog.Entry(action, settings, outcome)
        logger.notice(
            "retention: \(entry.day) of project \(action.project): \(outcome.records) records and \(outcome.metricPoints) metric points removed (\(entry.reason.rawValue)), \(outcome.bytes) bytes; \(outcome.keptRecords) records kept"
        )
        _ = try await control.changeSetting(RetentionLog.self, project: action.project) { $0.add(entry) }
    }

    /// What stays of a day, ready to be asked for.
    ///
    /// - Throws: ``QueryError`` when a condition cannot be used.
    func selection(_ action: RetentionAction, _ settings: RetentionSettings) async throws -> KeepSelection {
        var selection = KeepSelection()
        for index in action.rules {
            let rule = settings.rules[index]
            if let condition = rule.metricCondition {
                selection.metrics.append(KeepSelection.Metrics(identity: rule.identity, condition: condition))
            } else if let condition = rule.recordCondition {
                do {
                    let traces = try await queries.keptTraces(where: condition, project: ProjectID(action.project))
                    selection.traces.append(KeepSelection.Traces(identity: rule.identity) { try traces.select($0, $1) })
                } catch {
                    throw QueryError(code: error.code, message: "the rule “\(rule.name)” cannot be used: \(error.message)")
                }
            }
        }
        return selection
    }
}

/// Days as people write them.
enum UTCDay {
    /// - Parameter day: since the Unix epoch.
    static func text(_ day: Int32) -> String {
        // The civil calendar from days, in eras of 400 years that begin in March.
        let z = Int(day) + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let year = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        let monthNumber = month < 10 ? month + 3 : month - 9
        let number = year + era * 400 + (monthNumber <= 2 ? 1 : 0)
        func digits(_ value: Int, _ count: Int) -> String {
            let text = "\(abs(value))"
            return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, count - text.utf8.count)) + text
        }
        return "\(digits(number, 4))-\(digits(monthNumber, 2))-\(digits(dayOfYear - (153 * month + 2) / 5 + 1, 2))"
    }
}

/// What retention has removed from a project, the newest last.
struct RetentionLog: StoredSetting {
    static let settingName = "retention_log"
    private static let limit = 200

    struct Entry: Codable, Sendable, Equatable {
        /// ISO 8601, UTC.
        var removedAt: String
        var day: String
        var reason: RetentionReason
        var records: Int64
        var metricPoints: Int64
        var bytes: Int64
        var keptRecords: Int64
        var keptMetricPoints: Int64
        /// Whether records went that a rule kept.
        var droppedKept: Bool
        /// Names of the rules that kept records.
        var rules: [String]

        enum CodingKeys: String, CodingKey {
            case day, reason, records, bytes, rules
            case removedAt = "removed_at"
            case metricPoints = "metric_points"
            case keptRecords = "kept_records"
            case keptMetricPoints = "kept_metric_points"
            case droppedKept = "dropped_kept"
        }

        init(_ action: RetentionAction, _ settings: RetentionSettings, _ outcome: RetentionOutcome) {
            removedAt = Date().formatted(.iso8601)
            day = UTCDay.text(action.day)
            reason = action.reason
            records = outcome.records
            metricPoints = outcome.metricPoints
            bytes = outcome.bytes
            keptRecords = outcome.keptRecords
            keptMetricPoints = outcome.keptMetricPoints
            droppedKept = action.dropsKept
            rules = action.rules.map { settings.rules[$0].name }
        }
    }

    var entries: [Entry] = []

    mutating func add(_ entry: Entry) {
        entries.append(entry)
        if entries.count > Self.limit { entries.removeFirst(entries.count - Self.limit) }
    }
}
