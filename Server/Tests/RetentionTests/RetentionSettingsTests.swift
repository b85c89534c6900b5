import Foundation
import Testing

@testable import Retention

@Suite struct RetentionSettingsTests {
    private func paths(_ settings: RetentionSettings) -> [String] { settings.issues.map(\.path) }

    @Test func conditions() {
        func condition(_ condition: KeepRule.Condition, level: String? = nil, key: String? = nil, value: String? = nil, sql: String? = nil)
            -> String?
        {
            KeepRule(name: "r", condition: condition, level: level, key: key, value: value, sql: sql).recordCondition
        }
        #expect(condition(.error) == "otel_status_code = 'ERROR' OR is_exception")
        #expect(condition(.level, level: "Error") == "level >= 17")
        #expect(condition(.level, level: "13") == "level >= 13")
        #expect(condition(.service, value: "o'neill") == "service_name = 'o''neill'")
        #expect(condition(.spanName, value: "GET 100%_*\\x") == #"span_name LIKE 'GET 100\%\_%\\x' ESCAPE '\'"#)
        #expect(condition(.tag, value: "vip") == "list_contains(tags, 'vip')")
        #expect(condition(.attribute, key: "user.id") == "(attributes->>'user.id') IS NOT NULL")
        #expect(condition(.attribute, key: "user.id", value: "7") == "(attributes->>'user.id') = '7'")
        #expect(condition(.sql, sql: "duration > 5") == "duration > 5")
        #expect(condition(.metric) == nil)
        #expect(KeepRule(name: "m", condition: .metric, value: "http.*").metricCondition == #"metric_name LIKE 'http.%' ESCAPE '\'"#)
        #expect(KeepRule(name: "m", condition: .metric).identity == "metric: true")
    }

    @Test func everyMistakeIsNamed() {
        #expect(paths(RetentionSettings()) == [])
        #expect(paths(RetentionSettings(days: -1, bytes: 5)) == ["days", "bytes"])
        let rules = [
            KeepRule(name: "", condition: .error), KeepRule(name: "a", condition: .level, days: -1),
            KeepRule(name: "a", condition: .kind, value: "x"),
            KeepRule(name: "b", condition: .service), KeepRule(name: "c", condition: .attribute), KeepRule(name: "d", condition: .sql),
        ]
        #expect(
            paths(RetentionSettings(rules: rules)) == [
                "rules[0].name", "rules[1].days", "rules[1].level", "rules[2].name", "rules[2].value", "rules[3].value", "rules[4].key",
                "rules[5].sql",
            ])
        #expect(paths(RetentionSettings(rules: (0...50).map { KeepRule(name: "\($0)", condition: .error) })) == ["rules"])
    }

    @Test func whatIsStoredComesBack() throws {
        let settings = RetentionSettings(
            days: 7, bytes: 5_000_000_000,
            rules: [KeepRule(name: "errors", condition: .error, days: 90), KeepRule(name: "s", condition: .sql, sql: "true")])
        #expect(try JSONDecoder().decode(RetentionSettings.self, from: JSONEncoder().encode(settings)) == settings)
        #expect(try JSONDecoder().decode(RetentionSettings.self, from: Data("{}".utf8)) == RetentionSettings())
    }
}
