import TelemetryModel

extension RecordBuilder {
    mutating func beginSpan() {
        record.begin()
        events.removeAll(keepingCapacity: true)
        links.removeAll(keepingCapacity: true)
        span = SpanDraft()
    }

    /// Adds an event of the span whose attributes are in ``detail``.
    mutating func addEvent(name: TextRef, time: UInt64, source: Span<UInt8>) {
        let isException = text.equal(name, "exception")
        if isException, !span.isException {
            span.isException = true
            span.exception = ExceptionTexts(detail)
        }
        if !isException { span.eventCount &+= 1 }
        let mark = text.mark
        JSONText.append("{\"event_name\":", to: &text.arena)
        AttributeJSON.appendString(name, source: source, text: &text, scratch: &scratch)
        JSONText.append(",\"event_timestamp\":", to: &text.arena)
        JSONText.appendTimestamp(Self.clamped(time), to: &text.arena)
        appendAttributesMember(source: source)
        Self.moveTail(of: &text, from: mark, to: &events)
    }

    /// Adds a link of the span whose attributes are in ``detail``.
    mutating func addLink(traceID: TraceID, spanID: SpanID, source: Span<UInt8>) {
        let mark = text.mark
        JSONText.append("{\"trace_id\":", to: &text.arena)
        JSONText.appendHex(high: traceID.high, low: traceID.low, to: &text.arena)
        JSONText.append(",\"span_id\":", to: &text.arena)
        JSONText.appendHex(spanID.value, to: &text.arena)
        appendAttributesMember(source: source)
        Self.moveTail(of: &text, from: mark, to: &links)
    }

    private mutating func appendAttributesMember(source: Span<UInt8>) {
        JSONText.append(",\"attributes\":", to: &text.arena)
        AttributeJSON.appendObject(detail, source: source, text: &text, scratch: &scratch)
        text.arena.append(0x7d)
    }

    /// Moves what was appended to the arena since `mark` to a list of JSON values.
    private static func moveTail(of text: inout TextStore, from mark: Int, to list: inout [UInt8]) {
        if !list.isEmpty { list.append(0x2c) }
        list.append(contentsOf: text.arena[mark...])
        text.arena.removeLast(text.arena.count - mark)
    }

    /// Appends the row of the span, or counts it as rejected.
    mutating func finishSpan(source: Span<UInt8>) {
        var row = RecordRow()
        row.traceID = span.traceID
        row.spanID = span.spanID
        row.parentSpanID = span.parentSpanID
        row.startNanoseconds = Self.clamped(span.start)
        row.endNanoseconds = max(row.startNanoseconds, Self.clamped(span.end))
        row.spanKind = span.kind <= 5 ? UInt8(span.kind) : 0
        row.statusCode = span.statusCode <= 2 ? StatusCode(rawValue: UInt8(span.statusCode)) ?? .unset : .unset
        row.statusMessage = span.statusMessage.isEmpty ? .null : span.statusMessage
        row.spanName = UTF8Text.cut(span.name, to: Self.nameLimit, in: text)
        row.message = row.spanName
        row.isException = span.isException
        row.exceptionType = span.exception.type
        row.exceptionMessage = span.exception.message
        row.exceptionStacktrace = span.exception.stacktrace
        row.spanEventCount = UInt16(clamping: span.eventCount)
        row.level = row.statusCode == .error ? Level.error : Level.info

        let special = SpecialAttributes(record, text, source: source)
        switch special.spanType {
        case .span: break
        case .log:
            row.kind = .log
            row.endNanoseconds = row.startNanoseconds
        case .pendingSpan:
            row.kind = .pendingSpan
            row.endNanoseconds = row.startNanoseconds
            row.spanID = row.parentSpanID
            row.parentSpanID = special.pendingParent
        }
        if let reason = Self.refusal(row) {
            rejected.add(reason)
            record.discard()
            return
        }
        if limits.derivesMessages, row.kind != .log {
            if special.message.isNull {
                let message = special.foreign.message(row, special, &text, scratch: &scratch)
                if !message.isNull { row.message = UTF8Text.cut(message, to: Self.nameLimit, in: text) }
            }
            if special.level == nil, let level = special.foreign.level(row, special, scope: context.scopeName, text) { row.level = level }
        }
        row.eventsJSON = Self.array(events, &text)
        row.linksJSON = Self.array(links, &text)
        finish(&row, special, source: source)
    }

    private static func refusal(_ row: RecordRow) -> String? {
        if !row.traceID.isValid { return "trace_id: a span needs one of 16 bytes that are not all zero" }
        if row.spanID.isValid { return nil }
        return row.kind == .pendingSpan
            ? "parent_span_id: a pending span needs the id of the span it announces"
            : "span_id: a span needs one of 8 bytes that are not all zero"
    }
}
