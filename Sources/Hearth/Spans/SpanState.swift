import Instrumentation

/// The status of a span as OpenTelemetry has it.
public enum SpanStatusCode: UInt8, Sendable {
    case unset = 0
    case ok = 1
    case error = 2
}

/// What a span is to the trace.
public enum SpanRole: UInt8, Sendable {
    case `internal` = 1
    case server = 2
    case client = 3
    case producer = 4
    case consumer = 5
}

/// Something that happened at a moment of a span.
public struct SpanEventRecord: Sendable, Hashable {
    public var name: String
    /// Nanoseconds since the Unix epoch.
    public var time: UInt64
    public var attributes: [Attribute]

    public init(name: String, time: UInt64, attributes: [Attribute]) {
        self.name = name
        self.time = time
        self.attributes = attributes
    }
}

/// Another span that caused this one.
public struct SpanLinkRecord: Sendable, Hashable {
    public var context: SpanContext
    public var attributes: [Attribute]
}

/// What may change while a span is open; lies under the span's lock.
struct SpanState: ~Copyable {
    var name: String
    /// Set explicitly; otherwise made of template and attributes when it is needed.
    var message: String?
    /// Whether the message is not that of the template.
    var hasOwnMessage = false
    var attributes: [Attribute]
    /// Those of the template are the first so many.
    var templateAttributes: Int
    var tags: [String]
    var events: [SpanEventRecord] = []
    var links: [SpanLinkRecord] = []
    var status = SpanStatusCode.unset
    var statusMessage = ""
    var level: Level?
    var droppedAttributes: UInt32 = 0
    var droppedEvents: UInt32 = 0
    var droppedLinks: UInt32 = 0
    /// What was counted inside; nil for most spans.
    var metrics: SpanMetrics?
    /// Nanoseconds since the Unix epoch; zero while the span is open.
    var end: UInt64 = 0
    /// The context around the span; let go at the end, so that chains of spans do not keep each other alive.
    var outer: InstrumentationContext?

    init(name: String, attributes: [Attribute], tags: [String], level: Level?, outer: InstrumentationContext?) {
        self.name = name
        self.attributes = attributes
        templateAttributes = attributes.count
        self.tags = tags
        self.level = level
        self.outer = outer
    }
}
