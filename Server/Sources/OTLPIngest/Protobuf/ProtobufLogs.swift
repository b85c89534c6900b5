import OTLPWire
import TelemetryModel

/// Decodes `ExportLogsServiceRequest`.
enum ProtobufLogs {
    static func decode(_ bytes: Span<UInt8>, into builder: inout RecordBuilder) throws(WireError) {
        var reader = WireReader(bytes)
        while let tag = try reader.next(bytes) {
            if tag == OTLPFields.LogsData.resourceLogs {
                try resourceLogs(bytes, try reader.range(bytes), &builder)
            } else {
                try reader.skip(tag, bytes)
            }
        }
    }

    private static func resourceLogs(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout RecordBuilder) throws(WireError) {
        try ProtobufContext.resource(bytes, range, builder.limits, &builder.text, &builder.detail)
        builder.setResource(source: bytes)
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            if tag == OTLPFields.ResourceLogs.scopeLogs {
                try scopeLogs(bytes, try reader.range(bytes), &builder)
            } else {
                try reader.skip(tag, bytes)
            }
        }
    }

    private static func scopeLogs(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout RecordBuilder) throws(WireError) {
        let (name, version) = try ProtobufContext.scope(bytes, range, builder.limits, &builder.text, &builder.detail)
        builder.setScope(name: name, version: version, source: bytes)
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            if tag == OTLPFields.ScopeLogs.logRecords {
                try logRecord(bytes, try reader.range(bytes), &builder)
                if builder.isOverLimit { throw WireError(.limitExceeded, at: reader.offset) }
            } else {
                try reader.skip(tag, bytes)
            }
        }
    }

    private static func logRecord(_ bytes: Span<UInt8>, _ range: Range<Int>, _ builder: inout RecordBuilder) throws(WireError) {
        builder.beginLog()
        var body: ProtobufValues.Pieces?
        var reader = WireReader(bytes, in: range)
        while let tag = try reader.next(bytes) {
            switch tag {
            case OTLPFields.LogRecord.attributes:
                try ProtobufValues.attribute(bytes, try reader.range(bytes), builder.limits, &builder.text, &builder.record)
            case OTLPFields.LogRecord.timeUnixNano:
                builder.log.time = try reader.fixed64(bytes)
            case OTLPFields.LogRecord.observedTimeUnixNano:
                builder.log.observedTime = try reader.fixed64(bytes)
            case OTLPFields.LogRecord.severityNumber:
                builder.log.severity = try ProtobufTraces.enumeration(&reader, bytes)
            case OTLPFields.LogRecord.body:
                let piece = try reader.range(bytes)
                if body == nil {
                    body = ProtobufValues.Pieces(first: piece)
                } else {
                    body?.append(piece)
                }
            case OTLPFields.LogRecord.traceID:
                builder.log.traceID = ProtobufContext.traceID(bytes, try reader.range(bytes))
            case OTLPFields.LogRecord.spanID:
                builder.log.spanID = ProtobufContext.spanID(bytes, try reader.range(bytes))
            case OTLPFields.LogRecord.eventName:
                builder.log.eventName = UTF8Text.reference(bytes, try reader.range(bytes), &builder.text)
            default:
                try reader.skip(tag, bytes)
            }
        }
        if let body {
            let value = try ProtobufValues.resolve(
                bytes, body, builder.limits, &builder.text, Attribute(key: .unknown, kind: .empty, name: .empty))
            builder.setBody(value, source: bytes)
        }
        builder.finishLog(size: range.count, source: bytes)
    }
}
