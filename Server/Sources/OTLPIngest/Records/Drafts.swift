import TelemetryModel

/// The fields of the OTLP span being decoded, as they came.
struct SpanDraft {
    var traceID = TraceID.invalid
    var spanID = SpanID.none
    var parentSpanID = SpanID.none
    var name = TextRef.empty
    var kind: UInt64 = 0
    /// Nanoseconds since the Unix epoch.
    var start: UInt64 = 0
    var end: UInt64 = 0
    var statusCode: UInt64 = 0
    var statusMessage = TextRef.null
    /// Events not named `exception`.
    var eventCount = 0
    var isException = false
    var exception = ExceptionTexts()
    /// W3C `tracestate`; empty when the span has none.
    var traceState = TextRef.empty
    var flags: UInt64 = 0
    var droppedAttributes: UInt64 = 0
    var droppedEvents: UInt64 = 0
    var droppedLinks: UInt64 = 0

    /// Flags that nearly every span has: sampled, and that it is known whether the parent is remote.
    static let ordinaryFlags: UInt64 = 0x101

    var hasSenderFacts: Bool {
        flags & ~Self.ordinaryFlags | droppedAttributes | droppedEvents | droppedLinks != 0 || !traceState.isEmpty
    }
}

/// The fields of the OTLP log record being decoded, as they came.
struct LogDraft {
    /// Bytes of a text body that serve as the record's name.
    static let nameLimit = 512

    /// ``TraceID/invalid`` when the record belongs to no trace.
    var traceID = TraceID.invalid
    var spanID = SpanID.none
    /// Nanoseconds since the Unix epoch; zero is unknown.
    var time: UInt64 = 0
    var observedTime: UInt64 = 0
    var severity: UInt64 = 0
    var eventName = TextRef.null
    /// The body when it is a string.
    var bodyText = TextRef.null
    /// The body as JSON, NULL when there is none.
    var bodyJSON = TextRef.null
}

/// The attributes of an exception event.
struct ExceptionTexts {
    var type = TextRef.null
    var message = TextRef.null
    var stacktrace = TextRef.null

    init() {}

    /// Takes them from the list's current owner.
    init(_ list: AttributeList) {
        for index in list.range where list.items[index].kind == .string {
            switch list.items[index].key {
            case .exceptionType: type = list.items[index].text
            case .exceptionMessage: message = list.items[index].text
            case .exceptionStacktrace: stacktrace = list.items[index].text
            default: break
            }
        }
    }
}
