public import Hearth
public import Tracing

/// A span made through swift-distributed-tracing.
public struct HearthTracerSpan: Tracing.Span {
    /// The span with all that Hearth adds: level, tags, message.
    public let span: HearthSpan
    public let context: InstrumentationContext

    public var operationName: String {
        get { span.currentName }
        nonmutating set { span.setName(newValue) }
    }

    public var isRecording: Bool { span.isRecording }

    public func setStatus(_ status: SpanStatus) {
        switch status.code {
        case .ok: span.setStatus(.ok)
        // The text of an error that was recorded before stays when there is no other.
        case .error: span.markError(status.message)
        }
    }

    public func addEvent(_ event: SpanEvent) {
        span.add(SpanEventRecord(name: event.name, time: event.nanosecondsSinceEpoch, attributes: event.attributes.hearthAttributes))
    }

    public func recordError<Instant: TracerInstant>(
        _ error: any Error,
        attributes: SpanAttributes,
        at instant: @autoclosure () -> Instant
    ) {
        span.recordError(error, attributes: attributes.hearthAttributes, at: instant().nanosecondsSinceEpoch)
    }

    public var attributes: SpanAttributes {
        get { SpanAttributes(span.currentAttributes) }
        nonmutating set { span.replaceAttributes(newValue.hearthAttributes) }
    }

    public func addLink(_ link: SpanLink) {
        guard let context = BackendSpans.spanContext(of: link.context) else { return }
        span.addLink(context, Attributes(link.attributes.hearthAttributes))
    }

    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        guard span.isRecording else { return }
        span.end(at: instant().nanosecondsSinceEpoch)
    }
}

extension SpanAttributes {
    init(_ attributes: [Attribute]) {
        self.init()
        for attribute in attributes { set(attribute.key, value: SpanAttribute(attribute.value)) }
    }

    /// In the order of their names, so that equal spans are sent equal.
    var hearthAttributes: [Attribute] {
        guard !isEmpty else { return [] }
        var result: [Attribute] = []
        result.reserveCapacity(count)
        forEach { key, value in result.append(Attribute(key, AttributeValue(value))) }
        result.sort { $0.key < $1.key }
        return result
    }
}

extension SpanAttribute {
    init(_ value: AttributeValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int64(number)
        case .double(let number): self = .double(number)
        case .strings(let texts): self = .stringArray(texts)
        case .array(let values):
            // Arrays of one kind come back as they went in; mixed ones are text.
            let whole = values.compactMap { if case .int(let number) = $0 { number } else { nil } }
            let decimal = values.compactMap { if case .double(let number) = $0 { number } else { nil } }
            let flags = values.compactMap { if case .bool(let flag) = $0 { flag } else { nil } }
            if whole.count == values.count {
                self = .int64Array(whole)
            } else if decimal.count == values.count {
                self = .doubleArray(decimal)
            } else if flags.count == values.count {
                self = .boolArray(flags)
            } else {
                self = .stringArray(values.map(\.text))
            }
        case .object, .null: self = .string(value.text)
        }
    }
}

extension AttributeValue {
    init(_ attribute: SpanAttribute) {
        switch attribute {
        case .int32(let number): self = .int(Int64(number))
        case .int64(let number): self = .int(number)
        case .int32Array(let numbers): self = .array(numbers.map { .int(Int64($0)) })
        case .int64Array(let numbers): self = .array(numbers.map { .int($0) })
        case .double(let number): self = .double(number)
        case .doubleArray(let numbers): self = .array(numbers.map { .double($0) })
        case .bool(let flag): self = .bool(flag)
        case .boolArray(let flags): self = .array(flags.map { .bool($0) })
        case .string(let text): self = .string(text)
        case .stringArray(let texts): self = .strings(texts)
        // Numbers among these, as of an array of Int, keep their kind.
        case .stringConvertible(let value): self = (value as? any AttributeConvertible)?.attributeValue ?? .string("\(value)")
        case .stringConvertibleArray(let values):
            self = .array(values.map { ($0 as? any AttributeConvertible)?.attributeValue ?? .string("\($0)") })
        default: self = .null
        }
    }
}
