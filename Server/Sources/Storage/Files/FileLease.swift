public import TelemetryModel

/// Files that somebody is about to read. They stay attached until the value goes away.
public final class FileLease: Sendable {
    let arms: FileArms
    private let registry: FileRegistry
    private let opening: UInt64

    init(arms: FileArms, registry: FileRegistry, opening: UInt64) {
        self.arms = arms
        self.registry = registry
        self.opening = opening
    }

    /// Rows of the final files among them, at least so many as the query can read.
    public var segmentRecords: Int64 { arms.segmentRecords }

    /// Records that the files hold: at most so many are looked at by whoever reads them once.
    public var records: Int64 { arms.segmentRecords + arms.hotRecords }

    /// How many files they are.
    public var fileCount: Int { arms.arms.count }

    deinit { registry.end(arms, opening) }

    /// The SELECT text for a table over these files; see
    /// ``TableSource/sql(for:project:window:columns:spanEvents:after:conditions:)``.
    ///
    /// - Parameters:
    ///   - traces: only rows of these traces are wanted; nil for all.
    ///   - isForFewRows: whether the query is known to take few of the rows.
    public func sql(
        for table: LogicalTable, project: ProjectID, window: TimeWindow = .all, columns: Set<String>? = nil, spanEvents: Bool = true,
        after: Int64? = nil, conditions: [BodyCondition] = [], traces: [String]? = nil, isForFewRows: Bool = false
    ) -> String {
        var arms = arms
        arms.traces = traces.map { "'" + TextSetFunction.list($0).replacing("'", with: "''") + "'" }
        let traits = traits(project, arms, isForFewRows: isForFewRows)
        let sql = TableSource.sql(
            for: table, project: project, window: window, columns: columns, spanEvents: spanEvents, after: after, conditions: conditions,
            traits: traits)
        return arms.resolve(sql, conditions)
    }

    /// A statement for all columns of the rows of some traces, span events not among them, and how its rows become those of the table.
    ///
    /// - Parameters:
    ///   - withPending: whether pending spans are among them: the table is `records_all`, not `records`.
    ///   - traces: at least one.
    public func wholeRows(
        of traces: [TraceID], project: ProjectID, window: TimeWindow = .all, withPending: Bool
    ) -> (sql: String, layout: RowLayout) {
        var query = TableSource.Query(project: project.value, window: window, columns: nil)
        query.traits = traits(project, arms, isForFewRows: true)
        let layout = RowLayout(RecordsSource.columns.selected(query), query, names: registry.names)
        let sql = RecordsSource.sql(layout, of: traces, query, withPending: withPending)
        // The only file is named already.
        return (query.traits.onlyFile == nil ? arms.resolve(sql) : sql, layout)
    }

    private func traits(_ project: ProjectID, _ arms: FileArms, isForFewRows: Bool) -> TableSource.Traits {
        let names = registry.names
        return TableSource.Traits(
            isSampled: names.isSampled(project.value), looksUpNames: isForFewRows && names.isComplete(project.value),
            onlyFile: arms.onlyFile)
    }

    /// What is missing from an answer that reads message bodies from these files, in words for whoever asked.
    public func warnings(for sql: String) -> [String] {
        let readers = [BodyFunctions.bodies, BodyFunctions.attributes, BodySearchFunction.name]
        return readers.contains { sql.contains($0) } ? registry.unreadableMessages(in: arms) : []
    }

    /// The statement with the files in the place of the tables; see ``FileArms/resolve(_:)``.
    func resolve(_ sql: String) -> String { arms.resolve(sql) }
}
