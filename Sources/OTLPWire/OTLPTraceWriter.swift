/// A span to be written: OTLP `Span`. Times are nanoseconds since the Unix epoch.
public struct OTLPSpan: Sendable, Hashable {
    /// What the span is to the trace, with the wire numbers.
    public enum Kind: UInt8, Sendable {
        /// Not said; receivers take it for internal.
        case unspecified = 0
        /// Work inside of a process.
        case `internal` = 1
        /// The answer to a request of another process.
        case server = 2
        /// A request to another process, whose answer is waited for.
        case client = 3
        /// A message that is sent, whose handling nobody waits for.
        case producer = 4
        /// The handling of a message.
        case consumer = 5
    }

    /// Whether the operation failed, with the wire numbers.
    public enum StatusCode: UInt8, Sendable {
        /// Nothing was said about it.
        case unset = 0
        /// Somebody said that it went well.
        case ok = 1
        /// It failed.
        case error = 2
    }

    /// Something that happened at a moment of the span.
    public struct Event: Sendable, Hashable {
        /// What happened; `exception` for errors.
        public var name: String
        /// Nanoseconds since the Unix epoch.
        public var time: UInt64
        /// Attributes of the event.
        public var attributes: [OTLPAttribute]

        /// An event.
        public init(name: String, time: UInt64, attributes: [OTLPAttribute] = []) {
            self.name = name
            self.time = time
            self.attributes = attributes
        }
    }

    /// Another span that this one has to do with.
    public struct Link: Sendable, Hashable {
        /// The trace of the other span.
        public var traceID: OTLPTraceID
        /// The other span; not zero.
        public var spanID: UInt64
        /// What the link means.
        public var attributes: [OTLPAttribute]

        /// A link.
        public init(traceID: OTLPTraceID, spanID: UInt64, attributes: [OTLPAttribute] = []) {
            self.traceID = traceID
            self.spanID = spanID
            self.attributes = attributes
        }
    }

    /// The trace of the span.
    public var traceID: OTLPTraceID
    /// Not zero.
    public var spanID: UInt64
    /// Zero for a root.
    public var parentSpanID: UInt64 = 0
    /// What spans are grouped by.
    public var name: String
    /// What the span is to the trace; internal by default.
    public var kind = Kind.internal
    /// Nanoseconds since the Unix epoch.
    public var start: UInt64
    /// Nanoseconds since the Unix epoch, not before the start.
    public var end: UInt64
    /// Attributes in the order they are written.
    public var attributes: [OTLPAttribute] = []
    /// Events in the order they are written.
    public var events: [Event] = []
    /// Links in the order they are written.
    public var links: [Link] = []
    /// Whether the operation failed; unset by default.
    public var statusCode = StatusCode.unset
    /// What the failure was; empty when there was none.
    public var statusMessage = ""
    /// W3C trace flags and OTLP's bits above them (256: whether the parent is remote is known, 512: it is).
    public var flags: UInt32 = 0
    /// W3C `tracestate`, empty when there is none.
    public var traceState = ""
    /// Attributes the sender left out.
    public var droppedAttributesCount: UInt32 = 0
    /// Events the sender left out.
    public var droppedEventsCount: UInt32 = 0
    /// Links the sender left out.
    public var droppedLinksCount: UInt32 = 0

    /// A span with what each has; the rest is set afterwards.
    public init(traceID: OTLPTraceID, spanID: UInt64, parentSpanID: UInt64 = 0, name: String, start: UInt64, end: UInt64) {
        self.traceID = traceID
        self.spanID = spanID
        self.parentSpanID = parentSpanID
        self.name = name
        self.start = start
        self.end = end
    }
}

/// Writes an `ExportTraceServiceRequest`.
///
/// ```swift
/// var writer = OTLPTraceWriter()
/// writer.begin(OTLPResource(attributes: [OTLPAttribute("service.name", "shop")]))
/// writer.begin(OTLPScope(name: "checkout"))
/// for span in spans { writer.add(span) }
/// let body = writer.finish()
/// ```
public struct OTLPTraceWriter: Sendable {
    private var request = OTLPRequestWriter()
    /// Spans added since the writer was made or finished.
    public private(set) var spanCount = 0

    /// An empty writer.
    public init() {}

    /// Bytes written so far; lengths may still add a few.
    public var byteCount: Int { request.writer.count }

    /// Begins the spans of a resource.
    public mutating func begin(_ resource: OTLPResource) { request.begin(resource) }

    /// Begins the spans of a scope, in the resource begun last.
    public mutating func begin(_ scope: OTLPScope) { request.begin(scope) }

    /// Adds a span of the scope begun last.
    public mutating func add(_ span: OTLPSpan) {
        let message = request.beginRecord()
        Self.write(span, to: &request.writer)
        request.writer.close(message)
        spanCount += 1
    }

    /// The request's bytes. Afterwards the writer is empty and can be used again.
    public mutating func finish() -> [UInt8] {
        spanCount = 0
        return request.finish()
    }

    private static func write(_ span: OTLPSpan, to writer: inout WireWriter) {
        typealias Fields = OTLPFields.Span
        writer.identifier(Fields.traceID, high: span.traceID.high, low: span.traceID.low)
        writer.identifier(Fields.spanID, span.spanID)
        if !span.traceState.isEmpty { writer.string(Fields.traceState, span.traceState) }
        if span.parentSpanID != 0 { writer.identifier(Fields.parentSpanID, span.parentSpanID) }
        writer.string(Fields.name, span.name)
        if span.kind != .unspecified { writer.varint(Fields.kind, UInt64(span.kind.rawValue)) }
        writer.fixed64(Fields.startTimeUnixNano, span.start)
        writer.fixed64(Fields.endTimeUnixNano, span.end)
        writer.attributes(Fields.attributes, span.attributes)
        if span.droppedAttributesCount > 0 { writer.varint(Fields.droppedAttributesCount, UInt64(span.droppedAttributesCount)) }
        for event in span.events {
            let message = writer.open(Fields.events)
            writer.fixed64(OTLPFields.SpanEvent.timeUnixNano, event.time)
            writer.string(OTLPFields.SpanEvent.name, event.name)
            writer.attributes(OTLPFields.SpanEvent.attributes, event.attributes)
            writer.close(message)
        }
        if span.droppedEventsCount > 0 { writer.varint(Fields.droppedEventsCount, UInt64(span.droppedEventsCount)) }
        for link in span.links {
            let message = writer.open(Fields.links)
            writer.identifier(OTLPFields.SpanLink.traceID, high: link.traceID.high, low: link.traceID.low)
            writer.identifier(OTLPFields.SpanLink.spanID, link.spanID)
            writer.attributes(OTLPFields.SpanLink.attributes, link.attributes)
            writer.close(message)
        }
        if span.droppedLinksCount > 0 { writer.varint(Fields.droppedLinksCount, UInt64(span.droppedLinksCount)) }
        if span.statusCode != .unset || !span.statusMessage.isEmpty {
            let message = writer.open(Fields.status)
            if !span.statusMessage.isEmpty { writer.string(OTLPFields.Status.message, span.statusMessage) }
            writer.varint(OTLPFields.Status.code, UInt64(span.statusCode.rawValue))
            writer.close(message)
        }
        if span.flags != 0 { writer.fixed32(Fields.flags, span.flags) }
    }
}
