/// `exceptions` over `span`: one row per record with an exception event, with the first of them.
enum ExceptionsSource {
    static let columns: [SourceColumn] =
        [
            SourceColumn("start_timestamp", "c.start_timestamp"),
            SourceColumn("trace_id", "c.trace_id"),
            SourceColumn("span_id", "c.span_id"),
            SourceColumn("parent_span_id", "c.parent_span_id"),
            SourceColumn("span_name", "c.span_name"),
            SourceColumn("message", "c.message"),
            SourceColumn("level", "c.level"),
            SourceColumn("exception_type", "c.exception_type"),
            SourceColumn("exception_message", "c.exception_message"),
            SourceColumn("exception_stacktrace", "c.exception_stacktrace"),
            SourceColumn("http_route", "c.http_route"),
            SourceColumn("otel_scope_name", "o.name", join: .scope),
        ] + SourceSQL.resourceColumns + [
            SourceColumn("project_id", "c.project_id", isPublic: false),
            SourceColumn("commit_sequence", "c.commit_sequence", isPublic: false),
        ]

    static func sql(_ query: TableSource.Query) -> String {
        let columns = columns.selected(query.columns)
        let conditions = SourceSQL.conditions("c", query, time: "start_timestamp") + ["c.is_exception", "c.kind <> 2"]
        return """
            SELECT
                \(columns.selectList)
            FROM span c\(SourceSQL.joinClauses(columns.joins, alias: "c"))
            WHERE \(conditions.joined(separator: " AND "))
            """
    }
}
