import Hearth

/// Requests for embeddings of OpenAI and Gemini.
enum EmbeddingsRequest {
    static func readOpenAI(_ json: AttributeValue, into request: inout ModelRequest) {
        request.operation = .embeddings
        request.model = json["model"]?.string
        let inputs = OpenAIParts.strings(json["input"])
        request.messages = inputs.map(ModelMessage.user)
        if let count = inputCount(json["input"]) { request.attributes["inputs_count"] = .int(Int64(count)) }
        if let count = json["dimensions"]?.int { request.attributes["gen_ai.embeddings.dimension.count"] = .int(Int64(count)) }
        if let format = json["encoding_format"]?.string { request.attributes["gen_ai.request.encoding_formats"] = .strings([format]) }
    }

    /// Texts, or lists of tokens; a list of numbers is one input.
    private static func inputCount(_ input: AttributeValue?) -> Int? {
        guard let input else { return nil }
        guard case .array(let elements) = input, let first = elements.first else { return input.string == nil ? nil : 1 }
        return first.int == nil ? elements.count : 1
    }

    static func readGemini(_ json: AttributeValue, path: Substring, into request: inout ModelRequest) {
        request.operation = .embeddings
        request.model = GeminiRequest.model(in: path)
        let items = json["requests"]?.elements ?? [json]
        request.messages = items.map { item in
            ModelMessage(role: .user, parts: (item["content"]?["parts"]?.elements ?? []).map(GeminiRequest.part))
        }
        request.attributes["inputs_count"] = .int(Int64(items.count))
    }
}

/// Answers to requests for embeddings; the vectors themselves are not kept.
struct EmbeddingsAnswer: AnswerReader {
    private(set) var response = ModelResponse()
    let isFinished = true

    mutating func takeWhole(_ json: AttributeValue) {
        response.id = json["id"]?.string
        response.model = json["model"]?.string
        response.usage = OpenAIParts.usage(json["usage"])
        // Some tell only the sum, which is all input.
        if response.usage?.inputTokens == nil, let total = json["usage"]?["total_tokens"]?.int {
            response.usage = ModelUsage(inputTokens: total)
        }
        // Base64 vectors do not tell their length without being decoded.
        let vector =
            json["data"]?.elements.first?["embedding"] ?? json["embedding"]?["values"] ?? json["embeddings"]?.elements.first?["values"]
        if let count = vector?.elements.count, count > 0 { response.embeddingDimensions = count }
    }

    mutating func takeEvent(_ name: String?, _ json: AttributeValue, size: Int) -> Bool { false }
}
