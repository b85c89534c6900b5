import OTLPWire
import TelemetryModel

/// Decodes `ExportTraceServiceRequest`.
enum ProtobufTraces {
    static func decode(_ bytes: Span<UInt8>, into builder: inout RecordBuilder) throws(WireError) {
        var reader = WireReader(bytes)
        while let tag = try reader.next(bytes) {
            if tag == OTLPFields.TracesData.resourceSpans {
                try resourceSpans(bytes, try reader.range(bytes), &builder)
            } else {
                try reader.skip(tag, bytes)
            }
        }
    }

    private static func resourceSpans(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout RecordBuilder) throws(WireError) {
        try ProtobufContext.resource(bytes, range, builder.limits, &builder.text, &builder.detail)
        builder.setResource(source: bytes)
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            if tag == OTLPFields.ResourceSpans.scopeSpans {
                try scopeSpans(bytes, try reader.range(bytes), &builder)
            } else {
                try reader.skip(tag, bytes)
            }
        }
    }

    private static func scopeSpans(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout RecordBuilder) throws(WireError) {
        let (name, version) = try ProtobufContext.scope(bytes, range, builder.limits, &builder.text, &builder.detail)
        builder.setScope(name: name, version: version, source: bytes)
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            if tag == OTLPFields.ScopeSpans.spans {
                try span(bytes, try reader.range(bytes), &builder)
                if builder.isOverLimit { throw WireError(.limitExceeded, at: reader.offset) }
            } else {
                try reader.skip(tag, bytes)
            }
        }
    }

    private static func span(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout RecordBuilder) throws(WireError) {
        builder.beginSpan()
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            switch tag {
            case OTLPFields.Span.attributes:
                try ProtobufValues.attribute(bytes, try reader.range(bytes), builder.limits, &builder.text, &builder.record)
            case OTLPFields.Span.traceID:
                builder.span.traceID = ProtobufContext.traceID(bytes, try reader.range(bytes))
            case OTLPFields.Span.spanID:
                builder.span.spanID = ProtobufContext.spanID(bytes, try reader.range(bytes))
            case OTLPFields.Span.parentSpanID:
                builder.span.parentSpanID = ProtobufContext.spanID(bytes, try reader.range(bytes))
            case OTLPFields.Span.name:
                builder.span.name = UTF8Text.reference(bytes, try reader.range(bytes), &builder.text)
            case OTLPFields.Span.kind:
                builder.span.kind = try enumeration(&reader, bytes)
            case OTLPFields.Span.startTimeUnixNano:
                builder.span.start = try reader.fixed64(bytes)
            case OTLPFields.Span.endTimeUnixNano:
                builder.span.end = try reader.fixed64(bytes)
            case OTLPFields.Span.events:
                try event(bytes, try reader.range(bytes), &builder)
                if builder.isOverLimit { throw WireError(.limitExceeded, at: reader.offset) }
            case OTLPFields.Span.links:
                try link(bytes, try reader.range(bytes), &builder)
                if builder.isOverLimit { throw WireError(.limitExceeded, at: reader.offset) }
            case OTLPFields.Span.status:
                try status(bytes, try reader.range(bytes), &builder)
            case OTLPFields.Span.flags:
                builder.span.flags = UInt64(try reader.fixed32(bytes))
            case OTLPFields.Span.traceState:
                builder.span.traceState = UTF8Text.reference(bytes, try reader.range(bytes), &builder.text)
            case OTLPFields.Span.droppedAttributesCount:
                builder.span.droppedAttributes = try enumeration(&reader, bytes)
            case OTLPFields.Span.droppedEventsCount:
                builder.span.droppedEvents = try enumeration(&reader, bytes)
            case OTLPFields.Span.droppedLinksCount:
                builder.span.droppedLinks = try enumeration(&reader, bytes)
            default:
                try reader.skip(tag, bytes)
            }
        }
        builder.finishSpan(size: range.count, source: bytes)
    }

    /// Enums are `int32` on the wire: the low 32 bits count.
    static func enumeration(_ reader: inout WireReader, _ bytes: Span<UInt8>) throws(WireError) -> UInt64 {
        try reader.varint(bytes) & 0xffff_ffff
    }

    private static func event(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout RecordBuilder) throws(WireError) {
        builder.detail.restart()
        var name = TextRef.empty
        var time: UInt64 = 0
        var dropped: UInt64 = 0
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            switch tag {
            case OTLPFields.SpanEvent.name:
                name = UTF8Text.reference(bytes, try reader.range(bytes), &builder.text)
            case OTLPFields.SpanEvent.timeUnixNano:
                time = try reader.fixed64(bytes)
            case OTLPFields.SpanEvent.droppedAttributesCount:
                dropped = try enumeration(&reader, bytes)
            case OTLPFields.SpanEvent.attributes:
                try ProtobufValues.attribute(bytes, try reader.range(bytes), builder.limits, &builder.text, &builder.detail)
            default:
                try reader.skip(tag, bytes)
            }
        }
        builder.addEvent(name: name, time: time, droppedAttributes: dropped, size: range.count, source: bytes)
    }

    private static func link(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout RecordBuilder) throws(WireError) {
        builder.detail.restart()
        var traceID = TraceID.invalid
        var spanID = SpanID.none
        var traceState = TextRef.empty
        var dropped: UInt64 = 0
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            switch tag {
            case OTLPFields.SpanLink.traceID:
                traceID = ProtobufContext.traceID(bytes, try reader.range(bytes))
            case OTLPFields.SpanLink.spanID:
                spanID = ProtobufContext.spanID(bytes, try reader.range(bytes))
            case OTLPFields.SpanLink.traceState:
                traceState = UTF8Text.reference(bytes, try reader.range(bytes), &builder.text)
            case OTLPFields.SpanLink.droppedAttributesCount:
                dropped = try enumeration(&reader, bytes)
            case OTLPFields.SpanLink.attributes:
                try ProtobufValues.attribute(bytes, try reader.range(bytes), builder.limits, &builder.text, &builder.detail)
            default:
                try reader.skip(tag, bytes)
            }
        }
        builder.addLink(
            traceID: traceID, spanID: spanID, traceState: traceState, droppedAttributes: dropped, size: range.count, source: bytes)
    }

    private static func status(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout RecordBuilder) throws(WireError) {
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            switch tag {
            case OTLPFields.Status.code:
                builder.span.statusCode = try enumeration(&reader, bytes)
            case OTLPFields.Status.message:
                builder.span.statusMessage = UTF8Text.reference(bytes, try reader.range(bytes), &builder.text)
            default:
                try reader.skip(tag, bytes)
            }
        }
    }
}
