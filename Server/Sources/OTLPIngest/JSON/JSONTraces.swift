import TelemetryModel

extension RecordBuilder: JSONRecordSink {
    mutating func decodeDetail(_ reader: inout JSONReader, _ bytes: Span<UInt8>, _ buffer: inout [UInt8]) throws(JSONError) {
        try JSONAttributes.attributes(&reader, bytes, limits, &text, &buffer, &detail)
    }

    mutating func decodeRecord(_ reader: inout JSONReader, _ bytes: Span<UInt8>, _ buffer: inout [UInt8]) throws(JSONError) {
        switch signal {
        case .traces: try JSONTraces.span(&reader, bytes, &buffer, &self)
        case .logs: try JSONLogs.logRecord(&reader, bytes, &buffer, &self)
        }
    }
}

/// Decodes the spans of an OTLP/JSON `ExportTraceServiceRequest`.
enum JSONTraces {
    static let names = JSONContext.Names(resources: "resourceSpans", scopes: "scopeSpans", records: "spans")

    private static let kinds: [(StaticString, UInt64)] = [
        ("SPAN_KIND_INTERNAL", 1), ("SPAN_KIND_SERVER", 2), ("SPAN_KIND_CLIENT", 3), ("SPAN_KIND_PRODUCER", 4), ("SPAN_KIND_CONSUMER", 5),
    ]
    private static let statusCodes: [(StaticString, UInt64)] = [("STATUS_CODE_OK", 1), ("STATUS_CODE_ERROR", 2)]

    static func span(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ builder: inout RecordBuilder
    ) throws(JSONError) {
        builder.beginSpan()
        let begin = reader.valueStart(bytes)
        try reader.beginObject(bytes)
        while let key = try reader.nextKey(bytes, &buffer) {
            if key.matches("traceId", bytes, buffer) {
                builder.span.traceID = try JSONValues.traceID(&reader, bytes, &buffer)
            } else if key.matches("spanId", bytes, buffer) {
                builder.span.spanID = try JSONValues.spanID(&reader, bytes, &buffer)
            } else if key.matches("parentSpanId", bytes, buffer) {
                builder.span.parentSpanID = try JSONValues.spanID(&reader, bytes, &buffer)
            } else if key.matches("name", bytes, buffer) {
                builder.span.name = try JSONValues.string(&reader, bytes, &builder.text)
            } else if key.matches("kind", bytes, buffer) {
                builder.span.kind = try JSONValues.enumeration(&reader, bytes, &buffer, kinds)
            } else if key.matches("startTimeUnixNano", bytes, buffer) {
                builder.span.start = try JSONValues.unsigned(&reader, bytes)
            } else if key.matches("endTimeUnixNano", bytes, buffer) {
                builder.span.end = try JSONValues.unsigned(&reader, bytes)
            } else if key.matches("attributes", bytes, buffer) {
                try JSONAttributes.attributes(&reader, bytes, builder.limits, &builder.text, &buffer, &builder.record)
            } else if key.matches("events", bytes, buffer) {
                try events(&reader, bytes, &buffer, &builder)
            } else if key.matches("links", bytes, buffer) {
                try links(&reader, bytes, &buffer, &builder)
            } else if key.matches("status", bytes, buffer) {
                try status(&reader, bytes, &buffer, &builder)
            } else if key.matches("flags", bytes, buffer) {
                builder.span.flags = try JSONValues.unsigned(&reader, bytes) & 0xffff_ffff
            } else if key.matches("traceState", bytes, buffer) {
                builder.span.traceState = try JSONValues.string(&reader, bytes, &builder.text)
            } else if key.matches("droppedAttributesCount", bytes, buffer) {
                builder.span.droppedAttributes = try JSONValues.unsigned(&reader, bytes) & 0xffff_ffff
            } else if key.matches("droppedEventsCount", bytes, buffer) {
                builder.span.droppedEvents = try JSONValues.unsigned(&reader, bytes) & 0xffff_ffff
            } else if key.matches("droppedLinksCount", bytes, buffer) {
                builder.span.droppedLinks = try JSONValues.unsigned(&reader, bytes) & 0xffff_ffff
            } else {
                try reader.skipValue(bytes)
            }
        }
        builder.finishSpan(size: reader.offset - begin, source: bytes)
    }

    private static func events(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ builder: inout RecordBuilder
    ) throws(JSONError) {
        if try reader.skipNull(bytes) { return }
        try reader.beginArray(bytes)
        while try reader.nextElement(bytes) {
            builder.detail.restart()
            var name = TextRef.empty
            var time: UInt64 = 0
            var dropped: UInt64 = 0
            let begin = reader.valueStart(bytes)
            try reader.beginObject(bytes)
            while let key = try reader.nextKey(bytes, &buffer) {
                if key.matches("name", bytes, buffer) {
                    name = try JSONValues.string(&reader, bytes, &builder.text)
                } else if key.matches("timeUnixNano", bytes, buffer) {
                    time = try JSONValues.unsigned(&reader, bytes)
                } else if key.matches("droppedAttributesCount", bytes, buffer) {
                    dropped = try JSONValues.unsigned(&reader, bytes) & 0xffff_ffff
                } else if key.matches("attributes", bytes, buffer) {
                    try JSONAttributes.attributes(&reader, bytes, builder.limits, &builder.text, &buffer, &builder.detail)
                } else {
                    try reader.skipValue(bytes)
                }
            }
            builder.addEvent(name: name, time: time, droppedAttributes: dropped, size: reader.offset - begin, source: bytes)
            if builder.isOverLimit { throw JSONError(.limitExceeded, at: reader.offset) }
        }
    }

    private static func links(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ builder: inout RecordBuilder
    ) throws(JSONError) {
        if try reader.skipNull(bytes) { return }
        try reader.beginArray(bytes)
        while try reader.nextElement(bytes) {
            builder.detail.restart()
            var traceID = TraceID.invalid
            var spanID = SpanID.none
            var traceState = TextRef.empty
            var dropped: UInt64 = 0
            let begin = reader.valueStart(bytes)
            try reader.beginObject(bytes)
            while let key = try reader.nextKey(bytes, &buffer) {
                if key.matches("traceId", bytes, buffer) {
                    traceID = try JSONValues.traceID(&reader, bytes, &buffer)
                } else if key.matches("spanId", bytes, buffer) {
                    spanID = try JSONValues.spanID(&reader, bytes, &buffer)
                } else if key.matches("traceState", bytes, buffer) {
                    traceState = try JSONValues.string(&reader, bytes, &builder.text)
                } else if key.matches("droppedAttributesCount", bytes, buffer) {
                    dropped = try JSONValues.unsigned(&reader, bytes) & 0xffff_ffff
                } else if key.matches("attributes", bytes, buffer) {
                    try JSONAttributes.attributes(&reader, bytes, builder.limits, &builder.text, &buffer, &builder.detail)
                } else {
                    try reader.skipValue(bytes)
                }
            }
            builder.addLink(
                traceID: traceID, spanID: spanID, traceState: traceState, droppedAttributes: dropped, size: reader.offset - begin,
                source: bytes)
            if builder.isOverLimit { throw JSONError(.limitExceeded, at: reader.offset) }
        }
    }

    private static func status(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ builder: inout RecordBuilder
    ) throws(JSONError) {
        if try reader.skipNull(bytes) { return }
        try reader.beginObject(bytes)
        while let key = try reader.nextKey(bytes, &buffer) {
            if key.matches("code", bytes, buffer) {
                builder.span.statusCode = try JSONValues.enumeration(&reader, bytes, &buffer, statusCodes)
            } else if key.matches("message", bytes, buffer) {
                builder.span.statusMessage = try JSONValues.string(&reader, bytes, &builder.text)
            } else {
                try reader.skipValue(bytes)
            }
        }
    }
}
