/// `/v1/messages`.
struct Anthropic: Chat {
    private let instructions: String
    private var messages: [[String: Any]]
    private let tools: [[String: Any]]

    init(_ instructions: String, _ question: String, _ tools: [(key: String, value: String)], _ parameters: [String: Any]) {
        self.instructions = instructions
        messages = [["role": "user", "content": question]]
        self.tools = tools.map { ["name": $0.key, "description": $0.value, "input_schema": parameters] }
    }

    func path(isStreaming: Bool) -> String { "/v1/messages" }

    func body(isStreaming: Bool) -> [String: Any] {
        var body: [String: Any] = ["model": "claude-sonnet-4-5", "messages": messages, "max_tokens": 1024]
        if !instructions.isEmpty { body["system"] = instructions }
        if !tools.isEmpty { body["tools"] = tools }
        if isStreaming { body["stream"] = true }
        return body
    }

    func take(_ json: [String: Any], into reply: inout Reply) {
        for block in json["content"] as? [[String: Any]] ?? [] { start(block, &reply) }
        if let block = json["content_block"] as? [String: Any] { start(block, &reply) }
        guard let delta = json["delta"] as? [String: Any] else { return }
        reply.text += delta["text"] as? String ?? ""
        if let piece = delta["partial_json"] as? String, !reply.tools.isEmpty {
            reply.tools[reply.tools.count - 1].symbol += symbol(in: piece)
        }
    }

    private func start(_ block: [String: Any], _ reply: inout Reply) {
        reply.text += block["text"] as? String ?? ""
        guard block["type"] as? String == "tool_use" else { return }
        let input = block["input"] as? [String: Any] ?? [:]
        reply.tools.append(
            ToolRequest(id: block["id"] as? String ?? "", name: block["name"] as? String ?? "", symbol: input["symbol"] as? String ?? ""))
    }

    mutating func add(_ reply: Reply, _ results: [(ToolRequest, String)]) {
        let calls = results.map { tool, _ -> [String: Any] in
            ["type": "tool_use", "id": tool.id, "name": tool.name, "input": ["symbol": tool.symbol]]
        }
        messages.append(["role": "assistant", "content": calls])
        let answers = results.map { tool, result -> [String: Any] in ["type": "tool_result", "tool_use_id": tool.id, "content": result] }
        messages.append(["role": "user", "content": answers])
    }
}
