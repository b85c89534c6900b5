import Storage
import TelemetryModel

/// The SELECT behind each table of a query.
struct TableSelect {
    var files: FileLease
    var project: ProjectID
    var window = TimeWindow.all
    /// Names of environments; the empty one for rows without.
    var environments: [String]?
    var hasSpanEvents = true
    /// Only rows of these traces are wanted.
    var traces: [String]?
    /// Whether few of the rows are taken.
    var isForFewRows = false

    func sql(for table: QueryTable, columns use: ColumnUse) -> String {
        let table = Self.logical(table)
        let visible = TableSource.columns(of: table)
        var columns: Set<String>?
        if !use.needsAll {
            columns = use.names.intersection(visible + TableSource.columnsByName(of: table)).union(use.hidden).union(
                use.conditions.map(\.name))
            if environments != nil { columns?.insert("deployment_environment") }
        }
        if use.needsSeries, table == .metrics { columns = (columns ?? Set(visible)).union([TableSource.previousPoints]) }
        let sql = files.sql(
            for: table, project: project, window: window, columns: columns, spanEvents: hasSpanEvents,
            conditions: use.conditions, traces: traces, isForFewRows: isForFewRows)
        guard let environments else { return sql }
        return "SELECT * FROM (\(sql)) WHERE \(Self.condition(environments))"
    }

    private static func condition(_ environments: [String]) -> String {
        let named = environments.filter { !$0.isEmpty }.map { "'" + $0.replacing("'", with: "''") + "'" }
        var conditions: [String] = []
        if !named.isEmpty { conditions.append("deployment_environment IN (\(named.joined(separator: ", ")))") }
        if named.count < environments.count { conditions.append("coalesce(deployment_environment, '') = ''") }
        return conditions.isEmpty ? "false" : conditions.joined(separator: " OR ")
    }

    private static func logical(_ table: QueryTable) -> LogicalTable {
        switch table {
        case .records: .records
        case .recordsAll, .recordsFull: .recordsAll
        case .metrics: .metrics
        case .llmCalls: .llmCalls
        case .agentRuns: .agentRuns
        case .toolCalls: .toolCalls
        case .evaluations: .evaluations
        case .experiments: .experiments
        case .conversations: .conversations
        case .exceptions: .exceptions
        }
    }
}
