/// A keep rule: records that stay when the rest of their day goes, and for how long.
///
/// A record that meets the condition keeps its whole trace, so that it can be opened with everything around it.
public struct KeepRule: Codable, Sendable, Equatable {
    /// What a record is asked for. Names and members are those of the rules of tail sampling, as far as these have them.
    public enum Condition: String, Codable, Sendable, CaseIterable {
        /// Status ERROR or an exception.
        case error
        /// An exception was recorded.
        case exception
        /// At least ``KeepRule/level``.
        case level
        /// The kind of record ``KeepRule/value``: `span`, `log` or `span_event`.
        case kind
        /// The service ``KeepRule/value``.
        case service
        /// The deployment environment ``KeepRule/value``.
        case environment
        /// A tag ``KeepRule/value``.
        case tag
        /// The name ``KeepRule/value``.
        case spanName = "span_name"
        /// The attribute ``KeepRule/key`` is ``KeepRule/value``; any value when that is absent.
        case attribute
        /// The condition ``KeepRule/sql`` over `records`.
        case sql
        /// Points of the metric ``KeepRule/value``; of every metric when that is absent.
        case metric
    }

    public var name: String
    public var condition: Condition
    /// Days that records are kept besides the present one; nil for as long as the server keeps anything.
    public var days: Int?
    /// A level's name or number.
    public var level: String?
    public var key: String?
    /// Text; `*` stands for any text.
    public var value: String?
    public var sql: String?

    public init(
        name: String, condition: Condition, days: Int? = nil, level: String? = nil, key: String? = nil, value: String? = nil,
        sql: String? = nil
    ) {
        self.name = name
        self.condition = condition
        self.days = days
        self.level = level
        self.key = key
        self.value = value
        self.sql = sql
    }

    enum CodingKeys: String, CodingKey, CaseIterable { case name, condition, days, level, key, value, sql }

    /// ``level`` as a number (`logfire-contract.md` §3.3); nil when it is none.
    public var levelNumber: Int? {
        let names = ["trace": 1, "debug": 5, "info": 9, "notice": 10, "warn": 13, "warning": 13, "error": 17, "fatal": 21]
        return level.flatMap { names[$0.lowercased()] ?? Int($0) }
    }

    /// Whether the rule keeps a day of this age.
    public func isInForce(age: Int) -> Bool { days.map { age <= $0 } ?? true }

    /// The condition of a WHERE clause over `records`; nil for rules about metrics.
    public var recordCondition: String? {
        switch condition {
        case .error: "otel_status_code = 'ERROR' OR is_exception"
        case .exception: "is_exception"
        case .level: "level >= \(levelNumber ?? 0)"
        case .kind: ConditionText.matches("kind", value ?? "")
        case .service: ConditionText.matches("service_name", value ?? "")
        case .environment: ConditionText.matches("deployment_environment", value ?? "")
        case .tag: ConditionText.hasElement("tags", value ?? "")
        case .spanName: ConditionText.matches("span_name", value ?? "")
        case .attribute: ConditionText.attribute(key ?? "", value)
        case .sql: sql ?? "false"
        case .metric: nil
        }
    }

    /// The condition on `metric_name`; nil for rules about records.
    public var metricCondition: String? {
        guard condition == .metric else { return nil }
        return value.map { ConditionText.matches("metric_name", $0) } ?? "true"
    }

    /// The condition in one text, by which a rule is known again whatever it is called and however long it keeps.
    public var identity: String { metricCondition.map { "metric: \($0)" } ?? recordCondition ?? "" }
}
