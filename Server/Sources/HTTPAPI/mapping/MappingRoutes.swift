import Accounts
import Foundation
import GenAI
import HTTPTypes
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
            try MappingRefusal.check(body.rules)
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

/// The body of a PUT.
struct MappingBody: Decodable {
    struct Rule: Decodable {
        var attribute: String
        var field: String
        var enabled: Bool?
        var serviceName: String?
        var scopeName: String?
        var spanName: String?
        var unit: String?

        var stored: MappingSetting.Rule {
            func condition(_ text: String?) -> String? { text?.isEmpty == true ? nil : text }
            return MappingSetting.Rule(
                attribute: attribute, field: field, enabled: enabled ?? true, serviceName: condition(serviceName),
                scopeName: condition(scopeName), spanName: condition(spanName), unit: condition(unit))
        }
    }

    var rules: [Rule]
}

/// Rules that cannot be stored: 422 with the place and the reason of each defect.
struct MappingRefusal: HTTPResponseError {
    struct Defect: Encodable {
        var path: String
        var message: String
    }

    let defects: [Defect]
    var status: HTTPResponse.Status { .unprocessableContent }

    private struct Answer: Encodable {
        var detail: String
        var errors: [Defect]
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        Response.json(status: status, Answer(detail: defects.first.map { "\($0.path): \($0.message)" } ?? "", errors: defects))
    }

    static func check(_ rules: [MappingBody.Rule]) throws(MappingRefusal) {
        var defects: [Defect] = []
        if rules.count > MappingRoutes.limit {
            defects.append(Defect(path: "rules", message: "\(rules.count) rules; at most \(MappingRoutes.limit) are allowed"))
        }
        for (index, rule) in rules.prefix(MappingRoutes.limit).enumerated() {
            func refuse(_ member: String, _ message: String) {
                defects.append(Defect(path: "rules[\(index)].\(member)", message: message))
            }
            if rule.attribute.isEmpty || rule.attribute.utf8.count > 256 {
                refuse("attribute", "must be an attribute's name, 1 to 256 bytes")
            }
            let field = CanonicalField(rawValue: rule.field)
            if field == nil {
                let allowed = CanonicalField.allCases.map(\.rawValue).joined(separator: ", ")
                refuse("field", "there is no field \(rule.field); the fields are \(allowed)")
            }
            if let unit = rule.unit, !unit.isEmpty {
                let units = MappingUnit.allCases.map(\.rawValue).joined(separator: ", ")
                if MappingUnit(rawValue: unit) == nil {
                    refuse("unit", "there is no unit \(unit); the units are \(units)")
                } else if let field, field.kind != .seconds {
                    refuse("unit", "\(field.rawValue) is no time, so it has no unit")
                }
            }
        }
        if !defects.isEmpty { throw MappingRefusal(defects: defects) }
    }
}

/// A project's rules and what rules may say.
struct MappingAnswer: Encodable {
    struct Rule: Encodable {
        var attribute: String
        var field: String
        var enabled: Bool
        @Nullable var serviceName: String?
        @Nullable var scopeName: String?
        @Nullable var spanName: String?
        @Nullable var unit: String?
    }

    struct Field: Encodable {
        var id: String
        var title: String
        var type: String
    }

    struct Available: Encodable {
        var fields = CanonicalField.allCases.map { Field(id: $0.rawValue, title: $0.title, type: $0.kind.rawValue) }
        var units = MappingUnit.allCases.map(\.rawValue)
        var limits = ["rules": MappingRoutes.limit]
    }

    var rules: [Rule]
    @Nullable var updatedAt: String?
    var available = Available()

    init(_ setting: MappingSetting) {
        rules = setting.rules.map { rule in
            Rule(
                attribute: rule.attribute, field: rule.field, enabled: rule.enabled, serviceName: rule.serviceName,
                scopeName: rule.scopeName, spanName: rule.spanName, unit: rule.unit)
        }
        updatedAt = setting.updatedAt
    }
}

/// How far an application to stored data is.
struct ApplyAnswer: Encodable {
    var state: String
    /// Traces.
    var done: Int
    var total: Int
    var changed: Int
    @Nullable var error: String?
    @Nullable var startedAt: String?
    @Nullable var finishedAt: String?

    init(_ progress: MappingProgress) {
        func text(_ microseconds: Int64?) -> String? {
            microseconds.map { Date(timeIntervalSince1970: Double($0) / 1e6).formatted(.iso8601) }
        }
        state = progress.state.rawValue
        done = progress.done
        total = progress.total
        changed = progress.changed
        error = progress.error
        startedAt = text(progress.startedAt)
        finishedAt = text(progress.finishedAt)
    }
}
