import TelemetryModel

extension RecordBuilder {
    mutating func beginLog() {
        record.begin()
        log = LogDraft()
    }

    /// Sets the body of the log record to a decoded value.
    mutating func setBody(_ value: Attribute, source: Span<UInt8>) {
        log.bodyText = value.kind == .string ? value.text : .null
        log.bodyJSON = .null
        guard value.kind != .empty else { return }
        let value = fitBody(value)
        let mark = text.mark
        AttributeJSON.appendValue(value, embed: false, source: source, text: &text, scratch: &scratch)
        log.bodyJSON = text.reference(from: mark)
    }

    /// Appends the row of the log record.
    ///
    /// - Parameter size: bytes of the record as received.
    mutating func finishLog(size: Int, source: Span<UInt8>) {
        fitRecord(size: size)
        var row = RecordRow()
        row.kind = .log
        row.isOTLPLog = true
        row.startNanoseconds = Self.clamped(log.time != 0 ? log.time : log.observedTime)
        row.endNanoseconds = row.startNanoseconds
        row.parentSpanID = log.spanID
        row.level = log.severity >= 1 && log.severity <= 24 ? Int16(log.severity) : Level.info
        row.logBodyJSON = log.bodyJSON
        let special = SpecialAttributes(record, text, source: source)
        let eventName = log.eventName.isEmpty ? special.eventName : log.eventName
        row.spanName = UTF8Text.cut(logName(eventName: eventName), to: Self.nameLimit, in: text)
        row.message = UTF8Text.cut(log.bodyText.isNull ? eventName : log.bodyText, to: Self.nameLimit, in: text)
        if row.message.isNull { row.message = .empty }
        let exception = ExceptionTexts(record)
        row.isException = !exception.type.isNull || !exception.message.isNull || text.equal(eventName, "exception")
        if row.isException {
            row.exceptionType = exception.type
            row.exceptionMessage = UTF8Text.cut(exception.message, to: Self.exceptionLimit, in: text)
            row.exceptionStacktrace = UTF8Text.cut(exception.stacktrace, to: Self.exceptionLimit, in: text)
        }
        finish(&row, special, source: source)
        LogIdentity.assign(&rows[rows.count - 1], log, record, context, text, &logOrdinals)
    }

    /// The event name, else the first line of a text body, else the name of the scope.
    private mutating func logName(eventName: TextRef) -> TextRef {
        if !eventName.isEmpty { return eventName }
        if !log.bodyText.isEmpty {
            let line = text.withBytes(log.bodyText) { $0.firstIndex { $0 == 0x0a || $0 == 0x0d } ?? $0.count }
            if line > 0 { return UTF8Text.cut(TextStore.slice(log.bodyText, 0..<line), to: LogDraft.nameLimit, in: text) }
        }
        if let scopeName { return scopeName }
        let name = context.scopeName.isEmpty ? .empty : text.append(context.scopeName)
        scopeName = name
        return name
    }
}
