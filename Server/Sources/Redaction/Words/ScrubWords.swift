/// The words of the SDK scrubber (`logfire-contract.md` §5.1), looked for in keys and values in any case.
enum ScrubWords {
    struct Word: Sendable {
        /// Parts between which one of `.`, `_`, `-`, a blank or nothing may stand.
        var parts: [[UInt8]]
        /// Whether it counts only as a whole word, or delimited by underscores.
        var isWhole = false
        /// Texts that must not follow.
        var exceptions: [[UInt8]] = []
        /// Whether digits and an underscore must follow.
        var isToken = false

        init(_ text: String, isWhole: Bool = false, except exceptions: [String] = [], isToken: Bool = false) {
            parts = text.split(separator: " ").map { Array($0.utf8) }
            self.isWhole = isWhole
            self.exceptions = exceptions.map { Array($0.utf8) }
            self.isToken = isToken
        }
    }

    static let all: [Word] = [
        Word("password"), Word("passwd"), Word("passphrase"), Word("mysql_pwd"), Word("secret"), Word("auth", except: ["or", "ors"]),
        Word("credential"), Word("private key"), Word("api key"), Word("signing key"), Word("hmac key"), Word("access token"),
        Word("refresh token"), Word("bearer token"), Word("id token", isWhole: true), Word("session"), Word("cookie"),
        Word("social security"), Word("credit card"), Word("logfire token"), Word("csrf", isWhole: true), Word("xsrf", isWhole: true),
        Word("jwt", isWhole: true), Word("ssn", isWhole: true), Word("pylf_v", isToken: true),
    ]

    /// The range of the word that begins at `at`; its first part is known to stand there.
    static func match(_ word: Word, _ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> Range<Int>? {
        var end = at + word.parts[0].count
        for part in word.parts.dropFirst() {
            if end < text.count, isJoint(text[end]), LiteralFilter.stands(part, text, end + 1) { end += 1 }
            guard LiteralFilter.stands(part, text, end) else { return nil }
            end += part.count
        }
        if word.isWhole {
            if at > 0, ASCII.isAlphanumeric(text[at - 1]) || text[at - 1] >= 0x80 { return nil }
            if end < text.count, ASCII.isAlphanumeric(text[end]) || text[end] >= 0x80 { return nil }
        }
        for exception in word.exceptions where LiteralFilter.stands(exception, text, end) {
            // "author" and "authors" are no matches, "authority" and "authorization" are.
            let after = end + exception.count
            if after == text.count || !(ASCII.isAlphanumeric(text[after]) || text[after] == 0x5f) { return nil }
        }
        guard word.isToken else { return at..<end }
        let digits = end
        while end < text.count, ASCII.isDigit(text[end]) { end += 1 }
        return end > digits && end < text.count && text[end] == 0x5f ? at..<end + 1 : nil
    }

    private static func isJoint(_ byte: UInt8) -> Bool { byte == 0x2e || byte == 0x5f || byte == 0x2d || byte == 0x20 }

    /// Keys whose values the SDK leaves alone, and those below the bookkeeping prefixes.
    static func isExempt(_ key: String) -> Bool {
        exemptKeys.contains(key) || key.hasPrefix("code.") || key.hasPrefix("fastapi.route.") || key.hasPrefix("gen_ai.usage.")
            || key.hasPrefix("gen_ai.aggregated_usage.") || key.hasPrefix("langsmith.")
            || (key.hasPrefix("logfire.") && !key.hasPrefix("logfire.feedback.") && key != "logfire.msg")
    }

    private static let exemptKeys: Set<String> = [
        "exception.stacktrace", "exception.type", "exception.message", "error.type", "http.method", "http.request.method",
        "http.status_code", "http.response.status_code", "http.scheme", "url.scheme", "http.url", "http.target", "http.route",
        "db.statement", "db.query.text", "db.plan", "url.full", "url.path", "url.query", "event.name", "agent_session_id", "do_not_scrub",
        "binary_content", "pydantic_ai.all_messages", "all_messages_events", "rpc.method", "model_request_parameters", "session.id",
        "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.tool.definitions", "gen_ai.tool.name",
        "gen_ai.tool.call.id", "gen_ai.conversation.id", "gen_ai.system", "gen_ai.provider.name", "gen_ai.request.model",
        "gen_ai.response.model", "service.name", "service.version", "service.namespace", "service.instance.id", "event_name",
        "event_timestamp",
    ]
}
