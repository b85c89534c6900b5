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
        step.conversationID = row.text(conversation, &batch)
        step.userID = row.text(user, &batch)
        step.promptName = row.text(promptName, &batch)
        step.promptVersion = row.text(promptVersion, &batch)
    }
}
