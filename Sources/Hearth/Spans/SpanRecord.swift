import Instrumentation
import Synchronization

/// A span as it is exported: a copy taken at its end, or at its start for a pending one.
public struct SpanRecord: Sendable, Hashable {
    /// What a record stands for, with the text sent as `logfire.span_type`.
    public enum Kind: String, Sendable {
        case span
        case log
        /// A span that has begun; replaced by its `span` record.
        case pending = "pending_span"
    }

    public var kind: Kind
    public var traceID: TraceID
    public var spanID: SpanID
    /// Nil for a root.
    public var parentSpanID: SpanID?
    public var flags: TraceFlags
    public var parentIsRemote: Bool
    public var traceState: String
    public var role: SpanRole
    public var scope: InstrumentationScope
    public var name: String
    /// Nil when the server is to derive it.
    public var message: String?
    public var template: String?
    public var level: Level?
    public var tags: [String]
    public var attributes: [Attribute]
    public var events: [SpanEventRecord]
    public var links: [SpanLinkRecord]
    public var status: SpanStatusCode
    public var statusMessage: String
    /// Nanoseconds since the Unix epoch.
    public var start: UInt64
    /// Nanoseconds since the Unix epoch; the start for logs and pending spans.
    public var end: UInt64
    public var file: String
    public var function: String
    public var line: UInt32
    public var droppedAttributes: UInt32
    public var droppedEvents: UInt32
    public var droppedLinks: UInt32
    /// Whether the message is not that of the template.
    var hasOwnMessage = false
    /// What was counted inside of the span, sent as `logfire.metrics`; see ``MetricsOptions/collectInSpans``.
    public var metrics: AttributeValue?
    /// What scrubbing replaced.
    public var scrubbed: [ScrubbedValue] = []

    /// The value of an attribute.
    public subscript(key: String) -> AttributeValue? {
        attributes.last { $0.key == key }?.value
    }
}

/// A value that was replaced because it, or its name, looked secret.
public struct ScrubbedValue: Sendable, Hashable {
    /// Names from the outermost to the innermost, beginning with `attributes`, `otel_events` or `links`.
    public var path: [String]
    public var matched: String
}

extension SpanRecord {
    /// Takes a span's record.
    ///
    /// - Parameter isPending: the record of an open span; nil is returned when it has ended meanwhile.
    init?(_ span: HearthSpan, isPending: Bool) {
        let copy = span.state.withLock { state -> SpanRecord? in
            if isPending, state.end != 0 { return nil }
            let isPlain = span.style == .plain
            return SpanRecord(
                kind: isPending ? .pending : span.style == .log ? .log : .span,
                traceID: span.traceID,
                spanID: span.spanID,
                parentSpanID: span.parentID.rawValue == 0 ? nil : span.parentID,
                flags: span.flags,
                parentIsRemote: span.parentIsRemote,
                traceState: span.traceState,
                role: span.role,
                scope: span.scope,
                name: state.name ?? span.template,
                message: state.message ?? (isPlain ? nil : MessageTemplate.render(span.template, state.attributes)),
                template: isPlain ? nil : span.template,
                level: state.level,
                tags: state.tags,
                attributes: state.attributes,
                events: state.events,
                links: state.links,
                status: state.status,
                statusMessage: state.statusMessage,
                start: span.start,
                end: isPending ? span.start : state.end,
                file: span.file,
                function: span.function,
                line: span.line,
                droppedAttributes: state.droppedAttributes,
                droppedEvents: state.droppedEvents,
                droppedLinks: state.droppedLinks,
                hasOwnMessage: state.hasOwnMessage,
                metrics: state.metrics?.attributeValue
            )
        }
        guard let copy else { return nil }
        self = copy
    }
}
