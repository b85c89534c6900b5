import Accounts
import GenAI

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

    /// - Throws: ``SettingsRefused`` with every rule that cannot be stored.
    func check() throws(SettingsRefused) {
        var issues: [SettingsRefused.Issue] = []
        if rules.count > MappingRoutes.limit {
            issues.append(.init(path: "rules", message: "\(rules.count) rules; at most \(MappingRoutes.limit) are allowed"))
        }
        for (index, rule) in rules.prefix(MappingRoutes.limit).enumerated() {
            func refuse(_ member: String, _ message: String) {
                issues.append(.init(path: "rules[\(index)].\(member)", message: message))
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
        if !issues.isEmpty { throw SettingsRefused(issues: issues) }
    }
}
