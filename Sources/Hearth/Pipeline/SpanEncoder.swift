import HearthExport
import OTLPWire

/// Writes span records as OTLP, with what Hearth and Logfire read besides: `logfire.msg`, level, tags, schema, source.
struct SpanEncoder {
    private typealias Fields = OTLPFields.Span

    private let resource: [UInt8]
    /// Whether the records themselves are wanted too.
    private let keepsRecords: Bool
    private var records: [SpanRecord] = []
    private var writer = WireWriter()
    private var ends: [Int] = []
    private var runs: [RecordBatch.Run] = []
    private var currentScope: InstrumentationScope?
    private var scratch: [UInt8] = []

    /// - Parameter resource: made by ``EncodedOrigin/resource(_:)``.
    init(resource: [UInt8], keepsRecords: Bool) {
        self.resource = resource
        self.keepsRecords = keepsRecords
    }

    var count: Int { ends.count }
    var byteCount: Int { writer.count }

    mutating func add(_ record: SpanRecord) {
        if currentScope != record.scope {
            currentScope = record.scope
            runs.append(RecordBatch.Run(scope: EncodedOrigin.scope(record.scope), start: ends.count))
        }
        Self.write(record, to: &writer, scratch: &scratch)
        ends.append(writer.count)
        if keepsRecords { records.append(record) }
    }

    /// What was added. Afterwards the encoder is empty.
    mutating func finish() -> SpanBatch {
        let batch = SpanBatch(records: records, encoded: RecordBatch(resource: resource, runs: runs, bytes: writer.bytes, ends: ends))
        let capacity = writer.count
        records = []
        writer = WireWriter(capacity: capacity)
        ends = []
        runs = []
        currentScope = nil
        return batch
    }

    // MARK: A span

    private static func write(_ record: SpanRecord, to writer: inout WireWriter, scratch: inout [UInt8]) {
        let message = writer.open(OTLPFields.ScopeSpans.spans)
        writer.identifier(Fields.traceID, high: record.traceID.high, low: record.traceID.low)
        if record.kind == .pending {
            // The server takes the ids back: the span's own id is the parent here.
            writer.identifier(Fields.spanID, IDGenerator.random())
            writer.identifier(Fields.parentSpanID, record.spanID.rawValue)
        } else {
            writer.identifier(Fields.spanID, record.spanID.rawValue)
            if let parent = record.parentSpanID { writer.identifier(Fields.parentSpanID, parent.rawValue) }
        }
        if !record.traceState.isEmpty { writer.string(Fields.traceState, record.traceState) }
        writer.string(Fields.name, record.name)
        writer.varint(Fields.kind, UInt64(record.spanKind.rawValue))
        writer.fixed64(Fields.startTimeUnixNano, record.start)
        writer.fixed64(Fields.endTimeUnixNano, record.end)
        let isFacade = record.template != nil
        for attribute in record.attributes { write(attribute, Fields.attributes, asJSON: isFacade, to: &writer) }
        writeBookkeeping(record, to: &writer, scratch: &scratch)
        if record.droppedAttributes > 0 { writer.varint(Fields.droppedAttributesCount, UInt64(record.droppedAttributes)) }
        for event in record.events {
            let inner = writer.open(Fields.events)
            writer.fixed64(OTLPFields.SpanEvent.timeUnixNano, event.time)
            writer.string(OTLPFields.SpanEvent.name, event.name)
            for attribute in event.attributes { write(attribute, OTLPFields.SpanEvent.attributes, asJSON: isFacade, to: &writer) }
            writer.close(inner)
        }
        if record.droppedEvents > 0 { writer.varint(Fields.droppedEventsCount, UInt64(record.droppedEvents)) }
        for link in record.links {
            let inner = writer.open(Fields.links)
            writer.identifier(OTLPFields.SpanLink.traceID, high: link.context.traceID.high, low: link.context.traceID.low)
            writer.identifier(OTLPFields.SpanLink.spanID, link.context.spanID.rawValue)
            if !link.context.traceState.isEmpty { writer.string(OTLPFields.SpanLink.traceState, link.context.traceState) }
            for attribute in link.attributes { write(attribute, OTLPFields.SpanLink.attributes, asJSON: isFacade, to: &writer) }
            writer.fixed32(OTLPFields.SpanLink.flags, otlpFlags(link.context.flags, isRemote: link.context.isRemote))
            writer.close(inner)
        }
        if record.droppedLinks > 0 { writer.varint(Fields.droppedLinksCount, UInt64(record.droppedLinks)) }
        if record.status != .unset {
            let inner = writer.open(Fields.status)
            if !record.statusMessage.isEmpty { writer.string(OTLPFields.Status.message, record.statusMessage) }
            writer.varint(OTLPFields.Status.code, UInt64(record.status.rawValue))
            writer.close(inner)
        }
        writer.fixed32(Fields.flags, otlpFlags(record.flags, isRemote: record.parentIsRemote))
        writer.close(message)
    }

    /// The field `flags`: above those of W3C stand OTLP's bits, 256 whether the other span is remote is known, 512 it is.
    @inline(__always)
    static func otlpFlags(_ flags: TraceFlags, isRemote: Bool) -> UInt32 {
        UInt32(flags.rawValue) | 256 | (isRemote ? 512 : 0)
    }

    private static func writeBookkeeping(_ record: SpanRecord, to writer: inout WireWriter, scratch: inout [UInt8]) {
        text("logfire.span_type", record.kind.rawValue, to: &writer)
        if let template = record.template { text("logfire.msg_template", template, to: &writer) }
        if let message = record.message { text("logfire.msg", message, to: &writer) }
        if let level = record.level { number("logfire.level_num", Int64(level.rawValue), to: &writer) }
        if !record.file.isEmpty {
            text("code.filepath", record.file, to: &writer)
            text("code.function", record.function, to: &writer)
            number("code.lineno", Int64(record.line), to: &writer)
        }
        if !record.tags.isEmpty { write(Attribute("logfire.tags", .strings(record.tags)), Fields.attributes, asJSON: false, to: &writer) }
        if record.kind == .pending {
            text("logfire.pending_parent_id", record.parentSpanID?.description ?? "0000000000000000", to: &writer)
        }
        if record.template != nil, !record.attributes.isEmpty {
            scratch.removeAll(keepingCapacity: true)
            JSONSchema.append(record.attributes, to: &scratch)
            bytes("logfire.json_schema", scratch, to: &writer)
        }
        if let metrics = record.metrics { bytes("logfire.metrics", JSONText.bytes(of: metrics), to: &writer) }
        if !record.scrubbed.isEmpty {
            scratch.removeAll(keepingCapacity: true)
            JSONText.append(Scrubber.notice(of: record.scrubbed), to: &scratch)
            bytes("logfire.scrubbed", scratch, to: &writer)
        }
    }

    // MARK: Attributes

    private static func text(_ key: String, _ value: String, to writer: inout WireWriter) {
        writer.textAttribute(Fields.attributes, key, value)
    }

    private static func number(_ key: String, _ value: Int64, to writer: inout WireWriter) {
        writer.attribute(Fields.attributes, OTLPAttribute(key, .int(value)))
    }

    /// Text that is at hand as bytes.
    private static func bytes(_ key: String, _ value: [UInt8], to writer: inout WireWriter) {
        let message = writer.open(Fields.attributes)
        writer.string(OTLPFields.KeyValue.key, key)
        let inner = writer.open(OTLPFields.KeyValue.value)
        writer.bytes(OTLPFields.AnyValue.stringValue, value)
        writer.close(inner)
        writer.close(message)
    }

    /// - Parameter asJSON: structures become JSON text, as Hearth's schema tells them; otherwise OTLP arrays and maps.
    private static func write(_ attribute: Attribute, _ tag: WireTag, asJSON: Bool, to writer: inout WireWriter) {
        if case .string(let text) = attribute.value {
            writer.textAttribute(tag, attribute.key, text)
            return
        }
        let message = writer.open(tag)
        writer.string(OTLPFields.KeyValue.key, attribute.key)
        write(attribute.value, OTLPFields.KeyValue.value, asJSON: asJSON, to: &writer)
        writer.close(message)
    }

    private static func write(_ value: AttributeValue, _ tag: WireTag, asJSON: Bool, to writer: inout WireWriter) {
        let message = writer.open(tag)
        switch value {
        case .string(let text): writer.string(OTLPFields.AnyValue.stringValue, text)
        case .bool(let flag): writer.bool(OTLPFields.AnyValue.boolValue, flag)
        case .int(let number): writer.int(OTLPFields.AnyValue.intValue, number)
        case .double(let number): writer.double(OTLPFields.AnyValue.doubleValue, number)
        case .strings(let texts):
            let list = writer.open(OTLPFields.AnyValue.arrayValue)
            for text in texts { write(.string(text), OTLPFields.Values.values, asJSON: false, to: &writer) }
            writer.close(list)
        case .array, .object, .null:
            if asJSON {
                writer.bytes(OTLPFields.AnyValue.stringValue, JSONText.bytes(of: value))
            } else if case .array(let elements) = value {
                let list = writer.open(OTLPFields.AnyValue.arrayValue)
                for element in elements { write(element, OTLPFields.Values.values, asJSON: false, to: &writer) }
                writer.close(list)
            } else if case .object(let members) = value {
                let list = writer.open(OTLPFields.AnyValue.keyValueList)
                for member in members { write(member, OTLPFields.Values.values, asJSON: false, to: &writer) }
                writer.close(list)
            }
        }
        writer.close(message)
    }
}
