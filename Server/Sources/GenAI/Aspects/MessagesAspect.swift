import TelemetryModel

/// What went into an agent run and what came out (`genai-conventions.md` §5 "Runs table").
enum MessagesAspect {
    /// One place where a prompt or an answer stands.
    enum TextSource: Sendable {
        /// The latest text of a role in a JSON list of messages; the attribute `since` numbers the first message of this run. LangChain's
        /// messages have a type of their own in place of a role.
        case latest(StaticString, StaticString? = nil, in: AttributeKey, since: AttributeKey? = nil)
        /// The attribute's text as it is.
        case whole(AttributeKey)
    }

    static let inputs: [TextSource] = [
        .latest("user", in: .pydanticAIAllMessages, since: .pydanticAINewMessageIndex), .latest("user", in: .allMessagesEvents),
        .latest("user", in: .genAIInputMessages), .latest("user", "human", in: .genAIPrompt), .whole(.inputValue),
        .whole(.traceloopEntityInput),
    ]

    static let outputs: [TextSource] = [
        .whole(.finalResult), .latest("assistant", in: .genAIOutputMessages), .latest("assistant", "ai", in: .genAICompletion),
        .whole(.outputValue), .whole(.traceloopEntityOutput),
    ]

    static func fillRun(_ step: inout GenAIStep, _ row: StepRow, _ batch: inout RecordBatch) {
        step.input = text(inputs, row, &batch)
        step.output = text(outputs, row, &batch)
    }

    private static func text(_ sources: [TextSource], _ row: StepRow, _ batch: inout RecordBatch) -> TextRef {
        for source in sources {
            let found: TextRef
            switch source {
            case .whole(let key): found = row.text(key, &batch)
            case .latest(let role, let type, let key, let since):
                let first = since.flatMap { row.count([.attribute($0)], batch) } ?? 0
                found = latest(role, type, key, since: Int(clamping: first), row, &batch)
            }
            if !found.isEmpty { return found }
        }
        return .null
    }

    private static func latest(
        _ role: StaticString, _ type: StaticString?, _ key: AttributeKey, since: Int, _ row: StepRow, _ batch: inout RecordBatch
    ) -> TextRef {
        guard let attribute = row.attribute(key, batch), !attribute.text.isEmpty else { return .null }
        let pieces: [Range<Int>] = batch.text.withBytes(attribute.text) { bytes in
            let json = JSONCursor(bytes)
            guard let root = json.root else { return [] }
            return latestText(of: role, type, in: root, since: since, json)
        }
        let texts = pieces.map { batch.text.unescaped(TextStore.slice(attribute.text, $0)) }.filter { !$0.isNull }
        if texts.count < 2 { return texts.first ?? .null }
        let joined = texts.map { batch.text.withBytes($0) { Array($0) } }.joined(separator: [UInt8(ascii: "\n")])
        return batch.text.append(bytes: Array(joined))
    }

    /// The text parts of the latest message of `role`, as ranges of escaped bytes. A run that brought no such message of its own goes
    /// on from an earlier one.
    private static func latestText(
        of role: StaticString, _ type: StaticString?, in root: JSONCursor.Value, since: Int, _ json: JSONCursor
    ) -> [Range<Int>] {
        var latest: [Range<Int>] = []
        var index = 0
        var isOwn = false
        var messages = json.elements(of: json.member("messages", of: root) ?? root)
        while let message = messages.next() {
            defer { index += 1 }
            if let sender = json.member("role", of: message) {
                if !json.equals(sender, role) { continue }
            } else {
                guard let type, let sender = json.member("type", of: message), json.equals(sender, type) else { continue }
            }
            let texts = texts(of: message, json)
            if texts.isEmpty || isOwn && index < since { continue }
            latest = texts
            isOwn = index >= since
        }
        return latest
    }

    /// The texts of a message in any of its shapes: `parts` with `content`, `content` as text, `content` as parts with `text`.
    private static func texts(of message: JSONCursor.Value, _ json: JSONCursor) -> [Range<Int>] {
        var texts: [Range<Int>] = []
        func add(_ text: JSONCursor.Value?) {
            guard let text, text.kind == .string, text.range.count > 2 else { return }
            texts.append((text.range.lowerBound + 1)..<(text.range.upperBound - 1))
        }
        if let parts = json.member("parts", of: message) {
            var elements = json.elements(of: parts)
            while let part = elements.next() {
                if let type = json.member("type", of: part), json.equals(type, "text") { add(json.member("content", of: part)) }
            }
        } else if let content = json.member("content", of: message) {
            add(content)
            var elements = json.elements(of: content)
            while let part = elements.next() {
                if part.kind == .string { add(part) } else { add(json.member("text", of: part)) }
            }
        }
        return texts
    }
}
