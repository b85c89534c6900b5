/// A tool as the model sees it.
struct ToolDefinition: Sendable {
    var name: String
    var description: String
    /// JSON Schema of the parameters: name, type, description.
    var parameters: [(name: String, type: String, description: String)]

    var schema: JSON {
        .object([
            ("additionalProperties", false),
            (
                "properties",
                .object(parameters.map { ($0.name, .object([("description", .string($0.description)), ("type", .string($0.type))])) })
            ),
            ("required", .array(parameters.map { .string($0.name) })), ("type", "object"),
        ])
    }

    var definition: JSON {
        .object([("type", "function"), ("name", .string(name)), ("description", .string(description)), ("parameters", schema)])
    }

    /// As in Pydantic AI's `model_request_parameters`.
    var requestParameter: JSON {
        .object([("name", .string(name)), ("parameters_json_schema", schema), ("description", .string(description)), ("kind", "function")])
    }
}

/// A Pydantic AI agent.
struct Agent: Sendable {
    var name: String
    var model: LanguageModel
    var instructions: String
    var tools: [ToolDefinition] = []
    /// The output tool of an agent with a structured result.
    var outputTool: ToolDefinition?
    var temperature: Double?
    var maxTokens: Int?
    /// Python module of the tracebacks.
    var module = "support_agent"

    /// Tokens of everything that is sent before the messages.
    var overheadTokens: Int {
        LanguageModel.tokens(instructions)
            + (tools + [outputTool].compactMap(\.self)).reduce(0) { $0 + LanguageModel.tokens($1.definition.text) }
    }

    /// `model_request_parameters` of Pydantic AI.
    var requestParameters: JSON {
        .object([
            ("function_tools", .array(tools.map(\.requestParameter))), ("native_tools", []),
            ("output_mode", outputTool == nil ? "text" : "tool"),
            ("output_tools", .array([outputTool].compactMap { $0?.requestParameter })), ("allow_text_output", .bool(outputTool == nil)),
        ])
    }
}

/// A tool the model asks for.
struct ToolCall: Sendable {
    var name: String
    var arguments: JSON
    /// What the tool answers.
    var result: JSON
    var id = ""
}

/// What the model answers.
enum ModelReply: Sendable {
    case text(String)
    /// Asks for tools, perhaps with a sentence before.
    case tools([ToolCall], preface: String? = nil)
    /// Calls the output tool, which ends the run.
    case output(JSON)

    /// Text that costs output tokens.
    var weight: String {
        switch self {
        case .text(let text): text
        case .tools(let calls, let preface): (preface ?? "") + calls.map { $0.name + $0.arguments.text }.joined()
        case .output(let value): "final_result" + value.text
        }
    }
}

/// How one model call of an agent goes.
struct ChatOptions: Sendable {
    var streamed = false
    /// The model's reasoning, where the provider returns it.
    var thinking: String?
    /// Reasoning tokens that are billed as output.
    var reasoningTokens = 0
    /// Share of the input that the provider had cached.
    var cachedShare = 0.0
    /// 429 answers before the one that counts.
    var rateLimited = 0
    /// The answer was cut at the token limit.
    var truncated = false
    /// HTTP status of a call that fails for good, with the provider's message.
    var failure: (status: Int, body: String)?
}

/// A run in progress: what Pydantic AI keeps while it goes from turn to turn.
struct AgentSession: Sendable {
    var agent: Agent
    var span: Int
    var callID: String
    var conversationID: String
    /// All messages so far, earlier turns of the conversation included.
    var messages: [JSON]
    /// Where this run's own messages begin; zero without history.
    var newMessageIndex: Int
    var truth: RunTruth
    var cacheReadTokens = 0
    var cacheWriteTokens = 0
    var reasoningTokens = 0
    var failed: PythonException?

    var baggage: [Attribute] {
        [
            Attribute("gen_ai.agent.name", .string(agent.name)), Attribute("gen_ai.agent.call.id", .string(callID)),
            Attribute("gen_ai.conversation.id", .string(conversationID)),
        ]
    }
}

/// Messages in the form of the GenAI conventions, as Pydantic AI (format 5) writes them.
enum Message {
    static func user(_ text: String) -> JSON {
        .object([("role", "user"), ("parts", [textPart(text)])])
    }

    static func system(_ text: String) -> JSON {
        .object([("role", "system"), ("parts", [textPart(text)])])
    }

    static func textPart(_ text: String) -> JSON {
        .object([("type", "text"), ("content", .string(text))])
    }

    static func toolResponses(_ calls: [ToolCall]) -> JSON {
        .object([
            ("role", "user"),
            (
                "parts",
                .array(
                    calls.map {
                        .object([("type", "tool_call_response"), ("id", .string($0.id)), ("name", .string($0.name)), ("result", $0.result)])
                    })
            ),
        ])
    }

    static func assistant(_ reply: ModelReply, thinking: String?, finish: String) -> JSON {
        var parts: [JSON] = []
        if let thinking { parts.append(.object([("type", "thinking"), ("content", .string(thinking))])) }
        switch reply {
        case .text(let text): parts.append(textPart(text))
        case .tools(let calls, let preface):
            if let preface { parts.append(textPart(preface)) }
            parts += calls.map { call(id: $0.id, name: $0.name, arguments: $0.arguments) }
        case .output(let value): parts.append(call(id: "call_final", name: "final_result", arguments: value))
        }
        return .object([("role", "assistant"), ("parts", .array(parts)), ("finish_reason", .string(finish))])
    }

    /// Pydantic AI writes the arguments as a JSON text.
    private static func call(id: String, name: String, arguments: JSON) -> JSON {
        .object([("type", "tool_call"), ("id", .string(id)), ("name", .string(name)), ("arguments", .string(arguments.text))])
    }
}
