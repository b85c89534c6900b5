import TelemetryModel

/// The model asked for and the model that answered (`genai-conventions.md` §2).
enum ModelsAspect {
    /// Attributes that are there only on GenAI records, in order of preference.
    static let keys: [AttributeKey] = [
        .genAIRequestModel, .llmRequestModelName, .llmModelName, .embeddingModelName, .rerankerModelName, .aiModelID, .genAIResponseModel,
    ]

    /// Where the model hides otherwise. Other programs use these names too, so they count only on records that are GenAI by another sign.
    static let requests: [Source] = [
        .json(.requestData, ["model"]), .json(.llmInvocationParameters, ["model"]), .json(.embeddingInvocationParameters, ["model"]),
    ]

    static let requestKeys: [AttributeKey] = [.requestData, .llmInvocationParameters, .embeddingInvocationParameters]

    /// The model an agent was set up with.
    static let runs: [Source] = [.attribute(.modelName)]

    static let responses: [Source] = [
        .attribute(.genAIResponseModel), .attribute(.llmResponseModelName), .attribute(.aiResponseModel), .json(.responseData, ["model"]),
    ]

    static let responseIDs: [Source] = [.attribute(.genAIResponseID), .attribute(.aiResponseID)]

    static func isPresent(_ row: StepRow, _ batch: RecordBatch) -> Bool {
        keys.contains { row.hasText($0, batch) }
    }

    static func fill(_ step: inout GenAIStep, _ row: StepRow, _ batch: inout RecordBatch) {
        if step.kind == .agentRun { step.model = row.text(runs, &batch) }
        if step.model.isEmpty {
            for key in keys where row.hasText(key, batch) {
                step.model = row.text(key, &batch)
                break
            }
        }
        if step.model.isEmpty { step.model = row.text(requests, &batch) }
        guard step.kind == .modelCall else { return }
        step.responseModel = row.text(responses, &batch)
        step.responseID = row.text(responseIDs, &batch)
    }
}
