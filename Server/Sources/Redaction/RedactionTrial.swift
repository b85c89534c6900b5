/// Tries a rule set on records or a sample: what it would find and change. Nothing is stored.
public struct RedactionTrial {
    /// One replacement.
    public struct Change: Sendable, Encodable, Equatable {
        public var traceID: String?
        public var spanID: String?
        public var path: [String]
        public var rule: String
        /// Cut to 300 characters.
        public var before: String
        public var after: String

        enum CodingKeys: String, CodingKey {
            case path, rule, before, after
            case traceID = "trace_id"
            case spanID = "span_id"
        }
    }

    /// Text that is no JSON.
    public struct Malformed: Error {}

    public private(set) var records = 0
    public private(set) var changedRecords = 0
    /// Finds by rule name.
    public private(set) var counts: [String: Int] = [:]
    /// The first ones.
    public private(set) var changes: [Change] = []
    private let redaction: CompiledRedaction
    private var redactor: Redactor

    public static let changeLimit = 100

    public init(_ redaction: CompiledRedaction) {
        self.redaction = redaction
        redactor = Redactor(redaction)
    }

    /// Tries the rows of a query's answer, `{"data": [{column: value}]}`, with the columns ``columns``.
    public mutating func tryRows(_ json: [UInt8]) throws(Malformed) {
        try Self.forEachRow(json) { row in tryRow(row) }
    }

    /// The columns that hold what senders sent; everything else of a record is derived from them.
    public static let columns = [
        "span_name", "attributes", "otel_events", "otel_links", "log_body", "otel_status_message", "otel_resource_attributes",
        "otel_scope_name", "otel_scope_attributes",
    ]

    /// Tries a pasted value: an object counts as attributes, a string as a text of its own.
    ///
    /// - Returns: the value after redaction, as JSON.
    public mutating func trySample(_ json: [UInt8]) throws(Malformed) -> [UInt8] {
        let result = redact(json, Redactor.Place(isAttributes: true), path: [], ids: (nil, nil))
        guard let result else { throw Malformed() }
        records += 1
        if result.isChanged { changedRecords += 1 }
        return result.json
    }

    /// The source text of a member of a JSON object; nil when it has none.
    public static func member(_ name: String, of json: [UInt8]) throws(Malformed) -> [UInt8]? {
        var found: [UInt8]?
        try forEachMember(json) { key, value in if key == name { found = value } }
        return found
    }

    private mutating func tryRow(_ row: [UInt8]) {
        var members: [String: [UInt8]] = [:]
        do {
            try Self.forEachMember(row) { members[$0] = $1 }
        } catch {
            return
        }
        records += 1
        var isChanged = false
        let ids = (Self.text(members["trace_id"]), Self.text(members["span_id"]))
        for column in Self.columns {
            guard let value = members[column], value.first != 0x6e else { continue }
            var place = Redactor.Place()
            switch column {
            case "attributes", "otel_resource_attributes", "otel_scope_attributes": place.isAttributes = true
            case "otel_events", "otel_links": place.holdsAttributes = true
            case "span_name", "otel_status_message", "otel_scope_name": place.exemptsWords = true
            default: break
            }
            if let result = redact(value, place, path: [column], ids: ids) { isChanged = isChanged || result.isChanged }
        }
        if isChanged { changedRecords += 1 }
    }

    private mutating func redact(
        _ json: [UInt8], _ place: Redactor.Place, path: [String], ids: (String?, String?)
    ) -> (json: [UInt8], isChanged: Bool)? {
        redactor.beginRecord()
        redactor.path = path
        var made: [Change] = []
        let rules = redaction.rules
        let limit = Self.changeLimit - changes.count
        var out: [UInt8] = []
        let collector = Collector()
        redactor.observe = { applied, before, after in
            guard collector.changes.count < limit else { return }
            collector.changes.append(
                Change(
                    traceID: ids.0, spanID: ids.1, path: applied.path, rule: rules[applied.rule].name, before: Self.cut(before),
                    after: after.withUnsafeBufferPointer(Self.cut)))
        }
        let outcome = json.withUnsafeBufferPointer { redactor.redactJSON($0, place, into: &out) }
        redactor.observe = nil
        guard let outcome else { return nil }
        made = collector.changes
        changes += made
        for applied in redactor.applied { counts[rules[applied.rule].name, default: 0] += 1 }
        switch outcome {
        case .unchanged: return (json, false)
        case .changed: return (out, true)
        case .dropped: return (Array("null".utf8), true)
        }
    }

    private final class Collector { var changes: [Change] = [] }

    private static func cut(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        let text = String(decoding: bytes.prefix(1_200), as: UTF8.self)
        return text.count > 300 ? String(text.prefix(300)) + "…" : text
    }

    private static func text(_ json: [UInt8]?) -> String? {
        guard let json, json.count >= 2, json.first == 0x22 else { return nil }
        return String(decoding: json[1..<json.count - 1], as: UTF8.self)
    }

    // MARK: Reading

    private static func forEachMember(_ json: [UInt8], _ body: (String, [UInt8]) -> Void) throws(Malformed) {
        let isRead = json.withUnsafeBufferPointer { bytes -> Bool in
            var walk = JSONWalk(bytes)
            do {
                try walk.expect(0x7b)
                while try walk.peek() != 0x7d {
                    let key = try walk.string()
                    try walk.expect(0x3a)
                    let value = try walk.skipValue()
                    body(String(decoding: bytes[key], as: UTF8.self), Array(bytes[value]))
                    if try walk.peek() == 0x2c { walk.at += 1 }
                }
                return true
            } catch {
                return false
            }
        }
        if !isRead { throw Malformed() }
    }

    private static func forEachRow(_ json: [UInt8], _ body: ([UInt8]) -> Void) throws(Malformed) {
        guard let rows = try member("data", of: json) else { throw Malformed() }
        let isRead = rows.withUnsafeBufferPointer { bytes -> Bool in
            var walk = JSONWalk(bytes)
            do {
                try walk.expect(0x5b)
                while try walk.peek() != 0x5d {
                    body(Array(bytes[try walk.skipValue()]))
                    if try walk.peek() == 0x2c { walk.at += 1 }
                }
                return true
            } catch {
                return false
            }
        }
        if !isRead { throw Malformed() }
    }
}
