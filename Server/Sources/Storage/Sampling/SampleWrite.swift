import DuckDBKit
import GenAI
import Sampling
import TelemetryModel

/// Writes decisions about traces and removes the records of those that are not kept.
enum SampleWrite {
    /// Traces of one transaction; keeps ingest waiting for some milliseconds at most.
    static let limit = 500

    /// - Parameter isRepeat: whether the decisions are in the table already and only records that came late go.
    /// - Returns: records removed. When it fails in between, what is left is found as late.
    static func run(
        _ decisions: [TraceDecision], project: Int32, isRepeat: Bool, _ context: MaintenanceContext, _ key: IdentityKey
    ) throws -> Int {
        context.registry.names.addSampled(project)
        if !isRepeat { try context.transact { try $0.execute(insert(decisions, project, context.sequence)) } }
        let removed = decisions.filter { !$0.isKept }
        guard let first = removed.map(\.firstSeen).min() else { return 0 }
        var records = 0
        let isRemoved = TextSetFunction.condition("trace_id", removed.map(\.traceID.description))
        let files = try context.registry.lease(project: project, wanted: .traces(removed.map { key.trace(project, $0.traceID) }))
        try context.inEveryFile(files) { file, connection in
            for table in [PhysicalTable.span, .step, .stepDecision] {
                var result = try connection.query(
                    """
                    DELETE FROM \(file.alias).\(table.rawValue)
                    WHERE project_id = \(project) AND commit_sequence >= \(first) AND \(isRemoved)
                    """)
                // The statement gives the number of rows as its only value.
                let count = try result.next().map { Int($0.column(0).int64(0)) } ?? 0
                if table == .span { records += count }
            }
        }
        return records
    }

    private static func insert(_ decisions: [TraceDecision], _ project: Int32, _ sequence: Int64) -> String {
        let rows = decisions.map { decision in
            let rule = decision.rule.replacing("'", with: "''").filter { $0 != "\0" }
            return
                "(\(project), \(sequence), '\(decision.traceID)', '\(rule)', \(decision.isKept), \(decision.weight), \(decision.records))"
        }
        return "INSERT INTO trace_sample VALUES \(rows.joined(separator: ", "))"
    }
}

extension TelemetryStore {
    /// Stores decisions about traces and removes the records of those that are not kept. After a failure nothing has happened.
    ///
    /// - Returns: records removed.
    func apply(_ decisions: [TraceDecision], project: Int32, isRepeat: Bool = false) async throws -> Int {
        try await maintain { context, state in
            try SampleWrite.run(decisions, project: project, isRepeat: isRepeat, context, state.key)
        } remember: { removed, state in
            state.records -= Int64(removed)
            let traces = decisions.filter { !$0.isKept }.map(\.traceID)
            for trace in traces { state.removedTraces.insert(state.key.trace(project, trace)) }
            state.steps[project]?.forget(traces)
        }
    }
}
