import TelemetryModel

/// Tool calls that a response asked for, and the tool that a step executed (`genai-conventions.md` §2 "has tool calls").
enum ToolsAspect {
    /// One place where a response's tool calls stand.
    enum ResponseSource: Sendable {
        /// Messages with `parts`; a call is a part of type `tool_call`.
        case parts(AttributeKey)
        /// A JSON array of calls at a path; the response is known when the path's first member is there.
        case calls(AttributeKey, [StaticString])
        /// Message objects; the calls are `tool_calls` of the last assistant message or choice.
        case lastMessage(AttributeKey)
        /// The same where a response may be several messages, one for each item of it: the calls are those of all at the end.
        case lastMessages(AttributeKey)
        /// What a model put out: messages with `tool_calls`, items of the Responses API, or whole responses of it.
        case items(AttributeKey)
        /// Attributes `prefix`N`middle`M….
        case numbered(prefix: StaticString, middle: StaticString)
    }

    static let responses: [ResponseSource] = [
        .parts(.genAIOutputMessages), .calls(.responseData, ["message", "tool_calls"]), .calls(.aiResponseToolCalls, []),
        .numbered(prefix: "gen_ai.completion.", middle: ".tool_calls."),
        .numbered(prefix: "llm.output_messages.", middle: ".message.tool_calls."), .items(.output), .lastMessages(.events),
        .lastMessage(.allMessagesEvents),
        .calls(.genAICompletion, ["choices", "0", "message", "tool_calls"]),
        .calls(.genAICompletion, ["generations", "0", "0", "message", "kwargs", "tool_calls"]), .items(.outputValue),
    ]

    /// Numbers of tool calls that the sender gives itself.
    static let counts: [Source] = [
        .lenient(.mappedToolCallCount), .lenient(.handToolCallCount), .lenient(.handToolRequestCount), .lenient(.llmHandToolCallCount),
    ]

    static let names: [Source] = [
        .attribute(.genAIToolName), .attribute(.toolName), .attribute(.aiToolCallName), .attribute(.traceloopEntityName), .attribute(.name),
    ]
    static let callIDs: [Source] = [.attribute(.genAIToolCallID), .attribute(.toolCallID), .attribute(.aiToolCallID)]

    /// Fills what a model call's response asked for.
    static func fillCall(_ step: inout GenAIStep, finish: FinishAspect.Classes?, _ row: StepRow, _ batch: RecordBatch) {
        for source in responses {
            guard let count = count(source, row, batch) else { continue }
            // A failed call may bring an empty answer, which says nothing.
            if step.isError, finish == nil, count == 0 { continue }
            step.toolCallCount = Int32(clamping: count)
            step.hasToolCalls = count > 0
            break
        }
        if step.hasToolCalls == nil, let count = row.count(counts, batch) {
            step.toolCallCount = Int32(clamping: count)
            step.hasToolCalls = count > 0
        }
        guard let finish else { return }
        if finish.contains(.tool) {
            // The reason knows better than messages whose content the sender left out.
            if step.hasToolCalls != true { step.toolCallCount = nil }
            step.hasToolCalls = true
        } else if step.hasToolCalls == nil, !isGoogle(step, batch) {
            step.hasToolCalls = false
            step.toolCallCount = 0
        }
    }

    /// Whether the provider is one of Google's, whose models end with `STOP` also when they ask for tools.
    static func isGoogle(_ step: GenAIStep, _ batch: RecordBatch) -> Bool {
        ["gemini", "google", "gcp.", "vertex_ai"].contains { batch.text.starts(step.provider, with: $0) }
    }

    /// Fills the tool that a tool step executed.
    static func fillExecution(_ step: inout GenAIStep, _ row: StepRow, _ batch: inout RecordBatch) {
        step.toolName = row.text(names, &batch)
        step.toolCallID = row.text(callIDs, &batch)
    }

    /// Number of tool calls of a response; nil when the source does not know the response.
    private static func count(_ source: ResponseSource, _ row: StepRow, _ batch: RecordBatch) -> Int? {
        switch source {
        case .parts(let key): row.withJSON(key, batch, countParts)
        case .calls(let key, let path):
            row.withJSON(key, batch) { json, root in
                guard let first = path.first else { return countElements(json, root) }
                guard json.member(first, of: root) != nil else { return nil }
                return json.find(path, in: root).flatMap { countElements(json, $0) } ?? 0
            }
        case .lastMessage(let key): row.withJSON(key, batch) { json, root in countLast(json, root, mayBeSeveral: false) }
        case .lastMessages(let key): row.withJSON(key, batch) { json, root in countLast(json, root, mayBeSeveral: true) }
        case .items(let key): row.withJSON(key, batch) { json, root in countItems(json, root, mayHoldResponses: true) }
        case .numbered(let prefix, let middle): countNumbered(prefix, middle, row, batch)
        }
    }

    private static func countElements(_ json: JSONCursor, _ array: JSONCursor.Value) -> Int? {
        guard array.kind == .array else { return nil }
        var count = 0
        var elements = json.elements(of: array)
        while elements.next() != nil { count += 1 }
        return count
    }

    private static func countParts(_ json: JSONCursor, _ root: JSONCursor.Value) -> Int? {
        guard root.kind == .array else { return nil }
        var count: Int?
        var messages = json.elements(of: root)
        while let message = messages.next() {
            guard let parts = json.member("parts", of: message) else { continue }
            count = count ?? 0
            var elements = json.elements(of: parts)
            while let part = elements.next() {
                if let type = json.member("type", of: part), json.equals(type, "tool_call") { count? += 1 }
            }
        }
        return count
    }

    private static func countItems(_ json: JSONCursor, _ root: JSONCursor.Value, mayHoldResponses: Bool) -> Int? {
        guard let list = root.kind == .array ? root : json.member("output", of: root) else { return nil }
        var count: Int?
        var items = json.elements(of: list)
        while let item = items.next() {
            if mayHoldResponses, let response = json.member("output", of: item), response.kind == .array {
                if let inner = countItems(json, response, mayHoldResponses: false) { count = (count ?? 0) + inner }
            } else if let calls = json.member("tool_calls", of: item) {
                count = (count ?? 0) + (countElements(json, calls) ?? 0)
            } else if let type = json.member("type", of: item),
                ["function_call", "custom_tool_call"].contains(where: { json.equals(type, $0) })
            {
                count = (count ?? 0) + 1
            } else if let role = json.member("role", of: item), json.equals(role, "assistant") {
                count = count ?? 0
            }
        }
        return count
    }

    private static func countLast(_ json: JSONCursor, _ root: JSONCursor.Value, mayBeSeveral: Bool) -> Int? {
        var count: Int?
        var isChoice = false
        var messages = json.elements(of: root)
        while let entry = messages.next() {
            // A choice wraps its message; other entries are messages themselves.
            let choice = json.member("message", of: entry)
            let message = choice ?? entry
            let goesOn = mayBeSeveral && choice == nil && !isChoice
            isChoice = choice != nil
            let isAssistant = json.member("role", of: message).map { json.equals($0, "assistant") } ?? false
            guard isAssistant else {
                count = nil
                continue
            }
            let own = json.member("tool_calls", of: message).flatMap { countElements(json, $0) } ?? 0
            count = goesOn ? (count ?? 0) + own : own
        }
        return count
    }

    private static func countNumbered(_ prefix: StaticString, _ middle: StaticString, _ row: StepRow, _ batch: RecordBatch) -> Int? {
        var isKnown = false
        var names = 0
        var hasCalls = false
        row.forEachNumbered(prefix, batch) { _, rest in
            isKnown = true
            guard batch.text.starts(rest, with: middle) else { return }
            hasCalls = true
            // Every call has exactly one name among its attributes.
            if batch.text.ends(rest, with: ".name") { names += 1 }
        }
        guard isKnown else { return nil }
        return hasCalls ? max(names, 1) : 0
    }
}

extension StepRow {
    /// Calls `body` for every attribute named `prefix`, a number, and a rest.
    func forEachNumbered(_ prefix: StaticString, _ batch: RecordBatch, _ body: (Attribute, TextRef) -> Void) {
        let range = batch.rows[index].attributes
        for position in Int(range.lowerBound)..<Int(range.upperBound) where batch.attributes[position].key == .unknown {
            let attribute = batch.attributes[position]
            guard batch.text.starts(attribute.name, with: prefix) else { continue }
            let start = prefix.utf8CodeUnitCount
            let digits = batch.text.withBytes(attribute.name) { name in
                name.dropFirst(start).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
            }
            if digits > 0 { body(attribute, TextStore.slice(attribute.name, (start + digits)..<attribute.name.count)) }
        }
    }
}
