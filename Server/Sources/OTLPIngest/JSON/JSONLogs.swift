import TelemetryModel

/// Decodes the records of an OTLP/JSON `ExportLogsServiceRequest`.
enum JSONLogs {
    static let names = JSONContext.Names(resources: "resourceLogs", scopes: "scopeLogs", records: "logRecords")

    /// `SeverityNumber` names: six levels with four steps each.
    private static let severities: [(StaticString, UInt64)] = [
        ("SEVERITY_NUMBER_TRACE", 1), ("SEVERITY_NUMBER_TRACE2", 2), ("SEVERITY_NUMBER_TRACE3", 3), ("SEVERITY_NUMBER_TRACE4", 4),
        ("SEVERITY_NUMBER_DEBUG", 5), ("SEVERITY_NUMBER_DEBUG2", 6), ("SEVERITY_NUMBER_DEBUG3", 7), ("SEVERITY_NUMBER_DEBUG4", 8),
        ("SEVERITY_NUMBER_INFO", 9), ("SEVERITY_NUMBER_INFO2", 10), ("SEVERITY_NUMBER_INFO3", 11), ("SEVERITY_NUMBER_INFO4", 12),
        ("SEVERITY_NUMBER_WARN", 13), ("SEVERITY_NUMBER_WARN2", 14), ("SEVERITY_NUMBER_WARN3", 15), ("SEVERITY_NUMBER_WARN4", 16),
        ("SEVERITY_NUMBER_ERROR", 17), ("SEVERITY_NUMBER_ERROR2", 18), ("SEVERITY_NUMBER_ERROR3", 19), ("SEVERITY_NUMBER_ERROR4", 20),
        ("SEVERITY_NUMBER_FATAL", 21), ("SEVERITY_NUMBER_FATAL2", 22), ("SEVERITY_NUMBER_FATAL3", 23), ("SEVERITY_NUMBER_FATAL4", 24),
    ]

    static func logRecord(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ builder: inout RecordBuilder
    ) throws(JSONError) {
        builder.beginLog()
        let start = reader.valueStart(bytes)
        try reader.beginObject(bytes)
        while let key = try reader.nextKey(bytes, &buffer) {
            if key.matches("timeUnixNano", bytes, buffer) {
                builder.log.time = try JSONValues.unsigned(&reader, bytes)
            } else if key.matches("observedTimeUnixNano", bytes, buffer) {
                builder.log.observedTime = try JSONValues.unsigned(&reader, bytes)
            } else if key.matches("severityNumber", bytes, buffer) {
                builder.log.severity = try JSONValues.enumeration(&reader, bytes, &buffer, severities)
            } else if key.matches("body", bytes, buffer) {
                try body(&reader, bytes, &buffer, &builder)
            } else if key.matches("attributes", bytes, buffer) {
                try JSONAttributes.attributes(&reader, bytes, builder.limits, &builder.text, &buffer, &builder.record)
            } else if key.matches("traceId", bytes, buffer) {
                builder.log.traceID = try JSONValues.traceID(&reader, bytes, &buffer)
            } else if key.matches("spanId", bytes, buffer) {
                builder.log.spanID = try JSONValues.spanID(&reader, bytes, &buffer)
            } else if key.matches("eventName", bytes, buffer) {
                builder.log.eventName = try JSONValues.string(&reader, bytes, &builder.text)
            } else {
                try reader.skipValue(bytes)
            }
        }
        builder.finishLog(size: reader.offset - start, source: bytes)
    }

    private static func body(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ builder: inout RecordBuilder
    ) throws(JSONError) {
        var value = Attribute(key: .unknown, kind: .empty, name: .empty)
        try JSONAttributes.value(&reader, bytes, builder.limits, &builder.text, &buffer, &value)
        builder.setBody(value, source: bytes)
    }
}
