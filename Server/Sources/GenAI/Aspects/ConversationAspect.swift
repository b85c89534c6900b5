import TelemetryModel

/// What a step belongs to from the user's side: conversation, user, managed prompt.
enum ConversationAspect {
    static let conversation: [Source] = [
        .attribute(.genAIConversationID), .attribute(.sessionID), .attribute(.traceloopSessionID), .attribute(.langsmithSessionID),
        .attribute(.groupID), .attribute(.aiTelemetrySessionID),
    ]
    static let user: [Source] = [.attribute(.userID), .attribute(.enduserID), .attribute(.genAIUser), .attribute(.aiTelemetryUserID)]
    static let promptName: [Source] = [.attribute(.genAIPromptName)]
    static let promptVersion: [Source] = [.attribute(.genAIPromptVersion)]

    static func fill(_ step: inout GenAIStep, _ row: StepRow, _ batch: inout RecordBatch) {
        step.conversationID = row.text(conversation, &batch)
        step.userID = row.text(user, &batch)
        step.promptName = row.text(promptName, &batch)
        step.promptVersion = row.text(promptVersion, &batch)
    }
}
