import TelemetryModel

/// Counts how often equal content occurred in one request.
struct OrdinalTable {
    private var counts: [UInt64: UInt64] = [:]

    /// 0 for the first content with this hash, then 1, 2, …
    mutating func next(_ hash: UInt64) -> UInt64 {
        let ordinal = counts[hash, default: 0]
        counts[hash] = ordinal + 1
        return ordinal
    }
}

/// Ids of OTLP log records (`acceptance.md` A4): a function of the record's content, its time and its ordinal among equal
/// records of the request, so that a request that is sent again gives the same rows.
enum LogIdentity {
    static func assign(
        _ row: inout RecordRow,
        _ log: LogDraft,
        _ list: AttributeList,
        _ context: ContextList,
        _ text: TextStore,
        _ ordinals: inout OrdinalTable
    ) {
        var hash = StableHash()
        hash.combine(context.resourceID)
        hash.combine(context.scopeID)
        hash.combine(log.severity)
        hash.combine(UInt64(bitPattern: row.startNanoseconds))
        hash.combine(log.traceID.high)
        hash.combine(log.traceID.low)
        hash.combine(log.spanID.value)
        combine(log.bodyJSON, text, &hash)
        combine(log.eventName, text, &hash)
        for index in list.range { combine(list.items[index], text, &hash) }
        hash.combine(ordinals.next(hash.finalize()))
        row.spanID = SpanID(hash.finalize())
        row.traceID = log.traceID
        if !row.traceID.isValid {
            row.hasDerivedTraceID = true
            hash.combine(UInt8(1))
            row.traceID.high = hash.finalize()
            hash.combine(UInt8(2))
            row.traceID.low = hash.finalize()
        }
    }

    /// Adds name, kind and value.
    static func combine(_ attribute: Attribute, _ text: TextStore, _ hash: inout StableHash) {
        combine(attribute.name, text, &hash)
        hash.combine(attribute.kind.rawValue)
        hash.combine(attribute.kind == .double ? bits(of: attribute.doubleValue) : attribute.bits)
        combine(attribute.text, text, &hash)
    }

    /// Adds text and its length; NULL and the empty string count as equal, because protobuf cannot tell them apart.
    static func combine(_ ref: TextRef, _ text: TextStore, _ hash: inout StableHash) {
        hash.combine(UInt64(ref.count))
        text.withBytes(ref) { hash.combine(bytes: $0) }
    }

    /// The bits of a double, the same for every NaN: the encodings do not agree on them.
    static func bits(of value: Double) -> UInt64 { value.isNaN ? Double.nan.bitPattern : value.bitPattern }
}
