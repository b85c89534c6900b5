import TelemetryModel

/// Reads `logfire.json_schema`: which string attributes hold JSON (`logfire-contract.md` §3.4).
enum JSONSchema {
    /// Sets the marks of attributes that the schema lists as structured and whose text is valid JSON.
    ///
    /// - Parameters:
    ///   - marks: one per attribute of the list's current owner.
    /// - Returns: false, and no mark set, when the schema is no JSON object.
    static func mark(
        _ schema: TextRef,
        _ list: AttributeList,
        source: Span<UInt8>,
        text: TextStore,
        scratch: inout [UInt8],
        _ limits: DecodeLimits,
        _ marks: inout [Bool]
    ) -> Bool {
        do {
            if schema.isInArena {
                try read(text.arena.span, schema.range, list, scratch: &scratch, &marks)
            } else {
                try read(source, schema.range, list, scratch: &scratch, &marks)
            }
        } catch {
            for index in marks.indices { marks[index] = false }
            return false
        }
        for index in marks.indices where marks[index] {
            let ref = list.items[list.start + index].text
            marks[index] =
                ref.isInArena
                ? JSONScan.isValid(text.arena.span, ref.range, depth: limits.embeddedJSONDepth)
                : JSONScan.isValid(source, ref.range, depth: limits.embeddedJSONDepth)
        }
        return true
    }

    private static func read(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        _ list: AttributeList,
        scratch: inout [UInt8],
        _ marks: inout [Bool]
    ) throws(JSONError) {
        var reader = JSONReader(bytes, in: range)
        try reader.beginObject(bytes)
        while let key = try reader.nextKey(bytes, &scratch) {
            if key.matches("properties", bytes, scratch), try reader.peek(bytes) == .object {
                try readProperties(&reader, bytes, list, scratch: &scratch, &marks)
            } else {
                try reader.skipValue(bytes)
            }
        }
        try reader.finish(bytes)
    }

    private static func readProperties(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ list: AttributeList,
        scratch: inout [UInt8],
        _ marks: inout [Bool]
    ) throws(JSONError) {
        try reader.beginObject(bytes)
        while let name = try reader.nextKey(bytes, &scratch) {
            let hash = name.isInBuffer ? NameTable.hash(scratch.span, name.range) : NameTable.hash(bytes, name.range)
            var isStructured = false
            if try reader.peek(bytes) == .object {
                isStructured = try readProperty(&reader, bytes, scratch: &scratch)
            } else {
                try reader.skipValue(bytes)
            }
            // Assigned even when false: of several equal names the last one counts.
            if let index = list.index(of: hash) { marks[index - list.start] = isStructured && list.items[index].kind == .string }
        }
    }

    /// Whether one property's schema says that its value is JSON.
    private static func readProperty(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        scratch: inout [UInt8]
    ) throws(JSONError) -> Bool {
        var isStructured = false
        try reader.beginObject(bytes)
        while let key = try reader.nextKey(bytes, &scratch) {
            if key.matches("x-python-datatype", bytes, scratch) {
                isStructured = true
                try reader.skipValue(bytes)
            } else if key.matches("type", bytes, scratch), try reader.peek(bytes) == .string {
                let type = try reader.string(bytes, &scratch)
                isStructured =
                    isStructured || type.matches("object", bytes, scratch) || type.matches("array", bytes, scratch)
                    || type.matches("null", bytes, scratch)
            } else {
                try reader.skipValue(bytes)
            }
        }
        return isStructured
    }
}
