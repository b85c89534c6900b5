import TelemetryModel

/// The cost in USD that the sender worked out itself (`genai-conventions.md` §2 "cost"), and its parts.
enum CostAspect {
    static let sources: [Source] = [
        .lenient(.mappedCost), .attribute(.operationCost), .attribute(.llmCostTotal), .attribute(.genAIUsageCost),
        .attribute(.genAICostTotal),
        .lenient(.handTotalCostUSD), .lenient(.handTotalCost), .lenient(.handCostUSD), .lenient(.handCost), .lenient(.llmHandTotalCost),
        .lenient(.llmHandCost),
    ]
    static let input: [Source] = [
        .lenient(.mappedInputCost), .attribute(.llmCostPrompt), .attribute(.genAIUsageInputCost), .attribute(.genAICostInput),
        .lenient(.handInputCostUSD), .lenient(.handInputCost), .lenient(.llmHandInputCost),
    ]
    static let output: [Source] = [
        .lenient(.mappedOutputCost), .attribute(.llmCostCompletion), .attribute(.genAIUsageOutputCost), .attribute(.genAICostOutput),
        .lenient(.handOutputCostUSD), .lenient(.handOutputCost), .lenient(.llmHandOutputCost),
    ]

    static func fill(_ step: inout GenAIStep, _ row: StepRow, _ batch: RecordBatch) {
        step.cost = row.number(sources, batch)
        step.inputCost = row.number(input, batch)
        step.outputCost = row.number(output, batch)
        // Both parts sent without their sum are the sum.
        if step.cost == nil, let input = step.inputCost, let output = step.outputCost { step.cost = input + output }
        if step.cost != nil {
            step.costSource = .sent
        } else {
            // A part alone is no cost of the call.
            (step.inputCost, step.outputCost) = (nil, nil)
        }
    }
}
