public import TelemetryModel

/// Finds the GenAI records of a batch and computes their normalised columns (`genai-conventions.md` §2).
///
/// Every column has its aspect, a table of places to look in. A further dialect is further lines in these tables.
public enum StepExtractor {
    /// The steps of `batch` in row order. Pending spans are skipped; derived text is appended to the batch's store.
    public static func extract(_ batch: inout RecordBatch) -> [GenAIStep] {
        var steps: [GenAIStep] = []
        var row = StepRow()
        for index in batch.rows.indices where batch.rows[index].kind != .pendingSpan && hasSign(index, batch) {
            row.load(index, batch)
            guard let (kind, operation) = kind(row, batch) else { continue }
            steps.append(step(kind, operation, row, &batch))
        }
        return steps
    }

    /// Whether a pending span announces an agent run.
    static func announcesRun(_ index: Int, _ batch: RecordBatch) -> Bool {
        guard hasSign(index, batch) else { return false }
        var row = StepRow()
        row.load(index, batch)
        return OperationAspect.role(row, batch).role == .agentRun
    }

    /// Whether the record has an attribute that makes it worth a look; nearly all records that are no step end here.
    private static func hasSign(_ index: Int, _ batch: RecordBatch) -> Bool {
        let range = batch.rows[index].attributes
        for position in Int(range.lowerBound)..<Int(range.upperBound) where batch.attributes[position].key.mayMakeStep { return true }
        return false
    }

    /// What the record is, by the counting rules of `fixtures/otlp/INDEX.md`; nil when it is no step.
    private static func kind(_ row: StepRow, _ batch: RecordBatch) -> (GenAIStepKind, StaticString?)? {
        let record = batch.rows[row.index]
        let (role, operation) = OperationAspect.role(row, batch)
        switch role {
        case .other: return nil
        case .agentRun: return record.kind == .span ? (.agentRun, operation) : nil
        case .toolCall: return record.kind == .span ? (.toolCall, operation) : nil
        case .inference, nil: break
        }
        // Events of the conventions repeat what the span says, or say what it does not (§1.5).
        if record.isOTLPLog, batch.text.starts(record.spanName, with: "gen_ai.") {
            return EventAspect.isAboutCall(record, batch) ? (.callEvent, nil) : nil
        }
        let hasProvider = ProviderAspect.isPresent(row, batch)
        let isInference = role == .inference
        if ModelsAspect.isPresent(row, batch) { return (.modelCall, operation) }
        // A model inside request parameters counts where something else says that the record is GenAI.
        if hasProvider || isInference || StreamAspect.isFromScopes(row, batch) {
            let names = ModelsAspect.requests.contains { row.hasJSONText($0, batch) }
            if names { return (.modelCall, operation) }
        }
        if role != .inference, !hasProvider, HandwrittenAspect.isCall(row, batch) { return (.modelCall, operation ?? "chat") }
        let hasUsage = row.count(UsageAspect.input, batch) != nil || row.count(UsageAspect.output, batch) != nil
        return hasProvider && (isInference || hasUsage) ? (.modelCall, operation) : nil
    }

    private static func step(
        _ kind: GenAIStepKind, _ operation: StaticString?, _ row: StepRow, _ batch: inout RecordBatch
    ) -> GenAIStep {
        var step = GenAIStep(row: row.index, kind: kind)
        OperationAspect.fill(&step, implied: operation, row, &batch)
        ProviderAspect.fill(&step, row, &batch)
        AgentAspect.fill(&step, row, &batch)
        ConversationAspect.fill(&step, row, &batch)
        ErrorAspect.fill(&step, row, &batch)
        switch kind {
        case .modelCall:
            step.streamRole = StreamAspect.role(row, batch)
            ModelsAspect.fill(&step, row, &batch)
            step.streamKey = StreamAspect.key(step, row, batch)
            UsageAspect.fill(&step, row, batch)
            CostAspect.fill(&step, row, batch)
            let finish = FinishAspect.fill(&step, row, &batch)
            ToolsAspect.fillCall(&step, finish: finish, row, batch)
            TimingAspect.fill(&step, row, batch)
            ResponseAspect.fill(&step, row, batch)
            DetailsAspect.fill(&step, row, &batch)
            return step
        case .callEvent:
            ModelsAspect.fill(&step, row, &batch)
            step.model = .null
            UsageAspect.fill(&step, row, batch)
            let finish = FinishAspect.fill(&step, row, &batch)
            ToolsAspect.fillCall(&step, finish: finish, row, batch)
            EventAspect.fillChoice(&step, row, &batch)
        case .agentRun:
            ModelsAspect.fill(&step, row, &batch)
            UsageAspect.fill(&step, row, batch)
            CostAspect.fill(&step, row, batch)
            MessagesAspect.fillRun(&step, row, &batch)
        case .toolCall:
            ToolsAspect.fillExecution(&step, row, &batch)
            DetailsAspect.fill(&step, row, &batch)
        }
        TimingAspect.fill(&step, row, batch)
        return step
    }
}

extension AttributeKey {
    /// Whether a record with this attribute can be a step. Names that travel as baggage (agent name, conversation id) are on HTTP and
    /// database spans too and say nothing.
    var mayMakeStep: Bool {
        switch self {
        case .genAIOperationName, .genAISystem, .genAIProviderName, .genAIRequestModel, .genAIResponseModel, .genAIToolName, .modelName,
            .agentName, .openInferenceSpanKind, .llmProvider, .llmSystem, .llmModelName, .llmRequestModelName, .embeddingModelName,
            .rerankerModelName, .llmRequestType, .aiModelProvider, .aiModelID, .aiOperationID, .traceloopSpanKind, .langsmithSpanKind,
            .langsmithProvider, .langsmithModelName, .requestData, .mcpMethodName, .llmRequestModel, .llmVendor, .handModel, .llmHandModel,
            .handPromptTokens, .handCompletionTokens, .handInputTokens, .llmHandPromptTokens, .llmHandCompletionTokens, .llmHandInputTokens,
            .llmUsagePromptTokens, .eventName, .mappedOperation, .mappedModel, .mappedProvider, .mappedInputTokens, .mappedOutputTokens:
            true
        default: false
        }
    }
}
