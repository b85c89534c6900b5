import Accounts
import Hummingbird
import Retention
import SQLQuery
import Storage
import TelemetryModel

/// `/api/v1/projects/{id}/retention/`: how long a project keeps its telemetry, what that would remove, and what it has removed.
struct RetentionRoutes: Sendable {
    let authentication: Authentication
    let retention: RetentionService
    let body: BodyReader

    func add(to router: Router<HearthRequestContext>) {
        let group = router.group("api/v1/projects/:id/retention")
        group.get { request, _ in try await answer(try authentication.authorize(request, for: .manage).project) }
        group.put { request, _ in try await put(request) }
        group.post("preview") { request, _ in try await preview(request) }
        group.get("status") { request, _ in try await status(try authentication.authorize(request, for: .manage).project) }
    }

    // MARK: Settings

    private struct Answer: Encodable {
        struct Server: Encodable {
            @Nullable var days: Int?
            @Nullable var diskBudgetBytes: Int64?
            enum CodingKeys: String, CodingKey {
                case days
                case diskBudgetBytes = "disk_budget_bytes"
            }
        }

        struct Stored: Encodable {
            var bytes: Int64 = 0
            var records: Int64 = 0
            var metricPoints: Int64 = 0
            /// Days with sealed records, and those of them that were cut down to what rules keep.
            var days = 0
            var keptDays = 0
            @Nullable var firstDay: String?
            @Nullable var lastDay: String?
            enum CodingKeys: String, CodingKey {
                case bytes, records, days
                case metricPoints = "metric_points"
                case keptDays = "kept_days"
                case firstDay = "first_day"
                case lastDay = "last_day"
            }
        }

        var settings: RetentionSettings
        var updatedAt: String?
        var server: Server
        var stored: Stored

        enum CodingKeys: String, CodingKey {
            case server, stored
            case updatedAt = "updated_at"
        }

        func encode(to encoder: any Encoder) throws {
            try settings.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(updatedAt, forKey: .updatedAt)
            try container.encode(server, forKey: .server)
            try container.encode(stored, forKey: .stored)
        }
    }

    private func answer(_ project: Project) async throws -> Response {
        let limits = retention.limits
        let answer = Answer(
            settings: try await retention.settings(project: project.id),
            updatedAt: try await retention.control.settingTime(RetentionSettings.settingName, project: project.id),
            server: Answer.Server(days: limits.days, diskBudgetBytes: limits.diskBudgetBytes), stored: stored(project))
        return try Response.plainJSON(answer)
    }

    private func stored(_ project: Project) -> Answer.Stored {
        var stored = Answer.Stored()
        let days = retention.store.retentionDays.filter { $0.project == project.id }
        for day in days {
            stored.bytes += day.bytes
            stored.records += day.records
            stored.metricPoints += day.metricPoints
            if day.keptBy != nil { stored.keptDays += 1 }
        }
        stored.days = days.count
        stored.firstDay = days.map(\.day).min().map(UTCDay.text)
        stored.lastDay = days.map(\.day).max().map(UTCDay.text)
        return stored
    }

    private func put(_ request: Request) async throws -> Response {
        let project = try authentication.authorize(request, for: .manage).project
        let settings = try await body.withBody(of: request) { try SettingsBody.decode(RetentionSettings.self, from: $0, request) }
        try await check(settings, project)
        try await retention.control.save(settings, project: project.id)
        return try await answer(project)
    }

    /// - Throws: ``SettingsRefused`` with every place that cannot be used, SQL conditions included.
    private func check(_ settings: RetentionSettings, _ project: Project) async throws {
        var issues = settings.issues.map { SettingsRefused.Issue(path: $0.path, message: $0.message) }
        for (index, rule) in settings.rules.enumerated() {
            guard let condition = rule.recordCondition, !issues.contains(where: { $0.path.hasPrefix("rules[\(index)].") }) else { continue }
            do {
                try await retention.queries.validateFilter(condition, project: ProjectID(project.id))
            } catch {
                if error.code.isRetryable { throw ProblemError(error) }
                let place = error.position.map { " (at character \($0 + 1))" } ?? ""
                issues.append(
                    SettingsRefused.Issue(
                        path: "rules[\(index)].\(rule.condition == .sql ? "sql" : "value")", message: error.message + place))
            }
        }
        if !issues.isEmpty { throw SettingsRefused(issues: issues) }
    }

    // MARK: Preview

    private struct PreviewBody: Decodable {
        var settings: RetentionSettings?
    }

    private func preview(_ request: Request) async throws -> Response {
        let project = try authentication.authorize(request, for: .manage).project
        let body = try await body.withBody(of: request) { bytes in
            bytes.isEmpty ? PreviewBody() : try SettingsBody.decode(PreviewBody.self, from: bytes, request)
        }
        let settings: RetentionSettings
        if let given = body.settings {
            try await check(given, project)
            settings = given
        } else {
            settings = try await retention.settings(project: project.id)
        }
        do {
            return Response.json(try await retention.preview(settings, project: project.id))
        } catch let error as QueryError {
            throw ProblemError(error)
        } catch let error as StorageError {
            throw APIError(.serviceUnavailable, "the preview could not be made: \(error.message)")
        }
    }

    // MARK: Status

    private struct Status: Encodable {
        /// What is being done, for a person; null when nothing is.
        @Nullable var work: String?
        @Nullable var failure: String?
        /// What was removed, the newest first.
        var log: [RetentionLog.Entry]
    }

    private func status(_ project: Project) async throws -> Response {
        let activity = retention.activity
        let log = try await retention.control.setting(RetentionLog.self, project: project.id)
        return try Response.plainJSON(
            Status(work: activity.work, failure: activity.failures[project.id], log: log.entries.reversed()))
    }
}
