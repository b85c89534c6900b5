import TelemetryModel

/// Decodes the values of OTLP/JSON (OTLP specification, "JSON Protobuf Encoding"): 64-bit integers as strings or numbers, enums as
/// numbers or names, bytes as base64, ids in hexadecimal.
enum JSONValues {
    // MARK: Scalars

    /// An unsigned 64-bit integer, written as a number or a string. `null` is zero.
    static func unsigned(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) -> UInt64 {
        guard let (start, range) = try numberText(&reader, bytes) else { return 0 }
        if let value = bytes.extracting(range).withUnsafeBufferPointer({ DecimalText.unsigned($0) }) { return value }
        guard let value = UInt64(exactly: try decimal(bytes, range, start)) else { throw JSONError(.badInteger, at: start) }
        return value
    }

    /// A signed 64-bit integer, written as a number or a string. `null` is zero.
    static func integer(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) -> Int64 {
        guard let (start, range) = try numberText(&reader, bytes) else { return 0 }
        if let value = bytes.extracting(range).withUnsafeBufferPointer({ DecimalText.integer($0) }) { return value }
        guard let value = Int64(exactly: try decimal(bytes, range, start)) else { throw JSONError(.badInteger, at: start) }
        return value
    }

    /// A double, written as a number or as a string, which may be `NaN`, `Infinity` or `-Infinity`. `null` is zero.
    static func double(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) -> Double {
        guard let (start, range) = try numberText(&reader, bytes) else { return 0 }
        return try decimal(bytes, range, start)
    }

    private static func decimal(_ bytes: Span<UInt8>, _ range: Range<Int>, _ start: Int) throws(JSONError) -> Double {
        let text = UTF8Text.repaired(bytes, range)
        switch text {
        case "NaN": return .nan
        case "Infinity": return .infinity
        case "-Infinity": return -.infinity
        default:
            // `Double` also reads hexadecimal and names, JSON does not.
            guard (try? JSONScan.skipNumber(bytes, from: range.lowerBound, to: range.upperBound)) == range.upperBound,
                let value = Double(text)
            else { throw JSONError(.badNumber, at: start) }
            return value
        }
    }

    /// The text of a number, or the inside of a string that stands for one; nil for `null`.
    private static func numberText(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>
    ) throws(JSONError) -> (start: Int, range: Range<Int>)? {
        let start = reader.valueStart(bytes)
        switch try reader.peek(bytes) {
        case .null:
            try reader.skipValue(bytes)
            return nil
        case .string: return (start, try reader.stringToken(bytes).range)
        default: return (start, try reader.numberToken(bytes))
        }
    }

    /// A string; `null` is the empty string.
    static func string(_ reader: inout JSONReader, _ bytes: Span<UInt8>, _ text: inout TextStore) throws(JSONError) -> TextRef {
        if try reader.skipNull(bytes) { return .empty }
        return try reader.text(bytes, &text)
    }

    static func bool(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) -> Bool {
        if try reader.skipNull(bytes) { return false }
        return try reader.bool(bytes)
    }

    /// An enum's number, or the number of its name in `names`; unknown names are zero.
    static func enumeration(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ names: [(StaticString, UInt64)]
    ) throws(JSONError) -> UInt64 {
        guard try reader.peek(bytes) == .string else {
            return UInt64(UInt32(truncatingIfNeeded: try integer(&reader, bytes)))
        }
        let name = try reader.string(bytes, &buffer)
        for (candidate, number) in names where name.matches(candidate, bytes, buffer) { return number }
        return 0
    }

    // MARK: Ids

    /// A trace id in hexadecimal, or in base64 as the plain protobuf JSON mapping writes it; invalid otherwise.
    static func traceID(_ reader: inout JSONReader, _ bytes: Span<UInt8>, _ buffer: inout [UInt8]) throws(JSONError) -> TraceID {
        guard let range = try identifier(&reader, bytes) else { return .invalid }
        if range.count == 32,
            let high = hex(bytes, range.lowerBound..<range.lowerBound + 16),
            let low = hex(bytes, range.lowerBound + 16..<range.upperBound)
        {
            return TraceID(high: high, low: low)
        }
        buffer.removeAll(keepingCapacity: true)
        guard Base64.decode(bytes, range, to: &buffer) else { return .invalid }
        return ProtobufContext.traceID(buffer.span, 0..<buffer.count)
    }

    /// A span id in hexadecimal or base64; none otherwise.
    static func spanID(_ reader: inout JSONReader, _ bytes: Span<UInt8>, _ buffer: inout [UInt8]) throws(JSONError) -> SpanID {
        guard let range = try identifier(&reader, bytes) else { return .none }
        if let value = hex(bytes, range) { return SpanID(value) }
        buffer.removeAll(keepingCapacity: true)
        guard Base64.decode(bytes, range, to: &buffer) else { return .none }
        return ProtobufContext.spanID(buffer.span, 0..<buffer.count)
    }

    private static func identifier(_ reader: inout JSONReader, _ bytes: Span<UInt8>) throws(JSONError) -> Range<Int>? {
        if try reader.skipNull(bytes) { return nil }
        return try reader.stringToken(bytes).range
    }

    private static func hex(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        bytes.extracting(range).withUnsafeBufferPointer { Hex.read($0) }
    }

    // MARK: Messages

    /// Calls `body` for every element of an array; `null` is an empty array.
    static func forEach(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ body: (inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        if try reader.skipNull(bytes) { return }
        try reader.beginArray(bytes)
        while try reader.nextElement(bytes) { try body(&reader) }
    }
}
