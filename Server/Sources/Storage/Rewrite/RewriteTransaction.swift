import DuckDBKit
import GenAI
import TelemetryModel

/// Replaces the steps of stored traces by those that present rules make of their records. On the writer's thread, one transaction for each
/// file with records of the traces.
struct RewriteTransaction: Sendable {
    /// Number of steps that came, went or changed.
    private(set) var changed = 0
    private var plan: GroupPlan?

    /// - Parameters:
    ///   - traces: 32 hexadecimal digits each.
    ///   - normalise: the steps of records that were read back.
    init(
        _ traces: [String], project: Int32, pricing: (any CallPricing)?, normalise: (inout RecordBatch) -> [GenAIStep],
        _ state: inout HotState, _ context: MaintenanceContext
    ) throws {
        let tables = context.tables
        let all = try context.registry.lease(project: project)
        let traces = try Self.linked(traces, project, all, tables.connection)
        if traces.isEmpty { return }
        let hashes = traces.compactMap { StoredID.trace($0).map { state.key.trace(project, $0) } }
        let files = try context.registry.lease(project: project, wanted: .traces(hashes))
        var records = try StoredRecords.read(traces, project: project, files, tables.connection)
        var batch = IngestBatch(project: ProjectID(project))
        batch.steps = normalise(&records)
        batch.records = records
        let before = try Self.fingerprints(traces, project, files, tables.connection)

        let ids = Set(records.rows.map(\.traceID))
        state.steps[project]?.forget(Array(ids))
        let plan = GroupPlan(rewriting: batch, state)
        let decisions = try GroupDecisions.make(plan, [batch], &state, context.registry, tables, pricing, hiding: ids)
        let staged = try tables.stagedSteps()
        try context.transact { connection in
            try staged.clear(connection)
            try GroupAppender.stage(plan, decisions, [batch], context.sequence, staged)
        }
        let condition = Self.condition(traces, project)
        try context.inEveryFile(files) { file, connection in
            try connection.execute(
                """
                DELETE FROM \(file.alias).step WHERE \(condition);
                DELETE FROM \(file.alias).step_decision WHERE \(condition);
                \(staged.move(.step, to: file, condition));
                \(staged.move(.stepDecision, to: file, condition))
                """)
        }
        self.plan = plan

        let after = try Self.fingerprints(traces, project, files, tables.connection)
        changed = Set(before.keys).union(after.keys).count { before[$0] != after[$0] }
    }

    /// What the new steps share with later records, once they are durable.
    func remember(_ state: inout HotState) {
        guard let plan else { return }
        for hash in plan.responses { state.keys.current.responses.insert(hash) }
        for hash in plan.streamKeys { state.keys.current.streamKeys.insert(hash) }
    }

    private static func condition(_ traces: [String], _ project: Int32) -> String {
        "project_id = \(project) AND \(TextSetFunction.condition("trace_id", traces))"
    }

    /// The traces and those that share calls with them: what is decided about the ones depends on the others.
    private static func linked(
        _ traces: [String], _ project: Int32, _ files: FileLease, _ connection: borrowing Connection
    ) throws(DuckDBError) -> [String] {
        var all = Set(traces)
        if traces.isEmpty { return [] }
        let (isOne, isWinner) = (TextSetFunction.condition("trace_id", traces), TextSetFunction.condition("winner_trace_id", traces))
        let sql = """
            SELECT trace_id, winner_trace_id FROM step_decision
            WHERE project_id = \(project) AND trace_id <> winner_trace_id AND (\(isOne) OR \(isWinner))
            """
        var result = try connection.query(files.resolve(sql))
        while let chunk = try result.next() {
            for row in 0..<chunk.rowCount {
                all.insert(chunk.column(0).string(row))
                all.insert(chunk.column(1).string(row))
            }
        }
        return all.sorted()
    }

    private static func fingerprints(
        _ traces: [String], _ project: Int32, _ files: FileLease, _ connection: borrowing Connection
    ) throws(DuckDBError) -> [String: UInt64] {
        var found: [String: UInt64] = [:]
        for file in files.arms.arms {
            // Only sealing leaves ends out.
            let columns =
                file.isSegment
                ? "EXCLUDE (commit_sequence, hot) REPLACE (\(EndFunction.value()) AS end_timestamp)"
                : "EXCLUDE (commit_sequence)"
            var result = try connection.query(
                """
                SELECT trace_id || span_id, hash(s)
                FROM (SELECT * \(columns) FROM \(file.alias).step WHERE \(condition(traces, project))) s
                """
            )
            while let chunk = try result.next() {
                for row in 0..<chunk.rowCount { found[chunk.column(0).string(row)] = chunk.column(1).uint64(row) }
            }
        }
        return found
    }
}
