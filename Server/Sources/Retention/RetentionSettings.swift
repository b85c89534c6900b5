/// How long a project keeps its telemetry, and how much of it. By default everything, as far as the server's own limits allow.
public struct RetentionSettings: Codable, Sendable, Equatable {
    /// Days that are kept besides the present one; nil for all.
    public var days: Int?
    /// Bytes that the project's folder may have; nil for any number.
    public var bytes: Int64?
    /// What stays when the rest of a day goes.
    public var rules: [KeepRule] = []

    public init() {}

    public init(days: Int? = nil, bytes: Int64? = nil, rules: [KeepRule] = []) {
        self.days = days
        self.bytes = bytes
        self.rules = rules
    }

    enum CodingKeys: String, CodingKey, CaseIterable { case days, bytes, rules }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        days = try values.decodeIfPresent(Int.self, forKey: .days)
        bytes = try values.decodeIfPresent(Int64.self, forKey: .bytes)
        rules = try values.decodeIfPresent([KeepRule].self, forKey: .rules) ?? []
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(days, forKey: .days)
        try values.encode(bytes, forKey: .bytes)
        try values.encode(rules, forKey: .rules)
    }

    public var isUnlimited: Bool { days == nil && bytes == nil }

    public static let ruleLimit = 50
    public static let dayLimit = 36_500
    /// Less than a day of little traffic would be gone before anybody has seen it.
    public static let leastBytes: Int64 = 1 << 20
    public static let mostBytes: Int64 = 1 << 50

    /// Everything that cannot be used, with its place. SQL conditions are checked elsewhere.
    public var issues: [(path: String, message: String)] {
        var issues: [(String, String)] = []
        if let days, !(0...Self.dayLimit).contains(days) { issues.append(("days", "must be between 0 and \(Self.dayLimit)")) }
        if let bytes, !(Self.leastBytes...Self.mostBytes).contains(bytes) {
            issues.append(("bytes", "must be between \(Self.leastBytes) and \(Self.mostBytes)"))
        }
        if rules.count > Self.ruleLimit { issues.append(("rules", "more than \(Self.ruleLimit) rules")) }
        var names: Set<String> = []
        for (index, rule) in rules.enumerated() {
            func refuse(_ field: String, _ message: String) { issues.append(("rules[\(index)].\(field)", message)) }
            if rule.name.isEmpty || rule.name.utf8.count > 100 {
                refuse("name", "a rule needs a name of up to 100 bytes")
            } else if !names.insert(rule.name).inserted {
                refuse("name", "another rule has this name already")
            }
            if let days = rule.days, !(0...Self.dayLimit).contains(days) { refuse("days", "must be between 0 and \(Self.dayLimit)") }
            switch rule.condition {
            case .error, .exception, .metric: break
            case .level:
                if rule.levelNumber == nil { refuse("level", "a level is needed: trace, debug, info, notice, warn, error or fatal") }
            case .kind:
                if !["span", "log", "span_event"].contains(rule.value) { refuse("value", "must be span, log or span_event") }
            case .service, .environment, .tag, .spanName: if (rule.value ?? "").isEmpty { refuse("value", "a text is needed") }
            case .attribute: if (rule.key ?? "").isEmpty { refuse("key", "an attribute key is needed") }
            case .sql: if (rule.sql ?? "").isEmpty { refuse("sql", "a condition over records is needed") }
            }
        }
        return issues
    }
}
