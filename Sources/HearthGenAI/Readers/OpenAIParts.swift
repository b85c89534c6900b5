import Hearth

/// Pieces that the APIs of OpenAI have in common.
enum OpenAIParts {
    /// The content of a message: a text, or parts of both APIs.
    static func content(_ content: AttributeValue?) -> [MessagePart] {
        switch content {
        case .string(let text): text.isEmpty ? [] : [.text(text)]
        case .array(let parts): parts.map(part)
        case nil, .null: []
        case let other?: [.other(type: "unknown", fields: ["content": other])]
        }
    }

    private static func part(_ part: AttributeValue) -> MessagePart {
        let type = part["type"]?.string ?? "unknown"
        switch type {
        case "text", "input_text", "output_text":
            return .text(part["text"]?.string ?? "")
        case "refusal":
            return .refusal(part["refusal"]?.string ?? "")
        case "image_url", "input_image":
            if let id = part["file_id"]?.string { return .file(modality: .image, mimeType: nil, id: id) }
            let address = part["image_url"]?.string ?? part["image_url"]?["url"]?.string ?? ""
            return .link(address, modality: .image)
        case "input_audio":
            let audio = part["input_audio"] ?? part
            let mimeType = audio["format"]?.string.map { "audio/\($0)" }
            return .blob(modality: .audio, mimeType: mimeType, base64: audio["data"]?.string ?? "")
        case "file", "input_file":
            let file = part["file"] ?? part
            if let id = file["file_id"]?.string { return .file(modality: .document, mimeType: nil, id: id) }
            if let address = file["file_url"]?.string { return .link(address, modality: .document) }
            let data = file["file_data"]?.string ?? ""
            if data.hasPrefix("data:") { return .link(data, modality: .document) }
            return .blob(modality: .document, mimeType: nil, base64: data)
        default:
            return .other(type: type, fields: part.fields)
        }
    }

    /// The tools of chat completions (`function` inside) and of responses (flat).
    static func tools(_ tools: AttributeValue?) -> [ToolDefinition] {
        (tools?.elements ?? []).compactMap { tool in
            let type = tool["type"]?.string ?? "function"
            let inner = tool[type] ?? tool
            guard let name = inner["name"]?.string ?? (type == "function" ? nil : type) else { return nil }
            return ToolDefinition(
                type: type, name: name, description: inner["description"]?.string, parameters: inner["parameters"] ?? inner["format"])
        }
    }

    static func usage(_ usage: AttributeValue?) -> ModelUsage? {
        guard let usage, !usage.members.isEmpty else { return nil }
        var result = ModelUsage()
        let input = usage["prompt_tokens_details"] ?? usage["input_tokens_details"]
        let output = usage["completion_tokens_details"] ?? usage["output_tokens_details"]
        result.inputTokens = usage["prompt_tokens"]?.int ?? usage["input_tokens"]?.int
        result.outputTokens = usage["completion_tokens"]?.int ?? usage["output_tokens"]?.int
        result.cacheReadTokens =
            input?["cached_tokens"]?.int ?? usage["prompt_cache_hit_tokens"]?.int ?? usage["cached_tokens"]?.int
        result.cacheWriteTokens = input?["cache_write_tokens"]?.int
        result.inputAudioTokens = input?["audio_tokens"]?.int
        result.outputAudioTokens = output?["audio_tokens"]?.int
        result.reasoningTokens = output?["reasoning_tokens"]?.int
        // xAI counts the reasoning beside the answer; only the total tells.
        if let answer = result.outputTokens, let reasoning = result.reasoningTokens, reasoning > 0,
            let input = result.inputTokens, let total = usage["total_tokens"]?.int,
            total.subtractingReportingOverflow(input).partialValue == answer.addingReportingOverflow(reasoning).partialValue
        {
            result.outputTokens = answer + reasoning
        }
        // With nothing reported there is nothing to tell.
        return result.isEmpty ? nil : result
    }

    /// What a tool is called with: text that holds JSON, or, from some servers, the JSON itself.
    static func arguments(_ function: AttributeValue?) -> AttributeValue {
        let arguments = function?["arguments"] ?? function?["input"]
        return arguments?.string.map(AttributeValue.structured) ?? arguments ?? ""
    }

    static func strings(_ value: AttributeValue?) -> [String] {
        if let text = value?.string { return [text] }
        return (value?.elements ?? []).compactMap(\.string)
    }

    /// `response_format` of chat completions, `text.format` of responses.
    static func readFormat(_ format: AttributeValue?, into request: inout ModelRequest) {
        guard let type = format?["type"]?.string else { return }
        request.outputType = type == "text" ? "text" : "json"
        request.outputSchema = format?["json_schema"]?["schema"] ?? format?["schema"]
    }
}
