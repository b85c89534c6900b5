import Hearth

/// `/chat/completions`.
enum OpenAIChatRequest {
    static func read(_ json: AttributeValue, into request: inout ModelRequest) {
        request.operation = .chat
        request.model = json["model"]?.string
        request.messages = (json["messages"]?.elements ?? []).map(message)
        request.tools = OpenAIParts.tools(json["tools"])
        request.isStreaming = json["stream"]?.bool ?? false
        request.parameters = ModelParameters(
            temperature: json["temperature"]?.double,
            topP: json["top_p"]?.double,
            maxTokens: json["max_completion_tokens"]?.int ?? json["max_tokens"]?.int,
            frequencyPenalty: json["frequency_penalty"]?.double,
            presencePenalty: json["presence_penalty"]?.double,
            stopSequences: OpenAIParts.strings(json["stop"]),
            seed: json["seed"]?.int,
            choiceCount: json["n"]?.int,
            reasoningLevel: json["reasoning_effort"]?.string
        )
        OpenAIParts.readFormat(json["response_format"], into: &request)
        if let tier = json["service_tier"]?.string { request.attributes["openai.request.service_tier"] = .string(tier) }
    }

    private static func message(_ json: AttributeValue) -> ModelMessage {
        let role = json["role"]?.string ?? "user"
        if role == "tool" || role == "function" {
            let texts = OpenAIParts.content(json["content"])
            let text = ModelMessage(role: .tool, parts: texts).text
            let result = MessagePart.toolResult(id: json["tool_call_id"]?.string, name: json["name"]?.string, result: .structured(text))
            return ModelMessage(role: .tool, parts: [result])
        }
        var parts: [MessagePart] = []
        if let reasoning = json["reasoning_content"]?.string ?? json["reasoning"]?.string, !reasoning.isEmpty {
            parts.append(.reasoning(reasoning))
        }
        parts += OpenAIParts.content(json["content"])
        if let audio = json["audio"] { parts += spoken(audio) }
        if let refusal = json["refusal"]?.string, !refusal.isEmpty { parts.append(.refusal(refusal)) }
        for call in json["tool_calls"]?.elements ?? [] {
            parts.append(toolCall(call["function"] ?? call["custom"], id: call["id"]?.string))
        }
        // What tool calls were called when there was one at most.
        if let function = json["function_call"] { parts.append(toolCall(function, id: nil)) }
        // "developer" is what newer models call the system.
        let name = role == "developer" ? "system" : role
        return ModelMessage(role: .init(rawValue: name), parts: parts, name: json["name"]?.string)
    }

    private static func toolCall(_ function: AttributeValue?, id: String?) -> MessagePart {
        .toolCall(id: id, name: function?["name"]?.string ?? "", arguments: OpenAIParts.arguments(function))
    }

    /// An answer as sound, with its words; an earlier one is only referred to.
    private static func spoken(_ audio: AttributeValue) -> [MessagePart] {
        var parts: [MessagePart] = []
        if let words = audio["transcript"]?.string, !words.isEmpty { parts.append(.text(words)) }
        if let data = audio["data"]?.string {
            parts.append(.blob(modality: .audio, mimeType: nil, base64: data))
        } else if let id = audio["id"]?.string, parts.isEmpty {
            parts.append(.file(modality: .audio, mimeType: nil, id: id))
        }
        return parts
    }

    /// An answer has the shape of a message.
    static func answer(_ json: AttributeValue, finishReason: String?) -> ModelMessage {
        var message = message(json)
        message.role = .assistant
        message.finishReason = finishReason
        return message
    }
}

/// Answers of `/chat/completions`, whole and in pieces.
struct OpenAIChatAnswer: AnswerReader {
    private struct Choice {
        var text = ""
        var reasoning = ""
        var refusal = ""
        var calls: [Call] = []
        var finishReason: String?

        var message: ModelMessage {
            var parts: [MessagePart] = []
            if !reasoning.isEmpty { parts.append(.reasoning(reasoning)) }
            if !text.isEmpty { parts.append(.text(text)) }
            if !refusal.isEmpty { parts.append(.refusal(refusal)) }
            for call in calls { parts.append(.toolCall(id: call.id, name: call.name, arguments: .structured(call.arguments))) }
            return ModelMessage(role: .assistant, parts: parts, finishReason: finishReason)
        }
    }

    /// A call of a tool, in the order in which they begin.
    private struct Call {
        var index: Int?
        var id: String?
        var name = ""
        var arguments = ""
    }

    /// More answers than anybody asks for are left out.
    private static let maximumChoices = 128
    private static let maximumCalls = 1024
    private var head = ModelResponse()
    private var choices: [Int: Choice] = [:]
    private var whole: [ModelMessage] = []
    private var sawEnd = false
    private var budget = TextBudget()

    var isFinished: Bool { sawEnd || !choices.isEmpty && choices.values.allSatisfy { $0.finishReason != nil } }

    var response: ModelResponse {
        var response = head
        response.messages = whole + choices.sorted { $0.key < $1.key }.map(\.value.message)
        response.finishReasons = response.messages.compactMap(\.finishReason)
        if response.messages.contains(where: { $0.parts.contains(where: \.isRefusal) }) {
            response.isRefusal = true
        } else if !response.messages.isEmpty, response.messages.allSatisfy({ $0.finishReason != nil && $0.finishReason != "error" }) {
            // What is cut off may yet have become one.
            response.isRefusal = false
        }
        return response
    }

    mutating func takeWhole(_ json: AttributeValue) {
        takeHead(json)
        for choice in json["choices"]?.elements.prefix(Self.maximumChoices) ?? [] {
            let reason = choice["finish_reason"]?.string.map(FinishReason.canonical)
            if let message = choice["message"] { whole.append(OpenAIChatRequest.answer(message, finishReason: reason)) }
        }
    }

    mutating func takeEvent(_ name: String?, _ json: AttributeValue, size: Int) -> Bool {
        takeHead(json)
        var isPiece = false
        for choice in json["choices"]?.elements ?? [] {
            let index = choice["index"]?.int ?? 0
            guard choices[index] != nil || choices.count < Self.maximumChoices else { continue }
            isPiece = true
            if let delta = choice["delta"] { take(delta, index) }
            if let reason = choice["finish_reason"]?.string {
                choices[index, default: Choice()].finishReason = FinishReason.canonical(reason)
            }
        }
        return isPiece
    }

    mutating func takeEnd() { sawEnd = true }

    mutating func finish(isComplete: Bool) {
        for index in choices.keys where choices[index]?.finishReason == nil && !isComplete { choices[index]?.finishReason = "error" }
    }

    private mutating func takeHead(_ json: AttributeValue) {
        if let id = json["id"]?.string, !id.isEmpty { head.id = id }
        if let model = json["model"]?.string, !model.isEmpty { head.model = model }
        if let tier = json["service_tier"]?.string { head.serviceTier = tier }
        if let fingerprint = json["system_fingerprint"]?.string { head.systemFingerprint = fingerprint }
        if let usage = OpenAIParts.usage(json["usage"]) { head.usage = usage }
    }

    private mutating func take(_ delta: AttributeValue, _ index: Int) {
        // Taken out, so that what has come so far is not copied with every piece.
        var choice = choices.removeValue(forKey: index) ?? Choice()
        if let text = delta["content"]?.string ?? delta["audio"]?["transcript"]?.string { budget.append(text, to: &choice.text) }
        if let text = delta["refusal"]?.string { budget.append(text, to: &choice.refusal) }
        if let text = delta["reasoning_content"]?.string ?? delta["reasoning"]?.string { budget.append(text, to: &choice.reasoning) }
        for call in delta["tool_calls"]?.elements ?? [] {
            take(call["function"] ?? call["custom"], index: call["index"]?.int, id: call["id"]?.string, &choice.calls)
        }
        if let function = delta["function_call"] { take(function, index: 0, id: nil, &choice.calls) }
        choices[index] = choice
    }

    /// A piece of a tool call belongs to the call of its index, unless it begins another one: some servers give all calls the same index, and
    /// some none.
    private mutating func take(_ function: AttributeValue?, index: Int?, id: String?, _ calls: inout [Call]) {
        let id = id?.isEmpty == false ? id : nil
        let name = function?["name"]?.string ?? ""
        let place = index == nil ? calls.indices.last : calls.lastIndex { $0.index == index }
        if let place, id == nil && (index != nil || name.isEmpty) || id == calls[place].id || calls[place].id == nil && index != nil {
            // Others repeat id and name with every piece.
            if id == nil || calls[place].id != id || calls[place].name != name { budget.append(name, to: &calls[place].name) }
            if calls[place].id == nil { calls[place].id = id }
            append(function, to: &calls[place].arguments)
        } else if calls.count < Self.maximumCalls {
            var call = Call(index: index, id: id)
            budget.append(name, to: &call.name)
            append(function, to: &call.arguments)
            calls.append(call)
        }
    }

    private mutating func append(_ function: AttributeValue?, to arguments: inout String) {
        guard let piece = function?["arguments"] ?? function?["input"] else { return }
        // Arguments that are no text come at once.
        budget.append(piece.string ?? String(decoding: JSONText.bytes(of: piece), as: UTF8.self), to: &arguments)
    }
}

extension MessagePart {
    var isRefusal: Bool {
        if case .refusal = self { true } else { false }
    }
}
