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
        if let refusal = json["refusal"]?.string, !refusal.isEmpty { parts.append(.refusal(refusal)) }
        for call in json["tool_calls"]?.elements ?? [] {
            let function = call["function"] ?? call["custom"]
            let arguments = function?["arguments"]?.string ?? function?["input"]?.string ?? ""
            parts.append(.toolCall(id: call["id"]?.string, name: function?["name"]?.string ?? "", arguments: .structured(arguments)))
        }
        // "developer" is what newer models call the system.
        let name = role == "developer" ? "system" : role
        return ModelMessage(role: .init(rawValue: name), parts: parts, name: json["name"]?.string)
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
        var text = GrowingText()
        var reasoning = GrowingText()
        var refusal = GrowingText()
        /// By the index that the stream gives them.
        var calls: [(index: Int, id: String?, name: String, arguments: GrowingText)] = []
        var finishReason: String?

        var message: ModelMessage {
            var parts: [MessagePart] = []
            if !reasoning.isEmpty { parts.append(.reasoning(reasoning.text)) }
            if !text.isEmpty { parts.append(.text(text.text)) }
            if !refusal.isEmpty { parts.append(.refusal(refusal.text)) }
            for call in calls.sorted(by: { $0.index < $1.index }) {
                parts.append(.toolCall(id: call.id, name: call.name, arguments: .structured(call.arguments.text)))
            }
            return ModelMessage(role: .assistant, parts: parts, finishReason: finishReason)
        }
    }

    /// More answers than anybody asks for are left out.
    private static let maximumChoices = 128
    private var head = ModelResponse()
    private var choices: [Int: Choice] = [:]
    private var whole: [ModelMessage] = []
    private var sawEnd = false

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

    mutating func takeEvent(_ name: String?, _ json: AttributeValue) -> Bool {
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
        var choice = choices[index] ?? Choice()
        if let text = delta["content"]?.string { choice.text.append(text) }
        if let text = delta["refusal"]?.string { choice.refusal.append(text) }
        if let text = delta["reasoning_content"]?.string ?? delta["reasoning"]?.string { choice.reasoning.append(text) }
        for call in delta["tool_calls"]?.elements ?? [] {
            let number = call["index"]?.int ?? choice.calls.count
            let function = call["function"]
            if let place = choice.calls.firstIndex(where: { $0.index == number }) {
                if let id = call["id"]?.string, choice.calls[place].id == nil { choice.calls[place].id = id }
                if let name = function?["name"]?.string { choice.calls[place].name += name }
                if let piece = function?["arguments"]?.string { choice.calls[place].arguments.append(piece) }
            } else if choice.calls.count < 1024 {
                var arguments = GrowingText()
                arguments.append(function?["arguments"]?.string ?? "")
                choice.calls.append((number, call["id"]?.string, function?["name"]?.string ?? "", arguments))
            }
        }
        choices[index] = choice
    }
}

extension MessagePart {
    var isRefusal: Bool {
        if case .refusal = self { true } else { false }
    }
}
