/// What the rules say about an attribute or member name.
struct KeyVerdict: Sendable {
    /// No rule touches the value.
    var isExempt = false
    /// The words of the SDK scrubber are not looked for in the value.
    var exemptsWords = false
    /// The value is one text even when it looks like JSON, and its name makes no find.
    var isPlain = false
    /// The rule that takes the whole value, -1 for none.
    var rule = -1
    /// The word that was found in the name.
    var word = ""
    var content = MessageContent.Mode.none
    /// What the name becomes when it has a find itself; the rules of these finds.
    var newName: [UInt8]?
    var nameRules: [Int] = []

    init() {}

    /// - Parameter name: at most a few hundred bytes; verdicts are remembered per batch.
    init(_ name: UnsafeBufferPointer<UInt8>, _ redaction: CompiledRedaction, _ matcher: inout PatternMatcher) {
        let text = String(decoding: name, as: UTF8.self)
        if redaction.exemptKeys.contains(text) || Self.structural.contains(text) {
            isExempt = true
            return
        }
        if redaction.contentRule >= 0 { content = MessageContent.mode(ofAttribute: text) }
        if text == "logfire.json_schema" || text == "logfire.msg_template" || text == "logfire.msg" {
            isPlain = true
            exemptsWords = true
            return
        }
        exemptsWords = ScrubWords.isExempt(text)
        for (pattern, rule) in redaction.keyPatterns where matcher.firstMatch(pattern, name) != nil {
            self.rule = rule
            return
        }
        if redaction.authorizationRule >= 0, Self.isAuthorization(text) {
            rule = redaction.authorizationRule
            return
        }
        guard redaction.scanner.mayFind(name) else { return }
        var finds: [Find] = []
        let word = redaction.scanner.scan(name, withWords: !exemptsWords, &matcher, to: &finds)
        if let word {
            rule = redaction.wordRule
            self.word = String(decoding: UnsafeBufferPointer(rebasing: name[word]), as: UTF8.self)
            return
        }
        guard !finds.isEmpty else { return }
        nameRules = finds.map(\.rule)
        newName = Redactor.replacing(finds, in: name, redaction)
    }

    /// Headers whose value is a credential, as such or at the end of `http.request.header.…`.
    private static func isAuthorization(_ name: String) -> Bool {
        let last = name.split(separator: ".").last.map { $0.lowercased().replacing("_", with: "-") } ?? ""
        return ["authorization", "proxy-authorization", "x-api-key", "api-key", "x-auth-token"].contains(last)
    }

    /// Attributes of a fixed form that the server itself reads.
    private static let structural: Set<String> = [
        "logfire.span_type", "logfire.pending_parent_id", "logfire.level_num", "logfire.level_name", "logfire.scrubbed",
        "logfire.sample_rate", "event_timestamp", "trace_id", "span_id",
    ]
}
