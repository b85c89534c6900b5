public import GenAI
import GenAIPrices
public import TelemetryModel

/// Prices the model calls of a batch, between extraction and storage. Nothing is allocated for a call whose like was seen before.
public enum PriceSteps {
    /// Fills cost, parts, source, note and price version of every model call in `steps`. A cost that was sent stays; its parts are
    /// filled where the prices agree with it.
    public static func price(_ steps: inout [GenAIStep], _ batch: inout RecordBatch, by list: PriceList) {
        var reader = PriceFactReader()
        var usage = TokenUsage()
        var texts: [String: TextRef] = [:]
        func reference(_ text: String?, _ batch: inout RecordBatch) -> TextRef {
            guard let text else { return .null }
            if let known = texts[text] { return known }
            let made = batch.text.append(text)
            texts[text] = made
            return made
        }
        for index in steps.indices where steps[index].kind == .modelCall {
            let step = steps[index]
            let facts = reader.read(step.row, &batch)
            let text = batch.text
            let origin = list.origin(hash(step, facts, text)) {
                CallOrigin(
                    serverAddress: text.string(facts.serverAddress), provider: text.string(step.provider),
                    responseModel: text.string(step.responseModel), requestModel: text.string(step.model))
            }
            usage.fill(step, facts)
            let cost = origin.cost(
                usage, at: PriceTime(nanoseconds: step.startNanoseconds), tier: text.string(facts.serviceTier),
                speed: text.string(facts.speed), sent: SentCost(step))
            steps[index].cost = cost.cost
            steps[index].inputCost = cost.inputCost
            steps[index].outputCost = cost.outputCost
            steps[index].costSource = cost.source
            steps[index].costNote = reference(cost.note, &batch)
            steps[index].priceVersion = reference(cost.priceVersion, &batch)
        }
    }

    /// The same as that of the texts in ``PriceList/cost(of:)``.
    private static func hash(_ step: GenAIStep, _ facts: PriceFacts, _ text: borrowing TextStore) -> UInt64 {
        var hash = StableHash()
        func combine(_ ref: TextRef) {
            hash.combine(UInt64(ref.count))
            text.withBytes(ref) { hash.combine(bytes: $0) }
        }
        combine(facts.serverAddress)
        combine(step.provider)
        combine(step.responseModel)
        combine(step.model)
        return hash.finalize()
    }
}

extension TokenUsage {
    /// Takes the counts of a step instead of what it has.
    mutating func fill(_ step: GenAIStep, _ facts: PriceFacts) {
        removeAll()
        self[.inputTokens] = step.inputTokens
        self[.outputTokens] = step.outputTokens
        self[.cacheReadTokens] = step.cacheReadTokens
        self[.cacheWriteTokens] = step.cacheWriteTokens
        self[.outputReasoningTokens] = step.reasoningTokens
        self[.cacheWrite5mTokens] = facts.cacheWrite5mTokens
        self[.cacheWrite1hTokens] = facts.cacheWrite1hTokens
        self[.inputAudioTokens] = facts.inputAudioTokens
        self[.outputAudioTokens] = facts.outputAudioTokens
        self[.cacheAudioReadTokens] = facts.cacheAudioReadTokens
        self[.webSearches] = facts.webSearches
    }
}
