import TelemetryModel

extension RecordBuilder {
    mutating func beginSpan() {
        record.begin()
        events.removeAll(keepingCapacity: true)
        links.removeAll(keepingCapacity: true)
        span = SpanDraft()
    }

    /// Adds an event of the span whose attributes are in ``detail``.
    ///
    /// - Parameters:
    ///   - droppedAttributes: attributes that the sender left out.
    ///   - size: bytes of the event as received.
    mutating func addEvent(name: TextRef, time: UInt64, droppedAttributes: UInt64, size: Int, source: Span<UInt8>) {
        let isException = text.equal(name, "exception")
        if isException, !span.isException {
            span.isException = true
            span.exception = ExceptionTexts(detail)
        }
        if !isException { span.eventCount &+= 1 }
        fitDetail(size: size, owner: "otel_events")
        let mark = text.mark
        JSONText.append("{\"event_name\":", to: &text.arena)
        AttributeJSON.appendString(name, source: source, text: &text, scratch: &scratch)
        JSONText.append(",\"event_timestamp\":", to: &text.arena)
        JSONText.appendTimestamp(Self.clamped(time), to: &text.arena)
        appendAttributesMember(droppedAttributes: droppedAttributes, source: source)
        Self.moveTail(of: &text, from: mark, to: &events)
    }

    /// Adds a link of the span whose attributes are in ``detail``.
    ///
    /// - Parameters:
    ///   - traceState: empty when the link has none.
    ///   - droppedAttributes: attributes that the sender left out.
    ///   - size: bytes of the link as received.
    mutating func addLink(
        traceID: TraceID, spanID: SpanID, traceState: TextRef, droppedAttributes: UInt64, size: Int, source: Span<UInt8>
    ) {
        fitDetail(size: size, owner: "otel_links")
        let mark = text.mark
        JSONText.append("{\"trace_id\":", to: &text.arena)
        JSONText.appendHex(high: traceID.high, low: traceID.low, to: &text.arena)
        JSONText.append(",\"span_id\":", to: &text.arena)
        JSONText.appendHex(spanID.value, to: &text.arena)
        if !traceState.isEmpty {
            JSONText.append(",\"trace_state\":", to: &text.arena)
            AttributeJSON.appendString(traceState, source: source, text: &text, scratch: &scratch)
        }
        appendAttributesMember(droppedAttributes: droppedAttributes, source: source)
        Self.moveTail(of: &text, from: mark, to: &links)
    }

    private mutating func appendAttributesMember(droppedAttributes: UInt64, source: Span<UInt8>) {
        if droppedAttributes > 0 {
            JSONText.append(",\"dropped_attributes_count\":", to: &text.arena)
            JSONText.appendUInt(droppedAttributes, to: &text.arena)
        }
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
    ///
    /// - Parameter size: bytes of the span as received.
    mutating func finishSpan(size: Int, source: Span<UInt8>) {
        addSenderFacts()
        fitRecord(size: size)
        var row = RecordRow()
        row.traceID = span.traceID
        row.spanID = span.spanID
        row.parentSpanID = span.parentSpanID
        // A span that was never given a start is one of no duration.
        row.startNanoseconds = Self.clamped(span.start != 0 ? span.start : span.end)
        row.endNanoseconds = max(row.startNanoseconds, Self.clamped(span.end))
        row.spanKind = span.kind <= 5 ? UInt8(span.kind) : 0
        row.statusCode = span.statusCode <= 2 ? StatusCode(rawValue: UInt8(span.statusCode)) ?? .unset : .unset
        row.statusMessage = span.statusMessage.isEmpty ? .null : span.statusMessage
        row.spanName = UTF8Text.cut(span.name, to: Self.nameLimit, in: text)
        row.message = row.spanName
        row.isException = span.isException
        row.exceptionType = span.exception.type
        row.exceptionMessage = UTF8Text.cut(span.exception.message, to: Self.exceptionLimit, in: text)
        row.exceptionStacktrace = UTF8Text.cut(span.exception.stacktrace, to: Self.exceptionLimit, in: text)
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

    /// Adds what OTLP says of a span beside its attributes, where it says anything: the names are those of OpenTelemetry's mapping to other
    /// formats, and no column of the hot table is spent on facts that are rare.
    private mutating func addSenderFacts() {
        guard span.hasSenderFacts else { return }
        if !span.traceState.isEmpty {
            add(Attribute(key: .unknown, kind: .string, name: .empty, text: span.traceState), named: "otel.trace_state")
        }
        let numbers = [
            ("otel.span.flags", span.flags & ~SpanDraft.ordinaryFlags == 0 ? 0 : span.flags),
            ("otel.dropped_attributes_count", span.droppedAttributes), ("otel.dropped_events_count", span.droppedEvents),
            ("otel.dropped_links_count", span.droppedLinks),
        ]
        for (name, number) in numbers where number != 0 {
            add(Attribute(key: .unknown, kind: .int, name: .empty, bits: number), named: name)
        }
    }

    private static func refusal(_ row: RecordRow) -> String? {
        if !row.traceID.isValid { return "trace_id: a span needs one of 16 bytes that are not all zero" }
        if row.spanID.isValid { return nil }
        return row.kind == .pendingSpan
            ? "parent_span_id: a pending span needs the id of the span it announces"
            : "span_id: a span needs one of 8 bytes that are not all zero"
    }
}
