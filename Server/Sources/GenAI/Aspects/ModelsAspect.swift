import TelemetryModel

/// The model asked for and the model that answered (`genai-conventions.md` §2).
enum ModelsAspect {
    /// Attributes that are there only on GenAI records, in order of preference.
    static let keys: [AttributeKey] = [
        .mappedModel, .genAIRequestModel, .llmRequestModelName, .llmModelName, .embeddingModelName, .rerankerModelName, .aiModelID,
        .genAIResponseModel,
        .llmRequestModel, .langsmithModelName,
    ]

    /// Where the model hides otherwise. Other programs use these names too, so they count only on records that are GenAI by another sign.
    static let requests: [Source] = [
        .json(.requestData, ["model"]), .json(.llmInvocationParameters, ["model"]), .json(.embeddingInvocationParameters, ["model"]),
    ]

    /// Names of hand-written calls, which other programs use for other things.
    static let handwritten: [Source] = [
        .attribute(.modelName), .attribute(.handModel), .attribute(.llmHandModel), .attribute(.handDeployment),
    ]

    /// The model an agent was set up with.
    static let runs: [Source] = [.attribute(.modelName)]

    static let responses: [Source] = [
        .attribute(.mappedResponseModel), .attribute(.genAIResponseModel), .attribute(.llmResponseModelName), .attribute(.aiResponseModel),
        .attribute(.llmResponseModel), .json(.responseData, ["model"]),
        .json(.genAICompletion, ["generations", "0", "0", "message", "kwargs", "response_metadata", "model_name"]),
    ]

    static let responseIDs: [Source] = [
        .attribute(.genAIResponseID), .attribute(.aiResponseID),
    ]

    /// The answer as the provider gave it, on OpenInference's model spans.
    static let responseBodies: [Source] = [.json(.outputValue, ["id"])]

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
        guard step.kind == .modelCall || step.kind == .callEvent else { return }
        if step.model.isEmpty { step.model = row.text(handwritten, &batch) }
        step.responseModel = row.text(responses, &batch)
        step.responseID = row.text(responseIDs, &batch)
        if step.responseID.isEmpty, row.has(.openInferenceSpanKind) { step.responseID = row.text(responseBodies, &batch) }
    }
}
