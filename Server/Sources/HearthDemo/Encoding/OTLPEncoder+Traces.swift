import OTLPWire

extension OTLPEncoder {
    /// `ExportTraceServiceRequest`.
    func traces(_ spans: [SentSpan], of service: DemoService) -> [UInt8] {
        var writer = WireWriter(capacity: 4_096)
        let resourceSpans = writer.open(OTLPFields.TracesData.resourceSpans)
        writeResource(service, OTLPFields.ResourceSpans.resource, to: &writer)
        for group in Self.grouped(spans, by: \.span.scope) {
            let scopeSpans = writer.open(OTLPFields.ResourceSpans.scopeSpans)
            Self.write(group.scope, OTLPFields.ScopeSpans.scope, to: &writer)
            for sent in group.elements {
                switch sent {
                case .pending(let span): Self.writePending(span, to: &writer)
                case .final(let span): Self.writeFinal(span, to: &writer)
                }
            }
            writer.close(scopeSpans)
        }
        writer.close(resourceSpans)
        return writer.bytes
    }

    /// The announcement: a span of its own below the real one, without duration and without what is known only at the end.
    private static func writePending(_ span: SpanDraft, to writer: inout WireWriter) {
        let message = writer.open(OTLPFields.ScopeSpans.spans)
        writeIdentity(span, id: span.pendingID, parent: span.spanID, end: span.start, to: &writer)
        writeLogfire(span, type: "pending_span", schema: AttributeList.schemaText(span.opening), to: &writer)
        write(Attribute("logfire.pending_parent_id", .string(IdentifierSource.hex(span.parentID))), OTLPFields.Span.attributes, to: &writer)
        for attribute in span.opening.items { write(attribute, OTLPFields.Span.attributes, to: &writer) }
        writer.fixed32(OTLPFields.Span.flags, 0x100)
        writer.close(message)
    }

    private static func writeFinal(_ span: SpanDraft, to writer: inout WireWriter) {
        let message = writer.open(OTLPFields.ScopeSpans.spans)
        writeIdentity(span, id: span.spanID, parent: span.parentID, end: span.end, to: &writer)
        for attribute in span.opening.items { write(attribute, OTLPFields.Span.attributes, to: &writer) }
        for attribute in span.closing.items { write(attribute, OTLPFields.Span.attributes, to: &writer) }
        switch span.style {
        case .logfire: writeLogfire(span, type: "span", schema: AttributeList.schemaText(span.opening, span.closing), to: &writer)
        case .log: writeLogfire(span, type: "log", schema: AttributeList.schemaText(span.opening, span.closing), to: &writer)
        case .plain: break
        }
        if let level = span.level, span.style != .plain {
            write(Attribute("logfire.level_num", .int(level.rawValue)), OTLPFields.Span.attributes, to: &writer)
        }
        for event in span.events {
            let nested = writer.open(OTLPFields.Span.events)
            writer.fixed64(OTLPFields.SpanEvent.timeUnixNano, UInt64(event.time))
            writer.string(OTLPFields.SpanEvent.name, event.name)
            for attribute in event.attributes.items { write(attribute, OTLPFields.SpanEvent.attributes, to: &writer) }
            writer.close(nested)
        }
        if span.status != .unset {
            let status = writer.open(OTLPFields.Span.status)
            if !span.statusMessage.isEmpty { writer.string(OTLPFields.Status.message, span.statusMessage) }
            writer.varint(OTLPFields.Status.code, UInt64(span.status.rawValue))
            writer.close(status)
        }
        writer.fixed32(OTLPFields.Span.flags, span.hasRemoteParent ? 0x300 : 0x100)
        writer.close(message)
    }

    private static func writeIdentity(_ span: SpanDraft, id: UInt64, parent: UInt64, end: Int64, to writer: inout WireWriter) {
        writer.identifier(OTLPFields.Span.traceID, high: span.traceID.high, low: span.traceID.low)
        writer.identifier(OTLPFields.Span.spanID, id)
        if parent != 0 { writer.identifier(OTLPFields.Span.parentSpanID, parent) }
        writer.string(OTLPFields.Span.name, span.name)
        writer.varint(OTLPFields.Span.kind, UInt64(span.kind.rawValue))
        writer.fixed64(OTLPFields.Span.startTimeUnixNano, UInt64(span.start))
        writer.fixed64(OTLPFields.Span.endTimeUnixNano, UInt64(end))
    }

    private static func writeLogfire(_ span: SpanDraft, type: String, schema: String?, to writer: inout WireWriter) {
        write(Attribute("logfire.span_type", .string(type)), OTLPFields.Span.attributes, to: &writer)
        write(Attribute("logfire.msg", .string(span.message)), OTLPFields.Span.attributes, to: &writer)
        if span.scope.name.hasPrefix("logfire") {
            write(Attribute("logfire.msg_template", .string(span.name)), OTLPFields.Span.attributes, to: &writer)
        }
        if !span.tags.isEmpty { write(Attribute("logfire.tags", .strings(span.tags)), OTLPFields.Span.attributes, to: &writer) }
        if let schema { write(Attribute("logfire.json_schema", .string(schema)), OTLPFields.Span.attributes, to: &writer) }
    }
}
