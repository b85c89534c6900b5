/// `/v1/chat/completions`.
struct OpenAIChat: Chat {
    private var messages: [[String: Any]]
    private let tools: [[String: Any]]

    init(_ instructions: String, _ question: String, _ tools: [(key: String, value: String)], _ parameters: [String: Any]) {
        messages = instructions.isEmpty ? [] : [["role": "system", "content": instructions]]
        messages.append(["role": "user", "content": question])
        self.tools = tools.map {
            ["type": "function", "function": ["name": $0.key, "description": $0.value, "parameters": parameters] as [String: Any]]
        }
    }

    func path(isStreaming: Bool) -> String { "/v1/chat/completions" }

    func body(isStreaming: Bool) -> [String: Any] {
        var body: [String: Any] = ["model": "gpt-4o", "messages": messages, "temperature": 0.2]
        if !tools.isEmpty { body["tools"] = tools }
        if isStreaming {
            body["stream"] = true
            body["stream_options"] = ["include_usage": true]
        }
        return body
    }

    func take(_ json: [String: Any], into reply: inout Reply) {
        guard let choice = (json["choices"] as? [[String: Any]])?.first else { return }
        guard let message = (choice["message"] ?? choice["delta"]) as? [String: Any] else { return }
        reply.text += message["content"] as? String ?? ""
        for call in message["tool_calls"] as? [[String: Any]] ?? [] {
            let function = call["function"] as? [String: Any] ?? [:]
            let symbol = symbol(in: function["arguments"] as? String ?? "")
            reply.tools.append(ToolRequest(id: call["id"] as? String ?? "", name: function["name"] as? String ?? "", symbol: symbol))
        }
    }

    mutating func add(_ reply: Reply, _ results: [(ToolRequest, String)]) {
        let calls = results.map { tool, _ -> [String: Any] in
            ["id": tool.id, "type": "function", "function": ["name": tool.name, "arguments": arguments(tool)]]
        }
        messages.append(["role": "assistant", "tool_calls": calls])
        for (tool, result) in results { messages.append(["role": "tool", "tool_call_id": tool.id, "content": result]) }
    }
}

/// `/v1/responses`.
struct OpenAIResponses: Chat {
    private let instructions: String
    private var input: [[String: Any]]
    private let tools: [[String: Any]]

    init(_ instructions: String, _ question: String, _ tools: [(key: String, value: String)], _ parameters: [String: Any]) {
        self.instructions = instructions
        input = [["role": "user", "content": question]]
        self.tools = tools.map { ["type": "function", "name": $0.key, "description": $0.value, "parameters": parameters] }
    }

    func path(isStreaming: Bool) -> String { "/v1/responses" }

    func body(isStreaming: Bool) -> [String: Any] {
        var body: [String: Any] = ["model": "o4-mini", "input": input]
        if !instructions.isEmpty { body["instructions"] = instructions }
        if !tools.isEmpty { body["tools"] = tools }
        if isStreaming { body["stream"] = true }
        return body
    }

    func take(_ json: [String: Any], into reply: inout Reply) {
        // The last event of a stream has the whole answer.
        let whole = json["type"] == nil ? json : json["type"] as? String == "response.completed" ? json["response"] as? [String: Any] : nil
        for item in whole?["output"] as? [[String: Any]] ?? [] {
            if item["type"] as? String == "function_call" {
                reply.tools.append(
                    ToolRequest(
                        id: item["call_id"] as? String ?? "", name: item["name"] as? String ?? "",
                        symbol: symbol(in: item["arguments"] as? String ?? "")))
            }
            for part in item["content"] as? [[String: Any]] ?? [] { reply.text += part["text"] as? String ?? "" }
        }
    }

    mutating func add(_ reply: Reply, _ results: [(ToolRequest, String)]) {
        for (tool, _) in results {
            input.append(["type": "function_call", "call_id": tool.id, "name": tool.name, "arguments": arguments(tool)])
        }
        for (tool, result) in results { input.append(["type": "function_call_output", "call_id": tool.id, "output": result]) }
    }
}
