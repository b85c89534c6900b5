/// Where the conversation texts of all dialects stand (`genai-conventions.md` §1.3, §3), for projects that do not keep them.
enum MessageContent {
    enum Mode: UInt8, Sendable {
        /// No conversation text.
        case none
        /// The value as a whole.
        case whole
        /// JSON of messages: texts go, roles, names, ids and numbers stay.
        case messages
    }

    static let mark = "[Dropped: message content]"

    /// How the value of an attribute is to be treated.
    static func mode(ofAttribute name: String) -> Mode {
        if let mode = attributes[name] { return mode }
        for (prefix, suffixes) in indexed where name.hasPrefix(prefix) {
            if suffixes.isEmpty || suffixes.contains(where: { name.hasSuffix($0) }) { return .whole }
        }
        return .none
    }

    private static let attributes: [String: Mode] = {
        let messages = [
            "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.tool.definitions", "gen_ai.prompt",
            "gen_ai.completion", "pydantic_ai.all_messages", "all_messages_events", "events", "request_data", "response_data",
            "model_request_parameters", "llm.input_messages", "llm.output_messages", "llm.prompts", "llm.tools", "ai.prompt",
            "ai.prompt.messages", "ai.prompt.tools", "ai.response.toolCalls", "gen_ai.input", "gen_ai.output", "gen_ai.request.messages",
            "gen_ai.response.choices", "langsmith.inputs", "langsmith.outputs", "mlflow.spanInputs", "mlflow.spanOutputs",
        ]
        let whole = [
            "final_result", "gen_ai.tool.call.arguments", "gen_ai.tool.call.result", "tool_arguments", "tool_response", "input.value",
            "output.value", "traceloop.entity.input", "traceloop.entity.output", "ai.response.text", "ai.response.object",
            "ai.response.reasoning", "ai.schema", "ai.value", "ai.values", "ai.embedding", "ai.embeddings", "ai.toolCall.args",
            "ai.toolCall.input", "ai.toolCall.result", "ai.toolCall.output", "ai.result.text", "ai.result.object", "tool.parameters",
            "tool_call.function.arguments", "llm.prompt", "llm.completion", "llm.response", "llm.input", "llm.output", "prompt",
            "completion", "prompt_text", "completion_text", "llm.prompt_template.template", "llm.prompt_template.variables",
            "gen_ai.tool.description", "gen_ai.agent.description", "gen_ai.content.prompt", "gen_ai.content.completion",
        ]
        return Dictionary(messages.map { ($0, Mode.messages) } + whole.map { ($0, Mode.whole) }) { first, _ in first }
    }()

    /// Prefixes of keys that spread messages over many attributes, and the ends of those with texts.
    private static let indexed: [(String, [String])] = {
        let ends = [
            ".content", ".text", ".arguments", ".function.arguments", ".message_content.text", ".image.url", ".json_schema", ".description",
            ".parameters", ".refusal", ".reasoning", ".output", ".result", ".data", ".vector",
        ]
        return [
            ("gen_ai.prompt.", ends), ("gen_ai.completion.", ends), ("llm.input_messages.", ends), ("llm.output_messages.", ends),
            ("llm.prompts.", ends), ("llm.completions.", ends), ("llm.choices.", ends), ("llm.tools.", ends),
            ("llm.request.functions.", ends),
            ("retrieval.documents.", ends), ("reranker.input_documents.", ends), ("reranker.output_documents.", ends),
            ("embedding.embeddings.", ends), ("reranker.query", []), ("langsmith.metadata.input", []),
        ]
    }()

    /// Members of messages whose values say what a message is, not what it says.
    static func isStructure(_ member: String) -> Bool { structure.contains(member) }

    private static let structure: Set<String> = [
        "role", "type", "name", "id", "tool_call_id", "call_id", "tool_name", "toolName", "toolCallId", "model", "model_name", "kind",
        "part_kind", "finish_reason", "finish_reasons", "finishReason", "stop_reason", "status", "object", "event.name", "event_name",
        "timestamp", "created", "created_at", "mime_type", "media_type", "mediaType", "modality", "provider_name", "gen_ai.system",
        "gen_ai.message.index", "agent_name", "service_tier", "system_fingerprint", "output_mode", "run_id", "provider_response_id",
    ]

    /// Members whose whole value is content, whatever its form.
    static func isContent(_ member: String) -> Bool { content.contains(member) }

    private static let content: Set<String> = [
        "arguments", "args", "input", "result", "response", "output", "parameters", "parameters_json_schema", "outer_typed_dict_key",
        "json_schema", "input_schema", "inputSchema", "data", "embedding", "logprobs", "metadata", "tool_arguments", "tool_response",
    ]

    /// Whether an event or log of this name carries a message.
    static func isMessageEvent(_ name: String) -> Bool {
        (name.hasPrefix("gen_ai.") && (name.hasSuffix(".message") || name.hasSuffix(".details") || name == "gen_ai.choice"))
    }
}

/// Base64 texts that are long enough to be files.
enum BinaryContent {
    /// Characters a run must have.
    static let least = 256

    static func mark(characters: Int) -> String { "[Dropped: \(characters / 4 * 3) bytes of binary content]" }

    /// Adds the long runs of base64 in a text; any run covers one of the places looked at.
    static func find(_ text: UnsafeBufferPointer<UInt8>, rule: Int, to finds: inout [Find]) {
        var at = least - 1
        var done = 0
        while at < text.count {
            guard ASCII.isBase64(text[at]) else {
                at += least
                continue
            }
            var start = at
            while start > done, ASCII.isBase64(text[start - 1]) { start -= 1 }
            var end = at
            while end < text.count, ASCII.isBase64(text[end]) { end += 1 }
            while end < text.count, text[end] == 0x3d, end - at < (1 << 30) { end += 1 }
            done = end
            if end - start >= least, isMixed(UnsafeBufferPointer(rebasing: text[start..<end])) {
                finds.append(Find(range: start..<end, rule: rule))
            }
            at = max(at + least, end + least - 1)
        }
    }

    /// Encoded bytes have capitals, small letters and digits; words and rulers do not.
    private static func isMixed(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let head = text.prefix(4_096)
        return head.contains(where: ASCII.isUpper) && head.contains { $0 >= 0x61 && $0 <= 0x7a } && head.contains(where: ASCII.isDigit)
    }
}
