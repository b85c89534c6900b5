import TelemetryModel

/// What a step belongs to from the user's side: conversation, user, managed prompt.
enum ConversationAspect {
    static let conversation: [Source] = [
        .attribute(.mappedConversationID), .attribute(.genAIConversationID), .attribute(.sessionID), .attribute(.traceloopSessionID),
        .attribute(.langsmithSessionID),
        .attribute(.langsmithThreadID), .attribute(.langsmithMetadataSessionID), .attribute(.groupID), .attribute(.aiTelemetrySessionID),
        .attribute(.handConversationID), .attribute(.handSessionID),
    ]
    static let user: [Source] = [
        .attribute(.mappedUserID), .attribute(.userID), .attribute(.enduserID), .attribute(.genAIUser), .attribute(.aiTelemetryUserID),
        .attribute(.handUserID),
    ]
    static let promptName: [Source] = [.attribute(.mappedPromptName), .attribute(.genAIPromptName), .attribute(.handPromptName)]
    static let promptVersion: [Source] = [
        .attribute(.mappedPromptVersion), .attribute(.genAIPromptVersion), .attribute(.handPromptVersion),
        .attribute(.llmHandPromptVersion),
        .attribute(.handTemplateVer), .attribute(.handTemplateVersion), .attribute(.handPromptTemplateVersion),
    ]

    static func fill(_ step: inout GenAIStep, _ row: StepRow, _ batch: inout RecordBatch) {
        step.conversationID = id(conversation, row, &batch)
        step.userID = id(user, row, &batch)
        step.promptName = row.text(promptName, &batch)
        step.promptVersion = row.text(promptVersion, &batch)
    }

    /// How clients of logfire mark what they have taken out (`logfire-contract.md` §5.1); a session's id is among it by default.
    private static let scrubbed = Array("[Scrubbed due to ".utf8)

    /// An id. What stands in the place of a scrubbed one is nobody's: everybody would be in one conversation.
    private static func id(_ sources: [Source], _ row: StepRow, _ batch: inout RecordBatch) -> TextRef {
        let found = row.text(sources, &batch)
        return !found.isEmpty && batch.text.withBytes(found) { $0.starts(with: scrubbed) } ? .null : found
    }
}
