import Instrumentation
import Synchronization

/// A span as it is exported: a copy taken at its end, or at its start for a pending one.
public struct SpanRecord: Sendable, Hashable {
    /// What a record stands for, with the text sent as `logfire.span_type`.
    public enum Kind: String, Sendable {
        /// A span that has ended.
        case span
        /// A log: a span without duration.
        case log
        /// A span that has begun; replaced by its `span` record.
        case pending = "pending_span"
    }

    /// Span, log or pending span.
    public var kind: Kind
    /// The trace it belongs to.
    public var traceID: TraceID
    /// Its own id; a pending span has that of the span it announces.
    public var spanID: SpanID
    /// Nil for a root.
    public var parentSpanID: SpanID?
    /// W3C trace flags.
    public var flags: TraceFlags
    /// Whether the parent belongs to another process; false for a root.
    public var parentIsRemote: Bool
    /// W3C `tracestate`; empty when there is none.
    public var traceState: String
    /// The OpenTelemetry kind of the span.
    public var spanKind: Hearth.SpanKind
    /// Who made it.
    public var scope: InstrumentationScope
    /// What spans are grouped by: the template, unless it was renamed.
    public var name: String
    /// Nil when the server is to derive it.
    public var message: String?
    /// `logfire.msg_template`: the message with its placeholders; nil for spans that came without one.
    public var template: String?
    /// The level; nil when none was chosen.
    public var level: Level?
    /// `logfire.tags`, those of the scopes around it included.
    public var tags: [String]
    /// Attributes in the order they were set.
    public var attributes: [Attribute]
    /// Events in the order they were added, exceptions among them.
    public var events: [SpanEventRecord]
    /// Links in the order they were added.
    public var links: [SpanLinkRecord]
    /// Whether it is an error.
    public var status: SpanStatusCode
    /// What the error was; empty when it is none.
    public var statusMessage: String
    /// Nanoseconds since the Unix epoch.
    public var start: UInt64
    /// Nanoseconds since the Unix epoch; the start for logs and pending spans.
    public var end: UInt64
    /// `code.filepath`: the source file, with its module; empty when unknown.
    public var file: String
    /// `code.function`; empty when unknown.
    public var function: String
    /// `code.lineno`, from 1; 0 when unknown.
    public var line: UInt32
    /// Attributes beyond ``SpanLimits/attributes``.
    public var droppedAttributes: UInt32
    /// Events beyond ``SpanLimits/events``.
    public var droppedEvents: UInt32
    /// Links beyond ``SpanLimits/links``.
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
    /// The text that looked secret: a part of the name or of the value.
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
                spanKind: span.spanKind,
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
        attributes.removeRepetitions()
        for index in events.indices { events[index].attributes.removeRepetitions() }
        for index in links.indices { links[index].attributes.removeRepetitions() }
    }
}
