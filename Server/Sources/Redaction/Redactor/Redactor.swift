import TelemetryModel

/// Passes texts and JSON values through a rule set, and keeps what was found.
struct Redactor {
    /// What became of a value.
    enum Outcome {
        case unchanged
        /// The new value was appended to the output.
        case changed
        /// The value is to be left out.
        case dropped
    }

    /// A replacement, with where it happened.
    struct Applied {
        var rule: Int
        /// The word for the SDK scrubber's words, else the rule's name.
        var matched: String
        var path: [String]
    }

    /// Where a text stands.
    struct Place {
        var exemptsWords = false
        /// Not looked at as JSON.
        var isPlain = false
        var content = MessageContent.Mode.none
        /// The members of the object are attributes.
        var isAttributes = false
        /// The objects are events, links or exemplars, with a member `attributes`.
        var holdsAttributes = false
    }

    let redaction: CompiledRedaction
    /// Replacements since the last ``beginRecord()``.
    var applied: [Applied] = []
    /// Whether replacements are kept: a value that stands in two places of a record is counted in one.
    var isCounting = true
    var path: [String] = []
    var matcher = PatternMatcher()
    /// Values that were replaced because of their name, with what replaced them: they go from the message too.
    var secrets: [(value: [UInt8], replacement: [UInt8])] = []
    /// What a test run wants to see of a replacement.
    var observe: ((Applied, UnsafeBufferPointer<UInt8>, [UInt8]) -> Void)?
    private var verdicts: [UInt64: KeyVerdict] = [:]
    /// Whether the event being read carries a message.
    var isMessageEvent = false
    private var finds: [Find] = []

    /// Most levels of JSON, and of JSON in texts of JSON, that are looked into; what lies deeper is looked at as text.
    static let depthLimit = 128

    init(_ redaction: CompiledRedaction) { self.redaction = redaction }

    mutating func beginRecord() {
        applied.removeAll(keepingCapacity: true)
        secrets.removeAll(keepingCapacity: true)
        path.removeAll(keepingCapacity: true)
        isCounting = true
    }

    mutating func verdict(_ name: UnsafeBufferPointer<UInt8>) -> KeyVerdict {
        var hash = StableHash(key0: redaction.hashKey.0, key1: redaction.hashKey.1)
        hash.combine(bytes: name)
        let key = hash.finalize()
        if let known = verdicts[key] { return known }
        let verdict = KeyVerdict(name, redaction, &matcher)
        // Names are few; a sender that makes one for every value must not fill the memory.
        if verdicts.count >= 4_096 { verdicts.removeAll(keepingCapacity: true) }
        verdicts[key] = verdict
        return verdict
    }

    /// Remembers a value that is to go from the message too, also when the sender cut its middle out to fit 128 characters.
    mutating func addSecret(_ value: [UInt8], _ after: [UInt8]) {
        guard value.count >= 3 else { return }
        secrets.append((value, after))
        if value.count > 120 {
            secrets.append((Array(value.prefix(60)), after))
            secrets.append((Array(value.suffix(60)), []))
        }
    }

    mutating func note(_ rule: Int, matched: String? = nil, before: UnsafeBufferPointer<UInt8>, after: [UInt8]) {
        guard isCounting else { return }
        let entry = Applied(rule: rule, matched: matched ?? redaction.rules[rule].name, path: path)
        observe?(entry, before, after)
        applied.append(entry)
    }

    // MARK: Texts

    /// Passes one text, without JSON escapes, through the rules; a changed text is appended to `out`.
    mutating func redact(_ text: UnsafeBufferPointer<UInt8>, _ place: Place, depth: Int = 0, into out: inout [UInt8]) -> Outcome {
        guard !text.isEmpty else { return .unchanged }
        if place.content == .whole { return replaceContent(text, into: &out) }
        let isJSON = !place.isPlain && depth < Self.depthLimit && JSONWalk.looksLikeContainer(text)
        if isJSON, place.content == .messages || needsWalk(text) {
            let mark = applied.count
            if let outcome = redactJSON(text, place, depth: depth + 1, into: &out) { return outcome }
            applied.removeLast(applied.count - mark)
        }
        if place.content == .messages { return replaceContent(text, into: &out) }
        finds.removeAll(keepingCapacity: true)
        if redaction.binaryRule >= 0, text.count >= BinaryContent.least { BinaryContent.find(text, rule: redaction.binaryRule, to: &finds) }
        let binary = finds.count
        if redaction.scanner.mayFind(text) {
            let withWords = redaction.wordRule >= 0 && !place.exemptsWords
            if let word = redaction.scanner.scan(text, withWords: withWords, &matcher, to: &finds), word.count < text.count {
                return replaceScrubbed(text, word, into: &out)
            }
        }
        guard !finds.isEmpty else { return .unchanged }
        if binary > 0, finds.count > binary { removeOverlaps() }
        return replaceFinds(text, into: &out)
    }

    private mutating func removeOverlaps() {
        finds.sort { $0.range.lowerBound < $1.range.lowerBound }
        var end = 0
        finds.removeAll { find in
            if find.range.lowerBound < end { return true }
            end = find.range.upperBound
            return false
        }
    }

    private mutating func replaceContent(_ text: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) -> Outcome {
        let after = Array(MessageContent.mark.utf8)
        note(redaction.contentRule, before: text, after: after)
        out += after
        return .changed
    }

    private mutating func replaceScrubbed(_ text: UnsafeBufferPointer<UInt8>, _ word: Range<Int>, into out: inout [UInt8]) -> Outcome {
        let matched = String(decoding: UnsafeBufferPointer(rebasing: text[word]), as: UTF8.self)
        let after = Array(Self.scrubbed(matched).utf8)
        note(redaction.wordRule, matched: matched, before: text, after: after)
        out += after
        return .changed
    }

    private mutating func replaceFinds(_ text: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) -> Outcome {
        let finds = finds
        var isDropped = false
        for find in finds {
            let before = UnsafeBufferPointer(rebasing: text[find.range])
            let isDrop = redaction.rules[find.rule].action == .drop
            isDropped = isDropped || isDrop
            note(find.rule, before: before, after: isDrop ? [] : Self.replacement(find.rule, before, redaction))
        }
        if isDropped { return .dropped }
        out += Self.replacing(finds, in: text, redaction)
        return .changed
    }

    /// The text with its finds replaced.
    static func replacing(_ finds: [Find], in text: UnsafeBufferPointer<UInt8>, _ redaction: CompiledRedaction) -> [UInt8] {
        var out: [UInt8] = []
        var done = 0
        for find in finds {
            out += text[done..<find.range.lowerBound]
            out += replacement(find.rule, UnsafeBufferPointer(rebasing: text[find.range]), redaction)
            done = find.range.upperBound
        }
        out += text[done...]
        return out
    }

    static func scrubbed(_ matched: String) -> String { "[Scrubbed due to '\(matched)']" }

    /// What stands in the place of a find; for dropped ones the mark, because some places cannot be left out.
    static func replacement(_ rule: Int, _ text: UnsafeBufferPointer<UInt8>, _ redaction: CompiledRedaction) -> [UInt8] {
        let entry = redaction.rules[rule]
        if entry.kind == .binary { return Array(BinaryContent.mark(characters: text.count).utf8) }
        switch entry.action {
        case .hash: return Array("[\(entry.name):\(redaction.pseudonym(text))]".utf8)
        case .replace, .drop: return Array("[Redacted: \(entry.name)]".utf8)
        }
    }

    /// What stands in the place of a value whose name made the find.
    func replacement(_ verdict: KeyVerdict, _ value: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        verdict.rule == redaction.wordRule ? Array(Self.scrubbed(verdict.word).utf8) : Self.replacement(verdict.rule, value, redaction)
    }

    func drops(_ verdict: KeyVerdict) -> Bool { redaction.rules[verdict.rule].action == .drop }

    /// Whether a JSON text has to be read member by member; most have nothing in them that a rule could find.
    func needsWalk(_ json: UnsafeBufferPointer<UInt8>) -> Bool {
        if redaction.contentRule >= 0 { return true }
        if redaction.binaryRule >= 0, json.count >= BinaryContent.least { return true }
        return redaction.scanner.mayFind(json) || JSONWalk.hidesCharacters(json)
    }
}
