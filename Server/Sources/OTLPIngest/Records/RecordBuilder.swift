import TelemetryModel

/// Makes rows out of spans and logs, whichever encoding they came in.
///
/// Both front ends work alike: begin a record, fill ``span`` or ``log`` and the attribute lists in whatever order the fields
/// arrive, finish the record. All buffers are reused from record to record.
struct RecordBuilder {
    /// Bytes of a span name or message that are kept.
    static let nameLimit = 32 << 10

    enum Signal {
        case traces, logs
    }

    let signal: Signal
    let limits: DecodeLimits
    var text: TextStore
    var context = ContextList()
    /// Attributes of the record being decoded.
    var record = AttributeList()
    /// Attributes of the event, link, resource or scope being decoded.
    var detail = AttributeList()
    /// The span being decoded.
    var span = SpanDraft()
    /// The log record being decoded.
    var log = LogDraft()
    var scratch: [UInt8] = []

    private(set) var rows: [RecordRow] = []
    private(set) var rejected = Rejections()
    /// JSON of the span's events and links, without the brackets.
    private var events: [UInt8] = []
    private var links: [UInt8] = []
    /// For each attribute of the record: a string that is embedded as JSON.
    private var embedded: [Bool] = []
    private var logOrdinals = OrdinalTable()
    private var emptyObject = TextRef.null
    private var scopeName: TextRef?

    init(_ signal: Signal, body: [UInt8], limits: DecodeLimits) {
        self.signal = signal
        self.limits = limits
        text = TextStore(source: body)
    }

    /// The batch of everything finished so far.
    consuming func batch() -> RecordBatch {
        var batch = RecordBatch()
        batch.text = text
        batch.resources = context.resources
        batch.scopes = context.scopes
        batch.rows = rows
        batch.attributes = record.items
        batch.rejected = rejected
        return batch
    }

    /// Whether the request made more text or records than its limits allow.
    var isOverLimit: Bool {
        text.arena.count &+ events.count &+ links.count > limits.textBytes || rows.count &+ rejected.count > limits.records
    }

    // MARK: Resource and scope

    /// Makes the attributes in ``detail`` the resource.
    mutating func setResource(source: Span<UInt8>) {
        context.setResource(detail, source: source, text: &text, scratch: &scratch)
    }

    /// Makes `name`, `version` and the attributes in ``detail`` the scope.
    mutating func setScope(name: TextRef, version: TextRef, source: Span<UInt8>) {
        context.setScope(name: name, version: version, detail, source: source, text: &text, scratch: &scratch)
        scopeName = nil
    }

    // MARK: Spans

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

    // MARK: Logs

    mutating func beginLog() {
        record.begin()
        log = LogDraft()
    }

    /// Sets the body of the log record to a decoded value.
    mutating func setBody(_ value: Attribute, source: Span<UInt8>) {
        log.bodyText = value.kind == .string ? value.text : .null
        log.bodyJSON = .null
        guard value.kind != .empty else { return }
        let mark = text.mark
        AttributeJSON.appendValue(value, embed: false, source: source, text: &text, scratch: &scratch)
        log.bodyJSON = text.reference(from: mark)
    }

    /// Appends the row of the log record.
    mutating func finishLog(source: Span<UInt8>) {
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
            row.exceptionMessage = exception.message
            row.exceptionStacktrace = exception.stacktrace
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

    // MARK: Common

    /// Fills what spans and logs take from their attributes, renders these and appends the row.
    private mutating func finish(_ row: inout RecordRow, _ special: SpecialAttributes, source: Span<UInt8>) {
        if !special.message.isNull { row.message = UTF8Text.cut(special.message, to: Self.nameLimit, in: text) }
        if let level = special.level { row.level = level }
        row.httpStatusCode = special.httpStatusCode
        row.httpMethod = special.httpMethod
        row.httpRoute = special.httpRoute
        row.urlFull = special.urlFull
        row.urlPath = special.urlPath
        row.urlQuery = special.urlQuery
        row.resource = context.useResource()
        row.scope = context.useScope()

        embedded.removeAll(keepingCapacity: true)
        var hasEmbedded = false
        if !special.jsonSchema.isNull {
            embedded.append(contentsOf: repeatElement(false, count: record.range.count))
            if JSONSchema.mark(special.jsonSchema, record, source: source, text: text, scratch: &scratch, limits, &embedded) {
                row.jsonSchema = special.jsonSchema
                hasEmbedded = true
            }
        }
        var hidesTags = false
        if special.tags >= 0 {
            row.tagsJSON = TagList.render(record.items[special.tags], source: source, text: &text, scratch: &scratch)
            hidesTags = !row.tagsJSON.isNull
        }

        let mark = text.mark
        var isFirst = true
        for index in record.range {
            let attribute = record.items[index]
            switch attribute.key {
            case .unknown: break
            case .logfireMessage where !special.message.isNull: continue
            case .logfireLevelNumber where special.level != nil: continue
            case .logfireTags where hidesTags: continue
            case let key where key.isMessageBody: continue
            default: break
            }
            if isFirst { text.arena.append(0x7b) }
            let embed = hasEmbedded && embedded[index &- record.start]
            AttributeJSON.appendMember(attribute, isFirst: isFirst, embed: embed, source: source, text: &text, scratch: &scratch)
            isFirst = false
        }
        if isFirst {
            if emptyObject.isNull { emptyObject = text.append("{}") }
            row.attributesJSON = emptyObject
        } else {
            text.arena.append(0x7d)
            row.attributesJSON = text.reference(from: mark)
        }
        if special.hasBodies { row.bodiesJSON = renderBodies(hasEmbedded: hasEmbedded, source: source) }
        row.attributes = UInt32(record.range.lowerBound)..<UInt32(record.range.upperBound)
        rows.append(row)
    }

    private mutating func renderBodies(hasEmbedded: Bool, source: Span<UInt8>) -> TextRef {
        let mark = text.mark
        text.arena.append(0x7b)
        var isFirst = true
        for index in record.range where record.items[index].key.isMessageBody {
            let embed = hasEmbedded && embedded[index &- record.start]
            AttributeJSON.appendMember(
                record.items[index], isFirst: isFirst, embed: embed, source: source, text: &text, scratch: &scratch)
            isFirst = false
        }
        text.arena.append(0x7d)
        return text.reference(from: mark)
    }

    private static func array(_ values: [UInt8], _ text: inout TextStore) -> TextRef {
        guard !values.isEmpty else { return .null }
        let mark = text.mark
        text.arena.append(0x5b)
        text.arena.append(contentsOf: values)
        text.arena.append(0x5d)
        return text.reference(from: mark)
    }

    private static func clamped(_ time: UInt64) -> Int64 { Int64(clamping: time) }
}
