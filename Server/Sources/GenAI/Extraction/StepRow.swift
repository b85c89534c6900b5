import TelemetryModel

/// A record with its known attributes at hand. One value is reused from record to record.
struct StepRow {
    struct Entry {
        var key: AttributeKey
        var index: Int
    }

    /// Index of the record in the batch.
    private(set) var index = 0
    private var entries: [Entry] = []

    /// Takes up record `index`.
    mutating func load(_ index: Int, _ batch: RecordBatch) {
        self.index = index
        entries.removeAll(keepingCapacity: true)
        let range = batch.rows[index].attributes
        for position in Int(range.lowerBound)..<Int(range.upperBound) where batch.attributes[position].key != .unknown {
            entries.append(Entry(key: batch.attributes[position].key, index: position))
        }
    }

    /// Takes up those attributes of record `index` whose keys are wanted.
    mutating func load(_ index: Int, _ batch: RecordBatch, where isWanted: (AttributeKey) -> Bool) {
        self.index = index
        entries.removeAll(keepingCapacity: true)
        let range = batch.rows[index].attributes
        for position in Int(range.lowerBound)..<Int(range.upperBound) {
            let key = batch.attributes[position].key
            if key != .unknown, isWanted(key) { entries.append(Entry(key: key, index: position)) }
        }
    }

    var isEmpty: Bool { entries.isEmpty }

    /// Whether the record has nothing but attributes of that name, as far as it was taken up.
    func isOnly(_ key: AttributeKey) -> Bool { entries.allSatisfy { $0.key == key } }

    /// The attribute, nil when the record has none of that name.
    func attribute(_ key: AttributeKey, _ batch: RecordBatch) -> Attribute? {
        for entry in entries where entry.key == key { return batch.attributes[entry.index] }
        return nil
    }

    /// Calls `body` with all known attributes: their keys and their indexes in the batch.
    func withKnown(_ body: ([Entry]) -> Void) { body(entries) }

    func has(_ key: AttributeKey) -> Bool {
        entries.contains { $0.key == key }
    }

    /// Whether the attribute is a non-empty text.
    func hasText(_ key: AttributeKey, _ batch: RecordBatch) -> Bool {
        attribute(key, batch).map { !$0.text.isEmpty } ?? false
    }

    /// The record's instrumentation scope.
    func scopeName(_ batch: RecordBatch) -> String {
        let scope = Int(batch.rows[index].scope)
        return scope < batch.scopes.count ? batch.scopes[scope].name : ""
    }

    /// Whether a JSON source has a non-empty text.
    func hasJSONText(_ source: Source, _ batch: RecordBatch) -> Bool {
        guard case .json(let key, let path) = source else { return false }
        return withJSON(key, batch) { json, root in json.find(path, in: root).map { $0.kind == .string && $0.range.count > 2 } } ?? false
    }
}
