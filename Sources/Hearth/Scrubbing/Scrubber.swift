import Synchronization

/// Replaces values that look secret, or whose names do, before anything leaves the process.
struct Scrubber: Sendable {
    /// Tells scrubbers apart: what was found out with one does not hold for another.
    let id: UInt64
    private let words: SecretWords
    private static let ids = Atomic<UInt64>(0)
    /// Names whose values are never looked at.
    private static let exempt: Set<String> = [
        "exception.stacktrace", "exception.type", "exception.message", "error.type", "http.method", "http.status_code", "http.scheme",
        "http.url",
        "http.target", "http.route", "db.statement", "db.query.text", "db.plan", "fastapi.route.name", "fastapi.route.operation_id",
        "url.full",
        "url.path", "url.query", "event.name", "agent_session_id", "do_not_scrub", "binary_content", "pydantic_ai.all_messages",
        "rpc.method",
        "model_request_parameters", "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions",
        "gen_ai.tool.definitions",
        "gen_ai.tool.name", "gen_ai.tool.call.id", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.conversation.id",
        "gen_ai.system", "gen_ai.provider.name", "gen_ai.request.model", "gen_ai.response.model", "code.filepath", "code.lineno",
        "code.function",
    ]

    init(_ options: ScrubbingOptions) {
        id = Self.ids.wrappingAdd(1, ordering: .relaxed).newValue
        words = SecretWords(extra: options.extraWords)
    }

    /// Whether values of this name are left as they are.
    static func isExempt(_ name: String) -> Bool { exempt.contains(name) }

    /// Whether a value of this name is replaced whatever it is.
    func isSecret(name: String) -> Bool { words.find(in: name) != nil }

    /// Whether a text has to be looked at more closely.
    @inline(__always)
    func mayHoldSecret(_ text: String) -> Bool { words.occur(in: text) }

    func scrub(_ record: inout SpanRecord) {
        var found: [ScrubbedValue] = []
        let before = record.attributes
        scrub(&record.attributes, at: ["attributes"], &found)
        if !found.isEmpty, let message = record.message { record.message = scrubbed(message, record, before) }
        for index in record.events.indices {
            scrub(&record.events[index].attributes, at: ["otel_events", String(index), "attributes"], &found)
        }
        for index in record.links.indices {
            scrub(&record.links[index].attributes, at: ["links", String(index), "attributes"], &found)
        }
        if !found.isEmpty { record.scrubbed += found }
    }

    /// Words that the programmer wrote stay, values go.
    private func scrubbed(_ message: String, _ record: SpanRecord, _ before: [Attribute]) -> String {
        if !record.hasOwnMessage, let template = record.template { return MessageTemplate.render(template, record.attributes) }
        var message = message
        for (old, new) in zip(before, record.attributes) where old.value != new.value {
            let text = old.value.text
            if text.utf8.count > 2 { message = message.replacing(text, with: new.value.text) }
        }
        return message
    }

    private func scrub(_ attributes: inout [Attribute], at path: @autoclosure () -> [String], _ found: inout [ScrubbedValue]) {
        for index in attributes.indices {
            guard let (value, marks) = replacement(for: attributes[index], depth: 0) else { continue }
            let base = path()
            attributes[index].value = value
            for mark in marks { found.append(ScrubbedValue(path: base + mark.path, matched: mark.matched)) }
        }
    }

    /// The value to be sent instead, or nil when nothing in it is secret.
    private func replacement(for attribute: Attribute, depth: Int) -> (AttributeValue, [ScrubbedValue])? {
        // Most attributes hold no such word, and looking for one costs less than looking up the name; long texts are the exception.
        if case .string(let text) = attribute.value, text.utf8.count > 256, Self.exempt.contains(attribute.key) { return nil }
        if let word = words.find(in: attribute.key) {
            guard !Self.exempt.contains(attribute.key) else { return nil }
            switch attribute.value {
            case .bool, .null: return nil
            case .array, .strings: return (.array([.string(Self.notice(for: word))]), [ScrubbedValue(path: [attribute.key], matched: word)])
            default: return (.string(Self.notice(for: word)), [ScrubbedValue(path: [attribute.key], matched: word)])
            }
        }
        guard let found = replacement(for: attribute.value, at: attribute.key, depth: depth), !Self.exempt.contains(attribute.key) else {
            return nil
        }
        return found
    }

    private func replacement(for value: AttributeValue, at name: String, depth: Int) -> (AttributeValue, [ScrubbedValue])? {
        guard depth < JSONText.maximumDepth else { return nil }
        switch value {
        case .string(let text):
            guard let word = words.find(in: text), word.utf8.count != text.utf8.count else { return nil }
            if let structure = JSONReader.structure(in: text) {
                guard let (replaced, marks) = replacement(for: structure, at: name, depth: depth + 1) else { return nil }
                return (.string(String(decoding: JSONText.bytes(of: replaced), as: UTF8.self)), marks)
            }
            return (.string(Self.notice(for: word)), [ScrubbedValue(path: [name], matched: word)])
        case .strings(let texts):
            guard let (replaced, marks) = replacement(for: .array(texts.map(AttributeValue.string)), at: name, depth: depth + 1),
                case .array(let elements) = replaced
            else { return nil }
            return (.strings(elements.map(\.text)), marks)
        case .array(var elements):
            var marks: [ScrubbedValue] = []
            for index in elements.indices {
                guard let (replaced, inner) = replacement(for: elements[index], at: String(index), depth: depth + 1) else { continue }
                elements[index] = replaced
                marks += inner.map { ScrubbedValue(path: [name] + $0.path, matched: $0.matched) }
            }
            return marks.isEmpty ? nil : (.array(elements), marks)
        case .object(var members):
            var marks: [ScrubbedValue] = []
            for index in members.indices {
                guard let (replaced, inner) = replacement(for: members[index], depth: depth + 1) else { continue }
                members[index].value = replaced
                marks += inner.map { ScrubbedValue(path: [name] + $0.path, matched: $0.matched) }
            }
            return marks.isEmpty ? nil : (.object(members), marks)
        case .bool, .int, .double, .null:
            return nil
        }
    }

    private static func notice(for word: String) -> String { "[Scrubbed due to '\(word)']" }

    /// The value of `logfire.scrubbed`.
    static func notice(of values: [ScrubbedValue]) -> AttributeValue {
        .array(
            values.map { value in
                .object([
                    Attribute("path", .array(value.path.map(AttributeValue.string))),
                    Attribute("matched_substring", .string(value.matched)),
                ])
            }
        )
    }
}
