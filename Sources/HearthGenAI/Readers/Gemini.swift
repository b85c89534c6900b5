import Hearth

/// `…/models/MODEL:generateContent` and `:streamGenerateContent`.
enum GeminiRequest {
    static func read(_ json: AttributeValue, path: Substring, into request: inout ModelRequest) {
        request.operation = .generateContent
        request.model = model(in: path)
        request.isStreaming = path.hasSuffix(":streamGenerateContent")
        request.systemInstructions = ((json["systemInstruction"] ?? json["system_instruction"])?["parts"]?.elements ?? []).map(part)
        request.messages = (json["contents"]?.elements ?? []).map { content in
            let parts = (content["parts"]?.elements ?? []).map(part)
            let isResult = !parts.isEmpty && parts.allSatisfy(\.isToolResult)
            return ModelMessage(role: isResult ? .tool : content["role"]?.string == "model" ? .assistant : .user, parts: parts)
        }
        for tool in json["tools"]?.elements ?? [] {
            for function in (tool["functionDeclarations"] ?? tool["function_declarations"])?.elements ?? [] {
                guard let name = function["name"]?.string else { continue }
                request.tools.append(
                    ToolDefinition(
                        name: name, description: function["description"]?.string,
                        parameters: function["parameters"] ?? function["parametersJsonSchema"]))
            }
            for member in tool.members where !member.key.hasPrefix("function") {
                request.tools.append(ToolDefinition(type: member.key, name: member.key))
            }
        }
        guard let settings = json["generationConfig"] ?? json["generation_config"] else { return }
        request.parameters = ModelParameters(
            temperature: settings["temperature"]?.double,
            topP: settings["topP"]?.double,
            topK: settings["topK"]?.int,
            maxTokens: settings["maxOutputTokens"]?.int,
            frequencyPenalty: settings["frequencyPenalty"]?.double,
            presencePenalty: settings["presencePenalty"]?.double,
            stopSequences: OpenAIParts.strings(settings["stopSequences"]),
            seed: settings["seed"]?.int,
            choiceCount: settings["candidateCount"]?.int,
            reasoningLevel: settings["thinkingConfig"]?["thinkingLevel"]?.string
        )
        if settings["responseMimeType"]?.string == "application/json" {
            request.outputType = "json"
            request.outputSchema = settings["responseSchema"] ?? settings["responseJsonSchema"]
        }
    }

    /// The text between `/models/` and the last colon.
    static func model(in path: Substring) -> String? {
        guard let start = path.firstRange(of: "/models/"), let end = path.lastIndex(of: ":"), start.upperBound < end else { return nil }
        return String(path[start.upperBound..<end])
    }

    static func part(_ part: AttributeValue) -> MessagePart {
        if let text = part["text"]?.string { return part["thought"]?.bool == true ? .reasoning(text) : .text(text) }
        if let call = part["functionCall"] ?? part["function_call"] {
            return .toolCall(id: call["id"]?.string, name: call["name"]?.string ?? "", arguments: call["args"] ?? .object([]))
        }
        if let result = part["functionResponse"] ?? part["function_response"] {
            return .toolResult(id: result["id"]?.string, name: result["name"]?.string, result: result["response"] ?? .null)
        }
        if let blob = part["inlineData"] ?? part["inline_data"] {
            let type = (blob["mimeType"] ?? blob["mime_type"])?.string
            return .blob(
                modality: type.map(MessagePart.Modality.init(mimeType:)) ?? .document, mimeType: type, base64: blob["data"]?.string ?? "")
        }
        if let file = part["fileData"] ?? part["file_data"] {
            let type = (file["mimeType"] ?? file["mime_type"])?.string
            let address = (file["fileUri"] ?? file["file_uri"])?.string ?? ""
            return .uri(modality: type.map(MessagePart.Modality.init(mimeType:)) ?? .document, mimeType: type, uri: address)
        }
        return .other(type: part.members.first?.key ?? "unknown", fields: part.fields)
    }
}

/// Answers of Gemini: the pieces of a stream have the shape of whole answers.
struct GeminiAnswer: AnswerReader {
    private struct Candidate {
        var parts: [MessagePart] = []
        var text = ""
        var reasoning = ""
        var finishReason: String?

        var message: ModelMessage {
            var all: [MessagePart] = []
            if !reasoning.isEmpty { all.append(.reasoning(reasoning)) }
            if !text.isEmpty { all.append(.text(text)) }
            return ModelMessage(role: .assistant, parts: all + parts, finishReason: finishReason)
        }
    }

    private var head = ModelResponse()
    private var candidates: [Int: Candidate] = [:]
    private var isBlocked = false
    private var budget = TextBudget()

    var isFinished: Bool { isBlocked || !candidates.isEmpty && candidates.values.allSatisfy { $0.finishReason != nil } }

    var response: ModelResponse {
        var response = head
        response.messages = candidates.sorted { $0.key < $1.key }.map(\.value.message)
        response.finishReasons = response.messages.compactMap(\.finishReason)
        if isBlocked { response.finishReasons.append("content_filter") }
        if response.finishReasons.contains("content_filter") {
            response.isRefusal = true
        } else if !response.finishReasons.isEmpty, !response.finishReasons.contains("error") {
            response.isRefusal = false
        }
        return response
    }

    mutating func takeWhole(_ json: AttributeValue) { _ = takeEvent(nil, json, size: 0) }

    mutating func takeEvent(_ name: String?, _ json: AttributeValue, size: Int) -> Bool {
        if let id = json["responseId"]?.string { head.id = id }
        if let model = json["modelVersion"]?.string { head.model = model }
        if let usage = usage(json["usageMetadata"]) { head.usage = usage }
        if json["promptFeedback"]?["blockReason"] != nil { isBlocked = true }
        var isPiece = false
        for json in json["candidates"]?.elements ?? [] {
            let index = json["index"]?.int ?? 0
            guard candidates[index] != nil || candidates.count < 128 else { continue }
            isPiece = true
            // Taken out, so that what has come so far is not copied with every piece.
            var candidate = candidates.removeValue(forKey: index) ?? Candidate()
            let parts = (json["content"]?["parts"]?.elements ?? []).map(GeminiRequest.part)
            for part in parts {
                switch part {
                case .text(let text): budget.append(text, to: &candidate.text)
                case .reasoning(let text): budget.append(text, to: &candidate.reasoning)
                default: if candidate.parts.count < 4096, budget.take(size / parts.count) { candidate.parts.append(part) }
                }
            }
            if let reason = json["finishReason"]?.string { candidate.finishReason = FinishReason.canonical(reason) }
            candidates[index] = candidate
        }
        return isPiece
    }

    mutating func finish(isComplete: Bool) {
        for index in candidates.keys where candidates[index]?.finishReason == nil && !isComplete {
            candidates[index]?.finishReason = "error"
        }
    }

    private func usage(_ json: AttributeValue?) -> ModelUsage? {
        guard let json else { return nil }
        func sum(_ names: String...) -> Int? {
            let counts = names.compactMap { json[$0]?.int }
            return counts.isEmpty ? nil : counts.reduce(0) { $0.addingReportingOverflow($1).partialValue }
        }
        func modality(_ list: String, _ name: String) -> Int? {
            json[list]?.elements.first { $0["modality"]?.string == name }?["tokenCount"]?.int
        }
        var usage = ModelUsage()
        usage.inputTokens = sum("promptTokenCount", "toolUsePromptTokenCount")
        usage.outputTokens = sum("candidatesTokenCount", "thoughtsTokenCount")
        usage.cacheReadTokens = json["cachedContentTokenCount"]?.int
        usage.reasoningTokens = json["thoughtsTokenCount"]?.int
        usage.inputAudioTokens = modality("promptTokensDetails", "AUDIO")
        usage.outputAudioTokens = modality("candidatesTokensDetails", "AUDIO")
        usage.cacheReadAudioTokens = modality("cacheTokensDetails", "AUDIO")
        return usage.isEmpty ? nil : usage
    }
}
