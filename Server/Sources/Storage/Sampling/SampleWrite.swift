import DuckDBKit
import GenAI
import Sampling
import TelemetryModel

/// Writes decisions about traces and removes the records of those that are not kept.
enum SampleWrite {
    /// Traces of one transaction; keeps ingest waiting for some milliseconds at most.
    static let limit = 500

    /// - Parameter isRepeat: whether the decisions are in the table already and only records that came late go.
    /// - Returns: records removed.
    static func run(
        _ decisions: [TraceDecision], project: Int32, isRepeat: Bool, sequence: Int64, _ connection: borrowing Connection
    ) throws(DuckDBError) -> Int {
        if !isRepeat { try connection.execute(insert(decisions, project, sequence)) }
        let removed = decisions.filter { !$0.isKept }
        guard let first = removed.map(\.firstSeen).min() else { return 0 }
        var records = 0
        let traces = removed.map { "'\($0.traceID)'" }.joined(separator: ",")
        for table in ["span", "step", "step_decision"] {
            var result = try connection.query(
                "DELETE FROM \(table) WHERE project_id = \(project) AND commit_sequence >= \(first) AND trace_id IN (\(traces))")
            // The statement gives the number of rows as its only value.
            let count = try result.next().map { Int($0.column(0).int64(0)) } ?? 0
            if table == "span" { records = count }
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
        try await maintain { tables, _, sequence in
            try SampleWrite.run(decisions, project: project, isRepeat: isRepeat, sequence: sequence, tables.connection)
        } remember: { removed, state in
            state.records -= Int64(removed)
            let traces = decisions.filter { !$0.isKept }.map(\.traceID)
            for trace in traces { state.removedTraces.insert(state.key.trace(project, trace)) }
            state.steps[project]?.forget(traces)
        }
    }
}
