/// What a row of `records` is (`logfire-contract.md` §4.1); span events are not rows of their own in storage.
public enum RecordKind: UInt8, Sendable {
    case span = 0
    case log = 1
    case pendingSpan = 2

    /// The value of the `kind` column.
    public var name: String {
        switch self {
        case .span: "span"
        case .log: "log"
        case .pendingSpan: "pending_span"
        }
    }
}

/// OpenTelemetry span status codes, with their wire numbers.
public enum StatusCode: UInt8, Sendable {
    case unset = 0
    case ok = 1
    case error = 2
}

/// One span, log or pending span on its way from the decoder into a ``RecordBatch``. Plain values only: no ownership, no allocation.
///
/// Ids are already those of the stored row: pending spans carry the real span's id and parent (`logfire-contract.md` §3.5),
/// OTLP logs the derived ids of `acceptance.md` A4.
public struct RecordRow: Sendable {
    public var resource: UInt32 = 0
    public var scope: UInt32 = 0
    public var kind: RecordKind = .span
    /// True for rows that came as OTLP LogRecords (not spans of type log).
    public var isOTLPLog = false
    public var traceID: TraceID = .invalid
    /// Whether the trace id was made from the content of a log that belongs to no trace.
    public var hasDerivedTraceID = false
    public var spanID: SpanID = .none
    /// ``SpanID/none`` for roots.
    public var parentSpanID: SpanID = .none
    /// Nanoseconds since the Unix epoch, UTC.
    public var startNanoseconds: Int64 = 0
    /// Nanoseconds since the Unix epoch, UTC; equals the start for logs and pending spans.
    public var endNanoseconds: Int64 = 0
    public var level: Int16 = Level.info
    /// OTLP span kind number (0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer).
    public var spanKind: UInt8 = 0
    public var statusCode: StatusCode = .unset
    public var statusMessage: TextRef = .null
    public var spanName: TextRef = .empty
    public var message: TextRef = .empty
    /// First exception event, else NULL. `isException` is true even when all three texts are NULL.
    public var isException = false
    public var exceptionType: TextRef = .null
    public var exceptionMessage: TextRef = .null
    public var exceptionStacktrace: TextRef = .null
    /// JSON object: all attributes except message bodies, `logfire.msg`, `logfire.level_num`, `logfire.tags`.
    public var attributesJSON: TextRef = .null
    /// JSON object of the message-body attributes (``AttributeKey/isMessageBody``), NULL when there are none.
    public var bodiesJSON: TextRef = .null
    /// The text of `logfire.json_schema`, NULL when absent or not JSON.
    public var jsonSchema: TextRef = .null
    /// JSON array of strings, NULL when absent.
    public var tagsJSON: TextRef = .null
    /// JSON array of `{event_name, event_timestamp, attributes}`, NULL when there are no events.
    public var eventsJSON: TextRef = .null
    /// Events that are not named `exception`: each is a `span_event` row of the view.
    public var spanEventCount: UInt16 = 0
    /// JSON array of `{trace_id, span_id, attributes}`, NULL when there are no links.
    public var linksJSON: TextRef = .null
    /// JSON of an OTLP log body, NULL otherwise.
    public var logBodyJSON: TextRef = .null
    /// `http.response.status_code`, else `http.status_code`; -1 when absent or unparsable.
    public var httpStatusCode: Int32 = -1
    public var httpMethod: TextRef = .null
    public var httpRoute: TextRef = .null
    public var urlFull: TextRef = .null
    public var urlPath: TextRef = .null
    public var urlQuery: TextRef = .null
    /// This row's attributes in ``RecordBatch/attributes``, all of them, also the ones left out of ``attributesJSON``.
    public var attributes: Range<UInt32> = 0..<0

    public init() {}
}
