import TelemetryModel

/// When a step ran, and when its first token came (`genai-conventions.md` §2 "time to first token").
enum TimingAspect {
    static let timeToFirstToken: [Source] = [
        .lenient(.mappedTimeToFirstToken), .attribute(.genAIResponseTimeToFirstChunk), .attribute(.genAIClientTimeToFirstChunk),
        .attribute(.genAIServerTimeToFirstToken),
        .milliseconds(.aiResponseMsToFirstChunk), .firstEvent("ai.stream.firstChunk"), .firstEvent("gen_ai.content.completion.chunk"),
        .firstEvent("First Token Stream Event"), .firstEvent("first_token"), .duration(.handFirstTokenMs),
        .duration(.handTimeToFirstTokenMs), .duration(.handTTFTMs), .duration(.llmHandFirstTokenMs), .duration(.llmHandTimeToFirstTokenMs),
        .lenient(.handTimeToFirstToken),
    ]

    /// How long a call took as its sender says, where the span was only written afterwards.
    static let total: [Source] = [
        .duration(.handTotalMs), .duration(.llmHandTotalMs), .duration(.handLatencyMs), .duration(.llmHandLatencyMs),
    ]

    /// Seconds a streamed response took, on the log that completes it.
    static let streamDuration: [Source] = [.attribute(.duration)]

    static func fill(_ step: inout GenAIStep, _ row: StepRow, _ batch: RecordBatch) {
        let record = batch.rows[row.index]
        step.startNanoseconds = record.startNanoseconds
        step.endNanoseconds = record.endNanoseconds
        if step.streamRole == .completion {
            step.duration = row.number(streamDuration, batch)
            // A day and more is no duration of a response; the subtraction must not overflow either.
            if let duration = step.duration, duration < 86400 { step.startNanoseconds &-= Int64(duration * 1e9) }
        } else if record.kind == .span, record.endNanoseconds >= record.startNanoseconds {
            // A log has no duration, as opposed to one of zero.
            step.duration = Double(record.endNanoseconds &- record.startNanoseconds) / 1e9
        }
        guard step.kind == .modelCall || step.kind == .callEvent else { return }
        step.timeToFirstToken = row.number(timeToFirstToken, batch)
        if step.streamRole != .opener, step.streamRole != .completion, let total = row.number(total, batch), total > step.duration ?? 0 {
            step.duration = total
        }
    }
}
