import Accounts
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Redaction
import SQLQuery
import TelemetryModel

/// `/api/v1/projects/{id}/redaction/`: the rules, a trial of rules, and how often they found something.
struct RedactionRoutes: Sendable {
    let authentication: Authentication
    let redaction: RedactionService
    let queries: QueryEngine
    let body: BodyReader

    func add(to router: Router<HearthRequestContext>) {
        let group = router.group("api/v1/projects/:id/redaction")
        group.get { request, _ in
            try await answer(try authentication.authorize(request, for: .manage).project)
        }
        group.put { request, _ in try await put(request) }
        group.post("test") { request, _ in try await test(request) }
        group.get("audit") { request, _ in try await audit(request) }
    }

    // MARK: Settings

    private struct Answer: Encodable {
        struct Available: Encodable {
            struct Entry: Encodable {
                var id: String
                var title: String
                var description: String
                var example: String
            }
            struct Limits: Encodable {
                var rules = RedactionSettings.ruleLimit
                var patternBytes = RedactionSettings.patternByteLimit
                var exemptKeys = RedactionSettings.exemptKeyLimit
                enum CodingKeys: String, CodingKey {
                    case rules
                    case patternBytes = "pattern_bytes"
                    case exemptKeys = "exempt_keys"
                }
            }
            var actions = RedactionAction.allCases
            var detectors = Detector.allCases.map {
                Entry(id: $0.rawValue, title: $0.title, description: $0.explanation, example: $0.example)
            }
            var limits = Limits()
        }

        var settings: RedactionSettings
        var updatedAt: String?

        enum CodingKeys: String, CodingKey {
            case available
            case updatedAt = "updated_at"
        }

        func encode(to encoder: any Encoder) throws {
            try settings.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(updatedAt, forKey: .updatedAt)
            try container.encode(Available(), forKey: .available)
        }
    }

    private func answer(_ project: Project) async throws -> Response {
        let settings = try await redaction.settings(project: project.id)
        let time = try await redaction.control.settingTime(RedactionSettings.settingName, project: project.id)
        return try Response.plainJSON(Answer(settings: settings, updatedAt: time))
    }

    private func put(_ request: Request) async throws -> Response {
        let project = try authentication.authorize(request, for: .manage).project
        let settings = try await body.withBody(of: request) { try SettingsBody.decode(RedactionSettings.self, from: $0, request) }
        try Self.check(settings)
        try await redaction.save(settings, project: project.id)
        return try await answer(project)
    }

    private static func check(_ settings: RedactionSettings) throws(SettingsRefused) {
        let issues = CompiledRedaction.issues(in: settings)
        if !issues.isEmpty { throw SettingsRefused(issues: issues.map { .init(path: $0.path, message: $0.message) }) }
    }

    // MARK: Trial

    private struct Trial: Decodable {
        struct Records: Decodable {
            var limit: Int?
            var minTimestamp: String?
            enum CodingKeys: String, CodingKey {
                case limit
                case minTimestamp = "min_timestamp"
            }
        }
        var settings: RedactionSettings?
        var records: Records?
    }

    private struct Outcome: Encodable {
        struct Count: Encodable {
            var rule: String
            var count: Int
        }
        var records: Int
        var changedRecords: Int
        var total: Int
        var counts: [Count]
        var changes: [RedactionTrial.Change]
        var microsecondsPerRecord: Double

        enum CodingKeys: String, CodingKey {
            case records, total, counts, changes
            case changedRecords = "changed_records"
            case microsecondsPerRecord = "microseconds_per_record"
        }
    }

    /// Most records a trial reads.
    private static let recordLimit = 1_000

    private func test(_ request: Request) async throws -> Response {
        let project = try authentication.authorize(request, for: .manage).project
        let (asked, sample) = try await body.withBody(of: request) { bytes in
            (try SettingsBody.decode(Trial.self, from: bytes, request), try RedactionTrial.member("sample", of: bytes))
        }
        let trial = RedactionTrial(try await rules(asked.settings, project))
        if let sample { return try Self.answer(trial, sample: sample) }
        return try Self.answer(trial, rows: try await rows(asked.records, project))
    }

    /// The rules to try: those sent, else the stored ones.
    private func rules(_ sent: RedactionSettings?, _ project: Project) async throws -> CompiledRedaction {
        if let sent {
            try Self.check(sent)
            return try await redaction.compile(sent, project.id)
        }
        return try await redaction.compile(try await redaction.settings(project: project.id), project.id)
    }

    private static func answer(_ trial: RedactionTrial, sample: [UInt8]) throws -> Response {
        var trial = trial
        let start = ContinuousClock.now
        let result = try trial.trySample(sample)
        return try Response.plainJSON(outcome(of: trial, start.duration(to: .now)), adding: ("sample", result))
    }

    private static func answer(_ trial: RedactionTrial, rows: [UInt8]) throws -> Response {
        var trial = trial
        let start = ContinuousClock.now
        try trial.tryRows(rows)
        return try Response.plainJSON(outcome(of: trial, start.duration(to: .now)))
    }

    private static func outcome(of trial: RedactionTrial, _ elapsed: Duration) -> Outcome {
        let microseconds = elapsed / .microseconds(1)
        return Outcome(
            records: trial.records, changedRecords: trial.changedRecords, total: trial.counts.values.reduce(0, +),
            counts: trial.counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { .init(rule: $0.key, count: $0.value) },
            changes: trial.changes,
            microsecondsPerRecord: trial.records > 0 ? (microseconds / Double(trial.records) * 10).rounded() / 10 : 0)
    }

    /// The newest records as the query API gives them.
    private func rows(_ asked: Trial.Records?, _ project: Project) async throws -> [UInt8] {
        let limit = asked?.limit ?? 200
        guard (1...Self.recordLimit).contains(limit) else {
            throw SettingsRefused(issues: [.init(path: "records.limit", message: "must be between 1 and \(Self.recordLimit)")])
        }
        let columns = (["trace_id", "span_id"] + RedactionTrial.columns).joined(separator: ", ")
        var query = QueryRequest(
            sql: "SELECT \(columns) FROM records WHERE kind <> 'span_event' ORDER BY start_timestamp DESC LIMIT \(limit)",
            project: ProjectID(project.id))
        query.minTimestamp = try QueryParameters.window(min: asked?.minTimestamp, max: nil).min
        query.limit = limit
        do {
            return try await queries.run(query, format: .rows).body
        } catch {
            throw ProblemError(error)
        }
    }

    // MARK: Audit

    private struct Audit: Encodable {
        struct Rule: Encodable {
            var rule: String
            var count: Int
            var lastAt: String
            enum CodingKeys: String, CodingKey {
                case rule, count
                case lastAt = "last_at"
            }
        }
        struct Day: Encodable {
            var date: String
            var rule: String
            var count: Int
        }
        var total: Int
        /// The first day with a count.
        var since: String?
        var rules: [Rule]
        var days: [Day]

        enum CodingKeys: String, CodingKey { case total, since, rules, days }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(total, forKey: .total)
            try container.encode(since, forKey: .since)
            try container.encode(rules, forKey: .rules)
            try container.encode(days, forKey: .days)
        }
    }

    private func audit(_ request: Request) async throws -> Response {
        let project = try authentication.authorize(request, for: .manage).project
        let counts = try await redaction.counts(project: project.id)
        var rules: [String: Audit.Rule] = [:]
        for count in counts {
            var rule = rules[count.rule] ?? Audit.Rule(rule: count.rule, count: 0, lastAt: count.lastAt)
            rule.count += count.count
            rule.lastAt = max(rule.lastAt, count.lastAt)
            rules[count.rule] = rule
        }
        let newest = Set(Set(counts.map(\.day)).sorted(by: >).prefix(90))
        return try Response.plainJSON(
            Audit(
                total: counts.reduce(0) { $0 + $1.count }, since: counts.last.map(\.day),
                rules: rules.values.sorted { ($1.count, $0.rule) < ($0.count, $1.rule) },
                days: counts.filter { newest.contains($0.day) }.map { .init(date: $0.day, rule: $0.rule, count: $0.count) }))
    }
}
