import OTLPWire
import TelemetryModel

/// Decodes OTLP `KeyValue` and `AnyValue` messages.
enum ProtobufValues {
    /// The occurrences of one embedded message. Protobuf merges repeated ones; nobody sends them, so only the first has room here.
    struct Pieces {
        var first: Range<Int>
        var more: [Range<Int>]?

        var count: Int { 1 + (more?.count ?? 0) }

        subscript(index: Int) -> Range<Int> { index == 0 ? first : more?[index - 1] ?? first }

        mutating func append(_ range: Range<Int>) {
            if more == nil {
                more = [range]
            } else {
                more?.append(range)
            }
        }
    }

    /// An `AnyValue` whose content is not yet interpreted.
    struct Value {
        enum Kind {
            case empty, string, bool, int, double, bytes, array, map
        }

        var kind = Kind.empty
        /// Bool, two's complement int, or the bit pattern of a double.
        var bits: UInt64 = 0
        /// Strings and bytes have one piece.
        var content = Pieces(first: 0..<0)
    }

    // MARK: Attributes

    /// Decodes a `KeyValue` and adds it to `list`.
    static func attribute(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        _ limits: DecodeLimits,
        _ text: inout TextStore,
        _ list: inout AttributeList
    ) throws(WireError) {
        let (key, pieces) = try keyValue(bytes, range)
        let name = UTF8Text.reference(bytes, key, &text)
        var attribute = Attribute(key: list.key(bytes.extracting(key)), kind: .empty, name: name)
        if let pieces { attribute = try resolve(bytes, pieces, limits, &text, attribute) }
        let hash = name.isInArena ? NameTable.hash(text.arena.span, name.range) : NameTable.hash(bytes, key)
        list.add(attribute, hash: hash)
    }

    /// `attribute` with the value that an `AnyValue` holds.
    static func resolve(
        _ bytes: Span<UInt8>,
        _ pieces: Pieces,
        _ limits: DecodeLimits,
        _ text: inout TextStore,
        _ attribute: Attribute
    ) throws(WireError) -> Attribute {
        var attribute = attribute
        let value = try value(bytes, pieces)
        attribute.bits = value.bits
        switch value.kind {
        case .empty: break
        case .bool: attribute.kind = .bool
        case .int: attribute.kind = .int
        case .double: attribute.kind = .double
        case .string:
            attribute.kind = .string
            attribute.text = UTF8Text.reference(bytes, value.content.first, &text)
        case .bytes:
            attribute.kind = .bytes
            let mark = text.mark
            Base64.append(bytes, value.content.first, to: &text.arena)
            attribute.text = text.reference(from: mark)
        case .array, .map:
            attribute.kind = .json
            let mark = text.mark
            try appendJSON(bytes, value, depth: limits.valueDepth, to: &text.arena)
            attribute.text = text.reference(from: mark)
        }
        return attribute
    }

    private static func keyValue(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(WireError) -> (key: Range<Int>, value: Pieces?) {
        var reader = WireReader(bytes, in: range)
        var key = range.lowerBound..<range.lowerBound
        var value: Pieces?
        while let tag = try reader.next(bytes) {
            switch tag {
            case OTLPFields.KeyValue.key:
                key = try reader.range(bytes)
            case OTLPFields.KeyValue.value:
                let piece = try reader.range(bytes)
                if value == nil {
                    value = Pieces(first: piece)
                } else {
                    value?.append(piece)
                }
            default:
                try reader.skip(tag, bytes)
            }
        }
        return (key, value)
    }

    // MARK: Values

    /// Decodes the outer layer of an `AnyValue`. Of several values the last one counts; arrays and maps that follow each other are
    /// merged.
    static func value(_ bytes: Span<UInt8>, _ pieces: Pieces) throws(WireError) -> Value {
        var value = Value()
        for index in 0..<pieces.count {
            var reader = WireReader(bytes, in: pieces[index])
            while let tag = try reader.next(bytes) {
                switch tag {
                case OTLPFields.AnyValue.stringValue:
                    value = Value(kind: .string, content: Pieces(first: try reader.range(bytes)))
                case OTLPFields.AnyValue.boolValue:
                    value = Value(kind: .bool, bits: try reader.varint(bytes) != 0 ? 1 : 0)
                case OTLPFields.AnyValue.intValue:
                    value = Value(kind: .int, bits: try reader.varint(bytes))
                case OTLPFields.AnyValue.doubleValue:
                    value = Value(kind: .double, bits: try reader.fixed64(bytes))
                case OTLPFields.AnyValue.bytesValue:
                    value = Value(kind: .bytes, content: Pieces(first: try reader.range(bytes)))
                case OTLPFields.AnyValue.arrayValue:
                    try addContainer(.array, bytes, &reader, &value)
                case OTLPFields.AnyValue.keyValueList:
                    try addContainer(.map, bytes, &reader, &value)
                default:
                    try reader.skip(tag, bytes)
                }
            }
        }
        return value
    }

    private static func addContainer(
        _ kind: Value.Kind,
        _ bytes: Span<UInt8>,
        _ reader: inout WireReader,
        _ value: inout Value
    ) throws(WireError) {
        let range = try reader.range(bytes)
        if value.kind == kind {
            value.content.append(range)
        } else {
            value = Value(kind: kind, content: Pieces(first: range))
        }
    }

    // MARK: JSON

    /// Appends a value as JSON.
    ///
    /// - Parameter depth: levels of arrays and maps that may still be opened; deeper ones are written as `"..."`.
    static func appendJSON(_ bytes: Span<UInt8>, _ value: Value, depth: Int, to out: inout [UInt8]) throws(WireError) {
        switch value.kind {
        case .empty: JSONText.append("null", to: &out)
        case .bool: JSONText.append(value.bits != 0 ? "true" : "false", to: &out)
        case .int: JSONText.appendInt(Int64(bitPattern: value.bits), to: &out)
        case .double: JSONText.appendDouble(Double(bitPattern: value.bits), to: &out)
        case .string: appendString(bytes, value.content.first, to: &out)
        case .bytes:
            out.append(0x22)
            Base64.append(bytes, value.content.first, to: &out)
            out.append(0x22)
        case .array, .map:
            if depth <= 0 {
                JSONText.append("\"...\"", to: &out)
            } else if value.kind == .array {
                try appendArray(bytes, value.content, depth: depth - 1, to: &out)
            } else {
                try appendMap(bytes, value.content, depth: depth - 1, to: &out)
            }
        }
    }

    private static func appendString(_ bytes: Span<UInt8>, _ range: Range<Int>, to out: inout [UInt8]) {
        if UTF8Text.isValid(bytes, range) {
            JSONText.appendString(bytes, range, to: &out)
        } else {
            JSONText.appendString(UTF8Text.repaired(bytes, range), to: &out)
        }
    }

    private static func appendArray(_ bytes: Span<UInt8>, _ pieces: Pieces, depth: Int, to out: inout [UInt8]) throws(WireError) {
        out.append(0x5b)
        var isFirst = true
        for index in 0..<pieces.count {
            var reader = WireReader(bytes, in: pieces[index])
            while let tag = try reader.next(bytes) {
                guard tag == OTLPFields.Values.values else {
                    try reader.skip(tag, bytes)
                    continue
                }
                if !isFirst { out.append(0x2c) }
                isFirst = false
                let element = try value(bytes, Pieces(first: try reader.range(bytes)))
                try appendJSON(bytes, element, depth: depth, to: &out)
            }
        }
        out.append(0x5d)
    }

    private static func appendMap(_ bytes: Span<UInt8>, _ pieces: Pieces, depth: Int, to out: inout [UInt8]) throws(WireError) {
        let last = try lastOccurrences(bytes, pieces)
        out.append(0x7b)
        var isFirst = true
        var number = 0
        for index in 0..<pieces.count {
            var reader = WireReader(bytes, in: pieces[index])
            while let tag = try reader.next(bytes) {
                guard tag == OTLPFields.Values.values else {
                    try reader.skip(tag, bytes)
                    continue
                }
                let (key, valuePieces) = try keyValue(bytes, try reader.range(bytes))
                number += 1
                if let last, last[keyHash(bytes, key)] != number { continue }
                if !isFirst { out.append(0x2c) }
                isFirst = false
                appendString(bytes, key, to: &out)
                out.append(0x3a)
                let member = try valuePieces.map { pieces throws(WireError) in try value(bytes, pieces) } ?? Value()
                try appendJSON(bytes, member, depth: depth, to: &out)
            }
        }
        out.append(0x7d)
    }

    /// For each name of a map the number of its last entry, counted from one; nil when the map has fewer than two entries.
    private static func lastOccurrences(_ bytes: Span<UInt8>, _ pieces: Pieces) throws(WireError) -> [UInt64: Int]? {
        var first: UInt64 = 0
        var numbers: [UInt64: Int]?
        var number = 0
        for index in 0..<pieces.count {
            var reader = WireReader(bytes, in: pieces[index])
            while let tag = try reader.next(bytes) {
                guard tag == OTLPFields.Values.values else {
                    try reader.skip(tag, bytes)
                    continue
                }
                let hash = keyHash(bytes, try keyValue(bytes, try reader.range(bytes)).key)
                number += 1
                if number == 1 {
                    first = hash
                } else {
                    if number == 2 { numbers = [first: 1] }
                    numbers?[hash] = number
                }
            }
        }
        return numbers
    }

    private static func keyHash(_ bytes: Span<UInt8>, _ key: Range<Int>) -> UInt64 {
        if UTF8Text.isValid(bytes, key) { return NameTable.hash(bytes, key) }
        let repaired = Array(UTF8Text.repaired(bytes, key).utf8)
        return NameTable.hash(repaired.span, 0..<repaired.count)
    }
}
