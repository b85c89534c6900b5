/// A UTC day of a project, as far as retention has to know it.
public struct RetentionDay: Sendable, Hashable {
    public var project: Int32
    /// Days since the Unix epoch; negative before.
    public var day: Int32
    public var bytes: Int64
    public var records: Int64
    public var metricPoints: Int64
    /// Identities of the rules that the day was cut down to; nil for a day that was never cut.
    public var keptBy: Set<String>?
    /// Whether records came since it was cut.
    public var hasNewRows: Bool
    /// Whether something was tried with the day and failed: it counts, and is left alone.
    public var isBlocked = false

    public init(
        project: Int32, day: Int32, bytes: Int64, records: Int64 = 0, metricPoints: Int64 = 0, keptBy: Set<String>? = nil,
        hasNewRows: Bool = false
    ) {
        self.project = project
        self.day = day
        self.bytes = bytes
        self.records = records
        self.metricPoints = metricPoints
        self.keptBy = keptBy
        self.hasNewRows = hasNewRows
    }
}

/// Why something goes.
public enum RetentionReason: String, Codable, Sendable {
    /// The day is older than the project, or the server, keeps records.
    case age
    /// The project's folder is too large.
    case size
    /// The folder of all projects is too large.
    case diskBudget = "disk_budget"
}

/// What is to be done with one day of one project.
public struct RetentionAction: Sendable, Hashable {
    public var project: Int32
    public var day: Int32
    public var reason: RetentionReason
    /// Places in the project's settings of the rules whose records stay; when empty, the whole day goes.
    public var rules: [Int]
    /// Whether records go that a rule keeps, because nothing else is left to go.
    public var dropsKept: Bool

    public init(project: Int32, day: Int32, reason: RetentionReason, rules: [Int], dropsKept: Bool = false) {
        self.project = project
        self.day = day
        self.reason = reason
        self.rules = rules
        self.dropsKept = dropsKept
    }
}

/// Says what has to go: a pure function of what is stored, the limits and the present day.
///
/// By age: every day older than its project keeps, but for what a rule still keeps. By size: days before the present one, the oldest first, are cut
/// down to what rules keep; when all are, kept days go, the oldest first; the present day only when nothing else is left.
public struct RetentionPlan: Sendable {
    public var limits: RetentionLimits
    public var projects: [Int32: RetentionSettings]
    /// Since the Unix epoch, UTC.
    public var today: Int32

    public init(limits: RetentionLimits, projects: [Int32: RetentionSettings], today: Int32) {
        self.limits = limits
        self.projects = projects
        self.today = today
    }

    /// Share of a size limit down to which days go: the rest is for what comes until the next look.
    public static let target = 0.95

    /// What has to be done next; nil when everything is within the limits, or nothing more can be done. Look again after it is done.
    ///
    /// - Parameters:
    ///   - days: what is stored.
    ///   - totalBytes: bytes of the telemetry folder.
    public func next(_ days: [RetentionDay], totalBytes: Int64) -> RetentionAction? {
        if limits.isUnlimited, projects.values.allSatisfy(\.isUnlimited) { return nil }
        let days = days.sorted { ($0.day, $0.project) < ($1.day, $1.project) }
        for day in days where !day.isBlocked {
            if let action = byAge(day) { return action }
        }
        var bytes: [Int32: Int64] = [:]
        for day in days { bytes[day.project, default: 0] += day.bytes }
        for (project, settings) in projects.sorted(by: { $0.key < $1.key }) {
            guard let limit = settings.bytes, Self.isOver(bytes[project] ?? 0, limit) else { continue }
            if let action = bySize(days.filter { $0.project == project }, .size) { return action }
        }
        guard let budget = limits.diskBudgetBytes, Self.isOver(totalBytes, budget) else { return nil }
        return bySize(days, .diskBudget)
    }

    private static func isOver(_ bytes: Int64, _ limit: Int64) -> Bool { Double(bytes) > Double(limit) * target }

    private func age(_ day: RetentionDay) -> Int { Int(today) - Int(day.day) }

    /// Places of the rules that still keep a day.
    private func inForce(_ day: RetentionDay) -> [Int] {
        let rules = projects[day.project]?.rules ?? []
        return rules.indices.filter { rules[$0].isInForce(age: age(day)) }
    }

    /// Whether a day has, or may have, records that none of the rules keeps.
    private func hasSurplus(_ day: RetentionDay, _ rules: [Int]) -> Bool {
        guard let kept = day.keptBy, !day.hasNewRows else { return true }
        return !kept.isSubset(of: identities(day, rules))
    }

    private func identities(_ day: RetentionDay, _ rules: [Int]) -> Set<String> {
        Set(rules.compactMap { projects[day.project]?.rules[$0].identity })
    }

    private func byAge(_ day: RetentionDay) -> RetentionAction? {
        let age = age(day)
        if let most = limits.days, age > most { return RetentionAction(project: day.project, day: day.day, reason: .age, rules: []) }
        let settings = projects[day.project] ?? RetentionSettings()
        let rules = inForce(day)
        let isOld = settings.days.map { age > $0 } ?? false
        // What only a rule has kept goes when the rule ends, also where the day had to go for want of room.
        let hasEnded = day.keptBy.map { !$0.isSubset(of: identities(day, rules)) } ?? false
        let isLimited = !settings.isUnlimited || !limits.isUnlimited
        guard isOld ? hasSurplus(day, rules) || rules.isEmpty : hasEnded && isLimited else { return nil }
        return RetentionAction(project: day.project, day: day.day, reason: .age, rules: rules)
    }

    private func bySize(_ days: [RetentionDay], _ reason: RetentionReason) -> RetentionAction? {
        let free = days.filter { !$0.isBlocked }
        for part in [free.filter { $0.day < today }, free.filter { $0.day >= today }] {
            for day in part {
                let rules = inForce(day)
                if hasSurplus(day, rules) {
                    return RetentionAction(project: day.project, day: day.day, reason: reason, rules: rules)
                }
            }
            if let day = part.first {
                return RetentionAction(project: day.project, day: day.day, reason: reason, rules: [], dropsKept: true)
            }
        }
        return nil
    }
}
