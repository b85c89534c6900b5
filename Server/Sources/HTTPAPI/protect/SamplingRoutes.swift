import Accounts
import Hummingbird
import Sampling
import Storage

/// `/api/v1/projects/{id}/sampling/`: the rules of tail sampling, and what they have done.
struct SamplingRoutes: Sendable {
    let authentication: Authentication
    let sampling: SamplingService
    let body: BodyReader

    func add(to router: Router<HearthRequestContext>) {
        let group = router.group("api/v1/projects/:id/sampling")
        group.get { request, _ in try await answer(try authentication.authorize(request, for: .manage).project) }
        group.put { request, _ in try await put(request) }
        group.get("status") { request, _ in try await status(try authentication.authorize(request, for: .manage).project) }
    }

    private struct Answer: Encodable {
        enum CodingKeys: String, CodingKey { case updatedAt = "updated_at" }
        var settings: SamplingSettings
        var updatedAt: String?

        func encode(to encoder: any Encoder) throws {
            try settings.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(updatedAt, forKey: .updatedAt)
        }
    }

    private func answer(_ project: Project) async throws -> Response {
        let time = try await sampling.control.settingTime(SamplingSettings.settingName, project: project.id)
        return try Response.plainJSON(Answer(settings: try await sampling.settings(project: project.id), updatedAt: time))
    }

    private func put(_ request: Request) async throws -> Response {
        let project = try authentication.authorize(request, for: .manage).project
        let settings = try await body.withBody(of: request) { try SettingsBody.decode(SamplingSettings.self, from: $0, request) }
        let issues = settings.issues
        if !issues.isEmpty { throw SettingsRefused(issues: issues.map { .init(path: $0.path, message: $0.message) }) }
        try await sampling.save(settings, project: project.id)
        return try await answer(project)
    }

    private struct Status: Encodable {
        struct Rule: Encodable {
            var name: String
            var kept: Int64 = 0
            var removed: Int64 = 0
        }
        var enabled: Bool
        @Nullable var since: String?
        var waitingTraces: Int
        var keptTraces: Int64 = 0
        var removedTraces: Int64 = 0
        var keptRecords: Int64 = 0
        var removedRecords: Int64 = 0
        var rules: [Rule] = []
    }

    private func status(_ project: Project) async throws -> Response {
        let state = sampling.state(project: project.id)
        var status = Status(enabled: state.isEnabled, since: state.since, waitingTraces: sampling.waitingTraces(project: project.id))
        let settings = try await sampling.settings(project: project.id)
        var rules = (settings.rules.map(\.name) + [SamplingSettings.restName]).map { Status.Rule(name: $0) }
        for count in try await sampling.counts(project: project.id) {
            // A rule that is no longer there has decided about traces all the same.
            let index = rules.firstIndex { $0.name == count.rule } ?? rules.endIndex
            if index == rules.endIndex { rules.append(.init(name: count.rule)) }
            if count.isKept {
                rules[index].kept += count.traces
                status.keptTraces += count.traces
                status.keptRecords += count.records
            } else {
                rules[index].removed += count.traces
                status.removedTraces += count.traces
                status.removedRecords += count.records
            }
        }
        status.rules = rules
        return Response.json(status)
    }
}
