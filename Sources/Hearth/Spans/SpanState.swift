import Instrumentation

/// The status of a span as OpenTelemetry has it.
public enum SpanStatusCode: UInt8, Sendable {
    /// Nothing was said about it.
    case unset = 0
    /// Somebody said that it went well.
    case ok = 1
    /// It failed.
    case error = 2
}

/// Something that happened at a moment of a span.
public struct SpanEventRecord: Sendable, Hashable {
    /// What happened; `exception` for errors.
    public var name: String
    /// Nanoseconds since the Unix epoch.
    public var time: UInt64
    /// Attributes of the event.
    public var attributes: [Attribute]

    /// An event at a time in nanoseconds since the Unix epoch.
    public init(name: String, time: UInt64, attributes: [Attribute]) {
        self.name = name
        self.time = time
        self.attributes = attributes
    }
}

/// Another span that caused this one.
public struct SpanLinkRecord: Sendable, Hashable {
    /// The other span.
    public var context: SpanContext
    /// What the link means.
    public var attributes: [Attribute]
}

/// What may change while a span is open; lies under the span's lock.
///
/// What few spans have lies apart in ``SpanExtras``, so that the others are small and quickly made.
struct SpanState: ~Copyable {
    var attributes: [Attribute]
    /// The context around the span; let go at the end, so that chains of spans do not keep each other alive.
    var outer: InstrumentationContext?
    /// Nanoseconds since the Unix epoch; zero while the span is open.
    var end: UInt64 = 0
    var extras: SpanExtras?
    var droppedAttributes: UInt32 = 0
    /// Those of the template are the first so many.
    var templateAttributes: UInt32
    var level: Level?
    var status = SpanStatusCode.unset

    init(attributes: [Attribute], level: Level?, outer: InstrumentationContext?) {
        self.attributes = attributes
        templateAttributes = UInt32(truncatingIfNeeded: attributes.count)
        self.level = level
        self.outer = outer
    }
}

/// The parts of a span's state that few spans have; guarded by the span's lock like the rest of it.
final class SpanExtras: @unchecked Sendable {
    /// Another one than that of the start.
    var name: String?
    /// Set explicitly; otherwise made of template and attributes when it is needed.
    var message: String?
    /// Whether the message is not that of the template.
    var hasOwnMessage = false
    var tags: [String] = []
    var events: [SpanEventRecord] = []
    var links: [SpanLinkRecord] = []
    var statusMessage = ""
    var droppedEvents: UInt32 = 0
    var droppedLinks: UInt32 = 0
    /// What was counted inside.
    var metrics: SpanMetrics?
}

extension SpanState {
    private mutating func madeExtras() -> SpanExtras {
        if let extras { return extras }
        let made = SpanExtras()
        extras = made
        return made
    }

    /// Nil while the span has the name of its start.
    var name: String? {
        get { extras?.name }
        set { madeExtras().name = newValue }
    }

    var message: String? {
        get { extras?.message }
        set { madeExtras().message = newValue }
    }

    var hasOwnMessage: Bool {
        get { extras?.hasOwnMessage ?? false }
        set { madeExtras().hasOwnMessage = newValue }
    }

    var tags: [String] {
        get { extras?.tags ?? [] }
        set { madeExtras().tags = newValue }
    }

    var events: [SpanEventRecord] {
        get { extras?.events ?? [] }
        _modify { yield &madeExtras().events }
    }

    var links: [SpanLinkRecord] {
        get { extras?.links ?? [] }
        _modify { yield &madeExtras().links }
    }

    var metrics: SpanMetrics? {
        get { extras?.metrics }
        _modify { yield &madeExtras().metrics }
    }

    var statusMessage: String {
        get { extras?.statusMessage ?? "" }
        set { madeExtras().statusMessage = newValue }
    }

    var droppedEvents: UInt32 {
        get { extras?.droppedEvents ?? 0 }
        set { madeExtras().droppedEvents = newValue }
    }

    var droppedLinks: UInt32 {
        get { extras?.droppedLinks ?? 0 }
        set { madeExtras().droppedLinks = newValue }
    }
}

extension SpanState {
    /// Bytes of the texts in attributes and events: what a span that waits takes, roughly.
    var textBytes: Int {
        var sum = attributes.reduce(0) { $0 + $1.value.textBytes }
        for event in extras?.events ?? [] { sum += event.attributes.reduce(0) { $0 + $1.value.textBytes } }
        return sum
    }
}
