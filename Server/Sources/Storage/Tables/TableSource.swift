public import TelemetryModel

/// The SELECT behind a logical table: what a query puts, in parentheses, in the place of the table's name.
///
/// The text names the tables that every file has; ``FileLease`` puts the files in their place. Only columns that are
/// asked for are computed, and only tables that they need are joined: pass the columns a query names, as the engine removes unneeded
/// expressions but not unneeded joins.
public enum TableSource {
    struct Query {
        var project: Int32
        var window: TimeWindow
        var columns: Set<String>?
        var spanEvents: Bool
        var after: Int64?
        var conditions: [BodyCondition]
        var traits = Traits()

        init(
            project: Int32, window: TimeWindow, columns: Set<String>?, spanEvents: Bool = false, after: Int64? = nil,
            conditions: [BodyCondition] = []
        ) {
            self.project = project
            self.window = window
            self.columns = columns
            self.spanEvents = spanEvents
            self.after = after
            self.conditions = conditions
        }
    }

    /// What is known of the stored rows, which makes texts simpler.
    struct Traits: Sendable {
        /// Whether sampling has decided about traces of the project.
        var isSampled = true
        /// Whether resources and scopes are looked up by functions: better for few rows, worse for many.
        var looksUpNames = false
        /// Set when all wanted rows of `span` are in one file.
        var onlyFile: OnlyFile?
    }

    /// The SELECT text for a table.
    ///
    /// - Parameters:
    ///   - columns: the columns the query needs, also hidden ones (``hiddenColumns(of:)``); names the table does not have are passed over.
    ///     nil for all public ones.
    ///   - spanEvents: false leaves out the rows of kind `span_event`; only for projects without any (``TelemetryStore/hasSpanEvents(_:)``).
    ///   - after: only rows of commits after this one, for ``LogicalTable/liveRecords`` and ``LogicalTable/liveCalls``.
    ///   - conditions: hidden columns; ask for them in `columns` by their names.
    public static func sql(
        for table: LogicalTable, project: ProjectID, window: TimeWindow = .all, columns: Set<String>? = nil, spanEvents: Bool = true,
        after: Int64? = nil, conditions: [BodyCondition] = []
    ) -> String {
        sql(
            for: table, project: project, window: window, columns: columns, spanEvents: spanEvents, after: after, conditions: conditions,
            traits: Traits())
    }

    static func sql(
        for table: LogicalTable, project: ProjectID, window: TimeWindow, columns: Set<String>?, spanEvents: Bool, after: Int64?,
        conditions: [BodyCondition], traits: Traits
    ) -> String {
        var query = Query(
            project: project.value,
            window: window,
            columns: columns,
            spanEvents: spanEvents,
            after: after,
            conditions: conditions
        )
        query.traits = traits
        switch table {
        case .records: return RecordsSource.sql(query, withPending: false)
        case .recordsAll: return RecordsSource.sql(query, withPending: true)
        case .liveRecords:
            if columns == nil { query.columns = Set(Self.columns(of: .liveRecords)) }
            return RecordsSource.sql(query, withPending: true)
        case .metrics: return MetricsSource.sql(query)
        case .llmCalls: return CallsSource.sql(query)
        case .agentRuns: return RunsSource.sql(query)
        case .toolCalls: return ToolsSource.sql(query)
        case .evaluations: return EvaluationsSource.sql(query)
        case .experiments: return ExperimentsSource.sql(query)
        case .conversations: return ConversationsSource.sql(query)
        case .exceptions: return ExceptionsSource.sql(query)
        case .liveCalls: return CallsSource.live(query)
        }
    }

    /// The column name that asks ``LogicalTable/metrics`` for the point before in `value`.
    public static let previousPoints = MetricsSource.previousColumn

    /// The public columns of a table in order.
    public static func columns(of table: LogicalTable) -> [String] {
        switch table {
        case .liveRecords: RecordsSource.columns.selected(nil).map(\.name) + ["commit_sequence", "msg_template"]
        case .liveCalls: CallsSource.liveColumns.map(\.name)
        default: all(table).selected(nil).map(\.name)
        }
    }

    /// Columns that `SELECT *` does not show and a statement that names its columns can read: `start_nanosecond`, what is left of the start below
    /// a microsecond, 0 to 999.
    public static func columnsByName(of table: LogicalTable) -> [String] {
        table == .records || table == .recordsAll ? ["start_nanosecond"] : []
    }

    /// Columns that `SELECT *` does not show. `_attributes` and `_bodies` are the two parts of `attributes`: without and with only the
    /// message bodies (`AttributeKey.messageBodyNames`); reading one key from the right part costs a fraction of reading it from
    /// `attributes`. `commit_sequence` is the commit of the row. Asking for
    /// ``previousPoints`` adds no column but what functions over several metric points need in `value`.
    public static func hiddenColumns(of table: LogicalTable) -> [String] {
        all(table).filter { !$0.isPublic }.map(\.name)
    }

    private static func all(_ table: LogicalTable) -> [SourceColumn] {
        switch table {
        case .records, .recordsAll, .liveRecords: RecordsSource.columns
        case .metrics: MetricsSource.columns
        case .llmCalls: CallsSource.columns
        case .agentRuns: RunsSource.columns
        case .toolCalls: ToolsSource.columns
        case .evaluations: EvaluationsSource.columns
        case .experiments: ExperimentsSource.columns
        case .conversations: ConversationsSource.columns
        case .exceptions: ExceptionsSource.columns
        case .liveCalls: CallsSource.liveColumns
        }
    }
}
