import DuckDBKit

extension StoredCall {
    /// Reads calls with the facts from their attributes.
    ///
    /// - Parameter condition: on `step` with alias `c`, with what follows a WHERE clause.
    static func read(_ condition: String, project: Int32, _ files: FileLease, _ connection: borrowing Connection) throws -> [StoredCall] {
        var calls: [StoredCall] = []
        var result = try connection.query(
            files.resolve("SELECT \(columns) FROM step c\(CallsSource.decisionJoin(project: project))\nWHERE \(condition)"))
        while let chunk = try result.next() {
            let columns = (0..<chunk.columnCount).map { chunk.column($0) }
            for row in 0..<chunk.rowCount { calls.append(StoredCall(columns, row)) }
        }
        try addFacts(to: &calls, project, files, connection)
        return calls
    }

    private static func addFacts(to calls: inout [StoredCall], _ project: Int32, _ files: FileLease, _ connection: borrowing Connection)
        throws
    {
        guard let first = calls.map(\.start).min(), let last = calls.map({ max($0.start, $0.end) }).max() else { return }
        var indexes: [String: Int] = [:]
        for (index, call) in calls.enumerated() { indexes["\(call.traceID)/\(call.spanID)"] = index }
        let traces = Set(calls.map(\.traceID)).sorted()
        // The window spares the attributes of everything else: a call's record starts with the call, or ends with it.
        let sql = """
            SELECT
                s.trace_id,
                s.span_id,
                \(PriceFactSQL.selectList)
            FROM span s
            WHERE s.project_id = \(project) AND s.kind <> 2 AND \(TextSetFunction.condition("s.trace_id", traces))
            AND s.start_timestamp BETWEEN make_timestamptz(\(first)) AND make_timestamptz(\(last + 1))
            """
        var result = try connection.query(files.resolve(sql))
        while let chunk = try result.next() {
            let columns = (0..<chunk.columnCount).map { chunk.column($0) }
            for row in 0..<chunk.rowCount {
                guard let index = indexes["\(columns[0].string(row))/\(columns[1].string(row))"] else { continue }
                calls[index].facts.take(columns, row, from: 2)
            }
        }
    }
}
