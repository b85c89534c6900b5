import TelemetryModel

/// Calls whose spans were written by hand: `llm.generate` with `model_name`, `prompt_tokens` and the like (`Docs/genai.md`).
///
/// Such names are everybody's, so a record is a call only on strong evidence: a model or token counts on a span whose name says that it
/// is a model's, or a model together with token counts.
enum HandwrittenAspect {
    static let models: [AttributeKey] = [.modelName, .handModel, .llmHandModel]

    /// Counts that only models have.
    static let tokens: [AttributeKey] = [
        .handPromptTokens, .handCompletionTokens, .llmHandPromptTokens, .llmHandCompletionTokens, .llmHandInputTokens, .llmHandOutputTokens,
        .llmUsagePromptTokens, .llmUsageCompletionTokens,
    ]

    /// Counts that say something only together.
    static let generalTokens: [AttributeKey] = [.handInputTokens, .handOutputTokens]

    /// Starts of names, in lower case, of spans that are a model's.
    static let names: [StaticString] = ["llm.", "llm ", "llm_", "llm:", "genai.", "gen_ai.", "chat_completion", "chat completion"]

    static func isCall(_ row: StepRow, _ batch: RecordBatch) -> Bool {
        guard batch.rows[row.index].kind == .span else { return false }
        let hasModel = models.contains { row.hasText($0, batch) }
        let hasTokens =
            tokens.contains { isNumber($0, row, batch) } || generalTokens.allSatisfy { isNumber($0, row, batch) }
        if hasModel, hasTokens { return true }
        return (hasModel || hasTokens) && isNamed(batch.rows[row.index].spanName, batch)
    }

    private static func isNumber(_ key: AttributeKey, _ row: StepRow, _ batch: RecordBatch) -> Bool {
        row.attribute(key, batch).flatMap { StepRow.lenient($0, batch) } != nil
    }

    private static func isNamed(_ name: TextRef, _ batch: RecordBatch) -> Bool {
        batch.text.withBytes(name) { bytes in
            let isUpper = { (byte: UInt8) in (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
            func starts(_ prefix: StaticString) -> Bool {
                bytes.count >= prefix.utf8CodeUnitCount
                    && zip(bytes, UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount)).allSatisfy {
                        (isUpper($0) ? $0 | 0x20 : $0) == $1
                    }
            }
            return names.contains(where: starts) || bytes.count == 3 && starts("llm")
        }
    }
}
