import TelemetryModel

/// Renders `logfire.tags` as a JSON array of strings.
enum TagList {
    /// - Returns: NULL when the attribute holds neither an array nor text.
    static func render(_ attribute: Attribute, source: Span<UInt8>, text: inout TextStore, scratch: inout [UInt8]) -> TextRef {
        guard attribute.kind == .json || attribute.kind == .string, !attribute.text.isEmpty else { return .null }
        scratch.removeAll(keepingCapacity: true)
        text.withBytes(attribute.text) { scratch.append(contentsOf: $0) }
        let mark = text.mark
        do {
            try appendArray(scratch.span, to: &text.arena)
        } catch {
            text.arena.removeLast(text.arena.count - mark)
            // A text that is no JSON array is one tag; a map is none.
            guard attribute.kind == .string else { return .null }
            text.arena.append(0x5b)
            JSONText.appendString(scratch.span, 0..<scratch.count, to: &text.arena)
            text.arena.append(0x5d)
        }
        return text.reference(from: mark)
    }

    private static func appendArray(_ json: Span<UInt8>, to out: inout [UInt8]) throws(JSONError) {
        var reader = JSONReader(json)
        try reader.beginArray(json)
        out.append(0x5b)
        var isFirst = true
        while try reader.nextElement(json) {
            let start = reader.valueStart(json)
            let kind = try reader.peek(json)
            try reader.skipValue(json)
            guard kind != .null else { continue }
            if !isFirst { out.append(0x2c) }
            isFirst = false
            if kind == .string {
                JSONText.append(json, start..<reader.offset, to: &out)
            } else {
                JSONText.appendString(json, start..<reader.offset, to: &out)
            }
        }
        try reader.finish(json)
        out.append(0x5d)
    }
}
