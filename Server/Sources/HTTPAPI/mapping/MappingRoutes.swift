import Accounts
import Foundation
import GenAI
import Hummingbird
import Ingest
import SQLQuery
import TelemetryModel

/// `/api/v1/projects/{id}/mapping-rules/`: attributes of a project's own that are read as fields of model calls (`Docs/genai.md`).
struct MappingRoutes: Sendable {
    static let limit = 100
    let authentication: Authentication
    let services: MappingServices
    let queries: QueryEngine

    func add(to router: Router<HearthRequestContext>) {
        router.get("api/v1/projects/:id/mapping-rules") { request, _ in
            let grant = try authentication.authorize(request, for: .read)
            return Response.json(MappingAnswer(try await services.settings.setting(MappingSetting.self, project: grant.project.id)))
        }
        router.put("api/v1/projects/:id/mapping-rules") { request, _ in
            let grant = try authentication.authorize(request, for: .manage)
            let body = try await JSONBody.decode(MappingBody.self, request)
            try body.check()
            let (rules, now) = (body.rules.map(\.stored), Date().formatted(.iso8601))
            let setting = try await services.settings.changeSetting(MappingSetting.self, project: grant.project.id) { setting in
                // An application of rules to stored data that goes on meanwhile keeps its place.
                setting.rules = rules
                setting.updatedAt = now
            }
            services.enforce(setting, ProjectID(grant.project.id))
            return Response.json(MappingAnswer(setting))
        }
        router.post("api/v1/projects/:id/mapping-rules/apply") { request, _ in
            struct Body: Decodable { var minTimestamp: String? }
            let grant = try authentication.authorize(request, for: .manage)
            let body = try await JSONBody.decode(Body.self, request)
            var minimum: Int64?
            if let text = body.minTimestamp {
                guard let date = try? Date(text, strategy: .iso8601) else {
                    throw FieldError(["min_timestamp"], "must be a time such as 2026-01-01T00:00:00Z")
                }
                minimum = Int64(date.timeIntervalSince1970 * 1e6)
            }
            guard services.start(ProjectID(grant.project.id), minimum: minimum) else {
                throw APIError(.conflict, "the rules of this project are being applied already; wait until that has ended")
            }
            return Response.json(status: .accepted, ApplyAnswer(services.application.progress(ProjectID(grant.project.id))))
        }
        router.get("api/v1/projects/:id/mapping-rules/apply") { request, _ in
            let grant = try authentication.authorize(request, for: .read)
            return Response.json(ApplyAnswer(services.application.progress(ProjectID(grant.project.id))))
        }
        router.get("api/v1/projects/:id/mapping-rules/near-duplicate-keys") { request, context in
            let grant = try authentication.authorize(request, for: .read)
            let window = try QueryParameters.decode(request, context).window()
            let setting = try await services.settings.setting(MappingSetting.self, project: grant.project.id)
            do {
                let stored = try await SimilarKeys.read(queries, ProjectID(grant.project.id), minimum: window.min)
                return Response.json(SimilarKeys.answer(stored, mapped: Set(setting.rules.filter(\.enabled).map(\.attribute))))
            } catch let error as QueryError {
                throw ProblemError(error)
            }
        }
    }
}
