import Hearth

/// `/v1/messages`.
enum AnthropicRequest {
    static func read(_ json: AttributeValue, into request: inout ModelRequest) {
        request.operation = .chat
        request.model = json["model"]?.string
        request.systemInstructions = content(json["system"])
        request.messages = (json["messages"]?.elements ?? []).map { message in
            let parts = content(message["content"])
            let role = message["role"]?.string ?? "user"
            // Results of tools come as words of the user.
            let isResult = !parts.isEmpty && parts.allSatisfy(\.isToolResult)
            return ModelMessage(role: isResult ? .tool : .init(rawValue: role), parts: parts)
        }
        request.tools = (json["tools"]?.elements ?? []).compactMap { tool in
            guard let name = tool["name"]?.string else { return nil }
            let type = tool["type"]?.string ?? "function"
            return ToolDefinition(
                type: type == "custom" ? "function" : type, name: name, description: tool["description"]?.string,
                parameters: tool["input_schema"])
        }
        request.isStreaming = json["stream"]?.bool ?? false
        request.parameters = ModelParameters(
            temperature: json["temperature"]?.double,
            topP: json["top_p"]?.double,
            topK: json["top_k"]?.int,
            maxTokens: json["max_tokens"]?.int,
            stopSequences: OpenAIParts.strings(json["stop_sequences"]),
            reasoningLevel: json["output_config"]?["effort"]?.string ?? json["thinking"]?["type"]?.string
        )
        if let schema = (json["output_config"]?["format"] ?? json["output_format"])?["schema"] {
            request.outputType = "json"
            request.outputSchema = schema
        }
    }

    /// The content of a message: a text or blocks.
    static func content(_ content: AttributeValue?) -> [MessagePart] {
        if let text = content?.string { return text.isEmpty ? [] : [.text(text)] }
        return (content?.elements ?? []).map(block)
    }

    static func block(_ block: AttributeValue) -> MessagePart {
        let type = block["type"]?.string ?? "unknown"
        switch type {
        case "text": return .text(block["text"]?.string ?? "")
        case "thinking": return .reasoning(block["thinking"]?.string ?? "")
        case "tool_use":
            return .toolCall(id: block["id"]?.string, name: block["name"]?.string ?? "", arguments: block["input"] ?? .object([]))
        case "tool_result":
            let parts = content(block["content"])
            var result = block["content"] ?? .null
            if parts.count == 1, case .text(let text) = parts[0] { result = .structured(text) }
            return .toolResult(id: block["tool_use_id"]?.string, name: nil, result: result)
        case "image", "document":
            let modality: MessagePart.Modality = type == "image" ? .image : .document
            guard let source = block["source"] else { break }
            let mimeType = source["media_type"]?.string
            switch source["type"]?.string {
            case "base64": return .blob(modality: modality, mimeType: mimeType, base64: source["data"]?.string ?? "")
            case "url": return .link(source["url"]?.string ?? "", modality: modality, mimeType: mimeType)
            case "file": return .file(modality: modality, mimeType: mimeType, id: source["file_id"]?.string ?? "")
            case "text": return .text(source["data"]?.string ?? "")
            default: break
            }
        default: break
        }
        return .other(type: type, fields: block.fields)
    }
}

/// Answers of `/v1/messages`, whole and in pieces.
struct AnthropicAnswer: AnswerReader {
    private struct Block {
        var json: AttributeValue
        var text = ""
        var input = ""

        var part: MessagePart {
            switch json["type"]?.string {
            case "text": return .text((json["text"]?.string ?? "") + text)
            case "thinking": return .reasoning((json["thinking"]?.string ?? "") + text)
            default: break
            }
            guard !input.isEmpty else { return AnthropicRequest.block(json) }
            // Tools of the application, and those that the provider executes itself.
            var fields = json.fields
            fields["input"] = .structured(input)
            return AnthropicRequest.block(fields.object)
        }
    }

    private var head = ModelResponse()
    private var stopReason: String?
    private var parts: [MessagePart] = []
    private var blocks: [Int: Block] = [:]
    private var usage: [String: AttributeValue] = [:]
    private(set) var isFinished = false
    private var wasCut = false
    private var budget = TextBudget()

    var response: ModelResponse {
        var response = head
        let parts = parts + blocks.sorted { $0.key < $1.key }.map(\.value.part)
        let reason = stopReason.map(FinishReason.canonical) ?? (wasCut ? "error" : nil)
        if !parts.isEmpty || reason != nil {
            response.messages = [ModelMessage(role: .assistant, parts: parts, finishReason: reason)]
            response.finishReasons = reason.map { [$0] } ?? []
            if stopReason != nil { response.isRefusal = stopReason == "refusal" }
        }
        response.usage = counts
        return response
    }

    mutating func takeWhole(_ json: AttributeValue) {
        takeHead(json)
        parts = (json["content"]?.elements ?? []).map(AnthropicRequest.block)
        isFinished = true
    }

    mutating func takeEvent(_ name: String?, _ json: AttributeValue, size: Int) -> Bool {
        let index = json["index"]?.int ?? 0
        switch json["type"]?.string ?? name {
        case "message_start":
            if let message = json["message"] { takeHead(message) }
        case "content_block_start":
            if let block = json["content_block"], blocks.count < 4096, budget.take(size) { blocks[index] = Block(json: block) }
        case "content_block_delta":
            guard let delta = json["delta"] else { return false }
            guard blocks[index] != nil else { return true }
            if let piece = delta["text"]?.string ?? delta["thinking"]?.string {
                budget.append(piece, to: &blocks[index, default: Block(json: .null)].text)
            }
            if let piece = delta["partial_json"]?.string {
                budget.append(piece, to: &blocks[index, default: Block(json: .null)].input)
            }
            return true
        case "message_delta":
            if let reason = json["delta"]?["stop_reason"]?.string { stopReason = reason }
            takeUsage(json["usage"])
        case "message_stop":
            isFinished = true
        default:
            break
        }
        return false
    }

    mutating func finish(isComplete: Bool) { wasCut = !isComplete && !(parts.isEmpty && blocks.isEmpty) }

    private mutating func takeHead(_ json: AttributeValue) {
        if let id = json["id"]?.string { head.id = id }
        if let model = json["model"]?.string { head.model = model }
        if let reason = json["stop_reason"]?.string { stopReason = reason }
        takeUsage(json["usage"])
    }

    /// Later events tell the totals so far.
    private mutating func takeUsage(_ json: AttributeValue?) {
        for member in json?.members ?? [] where member.value != .null { usage[member.key] = member.value }
        if let tier = json?["service_tier"]?.string { head.serviceTier = tier }
    }

    /// Anthropic counts the cache apart from the input.
    private var counts: ModelUsage? {
        var result = ModelUsage()
        result.cacheReadTokens = usage["cache_read_input_tokens"]?.int
        result.cacheWriteTokens = usage["cache_creation_input_tokens"]?.int
        result.cacheWrite5mTokens = usage["cache_creation"]?["ephemeral_5m_input_tokens"]?.int
        result.cacheWrite1hTokens = usage["cache_creation"]?["ephemeral_1h_input_tokens"]?.int
        if var input = usage["input_tokens"]?.int {
            for more in [result.cacheReadTokens, result.cacheWriteTokens] { input = input.addingReportingOverflow(more ?? 0).partialValue }
            result.inputTokens = input
        }
        result.outputTokens = usage["output_tokens"]?.int
        result.reasoningTokens = usage["output_tokens_details"]?["thinking_tokens"]?.int
        result.webSearches = usage["server_tool_use"]?["web_search_requests"]?.int
        return result.isEmpty ? nil : result
    }
}

extension MessagePart {
    var isToolResult: Bool {
        if case .toolResult = self { true } else { false }
    }
}
