import DuckDBKit
import GenAI
import TelemetryModel

/// Inserts everything that is new in a group, table by table.
enum GroupAppender {
    /// Inserts records, steps, decisions and points into the hot file.
    static func append(
        _ plan: GroupPlan, _ decisions: GroupDecisions, _ group: [IngestBatch], _ pages: HeldGroup, _ sequence: Int64, _ tables: HotTables
    ) throws(DuckDBError) {
        try insert(into: tables.bodyPage, pages.pieces.map(\.count)) { (piece, range, chunk) throws(DuckDBError) in
            try BodyPageTable.append(pages.pieces[piece][range], of: pages.frames[piece], to: &chunk)
        }
        try insert(into: tables.span, plan.batches.map(\.rows.count)) { (piece, range, chunk) throws(DuckDBError) in
            let planned = plan.batches[piece]
            let batch = group[planned.index]
            guard let records = batch.records else { return }
            try SpanTable.append(
                records, rows: planned.rows[range], bodies: batch.packed, firstPage: pages.firstPages[piece], project: batch.project.value,
                sequence: sequence, to: &chunk)
        }
        try appendSteps(plan, decisions, group, sequence, tables.step)
        try appendDecisions(decisions, sequence, tables.stepDecision)
        try insert(into: tables.metricPoint, plan.batches.map(\.points.count)) { (piece, range, chunk) throws(DuckDBError) in
            let planned = plan.batches[piece]
            let batch = group[planned.index]
            guard let metrics = batch.metrics else { return }
            try MetricTable.append(metrics, points: planned.points[range], project: batch.project.value, sequence: sequence, to: &chunk)
        }
    }

    /// Inserts steps and decisions of records that are stored already.
    static func stage(
        _ plan: GroupPlan, _ decisions: GroupDecisions, _ group: [IngestBatch], _ sequence: Int64, _ tables: StagedSteps
    ) throws(DuckDBError) {
        try appendSteps(plan, decisions, group, sequence, tables.step)
        try appendDecisions(decisions, sequence, tables.stepDecision)
    }

    private static func appendSteps(
        _ plan: GroupPlan, _ decisions: GroupDecisions, _ group: [IngestBatch], _ sequence: Int64, _ table: borrowing InsertFeed
    ) throws(DuckDBError) {
        try insert(into: table, plan.batches.map(\.steps.count)) { (piece, range, chunk) throws(DuckDBError) in
            let planned = plan.batches[piece]
            let batch = group[planned.index]
            guard let records = batch.records else { return }
            try StepTable.append(
                records,
                steps: batch.steps,
                kept: planned.steps[range],
                outcomes: decisions.outcomes[piece][range],
                project: batch.project.value,
                sequence: sequence,
                to: &chunk
            )
        }
    }

    private static func appendDecisions(
        _ decisions: GroupDecisions, _ sequence: Int64, _ table: borrowing InsertFeed
    ) throws(DuckDBError) {
        try insert(into: table, [decisions.rows.count]) { (_, range, chunk) throws(DuckDBError) in
            try DecisionTable.append(decisions.rows[range], sequence: sequence, to: &chunk)
        }
    }

    /// Inserts new resources and scopes into the catalog.
    static func intern(
        _ plan: GroupPlan, _ group: [IngestBatch], _ sequence: Int64, _ tables: OpenTables
    ) throws(DuckDBError) {
        try insert(into: tables.resource, [plan.resources.count]) { (_, range, chunk) throws(DuckDBError) in
            for entry in plan.resources[range] {
                let batch = group[entry.batch]
                guard let all = entry.ofMetrics ? batch.metrics?.resources : batch.records?.resources else { continue }
                try ResourceTable.append(all[entry.index], project: batch.project.value, sequence: sequence, to: &chunk)
            }
        }
        try insert(into: tables.scope, [plan.scopes.count]) { (_, range, chunk) throws(DuckDBError) in
            for entry in plan.scopes[range] {
                let batch = group[entry.batch]
                guard let all = entry.ofMetrics ? batch.metrics?.scopes : batch.records?.scopes else { continue }
                try ScopeTable.append(all[entry.index], project: batch.project.value, sequence: sequence, to: &chunk)
            }
        }
    }

    /// Makes new resources and scopes known to queries, before rows that refer to them are stored.
    static func remember(_ plan: GroupPlan, _ group: [IngestBatch], _ names: InternedNames) {
        for entry in plan.resources {
            let batch = group[entry.batch]
            guard let all = entry.ofMetrics ? batch.metrics?.resources : batch.records?.resources else { continue }
            names.add(all[entry.index], project: batch.project.value)
        }
        for entry in plan.scopes {
            let batch = group[entry.batch]
            guard let all = entry.ofMetrics ? batch.metrics?.scopes : batch.records?.scopes else { continue }
            names.add(all[entry.index], project: batch.project.value)
        }
    }

    /// Inserts pieces of the given lengths one after the other: `write` gets a piece and the range of it that fits into the chunk.
    private static func insert(
        into table: borrowing InsertFeed, _ lengths: [Int],
        _ write: (_ piece: Int, _ range: Range<Int>, _ chunk: inout FeedChunk) throws(DuckDBError) -> Void
    ) throws(DuckDBError) {
        if lengths.allSatisfy({ $0 == 0 }) { return }
        var piece = 0
        var done = 0
        try table.insert { (chunk) throws(DuckDBError) in
            while piece < lengths.count, chunk.room > 0 {
                let count = min(chunk.room, lengths[piece] - done)
                if count > 0 { try write(piece, done..<done + count, &chunk) }
                done += count
                if done == lengths[piece] {
                    piece += 1
                    done = 0
                }
            }
        }
    }
}
