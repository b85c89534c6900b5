import OTLPIngest
import OTLPWire
import TelemetryModel
import Testing

/// A time all hand-made records share, in nanoseconds since the Unix epoch: 2026-09-21T14:13:20Z.
let moment: UInt64 = 1_790_000_000_000_000_000

func makeSpan(_ attributes: [OTLPAttribute] = [], name: String = "name") -> OTLPSpan {
    var span = OTLPSpan(
        traceID: OTLPTraceID(high: 0x1111, low: 0x2222), spanID: 0x3333, parentSpanID: 0x4444, name: name, start: moment,
        end: moment + 1_500_000_000)
    span.attributes = attributes
    return span
}

func traceBody(_ spans: [OTLPSpan], resource: [OTLPAttribute] = [], scope: OTLPScope = OTLPScope(name: "scope")) -> [UInt8] {
    var writer = OTLPTraceWriter()
    writer.begin(OTLPResource(attributes: resource))
    writer.begin(scope)
    for span in spans { writer.add(span) }
    return writer.finish()
}

func logBody(_ records: [OTLPLogRecord], scope: OTLPScope = OTLPScope(name: "scope")) -> [UInt8] {
    var writer = OTLPLogWriter()
    writer.begin(OTLPResource(attributes: []))
    writer.begin(scope)
    for record in records { writer.add(record) }
    return writer.finish()
}

/// The only row of a request with one span.
func decoded(_ span: OTLPSpan) throws -> Row {
    let batch = try TraceDecoder.decode(traceBody([span]), encoding: .protobuf)
    return Row(batch, try #require(batch.rows.first))
}

func decoded(_ attributes: [OTLPAttribute]) throws -> Row {
    try decoded(makeSpan(attributes))
}

func decoded(_ record: OTLPLogRecord) throws -> Row {
    let batch = try LogDecoder.decode(logBody([record]), encoding: .protobuf)
    return Row(batch, try #require(batch.rows.first))
}

func decodedJSON(_ json: String) throws -> RecordBatch {
    try TraceDecoder.decode(Array(json.utf8), encoding: .json)
}

/// A row together with its batch, for reading texts.
@dynamicMemberLookup
struct Row {
    let batch: RecordBatch
    let row: RecordRow

    init(_ batch: RecordBatch, _ row: RecordRow) {
        self.batch = batch
        self.row = row
    }

    /// A text column; nil for NULL.
    subscript(dynamicMember path: KeyPath<RecordRow, TextRef>) -> String? { batch.text.string(row[keyPath: path]) }
    subscript<T>(dynamicMember path: KeyPath<RecordRow, T>) -> T { row[keyPath: path] }
}

extension Result where Failure == any Error {
    /// The message of the decoder's error, nil on success.
    var message: String? {
        if case .failure(let error as OTLPDecodeError) = self { error.message } else { nil }
    }
}

extension DecodeLimits {
    /// Nothing is derived, as the reference decoder has it.
    static var asSent: DecodeLimits {
        var limits = DecodeLimits()
        limits.derivesMessages = false
        return limits
    }
}
