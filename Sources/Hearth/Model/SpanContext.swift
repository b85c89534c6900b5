/// What identifies a span to other processes: W3C trace context.
public struct SpanContext: Sendable, Hashable {
    /// The trace of the span.
    public var traceID: TraceID
    /// The span itself.
    public var spanID: SpanID
    /// Whether the trace is recorded, and what else W3C's flags say.
    public var flags: TraceFlags
    /// W3C `tracestate` as text, at most 512 characters; empty when there is none.
    public var traceState: String
    /// Whether the span belongs to another process.
    public var isRemote: Bool

    /// A place in a trace; by default of a recorded trace of this process.
    public init(traceID: TraceID, spanID: SpanID, flags: TraceFlags = .sampled, traceState: String = "", isRemote: Bool = false) {
        self.traceID = traceID
        self.spanID = spanID
        self.flags = flags
        self.traceState = traceState
        self.isRemote = isRemote
    }

    /// Whether the trace is recorded.
    public var isSampled: Bool { flags.contains(.sampled) }
}

/// The flags byte of W3C trace context.
public struct TraceFlags: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The trace is recorded.
    public static let sampled = TraceFlags(rawValue: 1)
    /// The last seven bytes of the trace id are random.
    public static let random = TraceFlags(rawValue: 2)
}
