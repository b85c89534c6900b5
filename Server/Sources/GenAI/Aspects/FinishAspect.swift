import TelemetryModel

/// Why a response ended (`genai-conventions.md` §2 "finish reasons", "finish class").
enum FinishAspect {
    /// What a finish reason means, whoever wrote it.
    struct Classes: OptionSet, Sendable {
        var rawValue: UInt8
        static let stop = Classes(rawValue: 1)
        static let length = Classes(rawValue: 2)
        static let tool = Classes(rawValue: 4)
        static let filter = Classes(rawValue: 8)
        static let error = Classes(rawValue: 16)
    }

    static let classes: [(class: Classes, reasons: [StaticString])] = [
        (.stop, ["stop", "end_turn", "stop_sequence", "STOP", "completed"]),
        (.length, ["length", "max_tokens", "MAX_TOKENS", "max_output_tokens", "incomplete"]),
        (.tool, ["tool_call", "tool_calls", "tool_use", "tool-calls", "function_call"]),
        (.filter, ["content_filter", "content-filter", "SAFETY", "refusal", "RECITATION"]), (.error, ["error"]),
    ]

    /// One place where finish reasons stand.
    enum ReasonSource: Sendable {
        /// A list, as an OTLP array or as JSON text, or a single word.
        case list(AttributeKey)
        /// `finish_reason` of each message of a JSON array.
        case messages(AttributeKey)
        /// Attributes `prefix`N`suffix`.
        case numbered(prefix: StaticString, suffix: StaticString)
        /// A word at a path inside JSON.
        case json(AttributeKey, [StaticString])
        /// An object of OpenAI's Responses API: why it is incomplete, else its status.
        case response(AttributeKey)
    }

    static let sources: [ReasonSource] = [
        .list(.mappedFinishReasons), .list(.genAIResponseFinishReasons), .list(.genAIResponseFinishReason), .list(.genAIResponseStopReason),
        .numbered(prefix: "gen_ai.completion.", suffix: ".finish_reason"), .list(.llmFinishReason), .list(.aiResponseFinishReason),
        .list(.anthropicMessageStopReason), .messages(.genAIOutputMessages),
        .list(.llmResponseFinishReason), .list(.llmResponseStopReason), .json(.responseData, ["stop_reason"]),
        .json(.outputValue, ["choices", "0", "finish_reason"]), .json(.outputValue, ["stop_reason"]),
        .json(.genAICompletion, ["generations", "0", "0", "generation_info", "finish_reason"]),
        .json(.genAICompletion, ["choices", "0", "finish_reason"]), .messages(.events), .response(.response), .list(.handFinishReasons),
        .list(.handFinishReason),
        .list(.handStopReason), .list(.llmHandStopReason),
    ]

    /// - Returns: what the reasons mean; nil when there are none.
    static func fill(_ step: inout GenAIStep, _ row: StepRow, _ batch: inout RecordBatch) -> Classes? {
        var found = Reasons()
        for source in sources {
            switch source {
            case .list(let key): readList(key, row, batch, &found)
            case .messages(let key): readMessages(key, row, batch, &found)
            case .numbered(let prefix, let suffix): readNumbered(prefix, suffix, row, batch, &found)
            case .json(let key, let path): readJSON(key, path, row, batch, &found)
            case .response(let key): readResponse(key, row, batch, &found)
            }
            if found.isEmpty { continue }
            step.finishReasonsJSON = found.reference ?? batch.text.append(bytes: found.json + [UInt8(ascii: "]")])
            step.isTruncated = found.classes.contains(.length)
            return found.classes
        }
        return nil
    }

    /// Finish reasons on their way into a JSON array.
    private struct Reasons {
        /// The array so far, without its closing bracket.
        var json: [UInt8] = []
        /// The array where it stands in the batch as it is needed.
        var reference: TextRef?
        var classes: Classes = []

        var isEmpty: Bool { json.isEmpty && reference == nil }

        /// Adds a reason from inside JSON.
        ///
        /// - Returns: false when it is not there as it came: nothing was added, or it had to be written anew.
        mutating func add(escaped content: UnsafeBufferPointer<UInt8>) -> Bool {
            if content.isEmpty { return false }
            guard content.contains(where: { $0 == UInt8(ascii: "\\") || $0 < 0x20 }) else {
                add(plain: content)
                return true
            }
            var text: [UInt8] = []
            if JSONText.unescape(content, into: &text) { text.withUnsafeBufferPointer { add(plain: $0) } }
            return false
        }

        /// Adds a reason that stands for itself.
        mutating func add(plain text: UnsafeBufferPointer<UInt8>) {
            classify(text)
            json.append(json.isEmpty ? UInt8(ascii: "[") : UInt8(ascii: ","))
            JSONText.appendQuoted(text, to: &json)
        }

        mutating func classify(_ text: UnsafeBufferPointer<UInt8>) { classes.formUnion(FinishAspect.classify(text)) }
    }

    /// What a reason means; nothing for one that no provider is known to give.
    static func classify(_ text: UnsafeBufferPointer<UInt8>) -> Classes {
        var found: Classes = []
        for (class_, reasons) in classes {
            for reason in reasons
            where text.elementsEqual(UnsafeBufferPointer(start: reason.utf8Start, count: reason.utf8CodeUnitCount)) {
                found.insert(class_)
            }
        }
        return found
    }

    private static func readList(_ key: AttributeKey, _ row: StepRow, _ batch: RecordBatch, _ found: inout Reasons) {
        guard let attribute = row.attribute(key, batch), !attribute.text.isEmpty else { return }
        batch.text.withBytes(attribute.text) { bytes in
            let json = JSONCursor(bytes)
            guard let root = json.root, root.kind == .array || root.kind == .string else { return found.add(plain: bytes) }
            if root.kind == .string {
                _ = found.add(escaped: json.content(of: root))
                return
            }
            var isPure = true
            var elements = json.elements(of: root)
            while let element = elements.next() {
                let isKept = element.kind == .string && found.add(escaped: json.content(of: element))
                isPure = isPure && isKept
            }
            // The usual case: the array is already what is needed.
            if isPure, elements.isComplete, !found.isEmpty { found.reference = attribute.text }
        }
    }

    private static func readMessages(_ key: AttributeKey, _ row: StepRow, _ batch: RecordBatch, _ found: inout Reasons) {
        guard let attribute = row.attribute(key, batch), !attribute.text.isEmpty else { return }
        batch.text.withBytes(attribute.text) { bytes in
            let json = JSONCursor(bytes)
            guard let root = json.root else { return }
            var messages = json.elements(of: root)
            while let message = messages.next() {
                if let reason = json.member("finish_reason", of: message) { _ = found.add(escaped: json.content(of: reason)) }
            }
        }
    }

    private static func readJSON(
        _ key: AttributeKey, _ path: [StaticString], _ row: StepRow, _ batch: RecordBatch, _ found: inout Reasons
    ) {
        guard let attribute = row.attribute(key, batch), !attribute.text.isEmpty else { return }
        batch.text.withBytes(attribute.text) { bytes in
            let json = JSONCursor(bytes)
            guard let root = json.root, let reason = json.find(path, in: root) else { return }
            _ = found.add(escaped: json.content(of: reason))
        }
    }

    private static func readResponse(_ key: AttributeKey, _ row: StepRow, _ batch: RecordBatch, _ found: inout Reasons) {
        guard let attribute = row.attribute(key, batch), !attribute.text.isEmpty else { return }
        batch.text.withBytes(attribute.text) { bytes in
            let json = JSONCursor(bytes)
            guard let root = json.root, let type = json.member("object", of: root), json.equals(type, "response") else { return }
            for path in [["incomplete_details", "reason"], ["status"]] as [[StaticString]] {
                guard let reason = json.find(path, in: root), reason.kind == .string else { continue }
                _ = found.add(escaped: json.content(of: reason))
                return
            }
        }
    }

    private static func readNumbered(
        _ prefix: StaticString, _ suffix: StaticString, _ row: StepRow, _ batch: RecordBatch, _ found: inout Reasons
    ) {
        row.forEachNumbered(prefix, batch) { attribute, rest in
            guard batch.text.equal(rest, suffix), !attribute.text.isEmpty else { return }
            batch.text.withBytes(attribute.text) { found.add(plain: $0) }
        }
    }
}
