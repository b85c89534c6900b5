/// The statements that move the rows of one hot file.
struct SealSQL {
    let hot: Int64
    /// Whether a version before 6 has written it; see ``FileSet/oldHots``.
    var hasBodiesInRows = false

    private var alias: String { FileSet.hotAlias(hot) }

    private static func day(_ expression: String) -> String {
        "CAST(floor(epoch_us(\(expression)) / \(SegmentKey.dayMicroseconds)) AS INTEGER)"
    }

    /// The days to which decisions belong: those of their steps, as far as these are in the same hot file, and whether they are in the
    /// steps' own rows from now on; see ``SealedStep``.
    var decisionDays: String {
        """
        INSERT INTO decision_day
        SELECT d.rowid, d.project_id, s.day, s.day IS NOT NULL AND n.holds
        FROM \(alias).step_decision d
        JOIN (
            SELECT d.project_id, d.step_key, arg_max(\(SealedStep.holds), d.commit_sequence) AS holds FROM \(alias).step_decision d
            GROUP BY d.project_id, d.step_key
        ) n ON n.project_id = d.project_id AND n.step_key = d.step_key
        LEFT JOIN (
            SELECT project_id, step_key, min(\(Self.day("start_timestamp"))) AS day FROM \(alias).step
            WHERE step_key IN (SELECT step_key FROM \(alias).step_decision) GROUP BY project_id, step_key
        ) s ON s.project_id = d.project_id AND s.step_key = d.step_key
        """
    }

    /// Decisions about steps that are in segments: project, trace.
    var decisionsWithoutDay: String {
        """
        SELECT DISTINCT d.project_id, d.trace_id FROM \(alias).step_decision d
        JOIN decision_day p ON p.row = d.rowid WHERE p.day IS NULL
        """
    }

    /// Gives the decisions of a project the days of their steps in `steps`, a union over segments.
    func findDays(project: Int32, steps: String) -> String {
        """
        UPDATE decision_day SET day = f.day FROM (
            SELECT d.rowid AS row, min(\(Self.day("s.start_timestamp"))) AS day
            FROM \(alias).step_decision d JOIN \(steps) s ON s.trace_id = d.trace_id AND s.span_id = d.span_id
            WHERE d.project_id = \(project)
            GROUP BY d.rowid
        ) f WHERE decision_day.row = f.row AND decision_day.day IS NULL
        """
    }

    /// The segments that get rows: project, day, and the tables that have some, each as its place in ``tables``.
    var parts: String {
        """
        SELECT DISTINCT project_id, day, table_index FROM (
            SELECT project_id, \(Self.day("start_timestamp")) AS day, 0 AS table_index FROM \(alias).span
            UNION ALL SELECT project_id, \(Self.day("start_timestamp")), 1 FROM \(alias).step
            UNION ALL SELECT project_id, \(Self.day("recorded_timestamp")), 2 FROM \(alias).metric_point
            UNION ALL SELECT project_id, day, 3 FROM decision_day WHERE day IS NOT NULL AND NOT is_in_step
        ) ORDER BY project_id, day, table_index
        """
    }

    /// The tables of ``parts``.
    static let tables: [PhysicalTable] = [.span, .step, .metricPoint, .stepDecision]

    /// The days of traces: project, day, trace.
    var traceDays: String {
        """
        SELECT project_id, \(Self.day("start_timestamp")) AS day, trace_id FROM \(alias).span
        UNION SELECT project_id, \(Self.day("start_timestamp")), trace_id FROM \(alias).step
        """
    }

    /// Rows of a segment in the hot file's table with alias `s`.
    private func condition(_ key: SegmentKey, _ table: PhysicalTable) -> String {
        let end = SegmentKey(project: key.project, day: key.day + 1).start
        return """
            s.project_id = \(key.project) AND s.\(table.timeColumn) >= make_timestamptz(\(key.start)) \
            AND s.\(table.timeColumn) < make_timestamptz(\(end))
            """
    }

    /// A span that has ended needs no row that says it has begun. Most files have none at all, so those rows are looked for once and not asked about
    /// for every span.
    var endedPending: String {
        """
        INSERT INTO ended_pending
        SELECT s.rowid FROM \(alias).span s WHERE s.kind = 2 AND EXISTS (
            SELECT 1 FROM \(alias).span f
            WHERE f.kind = 0 AND f.project_id = s.project_id AND f.trace_id = s.trace_id AND f.span_id = s.span_id
        )
        """
    }

    /// NOT EXISTS would copy every row with all its columns once more, to ask for each row number once.
    private let isNeeded = "s.rowid NOT IN (SELECT row FROM ended_pending)"

    /// Rows with message bodies: row, trace, start, and the bodies or where they are.
    func bodies(_ key: SegmentKey) -> String {
        let column = hasBodiesInRows ? "s.bodies" : "s.body"
        return """
            SELECT s.rowid, s.trace_id, epoch_us(s.start_timestamp), \(column) FROM \(alias).span s
            WHERE \(condition(key, .span)) AND \(column) IS NOT NULL AND \(isNeeded)
            """
    }

    /// Rows of an earlier attempt that was not finished.
    func clean(_ file: SegmentFile, sealedHot: Int64) -> String {
        PhysicalTable.allCases.map { "DELETE FROM \(file.alias).\($0.rawValue) WHERE hot > \(sealedHot)" }.joined(separator: ";\n")
    }

    /// When each trace began, in this hot file and segment: rows of a trace lie together, and traces in the order of their beginnings, because what a
    /// trace repeats takes little room then.
    private func beginnings(_ key: SegmentKey, _ table: PhysicalTable) -> String {
        """
        LEFT JOIN (
            SELECT s.trace_id, min(s.start_timestamp) AS beginning FROM \(alias).\(table.rawValue) s
            WHERE \(condition(key, table)) GROUP BY s.trace_id
        ) t ON t.trace_id = s.trace_id
        """
    }

    private static let byTrace = "ORDER BY coalesce(t.beginning, s.start_timestamp), s.trace_id, s.start_timestamp"

    private static func expression(_ column: String) -> String {
        switch column {
        case "body": "b.body"
        case "end_timestamp": EndFunction.stored
        case "exception_stacktrace": StackTraceFunction.stored
        default: "s.\(column)"
        }
    }

    /// Copies the rows of a table: spans and steps trace by trace, points in the order of time.
    func move(_ table: PhysicalTable, _ file: SegmentFile) -> String {
        let key = file.key
        let columns = table.columns.map { table == .step ? SealedStep.expression($0) : Self.expression($0) }.joined(separator: ", ")
        let head = "INSERT INTO \(file.alias).\(table.rawValue) SELECT \(columns), \(hot) FROM \(alias).\(table.rawValue) s"
        switch table {
        case .span:
            return """
                \(head) LEFT JOIN body_place b ON b.row = s.rowid \(beginnings(key, table))
                WHERE \(condition(key, table)) AND \(isNeeded) \(Self.byTrace)
                """
        case .step:
            return "\(head) \(beginnings(key, table)) \(SealedStep.join(alias, key)) WHERE \(condition(key, table)) \(Self.byTrace)"
        case .metricPoint: return "\(head) WHERE \(condition(key, table)) ORDER BY s.\(table.timeColumn)"
        case .stepDecision:
            return """
                \(head) JOIN decision_day p ON p.row = s.rowid
                WHERE s.project_id = \(key.project) AND p.day = \(key.day) AND NOT p.is_in_step
                """
        }
    }

    /// What the hot file added to a segment: spans, steps, points, smallest and largest time, newest commit, whether spans have events.
    func statistics(_ file: SegmentFile) -> String {
        let key = file.key
        return """
            SELECT coalesce(sum(spans), 0)::BIGINT, coalesce(sum(steps), 0)::BIGINT, coalesce(sum(points), 0)::BIGINT,
                coalesce(min(first), \(key.start)), coalesce(max(last), \(key.start)), coalesce(max(newest), 0), coalesce(bool_or(events), false)
            FROM (
                SELECT count(*) AS spans, 0 AS steps, 0 AS points, epoch_us(min(start_timestamp)) AS first,
                    epoch_us(max(start_timestamp)) AS last, max(commit_sequence) AS newest, bool_or(span_event_count > 0) AS events
                FROM \(file.alias).span WHERE hot = \(hot)
                UNION ALL
                SELECT 0, count(*), 0, epoch_us(min(start_timestamp)), epoch_us(max(start_timestamp)), max(commit_sequence), false
                FROM \(file.alias).step WHERE hot = \(hot)
                UNION ALL
                SELECT 0, 0, count(*), epoch_us(min(recorded_timestamp)), epoch_us(max(recorded_timestamp)), max(commit_sequence), false
                FROM \(file.alias).metric_point WHERE hot = \(hot)
                UNION ALL
                SELECT 0, 0, 0, NULL, NULL, max(commit_sequence), false FROM \(file.alias).step_decision WHERE hot = \(hot)
            )
            """
    }
}
