import DuckDBKit
import GenAI
import TelemetryModel

/// What was decided about a step by the commit that brings it: the last columns of `step`.
struct StepOutcome {
    var run: SpanID = .none
    /// ``SpanID/none`` when the step stands for itself.
    var winner: SpanID = .none
    var mergedRecords: Int32 = 1
    var isNestedTwin = false
    var surroundings = CallSurroundings()
}

/// Appends rows to `step`, column by column in the order of ``PhysicalTable/columns``.
enum StepTable {
    /// - Parameters:
    ///   - kept: indexes into `steps`, no more than fit into the chunk.
    ///   - outcomes: one per kept step.
    static func append(
        _ batch: borrowing RecordBatch, steps: [GenAIStep], kept: ArraySlice<Int>, outcomes: ArraySlice<StepOutcome>, project: Int32,
        sequence: Int64, to table: inout FeedChunk
    ) throws(DuckDBError) {
        let first = table.begin()
        steps.withUnsafeBufferPointer { steps in
            batch.rows.withUnsafeBufferPointer { rows in
                func each(_ body: (inout ColumnWriter, Int, UnsafePointer<GenAIStep>) -> Void) {
                    table.column { column in
                        var row = first
                        for index in kept {
                            body(&column, row, steps.baseAddress.unsafelyUnwrapped + index)
                            row += 1
                        }
                    }
                }
                func record(_ body: (inout ColumnWriter, Int, UnsafePointer<RecordRow>) -> Void) {
                    each { body(&$0, $1, rows.baseAddress.unsafelyUnwrapped + $2.pointee.row) }
                }
                func text(_ field: (UnsafePointer<GenAIStep>) -> TextRef) { each { ColumnWriting.text(&$0, $1, field($2), batch.text) } }
                func outcome(_ body: (inout ColumnWriter, Int, StepOutcome) -> Void) {
                    table.column { column in
                        for (offset, outcome) in outcomes.enumerated() { body(&column, first + offset, outcome) }
                    }
                }

                each { column, row, _ in column.set(row, project) }
                each { column, row, _ in column.set(row, sequence) }
                each { $0.set($1, $2.pointee.kind.rawValue) }
                record { ColumnWriting.id(&$0, $1, $2.pointee.traceID) }
                record { ColumnWriting.id(&$0, $1, $2.pointee.spanID) }
                record { ColumnWriting.id(&$0, $1, $2.pointee.parentSpanID) }
                each { $0.set($1, ColumnWriting.microseconds($2.pointee.startNanoseconds)) }
                each { $0.set($1, ColumnWriting.nanosecondRest($2.pointee.startNanoseconds)) }
                each { $0.set($1, ColumnWriting.microseconds($2.pointee.endNanoseconds)) }
                each { $0.set($1, $2.pointee.duration) }
                record { $0.set($1, batch.resources[Int($2.pointee.resource)].id) }
                record { $0.set($1, batch.scopes[Int($2.pointee.scope)].id) }
                each { $0.set($1, $2.pointee.streamRole.rawValue) }
                text { $0.pointee.operation }
                text { $0.pointee.provider }
                text { $0.pointee.model }
                text { $0.pointee.responseModel }
                text { $0.pointee.responseID }
                each { $0.set($1, $2.pointee.isError) }
                text { $0.pointee.errorType }
                each { $0.set($1, $2.pointee.inputTokens) }
                each { $0.set($1, $2.pointee.outputTokens) }
                each { $0.set($1, $2.pointee.cacheReadTokens) }
                each { $0.set($1, $2.pointee.cacheWriteTokens) }
                each { $0.set($1, $2.pointee.reasoningTokens) }
                each { $0.set($1, $2.pointee.cost) }
                each { $0.set($1, $2.pointee.timeToFirstToken) }
                text { $0.pointee.finishReasonsJSON }
                each { $0.set($1, $2.pointee.isTruncated) }
                each { $0.set($1, $2.pointee.hasToolCalls) }
                each { $0.set($1, $2.pointee.toolCallCount) }
                text { $0.pointee.agentName }
                text { $0.pointee.conversationID }
                text { $0.pointee.userID }
                text { $0.pointee.promptName }
                text { $0.pointee.promptVersion }
                text { $0.pointee.toolName }
                text { $0.pointee.toolCallID }
                text { $0.pointee.input }
                text { $0.pointee.output }
                outcome { ColumnWriting.id(&$0, $1, $2.run) }
                outcome { ColumnWriting.id(&$0, $1, $2.winner) }
                outcome { $0.set($1, $2.mergedRecords) }
                outcome { $0.set($1, $2.isNestedTwin) }
                // Version 2
                each { $0.set($1, $2.pointee.inputCost) }
                each { $0.set($1, $2.pointee.outputCost) }
                each { $0.set($1, $2.pointee.costSource.rawValue) }
                text { $0.pointee.costNote }
                text { $0.pointee.priceVersion }
                outcome { $0.set($1, $2.surroundings.retryCount) }
                outcome { $0.setText($1, $2.surroundings.retryCause) }
                each { $0.set($1, $2.pointee.refusal) }
                each { $0.set($1, $2.pointee.jsonParseSuccess) }
                outcome { $0.set($1, $2.surroundings.promptBuildTime) }
                each { $0.set($1, $2.pointee.streamKey == 0 ? nil : $2.pointee.streamKey) }
                each { $0.set($1, $2.pointee.isStreaming) }
                text { $0.pointee.details }
                record { $0.set($1, StepKey.of($2.pointee.traceID, $2.pointee.spanID)) }
            }
        }
        try table.end(kept.count)
    }
}
