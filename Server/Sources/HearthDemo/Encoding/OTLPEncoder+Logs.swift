import OTLPWire

extension OTLPEncoder {
    /// `ExportLogsServiceRequest`.
    func logs(_ logs: [LogDraft], of service: DemoService) -> [UInt8] {
        var writer = WireWriter(capacity: 1_024)
        let resourceLogs = writer.open(OTLPFields.LogsData.resourceLogs)
        writeResource(service, OTLPFields.ResourceLogs.resource, to: &writer)
        for group in Self.grouped(logs, by: \.scope) {
            let scopeLogs = writer.open(OTLPFields.ResourceLogs.scopeLogs)
            Self.write(group.scope, OTLPFields.ScopeLogs.scope, to: &writer)
            for log in group.elements {
                let record = writer.open(OTLPFields.ScopeLogs.logRecords)
                writer.fixed64(OTLPFields.LogRecord.timeUnixNano, UInt64(log.time))
                writer.fixed64(OTLPFields.LogRecord.observedTimeUnixNano, UInt64(log.time))
                writer.varint(OTLPFields.LogRecord.severityNumber, UInt64(log.severity.rawValue))
                writer.string(OTLPFields.LogRecord.severityText, log.severityText)
                let body = writer.open(OTLPFields.LogRecord.body)
                writer.string(OTLPFields.AnyValue.stringValue, log.body)
                writer.close(body)
                for attribute in log.attributes.items { Self.write(attribute, OTLPFields.LogRecord.attributes, to: &writer) }
                writer.fixed32(OTLPFields.LogRecord.flags, 1)
                writer.identifier(OTLPFields.LogRecord.traceID, high: log.traceID.high, low: log.traceID.low)
                writer.identifier(OTLPFields.LogRecord.spanID, log.spanID)
                writer.close(record)
            }
            writer.close(scopeLogs)
        }
        writer.close(resourceLogs)
        return writer.bytes
    }
}
