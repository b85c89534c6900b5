import TelemetryModel

/// Makes rows out of spans and logs, whichever encoding they came in.
///
/// Both front ends work alike: begin a record, fill ``span`` or ``log`` and the attribute lists in whatever order the fields
/// arrive, finish the record. All buffers are reused from record to record.
struct RecordBuilder {
    /// Bytes of a span name or message that are kept (`logfire-contract.md` §2.3).
    static let nameLimit = 512
    /// Bytes of an exception's message and stack trace that are kept in their columns; the event keeps its attributes whole.
    static let exceptionLimit = 32_000

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
    /// Names of the values of the record being decoded that were cut.
    var truncated: [String] = []

    var rows: [RecordRow] = []
    var rejected = Rejections()
    /// JSON of the span's events and links, without the brackets.
    var events: [UInt8] = []
    var links: [UInt8] = []
    /// For each attribute of the record: a string that is embedded as JSON.
    private var embedded: [Bool] = []
    var logOrdinals = OrdinalTable()
    private var emptyObject = TextRef.null
    /// The scope's name in ``text``, once a record has needed it.
    var scopeName: TextRef?

    init(_ signal: Signal, body: [UInt8], limits: DecodeLimits) {
        self.signal = signal
        self.limits = limits
        text = TextStore(source: body)
        // What is rendered is about as long as what was sent.
        text.arena.reserveCapacity(body.count)
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

    // MARK: Common

    /// Fills what spans and logs take from their attributes, renders these and appends the row.
    mutating func finish(_ row: inout RecordRow, _ special: SpecialAttributes, source: Span<UInt8>) {
        // A message that is cut stays whole among the attributes.
        let isMessageCut = special.message.count > Self.nameLimit
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
            case .logfireMessage where !special.message.isNull && !isMessageCut: continue
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

    /// A JSON array of values that are already joined; NULL when there are none.
    static func array(_ values: [UInt8], _ text: inout TextStore) -> TextRef {
        guard !values.isEmpty else { return .null }
        let mark = text.mark
        text.arena.append(0x5b)
        text.arena.append(contentsOf: values)
        text.arena.append(0x5d)
        return text.reference(from: mark)
    }

    /// Times beyond the range of `Int64` are cut to its end, in the year 2262.
    static func clamped(_ time: UInt64) -> Int64 { Int64(clamping: time) }
}
