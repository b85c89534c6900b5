import OTLPWire

/// Encodes a span that holds nothing unusual from its state straight into memory: the way nearly all spans go.
///
/// It writes what ``SpanEncoder`` writes, in another order of fields; both are compared in tests. Spans with events, links, a changed
/// name, structured values, secrets or very long texts are left to that one.
struct DirectEncoder {
    /// A span that was found to be fit, with what was found out about it.
    struct Plan {
        let site: CallSiteEncoding
        let shape: AttributeShape
        /// Bytes that are enough for the span.
        let bound: Int
    }

    let scrubber: Scrubber?
    /// Longer texts are shortened elsewhere; in bytes, which are at least as many as characters.
    let maximumValueBytes: Int

    /// Texts beyond are scrubbed and copied on the export thread.
    static let maximumTextBytes = 32 * 1024

    /// Looks at everything the span holds; nil when it must go the other way.
    @inline(__always)
    func plan(_ site: CallSite, _ span: borrowing HearthSpan, _ state: borrowing SpanState) -> Plan? {
        guard let encoding = site.encoding, !encoding.isIrregular, state.droppedAttributes == 0, span.extension == nil else { return nil }
        var bound = 256 + encoding.name.count + encoding.bookkeeping.count
        if let extras = state.extras {
            guard extras.name == nil, extras.message == nil, extras.metrics == nil, extras.events.isEmpty, extras.links.isEmpty,
                extras.droppedEvents == 0,
                extras.droppedLinks == 0, extras.statusMessage.utf8.count <= min(Self.maximumTextBytes, maximumValueBytes)
            else { return nil }
            bound += extras.statusMessage.utf8.count
            for tag in extras.tags { bound += tag.utf8.count + 32 }
        }
        return state.attributes.withUnsafeBufferPointer { attributes -> Plan? in
            guard let shape = encoding.shape(of: attributes, scrubber)?._withUnsafeGuaranteedRef({ $0 }), !shape.isIrregular else {
                return nil
            }
            bound += shape.fieldBytes + shape.schema.count + attributes.count * 24
            for index in 0..<attributes.count {
                switch attributes[index].value {
                case .bool, .int, .double: break
                case .string(let text):
                    let count = text.utf8.count
                    guard count <= maximumValueBytes else { return nil }
                    bound += count
                    guard bound <= Self.maximumTextBytes else { return nil }
                    if shape.keys[index].isScanned, let scrubber, scrubber.mayHoldSecret(text) { return nil }
                case .array, .object, .strings, .null: return nil
                }
            }
            if let template = encoding.template {
                var length = template.textBytes
                for piece in template.pieces {
                    guard let name = piece.name else { continue }
                    guard let value = Self.value(of: name, attributes) else { return nil }
                    if case .string(let text) = value {
                        guard text.utf8.count <= MessageTemplate.maximumValueLength else { return nil }
                        length += text.utf8.count
                    } else {
                        length += 40
                    }
                }
                bound += length + 64
            }
            return Plan(site: encoding, shape: shape, bound: bound)
        }
    }

    @inline(__always)
    private static func value(of name: String, _ attributes: UnsafeBufferPointer<Attribute>) -> AttributeValue? {
        for index in stride(from: attributes.count - 1, through: 0, by: -1) where attributes[index].key == name {
            return attributes[index].value
        }
        return nil
    }

    /// Writes the field `spans` of `ScopeSpans`.
    ///
    /// - Parameter start: memory of at least ``Plan/bound`` bytes.
    /// - Returns: the bytes written.
    @inline(__always)
    static func write(
        _ plan: Plan,
        _ span: borrowing HearthSpan,
        _ state: borrowing SpanState,
        to start: UnsafeMutablePointer<UInt8>
    ) -> Int {
        // Most spans have a length of two bytes; others are moved afterwards.
        var out = RawCursor(start + 3)
        out.byte(0x0a)
        out.byte(16)
        out.bigEndian(span.traceID.high)
        out.bigEndian(span.traceID.low)
        out.byte(0x12)
        out.byte(8)
        out.bigEndian(span.spanID.rawValue)
        if span.parentID.rawValue != 0 {
            out.byte(0x22)
            out.byte(8)
            out.bigEndian(span.parentID.rawValue)
        }
        out.copy(plan.site.name)
        out.byte(0x30)
        out.byte(span.spanKind.rawValue)
        out.byte(0x39)
        out.fixed64(span.start)
        out.byte(0x41)
        out.fixed64(state.end)
        if !state.attributes.isEmpty { write(state.attributes, plan, &out) }
        out.copy(plan.site.bookkeeping)
        if let level = state.level { write(level, &out) }
        if let extras = state.extras, !extras.tags.isEmpty { write(extras.tags, &out) }
        if state.status != .unset { write(state.status, state.extras?.statusMessage ?? "", &out) }
        out.byte(0x85)
        out.byte(0x01)
        out.fixed32(SpanEncoder.otlpFlags(span.flags, isRemote: span.parentIsRemote))
        let length = out.position - (start + 3)
        let size = WireWriter.varintSize(length)
        if size != 2 { (start + 1 + size).update(from: start + 3, count: length) }
        var head = RawCursor(start)
        head.byte(0x12)
        head.varint(length)
        return 1 + size + length
    }

    @inline(__always)
    private static func write(_ attributes: [Attribute], _ plan: Plan, _ out: inout RawCursor) {
        attributes.withUnsafeBufferPointer { attributes in
            plan.shape.keys.withUnsafeBufferPointer { keys in
                for index in 0..<attributes.count {
                    write(keys[index].field, attributes[index].value, &out)
                }
            }
            if let template = plan.site.template {
                write(template, attributes, &out)
            }
        }
        if plan.site.sendsSchema { out.copy(plan.shape.schema) }
    }

    /// One `KeyValue` of a span.
    @inline(__always)
    private static func write(_ key: [UInt8], _ value: borrowing AttributeValue, _ out: inout RawCursor) {
        out.byte(0x4a)
        switch value {
        case .string(let text):
            let count = text.utf8.count
            let inner = 1 + WireWriter.varintSize(count) + count
            out.varint(key.count + 1 + WireWriter.varintSize(inner) + inner)
            out.copy(key)
            out.byte(0x12)
            out.varint(inner)
            out.byte(0x0a)
            out.varint(count)
            out.text(text)
        case .int(let number):
            let bits = UInt64(bitPattern: number)
            let inner = 1 + WireWriter.varintSize(bits)
            out.varint(key.count + 2 + inner)
            out.copy(key)
            out.byte(0x12)
            out.varint(inner)
            out.byte(0x18)
            out.varint(bits)
        case .double(let number):
            out.varint(key.count + 11)
            out.copy(key)
            out.byte(0x12)
            out.byte(9)
            out.byte(0x21)
            out.fixed64(number.bitPattern)
        case .bool(let flag):
            out.varint(key.count + 4)
            out.copy(key)
            out.byte(0x12)
            out.byte(2)
            out.byte(0x10)
            out.byte(flag ? 1 : 0)
        case .array, .object, .strings, .null:
            break
        }
    }

    /// The message: written a little further on first, because its length stands before it.
    private static func write(
        _ template: CompiledTemplate,
        _ attributes: UnsafeBufferPointer<Attribute>,
        _ out: inout RawCursor
    ) {
        // What stands before the text takes 25 bytes at most.
        let start = out.position
        var text = RawCursor(start + 32)
        for piece in template.pieces {
            text.copy(piece.text)
            guard let name = piece.name, let value = value(of: name, attributes) else { continue }
            switch value {
            case .string(let string): text.text(string)
            case .int(let number): text.decimal(number)
            case .bool(let flag): text.text(flag ? "true" : "false")
            case .double(let number): text.text(number.description)
            case .array, .object, .strings, .null: break
            }
        }
        let count = text.position - (start + 32)
        let inner = 1 + WireWriter.varintSize(count) + count
        out.byte(0x4a)
        out.varint(13 + 1 + WireWriter.varintSize(inner) + inner)
        out.byte(0x0a)
        out.byte(11)
        out.text("logfire.msg")
        out.byte(0x12)
        out.varint(inner)
        out.byte(0x0a)
        out.varint(count)
        // Closes the gap that is left.
        out.copy(start + 32, count)
    }

    private static func write(_ level: Level, _ out: inout RawCursor) {
        out.byte(0x4a)
        out.byte(19 + 4)
        out.byte(0x0a)
        out.byte(17)
        out.text("logfire.level_num")
        out.byte(0x12)
        out.byte(2)
        out.byte(0x18)
        out.byte(level.rawValue)
    }

    private static func write(_ tags: [String], _ out: inout RawCursor) {
        var writer = WireWriter()
        writer.attribute(OTLPFields.Span.attributes, OTLPAttribute("logfire.tags", .strings(tags)))
        out.copy(writer.bytes)
    }

    private static func write(_ status: SpanStatusCode, _ message: String, _ out: inout RawCursor) {
        let count = message.utf8.count
        out.byte(0x7a)
        out.varint((count == 0 ? 0 : 1 + WireWriter.varintSize(count) + count) + 2)
        if count > 0 {
            out.byte(0x12)
            out.varint(count)
            out.text(message)
        }
        out.byte(0x18)
        out.byte(status.rawValue)
    }
}
