import Hearth

/// Messages as the JSON structures that the chosen format has for them.
struct MessageEncoder {
    let settings: InstrumentationSettings

    init(_ settings: InstrumentationSettings) {
        self.settings = settings
    }

    func messages(_ messages: [ModelMessage]) -> AttributeValue {
        .array(messages.map(message))
    }

    func parts(_ parts: [MessagePart]) -> AttributeValue {
        .array(parts.map(part))
    }

    private func message(_ message: ModelMessage) -> AttributeValue {
        var members: Attributes = ["role": role(message), "parts": parts(message.parts)]
        if let name = message.name { members["name"] = .string(name) }
        if let reason = message.finishReason { members["finish_reason"] = .string(reason) }
        return members.object
    }

    private func role(_ message: ModelMessage) -> String {
        // Up to format 5 what a tool answered is something that the user says.
        message.role == .tool && settings.format < .v6 ? "user" : message.role.rawValue
    }

    private func part(_ part: MessagePart) -> AttributeValue {
        let full = settings.includeContent
        switch part {
        case .text(let text):
            return members("text", full ? ["content": text] : [:])
        case .reasoning(let text):
            return members(settings.isPydantic ? "thinking" : "reasoning", full ? ["content": text] : [:])
        case .refusal(let text):
            return members("refusal", full ? ["content": text] : [:])
        case .toolCall(let id, let name, let arguments):
            var fields: Attributes = [:]
            if let id { fields["id"] = .string(id) }
            fields["name"] = .string(name)
            if full { fields["arguments"] = arguments }
            return members("tool_call", fields)
        case .toolResult(let id, let name, let result):
            var fields: Attributes = [:]
            if let id { fields["id"] = .string(id) }
            if let name { fields["name"] = .string(name) }
            if full { fields[settings.isPydantic ? "result" : "response"] = shown(result) }
            return members("tool_call_response", fields)
        case .blob(let modality, let mimeType, let base64):
            return blob(modality, mimeType, base64)
        case .uri(let modality, let mimeType, let uri):
            if settings.format < .v4 { return members("\(modality.rawValue)-url", full ? ["url": uri] : [:]) }
            return members("uri", file(modality, mimeType, full ? ("uri", uri) : nil))
        case .file(let modality, let mimeType, let id):
            return members("file", file(modality, mimeType, full ? ("file_id", id) : nil))
        case .other(let type, let fields):
            guard full, case .object(let members) = shown(fields.object) else { return self.members(type, [:]) }
            return self.members(type, Attributes(members))
        }
    }

    /// A structure of the provider's own, without the files in it where they are not recorded.
    private func shown(_ value: AttributeValue) -> AttributeValue {
        settings.includeBinaryContent ? value : BinaryContent.removed(from: value)
    }

    private func blob(_ modality: MessagePart.Modality, _ mimeType: String?, _ base64: String) -> AttributeValue {
        let content = settings.includeContent && settings.includeBinaryContent ? ("content", base64) : nil
        guard settings.format < .v4 else { return members("blob", file(modality, mimeType, content)) }
        var fields: Attributes = [:]
        if let mimeType { fields["media_type"] = .string(mimeType) }
        if let content { fields["content"] = .string(content.1) }
        return members("binary", fields)
    }

    private func file(_ modality: MessagePart.Modality, _ mimeType: String?, _ content: (String, String)?) -> Attributes {
        var fields: Attributes = ["modality": modality.rawValue]
        if let mimeType { fields["mime_type"] = .string(mimeType) }
        if let content { fields[content.0] = .string(content.1) }
        return fields
    }

    private func members(_ type: String, _ fields: Attributes) -> AttributeValue {
        var members: Attributes = ["type": type]
        for field in fields where field.key != "type" { members[field.key] = field.value }
        return members.object
    }

    func tools(_ tools: [ToolDefinition]) -> AttributeValue {
        .array(
            tools.map { tool in
                var members: Attributes = ["type": tool.type, "name": tool.name]
                if settings.includeContent {
                    if let description = tool.description { members["description"] = .string(description) }
                    if let parameters = tool.parameters { members["parameters"] = parameters }
                }
                return members.object
            }
        )
    }
}

extension Attributes {
    /// The attributes as a structure.
    var object: AttributeValue { .object(Array(self)) }
}
