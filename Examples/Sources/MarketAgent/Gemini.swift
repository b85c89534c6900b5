/// `…:generateContent` and `…:streamGenerateContent`.
struct Gemini: Chat {
    private let instructions: String
    private var contents: [[String: Any]]
    private let tools: [[String: Any]]

    init(_ instructions: String, _ question: String, _ tools: [(key: String, value: String)], _ parameters: [String: Any]) {
        self.instructions = instructions
        contents = [["role": "user", "parts": [["text": question]]]]
        self.tools = tools.map { ["name": $0.key, "description": $0.value, "parameters": parameters] }
    }

    func path(isStreaming: Bool) -> String {
        "/v1beta/models/gemini-2.5-flash:"
            + (isStreaming ? "streamGenerateContent?alt=sse&key=not-needed" : "generateContent?key=not-needed")
    }

    func body(isStreaming: Bool) -> [String: Any] {
        var body: [String: Any] = ["contents": contents, "generationConfig": ["temperature": 0.5]]
        if !instructions.isEmpty { body["systemInstruction"] = ["parts": [["text": instructions]]] }
        if !tools.isEmpty { body["tools"] = [["functionDeclarations": tools]] }
        return body
    }

    func take(_ json: [String: Any], into reply: inout Reply) {
        let content = (json["candidates"] as? [[String: Any]])?.first?["content"] as? [String: Any]
        for part in content?["parts"] as? [[String: Any]] ?? [] {
            reply.text += part["text"] as? String ?? ""
            guard let call = part["functionCall"] as? [String: Any] else { continue }
            let symbol = (call["args"] as? [String: Any])?["symbol"] as? String ?? ""
            reply.tools.append(ToolRequest(id: "", name: call["name"] as? String ?? "", symbol: symbol))
        }
    }

    mutating func add(_ reply: Reply, _ results: [(ToolRequest, String)]) {
        let calls = results.map { tool, _ -> [String: Any] in ["functionCall": ["name": tool.name, "args": ["symbol": tool.symbol]]] }
        contents.append(["role": "model", "parts": calls])
        let answers = results.map { tool, result -> [String: Any] in
            ["functionResponse": ["name": tool.name, "response": ["result": result]]]
        }
        contents.append(["role": "user", "parts": answers])
    }
}
