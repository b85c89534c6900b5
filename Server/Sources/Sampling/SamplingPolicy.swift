public import TelemetryModel

/// What is known of a trace that has not been decided.
public struct TraceSummary: Sendable, Equatable {
    public var traceID: TraceID
    /// Microseconds since the Unix epoch: when its first and its newest record were stored.
    public var firstSeen: Int64
    public var lastSeen: Int64
    /// Whether a span without a parent has ended.
    public var hasEndedRoot: Bool
    /// Spans that were announced and have not ended.
    public var openSpans: Int
    /// Whether each rule's condition is met, in the order of the rules.
    public var matches: [Bool]
    public var records: Int

    public init(
        traceID: TraceID, firstSeen: Int64, lastSeen: Int64, hasEndedRoot: Bool, openSpans: Int, matches: [Bool], records: Int
    ) {
        self.traceID = traceID
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.hasEndedRoot = hasEndedRoot
        self.openSpans = openSpans
        self.matches = matches
        self.records = records
    }
}

/// What becomes of a trace.
public struct TraceDecision: Sendable, Equatable {
    public var traceID: TraceID
    /// The rule that decided, by name.
    public var rule: String
    public var isKept: Bool
    /// How many traces a kept one stands for: one over the rule's rate.
    public var weight: Double
    public var records: Int
    /// Microseconds since the Unix epoch: the trace has no record that was stored before.
    public var firstSeen: Int64

    public init(traceID: TraceID, rule: String, isKept: Bool, weight: Double, records: Int, firstSeen: Int64) {
        self.traceID = traceID
        self.rule = rule
        self.isKept = isKept
        self.weight = weight
        self.records = records
        self.firstSeen = firstSeen
    }
}

/// Decides about traces: a pure function of what is stored about a trace, the settings and the time, so that a restart, another order
/// of arrival or another server come to the same decision.
public struct SamplingPolicy: Sendable {
    /// Where a trace is on its way to a decision.
    public enum Phase: Sendable, Equatable {
        /// Spans are running, or records keep coming.
        case open
        /// The root has ended, nothing is open and nothing came for ``completeQuietSeconds``.
        case complete
        /// Nothing came for the idle time.
        case idle
        /// Records kept coming for ``longestSeconds``; it is decided as it is.
        case overdue
    }

    /// Seconds without a record after which a trace with an ended root counts as complete: other services' spans come a little later.
    public static let completeQuietSeconds = 5.0
    /// Seconds after which a trace is decided whatever happens.
    public static let longestSeconds = 3_600.0

    public let settings: SamplingSettings

    public init(_ settings: SamplingSettings) { self.settings = settings }

    /// - Parameter now: microseconds since the Unix epoch.
    public func phase(of trace: TraceSummary, at now: Int64) -> Phase {
        let quiet = Double(now - trace.lastSeen) / 1e6
        if quiet >= settings.idleSeconds { return .idle }
        if trace.hasEndedRoot, trace.openSpans == 0, quiet >= min(Self.completeQuietSeconds, settings.idleSeconds) { return .complete }
        if Double(now - trace.firstSeen) / 1e6 >= max(Self.longestSeconds, settings.idleSeconds) { return .overdue }
        return .open
    }

    /// The decision about a trace, nil while it is open.
    public func decide(_ trace: TraceSummary, at now: Int64) -> TraceDecision? {
        guard phase(of: trace, at: now) != .open else { return nil }
        return decide(trace)
    }

    /// The decision about a trace as it is.
    public func decide(_ trace: TraceSummary) -> TraceDecision {
        let index = trace.matches.firstIndex(of: true)
        let rate = index.map { settings.rules[$0].rate } ?? settings.rest
        let isKept = Self.isWithin(rate, trace.traceID)
        return TraceDecision(
            traceID: trace.traceID, rule: index.map { settings.rules[$0].name } ?? SamplingSettings.restName, isKept: isKept,
            weight: isKept && rate > 0 ? 1 / rate : 1, records: trace.records, firstSeen: trace.firstSeen)
    }

    /// Whether the trace is among the share `rate` of all traces. A hash of the id decides and not the id itself: clients that sample
    /// by the id have taken the lower ones already. A trace kept at one rate is kept at every higher rate.
    public static func isWithin(_ rate: Double, _ trace: TraceID) -> Bool {
        if rate >= 1 { return true }
        if rate <= 0 { return false }
        var hash = StableHash(key0: 0x7461_696c_2d73_616d, key1: 0x706c_696e_672d_7631)
        hash.combine(trace.high)
        hash.combine(trace.low)
        return Double(hash.finalize() >> 11) < rate * 0x1p53
    }
}
