public import TelemetryModel

/// How often each rule found something in a batch, by the index of ``CompiledRedaction/ruleNames``.
public struct RedactionCounts: Sendable, Equatable {
    public internal(set) var byRule: [Int]
    public var total: Int { byRule.reduce(0, +) }

    init(rules: Int) { byRule = [Int](repeating: 0, count: rules) }
}

extension CompiledRedaction {
    /// Redacts everything in a batch of spans and logs. Nothing of it may have been stored or derived from it before.
    ///
    /// Ids of rows that were made from content which changed are made anew with the project's key, so that no stored id is a function
    /// of what was removed; the same request still gives the same ids.
    public func redact(_ batch: inout RecordBatch) -> RedactionCounts {
        var redactor = Redactor(self)
        var counts = RedactionCounts(rules: rules.count)
        redactContext(&batch.resources, &batch.scopes, &redactor, &counts)
        var pass = RecordPass(redactor: redactor)
        for index in batch.rows.indices { pass.redact(index, &batch, &counts) }
        return counts
    }

    func redactContext(
        _ resources: inout [ResourceInfo], _ scopes: inout [ScopeInfo], _ redactor: inout Redactor, _ counts: inout RedactionCounts
    ) {
        for index in resources.indices {
            redactor.beginRecord()
            redactor.path = ["otel_resource_attributes"]
            redactor.redact(&resources[index])
            counts.add(redactor.applied)
        }
        for index in scopes.indices {
            redactor.beginRecord()
            redactor.path = ["otel_scope_attributes"]
            redactor.redact(&scopes[index])
            counts.add(redactor.applied)
        }
    }
}

extension RedactionCounts {
    mutating func add(_ applied: [Redactor.Applied]) {
        for entry in applied { byRule[entry.rule] += 1 }
    }
}

/// Takes the rows of a batch through a ``Redactor``, one after the other.
struct RecordPass {
    var redactor: Redactor
    /// Texts of the present row that changed; columns that refer to them follow.
    var moved: [(from: TextRef, to: TextRef)] = []
    var out: [UInt8] = []
    /// Attribute that carries earlier notes of the sender, -1 when there is none.
    var earlierNote = -1
    /// Whether `logfire.msg` was sent; the message is then counted with it.
    var hasSentMessage = false
    /// Encoded bytes that had a find, with what stands in their place: a text of JSON does not tell them from other texts.
    var encoded: [(from: [UInt8], to: [UInt8])] = []

    mutating func redact(_ index: Int, _ batch: inout RecordBatch, _ counts: inout RedactionCounts) {
        redactor.beginRecord()
        moved.removeAll(keepingCapacity: true)
        encoded.removeAll(keepingCapacity: true)
        (earlierNote, hasSentMessage) = (-1, false)
        var row = batch.rows[index]
        let scope = batch.scopes[Int(row.scope)].name
        let skipsWords = scope == "logfire.openai" || scope == "logfire.anthropic"

        redactAttributes(row.attributes, &batch, skipsWords)
        let attributesChanged = !redactor.applied.isEmpty
        let holders = Redactor.Place(exemptsWords: skipsWords, holdsAttributes: true)
        redactor.path = ["otel_events"]
        json(&row.eventsJSON, &batch.text, holders)
        redactor.path = ["otel_links"]
        json(&row.linksJSON, &batch.text, holders)
        redactor.path = ["log_body"]
        let oldBody = row.logBodyJSON
        if !oldBody.isNull {
            let isMessage =
                redactor.redaction.contentRule >= 0
                && batch.text.withBytes(row.spanName) { MessageContent.isMessageEvent(String(decoding: $0.prefix(80), as: UTF8.self)) }
            json(&row.logBodyJSON, &batch.text, Redactor.Place(exemptsWords: skipsWords, content: isMessage ? .messages : .none))
        }
        redactor.path = ["otel_status_message"]
        text(&row.statusMessage, &batch.text, Redactor.Place(exemptsWords: true))

        names(&row, oldBody, &batch.text, skipsWords)
        exceptions(&row, &batch.text)
        columns(&row, &batch.text)
        guard !redactor.applied.isEmpty else { return }
        counts.add(redactor.applied)
        redactor.isCounting = false
        if attributesChanged {
            redactor.path = []
            let attributes = Redactor.Place(exemptsWords: skipsWords, isAttributes: true)
            json(&row.attributesJSON, &batch.text, attributes)
            json(&row.bodiesJSON, &batch.text, attributes)
            replaceEncoded(&row.attributesJSON, &batch.text)
            json(&row.tagsJSON, &batch.text, Redactor.Place(exemptsWords: true))
            if batch.text.equal(row.tagsJSON, "[]") { row.tagsJSON = .null }
        }
        addNote(&row, &batch)
        if row.isOTLPLog { renewIdentity(&row) }
        batch.rows[index] = row
    }

    // MARK: Attributes

    private mutating func redactAttributes(_ range: Range<UInt32>, _ batch: inout RecordBatch, _ skipsWords: Bool) {
        for position in Int(range.lowerBound)..<Int(range.upperBound) {
            let attribute = batch.attributes[position]
            let verdict = batch.text.withBytes(attribute.name) { redactor.verdict($0) }
            switch attribute.key {
            case .logfireMessage: hasSentMessage = attribute.kind == .string
            case .unknown where verdict.isExempt && batch.text.equal(attribute.name, "logfire.scrubbed"): earlierNote = position
            default: break
            }
            if verdict.isExempt { continue }
            let applied = redactor.applied.count
            redactor.path = ["attributes", name(attribute, verdict, batch.text)]
            if let newName = verdict.newName {
                batch.text.withBytes(attribute.name) { bytes in
                    for rule in verdict.nameRules { redactor.note(rule, before: bytes, after: newName) }
                }
                batch.attributes[position].name = append(newName, &batch.text)
            }
            redactValue(position, verdict, &batch, skipsWords)
            if redactor.applied.count > applied, attribute.kind == .string {
                moved.append((attribute.text, batch.attributes[position].text))
                if redactor.applied[applied].rule == redactor.redaction.wordRule { addSecret(attribute.text, position, batch) }
            }
        }
    }

    private func name(_ attribute: Attribute, _ verdict: KeyVerdict, _ text: TextStore) -> String {
        // Only read when something is found; known keys cost nothing.
        if let newName = verdict.newName { return String(decoding: newName, as: UTF8.self) }
        return attribute.key == .unknown ? text.string(attribute.name) ?? "" : attribute.key.rawValue
    }

    private mutating func redactValue(_ position: Int, _ verdict: KeyVerdict, _ batch: inout RecordBatch, _ skipsWords: Bool) {
        let attribute = batch.attributes[position]
        var place = Redactor.Place(
            exemptsWords: verdict.exemptsWords || skipsWords, isPlain: verdict.isPlain, content: verdict.content)
        if verdict.rule >= 0, !(skipsWords && verdict.rule == redactor.redaction.wordRule) {
            return replaceWhole(position, verdict, &batch)
        }
        out.removeAll(keepingCapacity: true)
        let outcome: Redactor.Outcome
        switch attribute.kind {
        case .string: outcome = batch.text.withBytes(attribute.text) { redactor.redact($0, place, into: &out) }
        case .json: outcome = batch.text.withBytes(attribute.text) { redactor.redactContainer($0, place, into: &out) }
        case .int, .double:
            guard let digits = Self.digits(attribute) else { return }
            place = Redactor.Place(exemptsWords: true, isPlain: true)
            outcome = digits.withUnsafeBufferPointer { redactor.redact($0, place, into: &out) }
        case .bytes:
            outcome = batch.text.withBytes(attribute.text) { redactor.redactBase64($0, place, into: &out) }
            if case .changed = outcome { batch.text.withBytes(attribute.text) { encoded.append((Array($0), out)) } }
        case .bool, .empty: return
        }
        apply(outcome, position, &batch, kind: attribute.kind == .json ? .json : .string)
    }

    /// Remembers a value that was replaced because of what stands in it.
    private mutating func addSecret(_ old: TextRef, _ position: Int, _ batch: RecordBatch) {
        let after = batch.text.withBytes(batch.attributes[position].text) { Array($0) }
        batch.text.withBytes(old) { redactor.addSecret(Array($0), after) }
    }

    /// The digits of a number that is long enough to be a card number or the like.
    private static func digits(_ attribute: Attribute) -> [UInt8]? {
        if attribute.kind == .int {
            return attribute.intValue.magnitude >= 10_000_000 ? Array(String(attribute.intValue).utf8) : nil
        }
        let value = attribute.doubleValue
        guard value.magnitude >= 1e7, let whole = Int64(exactly: value) else { return nil }
        return Array(String(whole).utf8)
    }

    private mutating func apply(
        _ outcome: Redactor.Outcome, _ position: Int, _ batch: inout RecordBatch, kind: AttributeValueKind
    ) {
        switch outcome {
        case .unchanged: return
        case .changed:
            batch.attributes[position].kind = kind
            batch.attributes[position].text = append(out, &batch.text)
            batch.attributes[position].bits = 0
        case .dropped: batch.attributes[position] = Attribute(key: .unknown, kind: .empty, name: .empty)
        }
    }

    private mutating func replaceWhole(_ position: Int, _ verdict: KeyVerdict, _ batch: inout RecordBatch) {
        let attribute = batch.attributes[position]
        var value: [UInt8] = []
        switch attribute.kind {
        case .string, .json, .bytes: batch.text.withBytes(attribute.text) { value.append(contentsOf: $0) }
        case .int: value = Array(String(attribute.intValue).utf8)
        case .double: value = Array(String(attribute.doubleValue).utf8)
        case .bool: value = Array(String(attribute.boolValue).utf8)
        case .empty: return
        }
        let drops = redactor.drops(verdict)
        let after = value.withUnsafeBufferPointer { bytes in
            let after = redactor.replacement(verdict, bytes)
            redactor.note(verdict.rule, matched: verdict.word.isEmpty ? nil : verdict.word, before: bytes, after: drops ? [] : after)
            return after
        }
        if attribute.kind == .string { redactor.addSecret(value, after) }
        out.removeAll(keepingCapacity: true)
        let isList = attribute.kind == .json && value.first == 0x5b
        if isList {
            out.append(0x5b)
            JSONWalk.appendString(after, to: &out)
            out.append(0x5d)
        } else {
            out += after
        }
        apply(drops ? .dropped : .changed, position, &batch, kind: isList ? .json : .string)
    }

    // MARK: Pieces

    mutating func append(_ bytes: [UInt8], _ text: inout TextStore) -> TextRef {
        let mark = text.mark
        text.arena.append(contentsOf: bytes)
        return text.reference(from: mark)
    }
}
