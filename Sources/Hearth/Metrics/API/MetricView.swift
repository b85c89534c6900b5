/// What an instrument is.
public enum InstrumentKind: String, Sendable, Hashable, CaseIterable {
    /// Adds up amounts that are not negative.
    case counter
    /// Adds up amounts of either sign.
    case upDownCounter
    /// Records how values are distributed.
    case histogram
    /// Keeps the value set last.
    case gauge
    /// Asks a callback for a sum that never shrinks.
    case observableCounter
    /// Asks a callback for a sum that may shrink.
    case observableUpDownCounter
    /// Asks a callback for the present value.
    case observableGauge

    /// Whether its sum never shrinks.
    var isMonotonic: Bool { self == .counter || self == .observableCounter }

    /// Whether a callback is asked for it.
    var isObservable: Bool {
        switch self {
        case .observableCounter, .observableUpDownCounter, .observableGauge: true
        case .counter, .upDownCounter, .histogram, .gauge: false
        }
    }
}

/// What becomes of measurements.
public enum MetricAggregation: Sendable, Hashable {
    /// Nothing: the metric is not sent.
    case drop
    /// All amounts are added up.
    case sum
    /// Only the value measured last is kept.
    case lastValue
    /// Buckets with these upper bounds, each included in its bucket; nil takes those of the instrument, then OpenTelemetry's.
    case explicitBuckets([Double]?)
    /// Buckets that fit themselves to the values.
    ///
    /// - Parameters:
    ///   - maximumSize: buckets of each sign, from 2 to 16,384; their memory, 8 bytes each, is taken for every attribute set.
    ///   - maximumScale: the finest resolution, from -10 to 20: buckets grow by the factor 2^(2^-scale).
    case exponentialBuckets(maximumSize: Int = 160, maximumScale: Int = 20)
}

/// Changes what is made of instruments.
///
/// ```swift
/// try Hearth.configure {
///     $0.metrics.views = [
///         MetricView("http.server.*", attributes: ["http.request.method", "http.route"]),
///         MetricView("payment.duration", aggregation: .explicitBuckets([0.1, 0.5, 1, 5])),
///         MetricView("noisy", aggregation: .drop),
///     ]
/// }
/// ```
/// Each view that matches an instrument makes a metric of it; without any, the defaults make one.
public struct MetricView: Sendable, Hashable {
    /// Name of the instruments; `*` stands for any characters and `?` for one.
    public var instrument: String
    /// Only instruments of this kind; nil is any.
    public var kind: InstrumentKind?
    /// Only instruments of the scope with this name; nil is any.
    public var scopeName: String?
    /// The metric's name; nil is the instrument's.
    public var name: String?
    /// The metric's description; nil is the instrument's.
    public var description: String?
    /// The attributes that are kept; others are summed up and only exemplars still have them. Nil keeps all.
    public var attributes: Set<String>?
    /// Nil is the default of the kind.
    public var aggregation: MetricAggregation?
    /// Attribute sets that are told apart, at least 1; nil is ``MetricsOptions/cardinalityLimit``.
    public var cardinalityLimit: Int?

    /// A view of the instruments a pattern names; what is left out stays as it is.
    public init(
        _ instrument: String,
        kind: InstrumentKind? = nil,
        scopeName: String? = nil,
        name: String? = nil,
        description: String? = nil,
        attributes: Set<String>? = nil,
        aggregation: MetricAggregation? = nil,
        cardinalityLimit: Int? = nil
    ) {
        self.instrument = instrument
        self.kind = kind
        self.scopeName = scopeName
        self.name = name
        self.description = description
        self.attributes = attributes
        self.aggregation = aggregation
        self.cardinalityLimit = cardinalityLimit
    }

    func matches(_ identity: InstrumentIdentity) -> Bool {
        if let kind, kind != identity.kind { return false }
        if let scopeName, scopeName != identity.scope.name { return false }
        return Self.matches(Array(instrument.utf8), Array(identity.name.utf8))
    }

    /// Why the view cannot be used; nil when it can.
    var problem: String? {
        let isPattern = instrument.contains { $0 == "*" || $0 == "?" }
        if isPattern, name != nil { return "the view of '\(instrument)' renames more than one instrument to one name" }
        if let limit = cardinalityLimit, limit < 1 { return "the view of '\(instrument)' has a cardinality limit below 1" }
        return aggregation?.problem.map { "the view of '\(instrument)' \($0)" }
    }

    /// Wildcards over bytes, in linear space and without recursion.
    private static func matches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
        var at = 0
        var position = 0
        var star: (pattern: Int, text: Int)?
        while position < text.count {
            if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
                star = (at, position)
                at += 1
            } else if at < pattern.count, pattern[at] == UInt8(ascii: "?") || pattern[at] == text[position] {
                at += 1
                position += 1
            } else if let last = star {
                star = (last.pattern, last.text + 1)
                at = last.pattern + 1
                position = last.text + 1
            } else {
                return false
            }
        }
        while at < pattern.count, pattern[at] == UInt8(ascii: "*") { at += 1 }
        return at == pattern.count
    }
}

extension MetricAggregation {
    /// Why the aggregation cannot be used; nil when it can.
    var problem: String? {
        switch self {
        case .explicitBuckets(let bounds?):
            for (left, right) in zip(bounds, bounds.dropFirst()) where !(left < right) { return "has bounds that do not grow" }
            return bounds.allSatisfy(\.isFinite) ? nil : "has a bound that is no number"
        case .exponentialBuckets(let size, let scale):
            guard (2...16_384).contains(size) else { return "has not from 2 to 16,384 exponential buckets" }
            return (-10...20).contains(scale) ? nil : "has a scale outside of -10 to 20"
        case .drop, .sum, .lastValue, .explicitBuckets(nil): return nil
        }
    }
}
