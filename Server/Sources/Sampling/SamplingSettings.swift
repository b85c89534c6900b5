/// A rule of tail sampling: a condition on a whole trace, and how many of the traces that meet it are kept.
public struct SamplingRule: Codable, Sendable, Equatable {
    /// What a trace is asked for.
    public enum Condition: String, Codable, Sendable, CaseIterable {
        /// A record with status ERROR or an exception.
        case error
        /// The trace takes at least ``SamplingRule/atLeast`` seconds from its first start to its last end.
        case duration
        /// A record of at least ``SamplingRule/level``.
        case level
        /// An evaluation score below ``SamplingRule/below``.
        case evaluation
        /// Feedback that is no, zero or negative.
        case feedback
        /// A record whose attribute ``SamplingRule/key`` is ``SamplingRule/value``; any value when that is absent.
        case attribute
        /// A record of the service ``SamplingRule/value``.
        case service
        /// A record named ``SamplingRule/value``.
        case spanName = "span_name"
    }

    public var name: String
    public var condition: Condition
    /// Seconds.
    public var atLeast: Double?
    /// A level's name or number.
    public var level: String?
    public var evaluation: String?
    public var below: Double?
    public var key: String?
    /// Text; `*` stands for any text.
    public var value: String?
    /// Share of the traces that is kept, 0 to 1.
    public var rate: Double

    public init(
        name: String, condition: Condition, atLeast: Double? = nil, level: String? = nil, evaluation: String? = nil, below: Double? = nil,
        key: String? = nil, value: String? = nil, rate: Double = 1
    ) {
        self.name = name
        self.condition = condition
        self.atLeast = atLeast
        self.level = level
        self.evaluation = evaluation
        self.below = below
        self.key = key
        self.value = value
        self.rate = rate
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, condition, level, evaluation, below, key, value, rate
        case atLeast = "at_least"
    }

    /// ``level`` as a number (`logfire-contract.md` §3.3); nil when it is none.
    public var levelNumber: Int? {
        let names = ["trace": 1, "debug": 5, "info": 9, "notice": 10, "warn": 13, "warning": 13, "error": 17, "fatal": 21]
        return level.flatMap { names[$0] ?? Int($0) }
    }
}

/// What a project samples. Off by default: everything is kept.
public struct SamplingSettings: Codable, Sendable, Equatable {
    public var isEnabled = false
    /// Seconds without a new record after which a trace is decided, 1 to 3600; one whose root has ended is decided sooner.
    public var idleSeconds = 60.0
    /// The first rule that a trace meets decides.
    public var rules: [SamplingRule] = []
    /// Share of the traces that meet no rule, 0 to 1.
    public var rest = 1.0

    public init() {}

    enum CodingKeys: String, CodingKey, CaseIterable {
        case rules, rest
        case isEnabled = "enabled"
        case idleSeconds = "idle_seconds"
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        isEnabled = try values.decodeIfPresent(Bool.self, forKey: .isEnabled) ?? false
        idleSeconds = try values.decodeIfPresent(Double.self, forKey: .idleSeconds) ?? 60
        rules = try values.decodeIfPresent([SamplingRule].self, forKey: .rules) ?? []
        rest = try values.decodeIfPresent(Double.self, forKey: .rest) ?? 1
    }

    public static let ruleLimit = 50

    /// Name under which traces are counted that meet no rule.
    public static let restName = "rest"

    /// Everything that cannot be used, with its place.
    public var issues: [(path: String, message: String)] {
        var issues: [(String, String)] = []
        if !(1...3_600).contains(idleSeconds) { issues.append(("idle_seconds", "must be between 1 and 3600")) }
        if !(0...1).contains(rest) { issues.append(("rest", "must be between 0 and 1")) }
        if rules.count > Self.ruleLimit { issues.append(("rules", "more than \(Self.ruleLimit) rules")) }
        var names: Set<String> = [Self.restName]
        for (index, rule) in rules.enumerated() {
            func refuse(_ field: String, _ message: String) { issues.append(("rules[\(index)].\(field)", message)) }
            if rule.name.isEmpty || rule.name.utf8.count > 100 {
                refuse("name", "a rule needs a name of up to 100 bytes")
            } else if !names.insert(rule.name).inserted {
                refuse("name", "another rule has this name already")
            }
            if !(0...1).contains(rule.rate) { refuse("rate", "must be between 0 and 1") }
            switch rule.condition {
            case .error, .feedback: break
            case .duration: if !((rule.atLeast ?? -1) >= 0) { refuse("at_least", "a duration in seconds is needed") }
            case .level:
                if rule.levelNumber == nil { refuse("level", "a level is needed: trace, debug, info, notice, warn, error or fatal") }
            case .evaluation: if rule.below == nil { refuse("below", "a score is needed") }
            case .attribute: if (rule.key ?? "").isEmpty { refuse("key", "an attribute key is needed") }
            case .service, .spanName: if (rule.value ?? "").isEmpty { refuse("value", "a text is needed") }
            }
        }
        return issues
    }
}
