import Accounts
import Foundation
import GenAI
import Ingest

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
