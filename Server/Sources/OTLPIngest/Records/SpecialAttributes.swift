import TelemetryModel

/// What a record's columns take from its attributes (`logfire-contract.md` §3.1, §3.2, §4.1).
struct SpecialAttributes {
    enum SpanType {
        case span, log, pendingSpan
    }

    var spanType = SpanType.span
    var pendingParent = SpanID.none
    /// NULL when `logfire.msg` is absent or no string.
    var message = TextRef.null
    /// nil when `logfire.level_num` is absent or no number.
    var level: Int16?
    /// NULL when `logfire.json_schema` is absent or no string.
    var jsonSchema = TextRef.null
    /// Index of `logfire.tags` in the attribute list, -1 when absent.
    var tags = -1
    /// NULL when `event.name` is absent or no string.
    var eventName = TextRef.null
    var hasBodies = false
    /// -1 when absent or no number.
    var httpStatusCode: Int32 = -1
    var httpMethod = TextRef.null
    var httpRoute = TextRef.null
    var urlFull = TextRef.null
    var urlPath = TextRef.null
    var urlQuery = TextRef.null
    /// What the message and level of a span are made of when the sender gave none.
    var foreign = ForeignSpan()

    /// Reads the attributes of the list's current owner.
    init(_ list: AttributeList, _ text: TextStore, source: Span<UInt8>) {
        var oldStatusCode: Int32 = -1
        var oldMethod = TextRef.null
        var oldURL = TextRef.null
        var oldStatement = TextRef.null
        for index in list.range {
            let attribute = list.items[index]
            guard attribute.key != .unknown else { continue }
            let string = attribute.kind == .string ? attribute.text : .null
            switch attribute.key {
            case .logfireMessage: message = string
            case .logfireSpanType: spanType = Self.spanType(string, text)
            case .logfirePendingParentID: pendingParent = SpanID(text.withBytes(string) { Hex.read($0) } ?? 0)
            case .logfireLevelNumber: level = Self.integer(attribute, text).map { Int16(clamping: $0) }
            case .logfireJSONSchema: jsonSchema = string
            case .logfireTags: tags = index
            case .eventName: eventName = string
            case .httpResponseStatusCode: httpStatusCode = Self.statusCode(attribute, text)
            case .httpStatusCode: oldStatusCode = Self.statusCode(attribute, text)
            case .httpRequestMethod: httpMethod = string
            case .httpMethod: oldMethod = string
            case .httpRoute: httpRoute = string
            case .urlFull: urlFull = string
            case .httpURL: oldURL = string
            case .urlPath: urlPath = string
            case .urlQuery: urlQuery = string
            case .serverAddress: foreign.host = string
            case .httpHost, .netPeerName: if foreign.host.isEmpty { foreign.host = string }
            case .httpTarget: foreign.httpTarget = string
            case .databaseQueryText: foreign.databaseText = string
            case .databaseStatement: oldStatement = string
            case .databaseQuerySummary: foreign.databaseSummary = string
            case .asgiEventType: foreign.isASGIMessage = true
            default: if attribute.key.isMessageBody { hasBodies = true }
            }
        }
        if httpStatusCode < 0 { httpStatusCode = oldStatusCode }
        if httpMethod.isNull { httpMethod = oldMethod }
        if urlFull.isNull { urlFull = oldURL }
        if foreign.databaseText.isEmpty { foreign.databaseText = oldStatement }
    }

    private static func spanType(_ ref: TextRef, _ text: TextStore) -> SpanType {
        // Annotations (feedback on a span) have no duration either; their attributes tell them apart.
        if text.equal(ref, "log") || text.equal(ref, "annotation") { return .log }
        return text.equal(ref, "pending_span") ? .pendingSpan : .span
    }

    private static func statusCode(_ attribute: Attribute, _ text: TextStore) -> Int32 {
        guard let value = integer(attribute, text), value >= 0 else { return -1 }
        return Int32(exactly: value) ?? -1
    }

    /// The value of an int, a double without fraction, or a string of decimal digits.
    private static func integer(_ attribute: Attribute, _ text: TextStore) -> Int64? {
        switch attribute.kind {
        case .int: attribute.intValue
        case .double: Int64(exactly: attribute.doubleValue)
        case .string: text.withBytes(attribute.text) { DecimalText.integer($0) }
        case .empty, .bool, .json, .bytes: nil
        }
    }
}
