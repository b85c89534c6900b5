import TelemetryModel

/// When a step ran, and when its first token came (`genai-conventions.md` §2 "time to first token").
enum TimingAspect {
    static let timeToFirstToken: [Source] = [
        .attribute(.genAIResponseTimeToFirstChunk), .attribute(.genAIClientTimeToFirstChunk), .attribute(.genAIServerTimeToFirstToken),
        .milliseconds(.aiResponseMsToFirstChunk), .firstEvent("ai.stream.firstChunk"), .firstEvent("gen_ai.content.completion.chunk"),
        .firstEvent("First Token Stream Event"),
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
        if step.kind == .modelCall { step.timeToFirstToken = row.number(timeToFirstToken, batch) }
    }
}
