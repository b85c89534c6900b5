import TelemetryModel

/// What became of a response beside its end: whether the model refused, and whether JSON that was asked for could be read.
enum ResponseAspect {
    static let refusals: [AttributeKey] = [.mappedRefusal, .handRefusal, .handRefusalFlag, .llmHandRefusal]
    static let parses: [AttributeKey] = [.mappedJSONParseSuccess, .handJSONParseSuccess, .llmHandJSONParseSuccess, .handJSONValid]
    static let streaming: [AttributeKey] = [
        .mappedIsStreaming, .genAIRequestStream, .genAIIsStreaming, .llmIsStreaming, .handIsStreaming, .handStream,
    ]

    /// Finish reasons by which Anthropic's models tell that they did not refuse, beside `refusal` by which they tell that they did.
    static let answered: [StaticString] = ["end_turn", "stop_sequence", "tool_use", "pause_turn"]

    static func fill(_ step: inout GenAIStep, _ row: StepRow, _ batch: RecordBatch) {
        step.isStreaming = isStreaming(step, row, batch)
        step.refusal = refusal(step, row, batch)
        step.jsonParseSuccess = jsonParseSuccess(row, batch)
    }

    // MARK: Streaming

    private static func isStreaming(_ step: GenAIStep, _ row: StepRow, _ batch: RecordBatch) -> Bool? {
        for key in streaming { if let flag = row.flag(key, batch) { return flag } }
        if step.streamRole == .completion { return true }
        if let operation = row.attribute(.aiOperationID, batch)?.text {
            if batch.text.ends(operation, with: ".doStream") { return true }
            if batch.text.ends(operation, with: ".doGenerate") { return false }
        }
        for key in [AttributeKey.requestData, .llmInvocationParameters] {
            let flag: Bool? = row.withJSON(key, batch) { json, root in json.member("stream", of: root).flatMap { Self.flag($0) } }
            if let flag { return flag }
        }
        return step.timeToFirstToken != nil ? true : nil
    }

    private static func flag(_ value: JSONCursor.Value) -> Bool? {
        switch value.kind {
        case .true: true
        case .false: false
        default: nil
        }
    }

    // MARK: Refusal

    private static func refusal(_ step: GenAIStep, _ row: StepRow, _ batch: RecordBatch) -> Bool? {
        for key in refusals { if let flag = row.statement(key, batch) { return flag } }
        if let found = refusalInMessages(row, batch) { return found }
        if let found = withheld(step, row, batch) { return found }
        guard !step.finishReasonsJSON.isNull else { return nil }
        return batch.text.withBytes(step.finishReasonsJSON) { bytes in
            let json = JSONCursor(bytes)
            guard let root = json.root else { return nil }
            var reasons = json.elements(of: root)
            while let reason = reasons.next() {
                if json.equals(reason, "refusal") { return true }
                if answered.contains(where: { json.equals(reason, $0) }) { return false }
            }
            return nil
        }
    }

    /// Pydantic AI writes every refusal as an answer that was filtered, without its text.
    static let refusingByFilter = "pydantic-ai"

    /// Whether the answer was filtered and has no content; an answer of Pydantic AI with content that was not filtered is no refusal.
    /// nil for everything else: the content may be left out.
    private static func withheld(_ step: GenAIStep, _ row: StepRow, _ batch: RecordBatch) -> Bool? {
        guard !step.finishReasonsJSON.isNull else { return nil }
        let hasContent: Bool? = row.withJSON(.genAIOutputMessages, batch) { json, root in
            var found: Bool?
            var messages = json.elements(of: root)
            while let message = messages.next() {
                guard let parts = json.member("parts", of: message) else { continue }
                var elements = json.elements(of: parts)
                found = found == true || elements.next() != nil
            }
            return found
        }
        guard let hasContent else { return nil }
        let isFiltered = batch.text.withBytes(step.finishReasonsJSON) { bytes in
            let json = JSONCursor(bytes)
            guard let root = json.root else { return false }
            var reasons = json.elements(of: root)
            while let reason = reasons.next() { if json.equals(reason, "content_filter") { return true } }
            return false
        }
        if isFiltered { return hasContent ? nil : true }
        return hasContent && row.scopeName(batch) == refusingByFilter ? false : nil
    }

    /// OpenAI's messages have a member for it; other senders write a part of that type.
    private static func refusalInMessages(_ row: StepRow, _ batch: RecordBatch) -> Bool? {
        let paths: [(AttributeKey, [StaticString])] = [
            (.responseData, ["message"]), (.outputValue, ["choices", "0", "message"]), (.genAICompletion, ["choices", "0", "message"]),
            (.output, ["0"]), (.outputValue, ["0"]),
        ]
        for (key, path) in paths {
            let found: Bool? = row.withJSON(key, batch) { json, root in
                guard let message = json.find(path, in: root), let refusal = json.member("refusal", of: message) else { return nil }
                return refusal.kind == .string ? refusal.range.count > 2 : refusal.kind == .null ? false : nil
            }
            if let found { return found }
        }
        let part: Bool? = row.withJSON(.genAIOutputMessages, batch) { json, root in
            var messages = json.elements(of: root)
            while let message = messages.next() {
                guard let parts = json.member("parts", of: message) else { continue }
                var elements = json.elements(of: parts)
                while let part = elements.next() {
                    if let type = json.member("type", of: part), json.equals(type, "refusal") { return true }
                }
            }
            return nil
        }
        if let part { return part }
        var numbered: Bool?
        for prefix in ["gen_ai.completion.", "llm.output_messages."] as [StaticString] {
            row.forEachNumbered(prefix, batch) { attribute, rest in
                if batch.text.ends(rest, with: ".refusal"), !attribute.text.isEmpty { numbered = true }
            }
        }
        return numbered
    }

    // MARK: JSON

    /// Whether JSON was asked for, by whom and where.
    private static func asksForJSON(_ row: StepRow, _ batch: RecordBatch) -> Bool {
        for key in [AttributeKey.genAIOutputType, .genAIOpenAIResponseFormat] {
            if let attribute = row.attribute(key, batch), batch.text.starts(attribute.text, with: "json") { return true }
        }
        let formats: [(AttributeKey, [StaticString])] = [
            (.requestData, ["response_format", "type"]), (.llmInvocationParameters, ["response_format", "type"]),
            (.requestData, ["text", "format", "type"]), (.llmInvocationParameters, ["text", "format", "type"]),
        ]
        for (key, path) in formats {
            let asks: Bool? = row.withJSON(key, batch) { json, root in
                json.find(path, in: root).map { json.equals($0, "json_schema") || json.equals($0, "json_object") }
            }
            if asks == true { return true }
        }
        return row.withJSON(.modelRequestParameters, batch) { json, root in
            json.member("output_mode", of: root).map { json.equals($0, "native") || json.equals($0, "prompted") }
        } ?? false
    }

    private static func jsonParseSuccess(_ row: StepRow, _ batch: RecordBatch) -> Bool? {
        for key in parses { if let flag = row.flag(key, batch) { return flag } }
        if row.has(.pydanticAIOutputRetryCause) || row.has(.pydanticAIOutputRetryAttempt) { return false }
        if row.hasText(.aiResponseObject, batch) {
            return row.withJSON(.aiResponseObject, batch) { json, root in json.isWhole(root) } ?? false
        }
        guard asksForJSON(row, batch) else { return nil }
        // The one text of the answer, where it was sent.
        let parts: Bool? = row.withJSON(.genAIOutputMessages, batch) { json, root in
            var messages = json.elements(of: root)
            while let message = messages.next() {
                guard let parts = json.member("parts", of: message) else { continue }
                var elements = json.elements(of: parts)
                while let part = elements.next() {
                    guard let type = json.member("type", of: part), json.equals(type, "text"),
                        let content = json.member("content", of: part), content.kind == .string
                    else { continue }
                    return json.holdsJSON(content)
                }
            }
            return nil
        }
        if let parts { return parts }
        let paths: [(AttributeKey, [StaticString])] = [
            (.responseData, ["message", "content"]), (.outputValue, ["choices", "0", "message", "content"]),
            (.genAICompletion, ["choices", "0", "message", "content"]),
        ]
        for (key, path) in paths {
            let found: Bool? = row.withJSON(key, batch) { json, root in
                json.find(path, in: root).flatMap { $0.kind == .string && $0.range.count > 2 ? json.holdsJSON($0) : nil }
            }
            if let found { return found }
        }
        return nil
    }
}

extension JSONCursor {
    /// Whether the text of a string is itself a JSON object or array, whole and well-formed.
    func holdsJSON(_ string: Value) -> Bool {
        var text: [UInt8] = []
        guard JSONText.unescape(content(of: string), into: &text) else { return false }
        return text.withUnsafeBufferPointer { bytes in
            let json = JSONCursor(bytes)
            return json.root.map { json.isWhole($0) } ?? false
        }
    }

    /// Whether an object or array is well-formed in all its depth and all there is.
    func isWhole(_ root: Value) -> Bool {
        guard root.kind == .object || root.kind == .array, let end = checked(root.range.lowerBound, depth: 0) else { return false }
        return bytes[end...].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0a || $0 == 0x0d }
    }
}

extension StepRow {
    /// A boolean, or a text or number that means one.
    func flag(_ key: AttributeKey, _ batch: RecordBatch) -> Bool? {
        attribute(key, batch).flatMap { Self.flag($0, batch) }
    }

    static func flag(_ attribute: Attribute, _ batch: RecordBatch) -> Bool? {
        switch attribute.kind {
        case .bool: return attribute.boolValue
        case .int: return attribute.intValue == 0 ? false : attribute.intValue == 1 ? true : nil
        case .string, .json:
            if ["true", "True", "yes", "1"].contains(where: { batch.text.equal(attribute.text, $0) }) { return true }
            if ["false", "False", "no", "0"].contains(where: { batch.text.equal(attribute.text, $0) }) { return false }
            return nil
        case .empty, .double, .bytes: return nil
        }
    }

    /// As ``flag(_:_:)``; any other text states what is asked, and an empty one denies it.
    func statement(_ key: AttributeKey, _ batch: RecordBatch) -> Bool? {
        if let flag = flag(key, batch) { return flag }
        guard let attribute = attribute(key, batch), attribute.kind == .string else { return nil }
        if ["", "none", "None", "null"].contains(where: { batch.text.equal(attribute.text, $0) }) { return false }
        return true
    }
}
