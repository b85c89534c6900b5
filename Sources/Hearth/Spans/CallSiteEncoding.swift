import OTLPWire
import Synchronization

/// The encoded parts of a span that are the same each time at one call site.
final class CallSiteEncoding: Sendable {
    private typealias Fields = OTLPFields.Span

    /// The field `name`.
    let name: [UInt8]
    /// Attributes that do not change: kind of the record, template, place in the source; the message when the template has no placeholder.
    let bookkeeping: [UInt8]
    /// Nil when no message is sent, or it is part of ``bookkeeping``.
    let template: CompiledTemplate?
    /// Whether a message can only be made by ``MessageTemplate``.
    let isIrregular: Bool
    let sendsSchema: Bool
    private let firstShape = Atomic<UInt>(0)

    init(template: String, file: String, function: String, line: UInt32, style: HearthSpan.Style) {
        var writer = WireWriter()
        writer.string(Fields.name, template)
        name = writer.bytes
        writer.removeAll()
        writer.textAttribute(Fields.attributes, "logfire.span_type", (style == .log ? SpanRecord.Kind.log : .span).rawValue)
        if !file.isEmpty {
            writer.textAttribute(Fields.attributes, "code.filepath", file)
            writer.textAttribute(Fields.attributes, "code.function", function)
            writer.attribute(Fields.attributes, OTLPAttribute("code.lineno", .int(Int64(line))))
        }
        sendsSchema = style != .plain
        var compiled: CompiledTemplate?
        var isIrregular = false
        if style != .plain {
            writer.textAttribute(Fields.attributes, "logfire.msg_template", template)
            compiled = CompiledTemplate(template)
            isIrregular = compiled == nil
            if let text = compiled?.constant {
                writer.textAttribute(Fields.attributes, "logfire.msg", text)
                compiled = nil
            }
        }
        bookkeeping = writer.bytes
        self.template = compiled
        self.isIrregular = isIrregular
    }

    /// What is known of these attributes' names; nil when too many different sets of names come from this place.
    @inline(__always)
    func shape(of attributes: UnsafeBufferPointer<Attribute>, _ scrubber: Scrubber?) -> Unmanaged<AttributeShape>? {
        var bits = firstShape.load(ordering: .acquiring)
        var count = 0
        while let pointer = UnsafeRawPointer(bitPattern: bits) {
            let shape = Unmanaged<AttributeShape>.fromOpaque(pointer)
            let (fits, next) = shape._withUnsafeGuaranteedRef { ($0.fits(attributes, scrubber), $0.next) }
            if fits { return shape }
            bits = next
            count += 1
        }
        return count < 4 ? added(attributes, scrubber) : nil
    }

    /// Shapes are never freed: spans on other threads may be reading them, and there are few.
    @inline(never)
    private func added(_ attributes: UnsafeBufferPointer<Attribute>, _ scrubber: Scrubber?) -> Unmanaged<AttributeShape>? {
        let head = firstShape.load(ordering: .acquiring)
        let shape = Unmanaged.passRetained(AttributeShape(attributes, scrubber, next: head))
        let bits = UInt(bitPattern: shape.toOpaque())
        guard firstShape.compareExchange(expected: head, desired: bits, ordering: .acquiringAndReleasing).exchanged else {
            shape.release()
            return nil
        }
        return shape
    }
}

/// What follows from the names of a span's attributes alone.
final class AttributeShape: Sendable {
    /// One name.
    struct Key: Sendable {
        var name: String
        /// The field `key` of `KeyValue`.
        var field: [UInt8]
        /// Whether a secret is looked for in the value.
        var isScanned: Bool
    }

    let keys: [Key]
    /// The attribute `logfire.json_schema` of plain values.
    let schema: [UInt8]
    /// Bytes of all ``Key/field``.
    let fieldBytes: Int
    /// Whether a name looks secret by itself or comes twice: such spans are encoded on the export thread.
    let isIrregular: Bool
    private let scrubberID: UInt64
    /// Address of the next shape of the call site, zero for the last one.
    let next: UInt

    init(_ attributes: UnsafeBufferPointer<Attribute>, _ scrubber: Scrubber?, next: UInt) {
        self.next = next
        scrubberID = scrubber?.id ?? 0
        var isIrregular = false
        keys = attributes.map { attribute in
            var writer = WireWriter()
            writer.string(OTLPFields.KeyValue.key, attribute.key)
            let isExempt = Scrubber.isExempt(attribute.key)
            if let scrubber, !isExempt, scrubber.isSecret(name: attribute.key) { isIrregular = true }
            return Key(name: attribute.key, field: writer.bytes, isScanned: scrubber != nil && !isExempt)
        }
        self.isIrregular = isIrregular || Set(keys.map(\.name)).count < keys.count
        fieldBytes = keys.reduce(0) { $0 + $1.field.count }
        var text: [UInt8] = []
        JSONSchema.append(keys.map { Attribute($0.name, .bool(false)) }, to: &text)
        var writer = WireWriter()
        if !keys.isEmpty {
            writer.textAttribute(OTLPFields.Span.attributes, "logfire.json_schema", String(decoding: text, as: UTF8.self))
        }
        schema = writer.bytes
    }

    @inline(__always)
    fileprivate func fits(_ attributes: UnsafeBufferPointer<Attribute>, _ scrubber: Scrubber?) -> Bool {
        guard keys.count == attributes.count, scrubberID == scrubber?.id ?? 0 else { return false }
        // Literals are equal by their addresses.
        for index in 0..<keys.count where keys[index].name != attributes[index].key { return false }
        return true
    }
}
