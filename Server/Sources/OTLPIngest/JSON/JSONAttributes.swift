import TelemetryModel

/// Decodes `KeyValue` and `AnyValue` objects of OTLP/JSON.
enum JSONAttributes {
    /// Decodes an array of `KeyValue` objects and adds them to `list`.
    static func attributes(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ limits: DecodeLimits,
        _ text: inout TextStore,
        _ buffer: inout [UInt8],
        _ list: inout AttributeList
    ) throws(JSONError) {
        if try reader.skipNull(bytes) { return }
        try reader.beginArray(bytes)
        while try reader.nextElement(bytes) {
            try attribute(&reader, bytes, limits, &text, &buffer, &list)
        }
    }

    private static func attribute(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ limits: DecodeLimits,
        _ text: inout TextStore,
        _ buffer: inout [UInt8],
        _ list: inout AttributeList
    ) throws(JSONError) {
        var attribute = Attribute(key: .unknown, kind: .empty, name: .empty)
        try reader.beginObject(bytes)
        while let key = try reader.nextKey(bytes, &buffer) {
            if key.matches("key", bytes, buffer) {
                attribute.name = try JSONValues.string(&reader, bytes, &text)
            } else if key.matches("value", bytes, buffer) {
                try value(&reader, bytes, limits, &text, &buffer, &attribute)
            } else {
                try reader.skipValue(bytes)
            }
        }
        let name = attribute.name
        if name.isInArena {
            attribute.key = list.key(text.arena.span.extracting(name.range))
            list.add(attribute, hash: NameTable.hash(text.arena.span, name.range))
        } else {
            attribute.key = list.key(bytes.extracting(name.range))
            list.add(attribute, hash: NameTable.hash(bytes, name.range))
        }
    }

    /// Decodes an `AnyValue` into the value of `attribute`. Of several values the last one counts.
    static func value(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ limits: DecodeLimits,
        _ text: inout TextStore,
        _ buffer: inout [UInt8],
        _ attribute: inout Attribute
    ) throws(JSONError) {
        if try reader.skipNull(bytes) { return }
        try reader.beginObject(bytes)
        while let key = try reader.nextKey(bytes, &buffer) {
            // A value that is `null` counts as absent.
            if try reader.skipNull(bytes) { continue }
            if key.matches("stringValue", bytes, buffer) {
                set(&attribute, .string, text: try reader.text(bytes, &text))
            } else if key.matches("intValue", bytes, buffer) {
                set(&attribute, .int, bits: UInt64(bitPattern: try JSONValues.integer(&reader, bytes)))
            } else if key.matches("boolValue", bytes, buffer) {
                set(&attribute, .bool, bits: try reader.bool(bytes) ? 1 : 0)
            } else if key.matches("doubleValue", bytes, buffer) {
                set(&attribute, .double, bits: try JSONValues.double(&reader, bytes).bitPattern)
            } else if key.matches("bytesValue", bytes, buffer) {
                let mark = text.mark
                try appendBytes(&reader, bytes, &buffer, to: &text.arena)
                set(&attribute, .bytes, text: text.reference(from: mark))
            } else if key.matches("arrayValue", bytes, buffer) || key.matches("kvlistValue", bytes, buffer) {
                let mark = text.mark
                let isArray = key.matches("arrayValue", bytes, buffer)
                try appendContainer(&reader, bytes, isArray: isArray, depth: limits.valueDepth, &buffer, to: &text.arena)
                set(&attribute, .json, text: text.reference(from: mark))
            } else {
                try reader.skipValue(bytes)
            }
        }
    }

    private static func set(_ attribute: inout Attribute, _ kind: AttributeValueKind, text: TextRef = .null, bits: UInt64 = 0) {
        attribute.kind = kind
        attribute.text = text
        attribute.bits = bits
    }

    /// Appends the canonical base64 text of a `bytesValue`.
    private static func appendBytes(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        to out: inout [UInt8]
    ) throws(JSONError) {
        let start = reader.valueStart(bytes)
        let range = try reader.stringToken(bytes).range
        buffer.removeAll(keepingCapacity: true)
        guard Base64.decode(bytes, range, to: &buffer) else { throw JSONError(.badBase64, at: start) }
        Base64.append(buffer.span, 0..<buffer.count, to: &out)
    }

    // MARK: JSON

    /// Appends an `ArrayValue` or `KeyValueList` as a JSON array or object.
    private static func appendContainer(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        isArray: Bool,
        depth: Int,
        _ buffer: inout [UInt8],
        to out: inout [UInt8]
    ) throws(JSONError) {
        guard depth > 0 else {
            JSONText.append("\"...\"", to: &out)
            return try reader.skipValue(bytes)
        }
        out.append(isArray ? 0x5b : 0x7b)
        var isFirst = true
        try reader.beginObject(bytes)
        while let key = try reader.nextKey(bytes, &buffer) {
            guard key.matches("values", bytes, buffer) else {
                try reader.skipValue(bytes)
                continue
            }
            if try reader.skipNull(bytes) { continue }
            if isArray {
                try reader.beginArray(bytes)
                while try reader.nextElement(bytes) {
                    if !isFirst { out.append(0x2c) }
                    isFirst = false
                    try appendValue(&reader, bytes, depth: depth - 1, &buffer, to: &out)
                }
            } else {
                try appendMembers(&reader, bytes, depth: depth - 1, &buffer, isFirst: &isFirst, to: &out)
            }
        }
        out.append(isArray ? 0x5d : 0x7d)
    }

    /// Appends the members of a map, only the last one of each name.
    ///
    /// Every member is read once, also where maps lie in maps; what turns out to be repeated is taken out again at the end.
    private static func appendMembers(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        depth: Int,
        _ buffer: inout [UInt8],
        isFirst: inout Bool,
        to out: inout [UInt8]
    ) throws(JSONError) {
        let start = out.count
        let isFirstHere = isFirst
        var members: [(hash: UInt64, range: Range<Int>)] = []
        var last: [UInt64: Int] = [:]
        try reader.beginArray(bytes)
        while try reader.nextElement(bytes) {
            if !isFirst { out.append(0x2c) }
            isFirst = false
            let begin = out.count
            let hash = try appendMember(&reader, bytes, depth: depth, &buffer, to: &out)
            last[hash] = members.count
            members.append((hash, begin - start..<out.count - start))
        }
        guard last.count < members.count else { return }
        let all = Array(out[start...])
        out.removeLast(out.count - start)
        isFirst = isFirstHere
        for (index, member) in members.enumerated() where last[member.hash] == index {
            if !isFirst { out.append(0x2c) }
            isFirst = false
            out.append(contentsOf: all[member.range])
        }
    }

    /// Appends one `KeyValue` as `"name":value`.
    ///
    /// - Returns: the hash of the name.
    private static func appendMember(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        depth: Int,
        _ buffer: inout [UInt8],
        to out: inout [UInt8]
    ) throws(JSONError) -> UInt64 {
        let start = out.count
        var name: [UInt8] = []
        /// Where the value begins: behind the name when that came first, as it nearly always does.
        var valueStart = start
        var isNameWritten = false
        try reader.beginObject(bytes)
        while let key = try reader.nextKey(bytes, &buffer) {
            if key.matches("key", bytes, buffer), try reader.peek(bytes) != .null {
                var store = TextStore()
                let ref = try reader.text(bytes, &store)
                name.removeAll(keepingCapacity: true)
                if ref.isInArena {
                    name.append(contentsOf: store.arena)
                } else {
                    JSONText.append(bytes, ref.range, to: &name)
                }
                isNameWritten = out.count == start
                if isNameWritten {
                    appendName(name, to: &out)
                    valueStart = out.count
                }
            } else if key.matches("value", bytes, buffer) {
                out.removeLast(out.count - valueStart)
                try appendValue(&reader, bytes, depth: depth, &buffer, to: &out)
            } else {
                try reader.skipValue(bytes)
            }
        }
        if !isNameWritten {
            let value = Array(out[valueStart...])
            out.removeLast(out.count - start)
            appendName(name, to: &out)
            valueStart = out.count
            out.append(contentsOf: value)
        }
        if out.count == valueStart { JSONText.append("null", to: &out) }
        return NameTable.hash(name.span, 0..<name.count)
    }

    private static func appendName(_ name: [UInt8], to out: inout [UInt8]) {
        JSONText.appendString(name.span, 0..<name.count, to: &out)
        out.append(0x3a)
    }

    /// Appends an `AnyValue` as JSON.
    static func appendValue(
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        depth: Int,
        _ buffer: inout [UInt8],
        to out: inout [UInt8]
    ) throws(JSONError) {
        let mark = out.count
        if try reader.skipNull(bytes) { return JSONText.append("null", to: &out) }
        try reader.beginObject(bytes)
        while let key = try reader.nextKey(bytes, &buffer) {
            if try reader.skipNull(bytes) { continue }
            let isArray = key.matches("arrayValue", bytes, buffer)
            if isArray || key.matches("kvlistValue", bytes, buffer) {
                out.removeLast(out.count - mark)
                try appendContainer(&reader, bytes, isArray: isArray, depth: depth, &buffer, to: &out)
            } else {
                try appendScalar(key, &reader, bytes, &buffer, mark, to: &out)
            }
        }
        if out.count == mark { JSONText.append("null", to: &out) }
    }

    private static func appendScalar(
        _ key: JSONString,
        _ reader: inout JSONReader,
        _ bytes: Span<UInt8>,
        _ buffer: inout [UInt8],
        _ mark: Int,
        to out: inout [UInt8]
    ) throws(JSONError) {
        if key.matches("stringValue", bytes, buffer) {
            var store = TextStore()
            let ref = try reader.text(bytes, &store)
            out.removeLast(out.count - mark)
            if ref.isInArena {
                JSONText.appendString(store.arena.span, ref.range, to: &out)
            } else {
                JSONText.appendString(bytes, ref.range, to: &out)
            }
        } else if key.matches("intValue", bytes, buffer) {
            let value = try JSONValues.integer(&reader, bytes)
            out.removeLast(out.count - mark)
            JSONText.appendInt(value, to: &out)
        } else if key.matches("boolValue", bytes, buffer) {
            let value = try reader.bool(bytes)
            out.removeLast(out.count - mark)
            JSONText.append(value ? "true" : "false", to: &out)
        } else if key.matches("doubleValue", bytes, buffer) {
            let value = try JSONValues.double(&reader, bytes)
            out.removeLast(out.count - mark)
            JSONText.appendDouble(value, to: &out)
        } else if key.matches("bytesValue", bytes, buffer) {
            out.removeLast(out.count - mark)
            out.append(0x22)
            try appendBytes(&reader, bytes, &buffer, to: &out)
            out.append(0x22)
        } else {
            try reader.skipValue(bytes)
        }
    }
}
