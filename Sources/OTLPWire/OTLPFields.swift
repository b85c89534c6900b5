/// Field numbers and wire types of the OTLP messages Hearth reads and writes (opentelemetry-proto 1.x).
///
/// One nested type per message. Fields that are missing here (dropped counts, dictionary string indices of the profiles signal,
/// entity references) are skipped like any unknown field.
public enum OTLPFields {
    /// `TracesData` and `ExportTraceServiceRequest`, which have the same layout.
    public enum TracesData {
        @inlinable public static var resourceSpans: WireTag { .bytes(1) }
    }

    /// The spans of a resource: `ResourceSpans`.
    public enum ResourceSpans {
        @inlinable public static var resource: WireTag { .bytes(1) }
        @inlinable public static var scopeSpans: WireTag { .bytes(2) }
        @inlinable public static var schemaURL: WireTag { .bytes(3) }
    }

    /// The spans of a scope: `ScopeSpans`.
    public enum ScopeSpans {
        @inlinable public static var scope: WireTag { .bytes(1) }
        @inlinable public static var spans: WireTag { .bytes(2) }
        @inlinable public static var schemaURL: WireTag { .bytes(3) }
    }

    /// A span: `Span`.
    public enum Span {
        @inlinable public static var traceID: WireTag { .bytes(1) }
        @inlinable public static var spanID: WireTag { .bytes(2) }
        @inlinable public static var traceState: WireTag { .bytes(3) }
        @inlinable public static var parentSpanID: WireTag { .bytes(4) }
        @inlinable public static var name: WireTag { .bytes(5) }
        @inlinable public static var kind: WireTag { .varint(6) }
        @inlinable public static var startTimeUnixNano: WireTag { .fixed64(7) }
        @inlinable public static var endTimeUnixNano: WireTag { .fixed64(8) }
        @inlinable public static var attributes: WireTag { .bytes(9) }
        @inlinable public static var droppedAttributesCount: WireTag { .varint(10) }
        @inlinable public static var events: WireTag { .bytes(11) }
        @inlinable public static var droppedEventsCount: WireTag { .varint(12) }
        @inlinable public static var links: WireTag { .bytes(13) }
        @inlinable public static var droppedLinksCount: WireTag { .varint(14) }
        @inlinable public static var status: WireTag { .bytes(15) }
        @inlinable public static var flags: WireTag { .fixed32(16) }
    }

    /// An event of a span: `Span.Event`.
    public enum SpanEvent {
        @inlinable public static var timeUnixNano: WireTag { .fixed64(1) }
        @inlinable public static var name: WireTag { .bytes(2) }
        @inlinable public static var attributes: WireTag { .bytes(3) }
        @inlinable public static var droppedAttributesCount: WireTag { .varint(4) }
    }

    /// A link to another span: `Span.Link`.
    public enum SpanLink {
        @inlinable public static var traceID: WireTag { .bytes(1) }
        @inlinable public static var spanID: WireTag { .bytes(2) }
        @inlinable public static var traceState: WireTag { .bytes(3) }
        @inlinable public static var attributes: WireTag { .bytes(4) }
        @inlinable public static var droppedAttributesCount: WireTag { .varint(5) }
        @inlinable public static var flags: WireTag { .fixed32(6) }
    }

    /// The status of a span: `Status`.
    public enum Status {
        @inlinable public static var message: WireTag { .bytes(2) }
        @inlinable public static var code: WireTag { .varint(3) }
    }

    /// `LogsData` and `ExportLogsServiceRequest`.
    public enum LogsData {
        @inlinable public static var resourceLogs: WireTag { .bytes(1) }
    }

    /// The log records of a resource: `ResourceLogs`.
    public enum ResourceLogs {
        @inlinable public static var resource: WireTag { .bytes(1) }
        @inlinable public static var scopeLogs: WireTag { .bytes(2) }
        @inlinable public static var schemaURL: WireTag { .bytes(3) }
    }

    /// The log records of a scope: `ScopeLogs`.
    public enum ScopeLogs {
        @inlinable public static var scope: WireTag { .bytes(1) }
        @inlinable public static var logRecords: WireTag { .bytes(2) }
        @inlinable public static var schemaURL: WireTag { .bytes(3) }
    }

    /// A log record: `LogRecord`.
    public enum LogRecord {
        @inlinable public static var timeUnixNano: WireTag { .fixed64(1) }
        @inlinable public static var severityNumber: WireTag { .varint(2) }
        @inlinable public static var severityText: WireTag { .bytes(3) }
        @inlinable public static var body: WireTag { .bytes(5) }
        @inlinable public static var attributes: WireTag { .bytes(6) }
        @inlinable public static var droppedAttributesCount: WireTag { .varint(7) }
        @inlinable public static var flags: WireTag { .fixed32(8) }
        @inlinable public static var traceID: WireTag { .bytes(9) }
        @inlinable public static var spanID: WireTag { .bytes(10) }
        @inlinable public static var observedTimeUnixNano: WireTag { .fixed64(11) }
        @inlinable public static var eventName: WireTag { .bytes(12) }
    }

    /// Where telemetry comes from: `Resource`.
    public enum Resource {
        @inlinable public static var attributes: WireTag { .bytes(1) }
        @inlinable public static var droppedAttributesCount: WireTag { .varint(2) }
    }

    /// Who made telemetry: `InstrumentationScope`.
    public enum InstrumentationScope {
        @inlinable public static var name: WireTag { .bytes(1) }
        @inlinable public static var version: WireTag { .bytes(2) }
        @inlinable public static var attributes: WireTag { .bytes(3) }
        @inlinable public static var droppedAttributesCount: WireTag { .varint(4) }
    }

    /// An attribute: `KeyValue`.
    public enum KeyValue {
        @inlinable public static var key: WireTag { .bytes(1) }
        @inlinable public static var value: WireTag { .bytes(2) }
    }

    /// The value of an attribute or body, one of these: `AnyValue`.
    public enum AnyValue {
        @inlinable public static var stringValue: WireTag { .bytes(1) }
        @inlinable public static var boolValue: WireTag { .varint(2) }
        @inlinable public static var intValue: WireTag { .varint(3) }
        @inlinable public static var doubleValue: WireTag { .fixed64(4) }
        @inlinable public static var arrayValue: WireTag { .bytes(5) }
        @inlinable public static var keyValueList: WireTag { .bytes(6) }
        @inlinable public static var bytesValue: WireTag { .bytes(7) }
    }

    /// `ArrayValue` and `KeyValueList`, which have the same layout.
    public enum Values {
        @inlinable public static var values: WireTag { .bytes(1) }
    }

    /// The three `Export…ServiceResponse` messages.
    public enum ExportResponse {
        @inlinable public static var partialSuccess: WireTag { .bytes(1) }
    }

    /// The three `Export…PartialSuccess` messages.
    public enum PartialSuccess {
        @inlinable public static var rejected: WireTag { .varint(1) }
        @inlinable public static var errorMessage: WireTag { .bytes(2) }
    }
}
