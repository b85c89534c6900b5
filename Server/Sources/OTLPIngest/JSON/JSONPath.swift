/// Names the place of an offset in a JSON text, for error messages. Runs only after decoding failed.
enum JSONPath {
    /// Member names and indices from the outside in: `resourceSpans[0].scopeSpans[1]`. Goes as far as the text is well-formed.
    static func describe(_ bytes: Span<UInt8>, offset: Int) -> String {
        var path = ""
        var reader = JSONReader(bytes)
        for _ in 0..<JSONScan.maximumDepth {
            guard let next = try? step(&reader, bytes, offset, &path) else { break }
            reader = next
        }
        return path
    }

    /// Goes through the members of one value to the one that holds `offset`.
    private static func step(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ offset: Int,
        _ path: inout String
    ) throws(JSONError) -> JSONReader? {
        var buffer: [UInt8] = []
        switch try reader.peek(bytes) {
        case .object:
            try reader.beginObject(bytes)
            while let key = try reader.nextKey(bytes, &buffer) {
                guard reader.offset <= offset else { return nil }
                let start = reader.valueStart(bytes)
                if ends(&reader, bytes) > offset {
                    let name = key.isInBuffer ? string(buffer.span, key.range) : string(bytes, key.range)
                    path += (path.isEmpty ? "" : ".") + name
                    return reader.restarted(at: start)
                }
            }
        case .array:
            try reader.beginArray(bytes)
            var index = 0
            while try reader.nextElement(bytes), reader.offset <= offset {
                let start = reader.valueStart(bytes)
                if ends(&reader, bytes) > offset {
                    path += "[\(index)]"
                    return reader.restarted(at: start)
                }
                index += 1
            }
        case .string, .number, .bool, .null: break
        }
        return nil
    }

    /// Passes a value; a malformed one is taken to reach the end of the text.
    private static func ends(_ reader: inout JSONReader, _ bytes: Span<UInt8>) -> Int {
        do {
            try reader.skipValue(bytes)
            return reader.offset
        } catch {
            return .max
        }
    }

    private static func string(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        UTF8Text.repaired(bytes, range.lowerBound..<min(range.upperBound, range.lowerBound + 64))
    }
}
