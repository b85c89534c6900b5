import DuckDBKit
import GenAI

/// Appends rows to `step_decision`, in the order of ``Schema/stepDecision``.
enum DecisionTable {
    /// - Parameter decisions: no more than fit into the chunk.
    static func append(_ decisions: ArraySlice<DecisionRow>, sequence: Int64, to table: inout FeedChunk) throws(DuckDBError) {
        for decision in decisions {
            let row = table.begin()
            table.column { $0.set(row, decision.project) }
            table.column { $0.set(row, sequence) }
            table.column { ColumnWriting.id(&$0, row, decision.identity.traceID) }
            table.column { ColumnWriting.id(&$0, row, decision.identity.spanID) }
            table.column { ColumnWriting.id(&$0, row, decision.winner.traceID) }
            table.column { ColumnWriting.id(&$0, row, decision.winner.spanID) }
            table.column { $0.set(row, decision.mergedRecords) }
            table.column { ColumnWriting.id(&$0, row, decision.run) }
            table.column { $0.set(row, decision.isNestedTwin) }
            table.column { $0.setText(row, decision.patch) }
            table.column { $0.set(row, StepKey.of(decision.identity.traceID, decision.identity.spanID)) }
            try table.end(1)
        }
    }
}
