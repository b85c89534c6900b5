import Hearth

/// `/responses`.
enum OpenAIResponsesRequest {
    static func read(_ json: AttributeValue, into request: inout ModelRequest) {
        request.operation = .chat
        request.model = json["model"]?.string
        request.systemInstructions = OpenAIParts.content(json["instructions"])
        if let text = json["input"]?.string {
            request.messages = [.user(text)]
        } else {
            request.messages = (json["input"]?.elements ?? []).compactMap(item)
        }
        request.tools = OpenAIParts.tools(json["tools"])
        request.isStreaming = json["stream"]?.bool ?? false
        request.previousResponseID = json["previous_response_id"]?.string
        request.parameters = ModelParameters(
            temperature: json["temperature"]?.double,
            topP: json["top_p"]?.double,
            maxTokens: json["max_output_tokens"]?.int,
            reasoningLevel: json["reasoning"]?["effort"]?.string
        )
        OpenAIParts.readFormat(json["text"]?["format"], into: &request)
        request.attributes["openai.api.type"] = "responses"
        if let tier = json["service_tier"]?.string { request.attributes["openai.request.service_tier"] = .string(tier) }
    }

    /// An item of a conversation, as input or output.
    static func item(_ item: AttributeValue) -> ModelMessage? {
        let type = item["type"]?.string ?? "message"
        switch type {
        case "message":
            let role = item["role"]?.string ?? "user"
            return ModelMessage(
                role: .init(rawValue: role == "developer" ? "system" : role), parts: OpenAIParts.content(item["content"]))
        case "function_call", "custom_tool_call":
            let call = MessagePart.toolCall(
                id: item["call_id"]?.string, name: item["name"]?.string ?? "", arguments: OpenAIParts.arguments(item))
            return ModelMessage(role: .assistant, parts: [call])
        case "function_call_output", "custom_tool_call_output":
            let output = item["output"]
            let text = output?.string ?? ModelMessage(role: .tool, parts: OpenAIParts.content(output)).text
            return ModelMessage(role: .tool, parts: [.toolResult(id: item["call_id"]?.string, name: nil, result: .structured(text))])
        case "reasoning":
            let texts = ((item["summary"]?.elements ?? []) + (item["content"]?.elements ?? [])).compactMap { $0["text"]?.string }
            // Often all of it is encrypted.
            return texts.isEmpty ? nil : ModelMessage(role: .assistant, parts: [.reasoning(texts.joined(separator: "\n"))])
        case "image_generation_call":
            guard let picture = item["result"]?.string else { break }
            let type = item["output_format"]?.string.map { "image/\($0)" }
            return ModelMessage(role: .assistant, parts: [.blob(modality: .image, mimeType: type, base64: picture)])
        case "item_reference":
            return nil
        default:
            break
        }
        return ModelMessage(role: .assistant, parts: [.other(type: type, fields: item.fields)])
    }
}

/// Answers of `/responses`: the last event of a stream repeats the whole answer.
struct OpenAIResponsesAnswer: AnswerReader {
    private(set) var response = ModelResponse()
    private(set) var isFinished = false
    /// Items that are whole, in case that the stream ends before its last event.
    private var items: [AttributeValue] = []
    /// Text of the item that is not.
    private var open = ""
    private var budget = TextBudget()

    mutating func takeWhole(_ json: AttributeValue) {
        if let id = json["id"]?.string { response.id = id }
        if let model = json["model"]?.string { response.model = model }
        response.serviceTier = json["service_tier"]?.string ?? response.serviceTier
        if let usage = OpenAIParts.usage(json["usage"]) { response.usage = usage }
        guard let status = json["status"]?.string, status != "in_progress", status != "queued" else { return }
        isFinished = true
        let output = json["output"]?.elements ?? []
        let calls = output.contains { $0["type"]?.string == "function_call" || $0["type"]?.string == "custom_tool_call" }
        let reason: String =
            switch status {
            case "incomplete": FinishReason.canonical(json["incomplete_details"]?["reason"]?.string ?? "length")
            case "failed", "cancelled": "error"
            default: calls ? "tool_call" : "stop"
            }
        setMessage(output, reason)
    }

    private mutating func setMessage(_ items: [AttributeValue], _ reason: String, _ rest: String = "") {
        var parts = items.compactMap(OpenAIResponsesRequest.item).flatMap(\.parts)
        if !rest.isEmpty { parts.append(.text(rest)) }
        response.messages = [ModelMessage(role: .assistant, parts: parts, finishReason: reason)]
        response.finishReasons = [reason]
        response.isRefusal = parts.contains(where: \.isRefusal) ? true : reason == "error" ? nil : false
    }

    mutating func takeEvent(_ name: String?, _ json: AttributeValue, size: Int) -> Bool {
        switch json["type"]?.string ?? name {
        case "response.created", "response.in_progress", "response.queued":
            if let response = json["response"] { takeWhole(response) }
            return false
        case "response.completed", "response.incomplete", "response.failed":
            if let response = json["response"] { takeWhole(response) }
            return false
        case "response.output_item.added":
            return false
        case "response.output_item.done":
            if let item = json["item"], items.count < 4096, budget.take(size) { items.append(item) }
            open = ""
            return false
        case "response.output_text.delta":
            if let delta = json["delta"]?.string { budget.append(delta, to: &open) }
            return true
        case let type?:
            return type.hasSuffix(".delta")
        case nil:
            return false
        }
    }

    mutating func finish(isComplete: Bool) {
        if !isFinished, !isComplete, !items.isEmpty || !open.isEmpty { setMessage(items, "error", open) }
    }
}
