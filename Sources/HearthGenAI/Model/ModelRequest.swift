public import Hearth

/// What a model is asked for: the value of `gen_ai.operation.name`.
public struct ModelOperation: RawRepresentable, Sendable, Hashable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public static let chat = ModelOperation(rawValue: "chat")
    public static let generateContent = ModelOperation(rawValue: "generate_content")
    public static let textCompletion = ModelOperation(rawValue: "text_completion")
    public static let embeddings = ModelOperation(rawValue: "embeddings")
}

/// Settings of a request: `gen_ai.request.*`. Nil was not set.
public struct ModelParameters: Sendable, Hashable {
    public var temperature: Double?
    public var topP: Double?
    public var topK: Int?
    public var maxTokens: Int?
    public var frequencyPenalty: Double?
    public var presencePenalty: Double?
    public var stopSequences: [String] = []
    public var seed: Int?
    /// How many answers are asked for; one is not recorded.
    public var choiceCount: Int?
    /// `low`, `medium`, `high` or what the provider calls it.
    public var reasoningLevel: String?

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
    public var operation: ModelOperation
    /// `openai`, `anthropic`, `gcp.gemini`, …: `gen_ai.provider.name`.
    public var provider: String
    /// The model that is asked for.
    public var model: String?
    public var messages: [ModelMessage]
    /// Instructions that are not part of the conversation.
    public var systemInstructions: [MessagePart]
    public var tools: [ToolDefinition]
    public var parameters: ModelParameters
    public var isStreaming: Bool
    /// `text`, `json`, `image` or `speech`, where one was asked for.
    public var outputType: String?
    /// The JSON Schema of the answer, where one was asked for.
    public var outputSchema: AttributeValue?
    /// The answer that the conversation continues, where the provider keeps it.
    public var previousResponseID: String?
    public var serverAddress: String?
    public var serverPort: Int?
    public var promptName: String?
    public var promptVersion: String?
    /// Attributes besides those of the conventions.
    public var attributes: Attributes

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
