import OTLPWire

extension WireWriter {
    mutating func attribute(_ tag: WireTag, _ key: String, _ value: String) {
        let pair = openPair(tag, key)
        string(OTLPFields.AnyValue.stringValue, value)
        close(pair)
    }

    mutating func attribute(_ tag: WireTag, _ key: String, _ value: Int) {
        let pair = openPair(tag, key)
        int(OTLPFields.AnyValue.intValue, Int64(value))
        close(pair)
    }

    mutating func attribute(_ tag: WireTag, _ key: String, _ value: Double) {
        let pair = openPair(tag, key)
        double(OTLPFields.AnyValue.doubleValue, value)
        close(pair)
    }

    /// An array of one text.
    mutating func attribute(_ tag: WireTag, _ key: String, list value: String) {
        let pair = openPair(tag, key)
        let array = open(OTLPFields.AnyValue.arrayValue)
        let element = open(OTLPFields.Values.values)
        string(OTLPFields.AnyValue.stringValue, value)
        close(element)
        close(array)
        close(pair)
    }

    private mutating func openPair(_ tag: WireTag, _ key: String) -> (Message, Message) {
        let pair = open(tag)
        string(OTLPFields.KeyValue.key, key)
        return (pair, open(OTLPFields.KeyValue.value))
    }

    private mutating func close(_ pair: (Message, Message)) {
        close(pair.1)
        close(pair.0)
    }
}

/// One span's message, field by field.
struct SpanWriter {
    private var writer = WireWriter(capacity: 2_048)

    static let attributes = OTLPFields.Span.attributes

    init(_ trace: WorkloadTrace, id: UInt64, parent: UInt64, name: String, kind: Int, start: Int64, end: Int64) {
        writer.identifier(OTLPFields.Span.traceID, high: trace.high, low: trace.low)
        writer.identifier(OTLPFields.Span.spanID, id)
        if parent != 0 { writer.identifier(OTLPFields.Span.parentSpanID, parent) }
        writer.string(OTLPFields.Span.name, name)
        writer.varint(OTLPFields.Span.kind, UInt64(kind))
        writer.fixed64(OTLPFields.Span.startTimeUnixNano, UInt64(start))
        writer.fixed64(OTLPFields.Span.endTimeUnixNano, UInt64(end))
    }

    mutating func set(_ key: String, _ value: String) { writer.attribute(Self.attributes, key, value) }
    mutating func set(_ key: String, _ value: Int) { writer.attribute(Self.attributes, key, value) }
    mutating func set(_ key: String, _ value: Double) { writer.attribute(Self.attributes, key, value) }
    mutating func set(_ key: String, list value: String) { writer.attribute(Self.attributes, key, list: value) }

    mutating func exception(_ type: String, _ message: String, stacktrace: String, time: Int64) {
        let event = writer.open(OTLPFields.Span.events)
        writer.fixed64(OTLPFields.SpanEvent.timeUnixNano, UInt64(time))
        writer.string(OTLPFields.SpanEvent.name, "exception")
        writer.attribute(OTLPFields.SpanEvent.attributes, "exception.type", type)
        writer.attribute(OTLPFields.SpanEvent.attributes, "exception.message", message)
        writer.attribute(OTLPFields.SpanEvent.attributes, "exception.stacktrace", stacktrace)
        writer.close(event)
    }

    mutating func error(_ message: String) {
        let status = writer.open(OTLPFields.Span.status)
        if !message.isEmpty { writer.string(OTLPFields.Status.message, message) }
        writer.varint(OTLPFields.Status.code, 2)
        writer.close(status)
    }

    consuming func finish() -> [UInt8] {
        writer.fixed32(OTLPFields.Span.flags, 0x101)
        return writer.bytes
    }
}
