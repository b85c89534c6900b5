public import Hearth

/// What a model is asked for: the value of `gen_ai.operation.name`.
public struct ModelOperation: RawRepresentable, Sendable, Hashable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    /// An answer to a conversation.
    public static let chat = ModelOperation(rawValue: "chat")
    /// Content of several kinds, as Gemini's `generateContent` makes it.
    public static let generateContent = ModelOperation(rawValue: "generate_content")
    /// The continuation of a text.
    public static let textCompletion = ModelOperation(rawValue: "text_completion")
    /// Vectors for texts.
    public static let embeddings = ModelOperation(rawValue: "embeddings")
}

/// Settings of a request: `gen_ai.request.*`. Nil was not set.
public struct ModelParameters: Sendable, Hashable {
    /// `gen_ai.request.temperature`: how much chance there is in the choice of tokens.
    public var temperature: Double?
    /// `gen_ai.request.top_p`: tokens are chosen from the likeliest that make up this probability, 0 … 1.
    public var topP: Double?
    /// `gen_ai.request.top_k`: tokens are chosen from so many of the likeliest.
    public var topK: Int?
    /// `gen_ai.request.max_tokens`: output tokens at most.
    public var maxTokens: Int?
    /// `gen_ai.request.frequency_penalty`: how much a token is avoided the more often it was used.
    public var frequencyPenalty: Double?
    /// `gen_ai.request.presence_penalty`: how much a token is avoided once it was used.
    public var presencePenalty: Double?
    /// `gen_ai.request.stop_sequences`: texts that end the answer.
    public var stopSequences: [String] = []
    /// `gen_ai.request.seed`: makes answers repeatable where the provider can.
    public var seed: Int?
    /// How many answers are asked for; one is not recorded.
    public var choiceCount: Int?
    /// `low`, `medium`, `high` or what the provider calls it.
    public var reasoningLevel: String?

    /// Settings; what is left out was not set.
    public init(
        temperature: Double? = nil,
        topP: Double? = nil,
        topK: Int? = nil,
        maxTokens: Int? = nil,
        frequencyPenalty: Double? = nil,
        presencePenalty: Double? = nil,
        stopSequences: [String] = [],
        seed: Int? = nil,
        choiceCount: Int? = nil,
        reasoningLevel: String? = nil
    ) {
        self.temperature = temperature
        self.topP = topP
        self.topK = topK
        self.maxTokens = maxTokens
        self.frequencyPenalty = frequencyPenalty
        self.presencePenalty = presencePenalty
        self.stopSequences = stopSequences
        self.seed = seed
        self.choiceCount = choiceCount
        self.reasoningLevel = reasoningLevel
    }
}

/// A request to a model.
public struct ModelRequest: Sendable, Hashable {
    /// What the model is asked for.
    public var operation: ModelOperation
    /// `openai`, `anthropic`, `gcp.gemini`, …: `gen_ai.provider.name`.
    public var provider: String
    /// The model that is asked for.
    public var model: String?
    /// The conversation so far, the oldest message first.
    public var messages: [ModelMessage]
    /// Instructions that are not part of the conversation.
    public var systemInstructions: [MessagePart]
    /// Tools the model may ask for.
    public var tools: [ToolDefinition]
    /// Settings of the request.
    public var parameters: ModelParameters
    /// `gen_ai.request.stream`: whether the answer comes in pieces.
    public var isStreaming: Bool
    /// `text`, `json`, `image` or `speech`, where one was asked for.
    public var outputType: String?
    /// The JSON Schema of the answer, where one was asked for.
    public var outputSchema: AttributeValue?
    /// The answer that the conversation continues, where the provider keeps it.
    public var previousResponseID: String?
    /// `server.address`: the host that is asked; nil when unknown.
    public var serverAddress: String?
    /// `server.port`; nil when unknown.
    public var serverPort: Int?
    /// `gen_ai.prompt.name`: the prompt the request was built from; nil when it has no name.
    public var promptName: String?
    /// The version of that prompt; nil when it has none.
    public var promptVersion: String?
    /// Attributes besides those of the conventions.
    public var attributes: Attributes

    /// A request; only provider and model are needed.
    public init(
        provider: String,
        model: String?,
        operation: ModelOperation = .chat,
        messages: [ModelMessage] = [],
        systemInstructions: [MessagePart] = [],
        tools: [ToolDefinition] = [],
        parameters: ModelParameters = ModelParameters(),
        isStreaming: Bool = false,
        outputType: String? = nil,
        outputSchema: AttributeValue? = nil,
        previousResponseID: String? = nil,
        serverAddress: String? = nil,
        serverPort: Int? = nil,
        promptName: String? = nil,
        promptVersion: String? = nil,
        attributes: Attributes = [:]
    ) {
        self.operation = operation
        self.provider = provider
        self.model = model
        self.messages = messages
        self.systemInstructions = systemInstructions
        self.tools = tools
        self.parameters = parameters
        self.isStreaming = isStreaming
        self.outputType = outputType
        self.outputSchema = outputSchema
        self.previousResponseID = previousResponseID
        self.serverAddress = serverAddress
        self.serverPort = serverPort
        self.promptName = promptName
        self.promptVersion = promptVersion
        self.attributes = attributes
    }

    /// `chat gpt-4o`: operation and model.
    var spanName: String { model.map { "\(operation.rawValue) \($0)" } ?? operation.rawValue }
}
