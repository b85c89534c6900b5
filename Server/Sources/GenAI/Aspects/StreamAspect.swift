import TelemetryModel

/// Which half of a streamed call a record of logfire's OpenAI and Anthropic integrations is (`genai-conventions.md` §0.3).
enum StreamAspect {
    static let scopes: [String] = ["logfire.openai", "logfire.anthropic"]

    /// Start of the template of the log that completes a streamed call.
    static let completionTemplate: StaticString = "streaming response from"

    /// Attributes that only a response brings. The integrations write none of them on the span that opens a stream.
    static let responseKeys: [AttributeKey] = [
        .genAIResponseID, .genAIOutputMessages, .responseData, .genAIUsageInputTokens, .genAIUsageOutputTokens, .genAIUsageRaw,
        .genAIResponseFinishReasons,
    ]

    /// Attributes that both halves have from the request.
    static let requestKeys: [AttributeKey] = [.requestData, .genAISystemInstructions, .genAIInputMessages]

    /// Scopes of packages of providers that write spans of their own (`genai-conventions.md` §0.4).
    static let vendorScopes: [String] = ["com.anthropic.sdk.python"]
    /// Their provider.
    static let vendor: StaticString = "anthropic"

    /// The key that joins two halves at the root: the log then starts a trace of its own. Call after model and response are known.
    static func key(_ step: GenAIStep, _ row: StepRow, _ batch: RecordBatch) -> UInt64 {
        let record = batch.rows[row.index]
        if step.streamRole == .none || step.streamRole == .vendor { return twinKey(step, record, batch) }
        guard !record.parentSpanID.isValid else { return 0 }
        var hash = StableHash()
        // The resource names the process, so that equal requests of two processes are kept apart.
        hash.combine(Int(record.resource) < batch.resources.count ? batch.resources[Int(record.resource)].id : 0)
        hash.combine(Int(record.scope) < batch.scopes.count ? batch.scopes[Int(record.scope)].id : 0)
        hash.combine(StepHash.text(step.model, in: batch.text))
        for key in requestKeys { hash.combine(StepHash.text(row.attribute(key, batch)?.text ?? .null, in: batch.text)) }
        return hash.finalize()
    }

    /// The key that joins a failed call to the record that the provider's package wrote of it beside it: the response, by whose id such
    /// records find each other, never came.
    private static func twinKey(_ step: GenAIStep, _ record: RecordRow, _ batch: RecordBatch) -> UInt64 {
        guard step.isError, step.responseID.isEmpty, record.kind == .span, batch.text.equal(step.provider, vendor) else { return 0 }
        var hash = StableHash()
        hash.combine(Int(record.resource) < batch.resources.count ? batch.resources[Int(record.resource)].id : 0)
        hash.combine(StepHash.text(step.model, in: batch.text))
        hash.combine(record.parentSpanID.value)
        hash.combine(bytes: UnsafeBufferPointer(start: vendor.utf8Start, count: vendor.utf8CodeUnitCount))
        return hash.finalize()
    }

    static func isFromScopes(_ row: StepRow, _ batch: RecordBatch) -> Bool {
        scopes.contains(row.scopeName(batch))
    }

    static func role(_ row: StepRow, _ batch: RecordBatch) -> StreamRole {
        let scope = row.scopeName(batch)
        if vendorScopes.contains(scope) { return .vendor }
        guard scopes.contains(scope) else { return .none }
        let record = batch.rows[row.index]
        if record.kind == .log {
            let template = row.attribute(.logfireMessageTemplate, batch)?.text ?? record.spanName
            return batch.text.starts(template, with: completionTemplate) ? .completion : .none
        }
        // A request that failed has no response either, but nothing will complete it.
        let isOpen = record.statusCode != .error && !record.isException && !responseKeys.contains { row.has($0) }
        return isOpen ? .opener : .none
    }
}
