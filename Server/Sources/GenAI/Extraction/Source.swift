import TelemetryModel

/// One place where an aspect looks for a value. An aspect is a table of these, tried in order; the first that has a value gives it.
enum Source: Sendable {
    /// An attribute of the record.
    case attribute(AttributeKey)
    /// A member of an attribute that holds JSON, as text or as an OTLP map.
    case json(AttributeKey, [StaticString])
    /// The sum of a member and of its further parts, as far as these exist: some providers report parts that others include.
    case jsonSum(AttributeKey, [StaticString], adding: [[StaticString]])
    /// An attribute in milliseconds, where the aspect counts seconds.
    case milliseconds(AttributeKey)
    /// A number as people write it: `$0.0012`, `2,180`, `420 tokens`.
    case lenient(AttributeKey)
    /// A duration as people write it, in milliseconds unless it names its unit: `740`, `2,180 ms`, `1.2 s`.
    case duration(AttributeKey)
    /// The seconds from the record's start to its first event of that name.
    case firstEvent(StaticString)
}

extension StepRow {
    /// The first non-empty text. Numbers are written out; text inside JSON is unescaped.
    func text(_ sources: [Source], _ batch: inout RecordBatch) -> TextRef {
        for source in sources {
            let found: TextRef
            switch source {
            case .attribute(let key): found = text(key, &batch)
            case .json(let key, let path): found = text(key, path, &batch)
            case .jsonSum, .milliseconds, .lenient, .duration, .firstEvent: found = .null
            }
            if !found.isEmpty { return found }
        }
        return .null
    }

    /// The first count (an integer ≥ 0).
    func count(_ sources: [Source], _ batch: RecordBatch) -> Int64? {
        for source in sources {
            let found: Int64?
            switch source {
            case .attribute(let key): found = attribute(key, batch).flatMap { Self.integer($0, batch) }
            case .json(let key, let path):
                found = withJSON(key, batch) { json, root in json.find(path, in: root).flatMap(json.integer) }
            case .jsonSum(let key, let path, let parts):
                found = withJSON(key, batch) { json, root in
                    guard var sum = json.find(path, in: root).flatMap(json.integer) else { return nil }
                    for part in parts {
                        let (next, overflow) = sum.addingReportingOverflow(json.find(part, in: root).flatMap(json.integer) ?? 0)
                        if overflow { return nil }
                        sum = next
                    }
                    return sum
                }
            case .lenient(let key): found = attribute(key, batch).flatMap { Self.lenient($0, batch) }.flatMap { Int64(exactly: $0) }
            case .milliseconds, .duration, .firstEvent: found = nil
            }
            if let found, found >= 0 { return found }
        }
        return nil
    }

    /// The first finite number ≥ 0.
    func number(_ sources: [Source], _ batch: RecordBatch) -> Double? {
        for source in sources {
            let found: Double?
            switch source {
            case .attribute(let key): found = attribute(key, batch).flatMap { Self.double($0, batch) }
            case .lenient(let key): found = attribute(key, batch).flatMap { Self.lenient($0, batch) }
            case .duration(let key): found = attribute(key, batch).flatMap { Self.seconds($0, batch) }
            case .milliseconds(let key): found = attribute(key, batch).flatMap { Self.double($0, batch) }.map { $0 / 1000 }
            case .json(let key, let path):
                found = withJSON(key, batch) { json, root in json.find(path, in: root).flatMap(json.double) }
            case .firstEvent(let name): found = EventTimes.secondsToFirst(name, of: batch.rows[index], batch)
            case .jsonSum: found = nil
            }
            if let found, found >= 0, found.isFinite { return found }
        }
        return nil
    }
}

extension StepRow {
    /// The text of an attribute: of a string as it is, of a number written out; NULL for other kinds and when there is none.
    func text(_ key: AttributeKey, _ batch: inout RecordBatch) -> TextRef {
        guard let attribute = attribute(key, batch) else { return .null }
        switch attribute.kind {
        case .string, .json: return attribute.text
        case .int: return batch.text.append(String(attribute.intValue))
        case .double: return batch.text.append(String(attribute.doubleValue))
        case .empty, .bool, .bytes: return .null
        }
    }

    /// The text of a string at a path inside a JSON attribute.
    private func text(_ key: AttributeKey, _ path: [StaticString], _ batch: inout RecordBatch) -> TextRef {
        guard let attribute = attribute(key, batch), !attribute.text.isEmpty else { return .null }
        let range: Range<Int>? = batch.text.withBytes(attribute.text) { bytes in
            let json = JSONCursor(bytes)
            guard let root = json.root, let value = json.find(path, in: root), value.kind == .string else { return nil }
            return (value.range.lowerBound + 1)..<(value.range.upperBound - 1)
        }
        guard let range else { return .null }
        return batch.text.unescaped(TextStore.slice(attribute.text, range))
    }

    /// Calls `body` with the JSON that attribute `key` holds; nil when there is none.
    func withJSON<R>(_ key: AttributeKey, _ batch: RecordBatch, _ body: (JSONCursor, JSONCursor.Value) -> R?) -> R? {
        guard let attribute = attribute(key, batch), !attribute.text.isEmpty else { return nil }
        return batch.text.withBytes(attribute.text) { bytes in
            let json = JSONCursor(bytes)
            return json.root.flatMap { body(json, $0) }
        }
    }

    static func lenient(_ attribute: Attribute, _ batch: RecordBatch) -> Double? {
        guard attribute.kind == .string else { return double(attribute, batch) }
        return batch.text.withBytes(attribute.text) { WrittenNumber($0)?.value }
    }

    static func seconds(_ attribute: Attribute, _ batch: RecordBatch) -> Double? {
        guard attribute.kind == .string else { return double(attribute, batch).map { $0 / 1000 } }
        return batch.text.withBytes(attribute.text) { WrittenNumber($0).map { $0.value * ($0.secondsPerUnit ?? 0.001) } }
    }

    private static func integer(_ attribute: Attribute, _ batch: RecordBatch) -> Int64? {
        switch attribute.kind {
        case .int: attribute.intValue
        case .double: Int64(exactly: attribute.doubleValue)
        case .string: batch.text.withBytes(attribute.text) { JSONText.integer($0) }
        case .empty, .bool, .json, .bytes: nil
        }
    }

    private static func double(_ attribute: Attribute, _ batch: RecordBatch) -> Double? {
        switch attribute.kind {
        case .int: Double(attribute.intValue)
        case .double: attribute.doubleValue
        case .string: batch.text.withBytes(attribute.text) { JSONText.double($0) }
        case .empty, .bool, .json, .bytes: nil
        }
    }
}

extension TextStore {
    /// The text of a JSON string whose escaped bytes are `content`: the same bytes where nothing is escaped; NULL when malformed.
    mutating func unescaped(_ content: TextRef) -> TextRef {
        let isEscaped = withBytes(content) { $0.contains(UInt8(ascii: "\\")) }
        guard isEscaped else { return content }
        var text: [UInt8] = []
        guard withBytes(content, { JSONText.unescape($0, into: &text) }) else { return .null }
        return append(bytes: text)
    }

    /// Copies `bytes` into the arena.
    mutating func append(bytes: [UInt8]) -> TextRef {
        let start = mark
        arena.append(contentsOf: bytes)
        return reference(from: start)
    }

    /// Copies `text` into the arena.
    mutating func append(_ text: StaticString) -> TextRef {
        let start = mark
        arena.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        return reference(from: start)
    }

    /// Whether `ref` starts with the bytes of `literal`.
    func starts(_ ref: TextRef, with literal: StaticString) -> Bool {
        guard ref.count >= literal.utf8CodeUnitCount else { return false }
        return withBytes(ref) { $0.starts(with: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount)) }
    }

    /// Whether `ref` ends with the bytes of `literal`.
    func ends(_ ref: TextRef, with literal: StaticString) -> Bool {
        let count = literal.utf8CodeUnitCount
        guard ref.count >= count else { return false }
        return withBytes(ref) { $0.suffix(count).elementsEqual(UnsafeBufferPointer(start: literal.utf8Start, count: count)) }
    }
}
