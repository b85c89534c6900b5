import TelemetryModel

/// The cost in USD that the sender worked out itself (`genai-conventions.md` §2 "cost").
enum CostAspect {
    static let sources: [Source] = [.attribute(.operationCost), .attribute(.llmCostTotal), .attribute(.genAIUsageCost)]

    static func fill(_ step: inout GenAIStep, _ row: StepRow, _ batch: RecordBatch) {
        step.cost = row.number(sources, batch)
        if step.cost != nil { step.costSource = .sent }
    }
}
