import TelemetryModel

/// Events about a call that came as logs and know what the call's span may lack (`genai-conventions.md` §1.5).
enum EventAspect {
    static func isAboutCall(_ record: RecordRow, _ batch: RecordBatch) -> Bool {
        guard record.parentSpanID.isValid else { return false }
        return batch.text.equal(record.spanName, "gen_ai.choice")
            || batch.text.equal(record.spanName, "gen_ai.client.inference.operation.details")
    }

    /// What the body of a `gen_ai.choice` says: why it ended, and what it asks for.
    static func fillChoice(_ step: inout GenAIStep, _ row: StepRow, _ batch: inout RecordBatch) {
        let body = batch.rows[row.index].logBodyJSON
        guard !body.isEmpty else { return }
        var reason: Range<Int>?
        var calls: Int?
        var refusal: Bool?
        batch.text.withBytes(body) { bytes in
            let json = JSONCursor(bytes)
            guard let root = json.root, root.kind == .object else { return }
            if let found = json.member("finish_reason", of: root), found.kind == .string, found.range.count > 2 { reason = found.range }
            let message = json.member("message", of: root) ?? root
            if let list = json.member("tool_calls", of: message), list.kind == .array {
                var elements = json.elements(of: list)
                var count = 0
                while elements.next() != nil { count += 1 }
                calls = count
            }
            if let found = json.member("refusal", of: message) { refusal = found.kind == .string ? found.range.count > 2 : false }
        }
        if step.refusal == nil { step.refusal = refusal }
        if let calls, step.hasToolCalls == nil {
            step.toolCallCount = Int32(clamping: calls)
            step.hasToolCalls = calls > 0
        }
        if let reason, step.finishReasonsJSON.isNull {
            let word = batch.text.withBytes(TextStore.slice(body, reason)) { Array($0) }
            step.finishReasonsJSON = batch.text.append(bytes: [UInt8(ascii: "[")] + word + [UInt8(ascii: "]")])
            let classes = word.dropFirst().dropLast().withContiguousStorageIfAvailable { FinishAspect.classify($0) } ?? []
            step.isTruncated = classes.contains(.length)
            if step.hasToolCalls == nil, classes.contains(.tool) {
                step.hasToolCalls = true
            } else if step.hasToolCalls == nil, !ToolsAspect.isGoogle(step, batch) {
                step.hasToolCalls = false
                step.toolCallCount = 0
            }
        }
    }
}
