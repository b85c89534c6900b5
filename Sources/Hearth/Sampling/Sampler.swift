/// Decides at the start of a trace whether it is recorded. Spans inside of a trace follow its beginning.
public enum Sampler: Sendable, Hashable {
    /// Every trace is recorded.
    case always
    /// No trace is recorded.
    case never
    /// A share of the traces, 0 … 1, decided by the trace id, so that all services that use the same share agree.
    case ratio(Double)
    /// By the name of the trace's first span; a `*` at the end stands for any rest. The first rule that fits counts.
    case named([NameRule], otherwise: Rate)

    /// A rule of ``Sampler/named(_:otherwise:)``.
    public struct NameRule: Sendable, Hashable {
        /// A name, or the beginning of names with `*` behind it.
        public var pattern: String
        /// Share of the traces that are recorded.
        public var rate: Rate

        /// A rule for names that fit a pattern.
        public init(_ pattern: String, _ rate: Rate) {
            self.pattern = pattern
            self.rate = rate
        }

        func fits(_ name: String) -> Bool {
            pattern.last == "*" ? name.utf8.starts(with: pattern.utf8.dropLast()) : name == pattern
        }
    }

    /// A share from 0 to 1; others are brought inside.
    public struct Rate: Sendable, Hashable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
        /// The share, 0 … 1.
        public let value: Double

        /// A share; numbers outside of 0 … 1 are brought inside, an undefined one is 1.
        public init(_ value: Double) {
            self.value = value.isNaN ? 1 : min(max(value, 0), 1)
        }

        public init(floatLiteral value: Double) { self.init(value) }
        public init(integerLiteral value: Int) { self.init(Double(value)) }
    }

    /// Whether a trace that begins here is recorded.
    ///
    /// - Parameter tail: the last eight bytes of the trace id.
    func isSampled(_ tail: UInt64, name: String) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .ratio(let rate): Self.isBelow(tail, Rate(rate).value)
        case .named(let rules, let otherwise):
            Self.isBelow(tail, (rules.first { $0.fits(name) }?.rate ?? otherwise).value)
        }
    }

    /// Whether one span is made, by its own id.
    static func isMade(_ spanID: SpanID, _ rate: Double) -> Bool {
        let rate = Rate(rate).value
        return rate >= 1 || Double(spanID.rawValue) < rate * 18_446_744_073_709_551_616
    }

    /// The bits of a trace id that decide.
    static let randomBits: UInt64 = 0x00ff_ffff_ffff_ffff

    /// The number that is above the random bits of recorded traces; nil when all are recorded or names count.
    var simpleThreshold: UInt64? {
        switch self {
        case .never: 0
        case .ratio(let rate) where Rate(rate).value < 1: UInt64((Rate(rate).value * Double(Self.randomBits + 1)).rounded(.up))
        case .always, .ratio, .named: nil
        }
    }

    /// By the last seven bytes, which are random (W3C trace context level 2).
    static func isBelow(_ traceID: TraceID, _ rate: Double) -> Bool { isBelow(traceID.low, rate) }

    private static func isBelow(_ tail: UInt64, _ rate: Double) -> Bool {
        if rate >= 1 { return true }
        if rate <= 0 { return false }
        return Double(tail & randomBits) < rate * 72_057_594_037_927_936
    }
}
