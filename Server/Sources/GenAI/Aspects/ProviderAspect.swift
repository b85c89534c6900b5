import TelemetryModel

/// Who served the model (`genai-conventions.md` §2 "provider"): as sent, but for two spellings.
enum ProviderAspect {
    static let keys: [AttributeKey] = [
        .mappedProvider, .genAISystem, .genAIProviderName, .llmProvider, .llmSystem, .aiModelProvider, .langsmithProvider, .llmVendor,
    ]

    /// Names that other programs use too: read on calls, but no sign of one.
    static let fallbacks: [AttributeKey] = [.handProvider]

    private static let spellings: [(sent: StaticString, provider: StaticString)] = [("OpenAI", "openai"), ("Anthropic", "anthropic")]

    static func isPresent(_ row: StepRow, _ batch: RecordBatch) -> Bool {
        keys.contains { row.hasText($0, batch) }
    }

    static func fill(_ step: inout GenAIStep, _ row: StepRow, _ batch: inout RecordBatch) {
        for key in keys + fallbacks where row.hasText(key, batch) {
            step.provider = row.text(key, &batch)
            break
        }
        for spelling in spellings where batch.text.equal(step.provider, spelling.sent) {
            step.provider = batch.text.append(spelling.provider)
        }
    }
}
