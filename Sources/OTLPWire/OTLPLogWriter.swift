/// A log record to be written: OTLP `LogRecord`. Times are nanoseconds since the Unix epoch, zero when unknown.
public struct OTLPLogRecord: Sendable, Hashable {
    /// When it happened; zero when unknown.
    public var time: UInt64
    /// When it was seen by whoever made the record; zero when unknown.
    public var observedTime: UInt64 = 0
    /// 1 … 24, zero when unknown.
    public var severityNumber: UInt8 = 0
    /// The sender's own name of the severity; empty when it has none.
    public var severityText = ""
    /// The text or structure of the record; nil when it has none.
    public var body: OTLPValue?
    /// Attributes in the order they are written.
    public var attributes: [OTLPAttribute] = []
    /// `event_name`; empty for logs that are no events.
    public var eventName = ""
    /// nil for a record outside of any trace.
    public var traceID: OTLPTraceID?
    /// Zero for a record outside of any span.
    public var spanID: UInt64 = 0
    /// W3C trace flags in the lowest eight bits.
    public var flags: UInt32 = 0
    /// Attributes the sender left out.
    public var droppedAttributesCount: UInt32 = 0

    /// A record outside of any trace.
    public init(time: UInt64, body: OTLPValue? = nil) {
        self.time = time
        self.body = body
    }
}

/// Writes an `ExportLogsServiceRequest`; used like ``OTLPTraceWriter``.
public struct OTLPLogWriter: Sendable {
    private var request = OTLPRequestWriter()
    /// Records added since the writer was made or finished.
    public private(set) var recordCount = 0

    /// An empty writer.
    public init() {}

    /// Bytes written so far; lengths may still add a few.
    public var byteCount: Int { request.writer.count }

    /// Begins the records of a resource.
    public mutating func begin(_ resource: OTLPResource) { request.begin(resource) }

    /// Begins the records of a scope, in the resource begun last.
    public mutating func begin(_ scope: OTLPScope) { request.begin(scope) }

    /// Adds a record of the scope begun last.
    public mutating func add(_ record: OTLPLogRecord) {
        let message = request.beginRecord()
        Self.write(record, to: &request.writer)
        request.writer.close(message)
        recordCount += 1
    }

    /// The request's bytes. Afterwards the writer is empty and can be used again.
    public mutating func finish() -> [UInt8] {
        recordCount = 0
        return request.finish()
    }

    private static func write(_ record: OTLPLogRecord, to writer: inout WireWriter) {
        typealias Fields = OTLPFields.LogRecord
        if record.time != 0 { writer.fixed64(Fields.timeUnixNano, record.time) }
        if record.observedTime != 0 { writer.fixed64(Fields.observedTimeUnixNano, record.observedTime) }
        if record.severityNumber != 0 { writer.varint(Fields.severityNumber, UInt64(record.severityNumber)) }
        if !record.severityText.isEmpty { writer.string(Fields.severityText, record.severityText) }
        if let body = record.body { writer.value(Fields.body, body) }
        writer.attributes(Fields.attributes, record.attributes)
        if record.droppedAttributesCount > 0 { writer.varint(Fields.droppedAttributesCount, UInt64(record.droppedAttributesCount)) }
        if record.flags != 0 { writer.fixed32(Fields.flags, record.flags) }
        if let traceID = record.traceID { writer.identifier(Fields.traceID, high: traceID.high, low: traceID.low) }
        if record.spanID != 0 { writer.identifier(Fields.spanID, record.spanID) }
        if !record.eventName.isEmpty { writer.string(Fields.eventName, record.eventName) }
    }
}
