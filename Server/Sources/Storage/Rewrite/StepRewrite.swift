import DuckDBKit
public import GenAI
public import TelemetryModel

extension TelemetryStore {
    /// Ids of stored traces of a project in rising order, for ``rewriteSteps(of:project:normalise:)``.
    ///
    /// - Parameters:
    ///   - after: only larger ids.
    ///   - minimum: only traces with records that start then or later, in microseconds since the Unix epoch.
    public func traceIDs(_ project: ProjectID, after: String, minimum: Int64?, limit: Int) async throws -> [String] {
        let sql = """
            SELECT DISTINCT trace_id FROM span WHERE \(Self.condition(project, after, minimum)) ORDER BY trace_id LIMIT \(limit)
            """
        return try await backgroundRead { connection in
            var result = try connection.query(self.files(project).resolve(sql))
            var ids: [String] = []
            while let chunk = try result.next() {
                for row in 0..<chunk.rowCount { ids.append(chunk.column(0).string(row)) }
            }
            return ids
        }
    }

    /// Number of stored traces that ``traceIDs(_:after:minimum:limit:)`` gives from `after` on.
    public func traceCount(_ project: ProjectID, after: String, minimum: Int64?) async throws -> Int {
        let sql = "SELECT count(DISTINCT trace_id) FROM span WHERE \(Self.condition(project, after, minimum))"
        return try await backgroundRead { connection in
            var result = try connection.query(self.files(project).resolve(sql))
            return Int(try result.next()?.column(0).int64(0) ?? 0)
        }
    }

    private static func condition(_ project: ProjectID, _ after: String, _ minimum: Int64?) -> String {
        let bound = minimum.map { " AND start_timestamp >= make_timestamptz(\($0))" } ?? ""
        return "project_id = \(project.value) AND trace_id > '\(onlyHex(after))'\(bound)"
    }

    /// Works out the steps of stored traces again, with all decisions about them, between the commits of incoming requests: one transaction for
    /// every file that has some of them.
    /// The records themselves stay as they are.
    ///
    /// - Parameter traces: few, because incoming requests wait meanwhile.
    /// - Returns: number of steps that came, went or changed.
    public func rewriteSteps(
        of traces: [String], project: ProjectID, normalise: @escaping @Sendable (inout RecordBatch) -> [GenAIStep]
    ) async throws -> Int {
        let (ids, pricing) = (traces.map(Self.onlyHex), pricing)
        return try await maintain { context, state in
            try RewriteTransaction(ids, project: project.value, pricing: pricing, normalise: normalise, &state, context)
        } remember: { rewrite, state in
            rewrite.remember(&state)
        }.changed
    }

    /// Ids go into SQL text, so nothing else may be in them.
    private static func onlyHex(_ text: String) -> String { text.filter(\.isHexDigit) }
}
