public import Accounts
import Foundation
import GenAI
public import Ingest
import TelemetryModel

/// What the mapping routes need: the stored rules, the rules in force, and who applies them to what is stored.
public struct MappingServices: Sendable {
    let settings: ControlStore
    let policies: ProjectPolicies
    let application: StoredMapping

    public init(settings: ControlStore, policies: ProjectPolicies, application: StoredMapping) {
        self.settings = settings
        self.policies = policies
        self.application = application
    }

    /// Puts the stored rules of all projects in force. Applications to stored data that a restart interrupted go on.
    public func load() async throws {
        for (project, setting) in try await settings.settings(MappingSetting.self) {
            enforce(setting, ProjectID(project))
            if let application = setting.application { start(ProjectID(project), after: application.after, minimum: application.minimum) }
        }
    }

    func enforce(_ setting: MappingSetting, _ project: ProjectID) {
        let rules = MappingRules(setting.rules.filter(\.enabled).compactMap { $0.rule })
        policies.update(project) { $0.mapping = rules }
    }

    /// - Returns: false when the project's rules are being applied already.
    @discardableResult
    func start(_ project: ProjectID, after: String = "", minimum: Int64?) -> Bool {
        let now: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1e6) }
        guard application.begin(project, at: now()) else { return false }
        Task {
            await application.run(project, after: after, minimum: minimum, now: now) { last in
                try await settings.changeSetting(MappingSetting.self, project: project.value) { setting in
                    setting.application = last.map { MappingSetting.Application(after: $0, minimum: minimum) }
                }
            }
        }
        return true
    }
}

extension MappingSetting.Rule {
    /// The rule as the extractor knows it; nil when a word of it is not known to this version.
    var rule: MappingRule? {
        guard let field = CanonicalField(rawValue: field) else { return nil }
        return MappingRule(
            attribute: attribute, field: field, serviceName: serviceName, scopeName: scopeName, spanName: spanName,
            unit: unit.flatMap(MappingUnit.init(rawValue:)))
    }
}
