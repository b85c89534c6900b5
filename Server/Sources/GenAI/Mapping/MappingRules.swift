public import TelemetryModel

/// A unit of time that an attribute counts in.
public enum MappingUnit: String, CaseIterable, Sendable {
    case s, ms, us, ns, min

    /// Seconds that one of it lasts.
    public var seconds: Double {
        switch self {
        case .s: 1
        case .ms: 1e-3
        case .us: 1e-6
        case .ns: 1e-9
        case .min: 60
        }
    }
}

/// "This attribute is that field", on the records that meet the conditions.
public struct MappingRule: Sendable, Equatable {
    public var attribute: String
    public var field: CanonicalField
    /// Only records of this service, scope or span name; nil for all.
    public var serviceName: String?
    public var scopeName: String?
    public var spanName: String?
    /// What the attribute counts in, for fields in seconds; nil for seconds.
    public var unit: MappingUnit?

    public init(
        attribute: String, field: CanonicalField, serviceName: String? = nil, scopeName: String? = nil, spanName: String? = nil,
        unit: MappingUnit? = nil
    ) {
        self.attribute = attribute
        self.field = field
        self.serviceName = serviceName
        self.scopeName = scopeName
        self.spanName = spanName
        self.unit = unit
    }
}

/// A project's mapping rules, ready to be applied. Of several rules for one field, the first that finds its attribute holds.
public struct MappingRules: Sendable {
    private let rules: [MappingRule]
    /// Rules by the hash of their attribute's name.
    private let byName: [UInt64: [Int]]

    public init(_ rules: [MappingRule]) {
        self.rules = rules
        byName = Dictionary(grouping: rules.indices, by: { StepHash.text(rules[$0].attribute) })
    }

    public var isEmpty: Bool { rules.isEmpty }

    /// Gives every attribute that a rule maps a twin under the field's own key, which the extractor prefers to all others. What is stored
    /// as the record's attributes stays as it was sent.
    public func apply(to batch: inout RecordBatch) {
        if rules.isEmpty { return }
        for index in batch.rows.indices where batch.rows[index].kind != .pendingSpan {
            let range = batch.rows[index].attributes
            var found: [(rule: Int, position: Int)] = []
            for position in Int(range.lowerBound)..<Int(range.upperBound) {
                let name = batch.attributes[position].name
                guard let candidates = byName[StepHash.text(name, in: batch.text)] else { continue }
                for rule in candidates where holds(rules[rule], name, batch.rows[index], batch) { found.append((rule, position)) }
            }
            if found.isEmpty { continue }
            found.sort { $0.rule < $1.rule }
            // A record's attributes stand together, so they move to the end with their twins.
            let first = UInt32(batch.attributes.count)
            var taken: Set<CanonicalField> = []
            for (rule, position) in found {
                let rule = rules[rule]
                guard !taken.contains(rule.field), let twin = Self.twin(of: batch.attributes[position], rule, batch) else { continue }
                taken.insert(rule.field)
                batch.attributes.append(twin)
            }
            for position in Int(range.lowerBound)..<Int(range.upperBound) { batch.attributes.append(batch.attributes[position]) }
            batch.rows[index].attributes = first..<UInt32(batch.attributes.count)
        }
    }

    private func holds(_ rule: MappingRule, _ name: TextRef, _ row: RecordRow, _ batch: RecordBatch) -> Bool {
        guard equal(name, rule.attribute, batch) else { return false }
        if let wanted = rule.spanName, !equal(row.spanName, wanted, batch) { return false }
        if let wanted = rule.scopeName {
            guard Int(row.scope) < batch.scopes.count, batch.scopes[Int(row.scope)].name == wanted else { return false }
        }
        if let wanted = rule.serviceName {
            guard Int(row.resource) < batch.resources.count, batch.resources[Int(row.resource)].serviceName == wanted else { return false }
        }
        return true
    }

    private func equal(_ ref: TextRef, _ text: String, _ batch: RecordBatch) -> Bool {
        guard ref.count == text.utf8.count else { return false }
        return batch.text.withBytes(ref) { $0.elementsEqual(text.utf8) }
    }

    /// The attribute under the field's key; nil when its value cannot be the field's.
    private static func twin(of attribute: Attribute, _ rule: MappingRule, _ batch: RecordBatch) -> Attribute? {
        var twin = attribute
        twin.key = rule.field.key
        switch rule.field.kind {
        case .text:
            let isText = attribute.kind == .string || attribute.kind == .json
            return isText ? (attribute.text.isEmpty ? nil : twin) : attribute.kind == .int || attribute.kind == .double ? twin : nil
        case .boolean: return rule.field == .refusal || StepRow.flag(attribute, batch) != nil ? twin : nil
        case .integer, .number: return StepRow.lenient(attribute, batch).map { $0 >= 0 } == true ? twin : nil
        case .seconds:
            let seconds: Double?
            if attribute.kind == .string {
                // A unit that is written beside the number is believed.
                seconds = batch.text.withBytes(attribute.text) { WrittenNumber($0) }.map {
                    $0.value * ($0.secondsPerUnit ?? rule.unit?.seconds ?? 1)
                }
            } else {
                seconds = StepRow.lenient(attribute, batch).map { $0 * (rule.unit?.seconds ?? 1) }
            }
            guard let seconds, seconds >= 0, seconds.isFinite else { return nil }
            twin.kind = .double
            twin.bits = seconds.bitPattern
            return twin
        }
    }
}
