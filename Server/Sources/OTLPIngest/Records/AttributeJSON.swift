import TelemetryModel

/// Renders decoded attributes as JSON at the end of the arena.
enum AttributeJSON {
    /// Appends `{"name":value,…}` of all attributes of the list's current owner.
    static func appendObject(_ list: AttributeList, source: Span<UInt8>, text: inout TextStore, scratch: inout [UInt8]) {
        text.arena.append(0x7b)
        var isFirst = true
        for index in list.range {
            appendMember(list.items[index], isFirst: isFirst, embed: false, source: source, text: &text, scratch: &scratch)
            isFirst = false
        }
        text.arena.append(0x7d)
    }

    /// Appends `"name":value`, after a comma unless it is the first member.
    ///
    /// - Parameter embed: the text of a string attribute is JSON and stands as it is.
    static func appendMember(
        _ attribute: Attribute,
        isFirst: Bool,
        embed: Bool,
        source: Span<UInt8>,
        text: inout TextStore,
        scratch: inout [UInt8]
    ) {
        if !isFirst { text.arena.append(0x2c) }
        appendString(attribute.name, source: source, text: &text, scratch: &scratch)
        text.arena.append(0x3a)
        appendValue(attribute, embed: embed, source: source, text: &text, scratch: &scratch)
    }

    /// Appends a value.
    static func appendValue(
        _ attribute: Attribute,
        embed: Bool,
        source: Span<UInt8>,
        text: inout TextStore,
        scratch: inout [UInt8]
    ) {
        switch attribute.kind {
        case .string where embed: appendVerbatim(attribute.text, source: source, text: &text, scratch: &scratch)
        case .string, .bytes: appendString(attribute.text, source: source, text: &text, scratch: &scratch)
        case .json: appendVerbatim(attribute.text, source: source, text: &text, scratch: &scratch)
        case .int: JSONText.appendInt(attribute.intValue, to: &text.arena)
        case .double: JSONText.appendDouble(attribute.doubleValue, to: &text.arena)
        case .bool: JSONText.append(attribute.boolValue ? "true" : "false", to: &text.arena)
        case .empty: JSONText.append("null", to: &text.arena)
        }
    }

    /// Appends text as a JSON string.
    static func appendString(_ ref: TextRef, source: Span<UInt8>, text: inout TextStore, scratch: inout [UInt8]) {
        if ref.isInArena {
            copy(ref, from: text, to: &scratch)
            JSONText.appendString(scratch.span, 0..<scratch.count, to: &text.arena)
        } else {
            JSONText.appendString(source, ref.range, to: &text.arena)
        }
    }

    private static func appendVerbatim(_ ref: TextRef, source: Span<UInt8>, text: inout TextStore, scratch: inout [UInt8]) {
        if ref.isInArena {
            copy(ref, from: text, to: &scratch)
            text.arena.append(contentsOf: scratch)
        } else {
            JSONText.append(source, ref.range, to: &text.arena)
        }
    }

    /// The arena cannot be read while it grows, so its own text goes through `scratch`.
    private static func copy(_ ref: TextRef, from text: TextStore, to scratch: inout [UInt8]) {
        scratch.removeAll(keepingCapacity: true)
        text.withBytes(ref) { scratch.append(contentsOf: $0) }
    }
}
