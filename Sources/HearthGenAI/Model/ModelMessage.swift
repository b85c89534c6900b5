public import Hearth

/// A message to or from a model.
public struct ModelMessage: Sendable, Hashable {
    /// Who speaks.
    public struct Role: RawRepresentable, Sendable, Hashable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// Instructions of the application.
        public static let system = Role(rawValue: "system")
        /// Who asks.
        public static let user = Role(rawValue: "user")
        /// The model.
        public static let assistant = Role(rawValue: "assistant")
        /// A tool that the model asked for.
        public static let tool = Role(rawValue: "tool")
    }

    /// Who speaks.
    public var role: Role
    /// What is said, in its order.
    public var parts: [MessagePart]
    /// Name of the participant, where the API has one.
    public var name: String?
    /// Why the model stopped; only of answers.
    public var finishReason: String?

    /// A message from its parts.
    public init(role: Role, parts: [MessagePart], name: String? = nil, finishReason: String? = nil) {
        self.role = role
        self.parts = parts
        self.name = name
        self.finishReason = finishReason
    }

    /// A message of the user with one text.
    public static func user(_ text: String) -> ModelMessage { ModelMessage(role: .user, parts: [.text(text)]) }

    /// Instructions as a message.
    public static func system(_ text: String) -> ModelMessage { ModelMessage(role: .system, parts: [.text(text)]) }

    /// An answer of the model with one text.
    public static func assistant(_ text: String, finishReason: String? = "stop") -> ModelMessage {
        ModelMessage(role: .assistant, parts: [.text(text)], finishReason: finishReason)
    }

    /// The answer of a tool.
    public static func toolResult(id: String?, name: String? = nil, _ result: some AttributeConvertible) -> ModelMessage {
        ModelMessage(role: .tool, parts: [.toolResult(id: id, name: name, result: result.attributeValue)])
    }

    /// The texts of the message, one behind the other.
    public var text: String {
        var text = ""
        for case .text(let piece) in parts { text += piece }
        return text
    }
}

/// A tool that a model may ask for.
public struct ToolDefinition: Sendable, Hashable {
    /// `function` unless the provider has tools of its own.
    public var type: String
    /// The name the model asks for it by.
    public var name: String
    /// What it does, as the model is told; nil when it is not told.
    public var description: String?
    /// JSON Schema of the arguments.
    public var parameters: AttributeValue?

    /// A tool; a function of the application by default.
    public init(type: String = "function", name: String, description: String? = nil, parameters: AttributeValue? = nil) {
        self.type = type
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}
