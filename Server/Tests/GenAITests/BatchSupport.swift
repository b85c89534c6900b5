import GenAI
import TelemetryModel

/// An attribute value as a test writes it.
enum Literal: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral {
    case string(String), int(Int64), double(Double), bool(Bool)
    /// An OTLP array or map, as the decoder renders it.
    case json(String)

    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int64) { self = .int(value) }
    init(floatLiteral value: Double) { self = .double(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension RecordBatch {
    /// Adds a record with attributes in the given order. Seconds count from 2023-11-14T22:13:20Z.
    mutating func add(
        name: String = "span", kind: RecordKind = .span, scope: String = "test", span: UInt64 = 1, parent: UInt64 = 0,
        seconds: Range<Double> = 0..<2, status: StatusCode = .unset, _ attributes: KeyValuePairs<String, Literal> = [:],
        _ change: (inout RecordRow) -> Void = { _ in }
    ) {
        var row = RecordRow()
        row.kind = kind
        row.traceID = TraceID(high: 1, low: 1)
        row.spanID = SpanID(span)
        row.parentSpanID = SpanID(parent)
        row.startNanoseconds = 1_700_000_000_000_000_000 + Int64(seconds.lowerBound * 1e9)
        row.endNanoseconds = kind == .span ? 1_700_000_000_000_000_000 + Int64(seconds.upperBound * 1e9) : row.startNanoseconds
        row.statusCode = status
        row.spanName = text.append(name)
        if let index = scopes.firstIndex(where: { $0.name == scope }) {
            row.scope = UInt32(index)
        } else {
            row.scope = UInt32(scopes.count)
            scopes.append(ScopeInfo(id: UInt64(scopes.count + 1), name: scope, version: nil, attributesJSON: nil))
        }
        let first = UInt32(self.attributes.count)
        for (key, value) in attributes { add(key, value) }
        row.attributes = first..<UInt32(self.attributes.count)
        change(&row)
        rows.append(row)
    }

    private mutating func add(_ name: String, _ value: Literal) {
        var copy = name
        let key = copy.withUTF8 { AttributeKeyTable.shared.key($0) }
        let name = text.append(name)
        switch value {
        case .string(let value): attributes.append(Attribute(key: key, kind: .string, name: name, text: text.append(value)))
        case .json(let value): attributes.append(Attribute(key: key, kind: .json, name: name, text: text.append(value)))
        case .int(let value): attributes.append(Attribute(key: key, kind: .int, name: name, bits: UInt64(bitPattern: value)))
        case .double(let value): attributes.append(Attribute(key: key, kind: .double, name: name, bits: value.bitPattern))
        case .bool(let value): attributes.append(Attribute(key: key, kind: .bool, name: name, bits: value ? 1 : 0))
        }
    }
}

/// A step with its texts at hand.
@dynamicMemberLookup
struct ReadStep {
    var step: GenAIStep
    var store: TextStore

    subscript(dynamicMember path: KeyPath<GenAIStep, TextRef>) -> String? { store.string(step[keyPath: path]) }
    subscript<V>(dynamicMember path: KeyPath<GenAIStep, V>) -> V { step[keyPath: path] }
}

/// The steps of the records that `build` adds.
func extract(_ build: (inout RecordBatch) -> Void) -> [ReadStep] {
    var batch = RecordBatch()
    build(&batch)
    let steps = StepExtractor.extract(&batch)
    return steps.map { ReadStep(step: $0, store: batch.text) }
}

/// The step of one record with these attributes; nil when it is none.
func extractOne(
    name: String = "span", kind: RecordKind = .span, scope: String = "test", seconds: Range<Double> = 0..<2,
    status: StatusCode = .unset, _ attributes: KeyValuePairs<String, Literal>, _ change: (inout RecordRow) -> Void = { _ in }
) -> ReadStep? {
    extract { $0.add(name: name, kind: kind, scope: scope, seconds: seconds, status: status, attributes, change) }.first
}

/// A model call with these attributes beside the least that makes a call.
func call(_ attributes: KeyValuePairs<String, Literal>) -> ReadStep? {
    extract { batch in
        batch.add(name: "chat", attributes)
        let first = batch.rows[0].attributes.lowerBound
        batch.add(name: "chat", ["gen_ai.request.model": "base"])
        // Both attribute lists lie next to each other: one record has them all.
        batch.rows[0].attributes = first..<UInt32(batch.attributes.count)
        batch.rows.removeLast()
    }.first
}
